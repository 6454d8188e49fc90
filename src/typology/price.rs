//! What does it say that many pay one and the same sum for a stay, whatever the bill?
//!
//! A package is sold at a price; whoever is recruited has nothing to pay, or a token that keeps the books in order.

use super::odds::{ln_ratio, number, ramp};
use super::sentence::{factor, said, yuan};
use super::suspicion::Suspicion;
use crate::model::Factor;
use std::collections::BTreeSet;

/// What is left to pay, in yuan, is a token up to the first and a price from the second on: packages are sold for 300 to 500.
pub(crate) const TOKEN_YUAN: (i32, i32) = (100, 300);

/// Whether a sum is no price but a token.
pub(crate) fn is_token(fen: i64) -> bool {
    fen <= i64::from(TOKEN_YUAN.0) * 100
}

/// How many paid the same, to the fen, how often. Whoever calls says what shows it.
pub(crate) fn one_price(code: &str, suspicion: &Suspicion, prices: &BTreeSet<i64>) -> Factor {
    let people = suspicion.people.len();
    let stays = suspicion.settlements().count();
    let prices: Vec<String> = prices.iter().copied().map(to_the_fen).collect();
    let score = ln_ratio(number(people), 4).min(300) + ln_ratio(number(stays), number(people)).min(150);
    let text = said(
        format!(
            "{people}人{stays}次住院,现金自付分毫不差为{}元{}",
            prices.join("、"),
            if prices.len() > 1 { "之一" } else { "" }
        ),
        format!(
            "{people} people paid, to the fen, {}¥{} in cash for {stays} stays",
            if prices.len() > 1 { "one of " } else { "" },
            prices.join(", ¥")
        ),
    );
    factor(code, score, text, Vec::new())
}

/// Whatever the bill.
pub(crate) fn whatever_the_bill(suspicion: &Suspicion) -> Option<Factor> {
    let mut fees: Vec<i64> = suspicion.settlements().map(|(fact, _)| fact.total_fen).collect();
    fees.sort_unstable();
    let (low, high) = (fees[fees.len() / 10], fees[fees.len() * 9 / 10]);
    let spread = i32::try_from((high - low) * 100 / low.max(1)).unwrap_or(i32::MAX);
    let score = ramp(spread, 10, 80, 100);
    let text = said(
        format!("五分之四的账单在{}元到{}元之间不等,自付却总是该价", yuan(low), yuan(high)),
        format!(
            "Four in five of the bills lie between ¥{} and ¥{}, and what is paid is the price all the same",
            yuan(low),
            yuan(high)
        ),
    );
    (score > 0).then(|| factor("whatever_the_bill", score, text, Vec::new()))
}

/// A sum in yuan, with its fen where there are any.
fn to_the_fen(fen: i64) -> String {
    if fen % 100 == 0 { yuan(fen).to_string() } else { format!("{}.{:02}", fen / 100, fen % 100) }
}
