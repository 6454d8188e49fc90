//! What do bills handed in on paper look like, for people who hand them in together?

use super::bench::{Bench, Cited, by_place, treated};
use super::circles::alike;
use super::odds::{even, ln_ratio, number, percent, ramp};
use super::sentence::{factor, said, yuan};
use super::suspicion::Suspicion;
use crate::model::{Day, Factor, OccasionKind, Party, PartyKind, RowRef, Settlement};
use std::collections::{BTreeMap, BTreeSet};

/// Numbers this close come from one booklet.
const BOOKLET: u64 = 1 << Settlement::BOOKLET_BITS;

/// A person's paper bills.
pub(crate) fn of<'a>(bench: &Bench<'a>, person: Party) -> impl Iterator<Item = &'a Cited> + Clone + use<'a> {
    bench.settlements(person).filter(|(fact, _)| fact.settled_by == Settlement::BY_HAND)
}

/// A suspicion about people and their paper bills, strengths by the number of bills.
pub(crate) fn suspicion<'a>(
    bench: &Bench<'a>,
    people: &BTreeSet<Party>,
    typology: &'static str,
    wanted: impl Fn(&Cited) -> bool,
) -> Suspicion<'a> {
    let mut suspicion = Suspicion { typology, places_are_named_only: true, ..Suspicion::default() };
    for person in people {
        let bills: Vec<&Cited> = of(bench, *person).filter(|cited| wanted(cited)).collect();
        let strength = 300 + 100 * i32::try_from(bills.len().min(5)).unwrap_or(0);
        suspicion.people.insert(*person, (strength, bills));
    }
    suspicion
}

/// The clerk who settled each of these bills.
pub(crate) fn clerks(bench: &Bench, suspicion: &Suspicion) -> BTreeMap<Party, BTreeSet<RowRef>> {
    let mut clerks: BTreeMap<Party, BTreeSet<RowRef>> = BTreeMap::new();
    for (person, (_, bills)) in &suspicion.people {
        let rows: BTreeSet<RowRef> = bills.iter().map(|(_, origin)| *origin).collect();
        for (held, origin) in bench.file(*person).into_iter().flat_map(|file| &file.identifiers) {
            if held.identifier.kind() == PartyKind::Agent && rows.contains(origin) {
                clerks.entry(held.identifier).or_default().insert(*origin);
            }
        }
    }
    clerks
}

/// Numbers that follow each other, of different people.
pub(crate) fn serial(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    let mut numbers: BTreeMap<Party, Vec<(u64, Party, Day, RowRef)>> = BTreeMap::new();
    let numbered = suspicion.settlements().filter(|(fact, _)| fact.invoice != 0);
    for (fact, origin) in numbered.clone() {
        numbers.entry(fact.place).or_default().push((fact.invoice, fact.person, fact.end, *origin));
    }
    // Where everybody's numbers are neighbours, the flow ties nobody by them.
    let tied: BTreeSet<Party> = bench.ties(&[OccasionKind::InvoiceRun]).flat_map(|tie| [tie.a, tie.b]).collect();
    let mut close: BTreeSet<RowRef> = BTreeSet::new();
    for held in numbers.values_mut() {
        held.sort_unstable();
        held.retain(|one| tied.contains(&one.1));
        let apart = |pair: &&[(u64, Party, Day, RowRef)]| pair[0].1 != pair[1].1 && pair[0].2 != pair[1].2;
        for pair in held.windows(2).filter(apart).filter(|pair| pair[1].0 - pair[0].0 < BOOKLET) {
            close.extend([pair[0].3, pair[1].3]);
        }
    }
    let (count, all) = (close.len(), numbered.count());
    let score = ramp(percent(count, all), 10, 60, 300) + (ln_ratio(number(count), 2) / 2).clamp(0, 100);
    let text = said(
        format!("{all}张有票号的手工票据中{count}张与他人票号相邻(相差不足{BOOKLET}号),而就医日期不同"),
        format!(
            "{count} of {all} numbered paper bills have numbers next to another person's (less than {BOOKLET} apart), on other days"
        ),
    );
    (count >= 3).then(|| factor("serial_invoices", score, text, close.into_iter().collect()))
}

/// Percent of the people who are paid to accounts of their own, of those whose account is known, and how many that is known of.
fn paid_apart(bench: &Bench, suspicion: &Suspicion) -> (i32, usize) {
    let mut payees: BTreeMap<Party, BTreeSet<Party>> = BTreeMap::new();
    for person in suspicion.people.keys() {
        for (held, _) in bench.file(*person).into_iter().flat_map(|file| &file.identifiers) {
            if held.identifier.kind() == PartyKind::Account {
                payees.entry(held.identifier).or_default().insert(*person);
            }
        }
    }
    let paid: BTreeSet<Party> = payees.values().flatten().copied().collect();
    let together: BTreeSet<Party> = payees.values().filter(|people| people.len() >= 2).flatten().copied().collect();
    (percent(paid.len() - together.len(), paid.len()), paid.len())
}

/// Where the money goes: who helps the old of a village with their papers does not have it paid to himself.
pub(crate) fn own_accounts(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    let (own, paid) = paid_apart(bench, suspicion);
    let text = said(
        format!("{own}%的人报销款打入各自的账户,与代办人帮助办理手续相符"),
        format!("{own}% of the people are paid to accounts of their own, as where somebody only helps with the papers"),
    );
    let known = percent(paid, suspicion.people.len()) >= 50;
    let score = -ramp(own, 50, 90, 250);
    (known && score < 0).then(|| factor("own_accounts", score, text, Vec::new()))
}

/// The money of several households goes to accounts that are not theirs alone.
pub(crate) fn one_account(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    let (own, paid) = paid_apart(bench, suspicion);
    let households = bench.households(suspicion.people.keys());
    let score = ramp(100 - own, 50, 90, 100) * ramp(percent(households, suspicion.people.len()), 30, 70, 100) / 100;
    let text = said(
        format!("已知收款账户的{paid}人中{}%与他人共用收款账户,而他们分属{households}户", 100 - own),
        format!(
            "{}% of the {paid} people whose account is known share it with others, though they are {households} households",
            100 - own
        ),
    );
    let known = paid >= 4 && percent(paid, suspicion.people.len()) >= 50;
    (known && bench.known.addresses && score > 0).then(|| factor("one_account", score, text, Vec::new()))
}

/// Few hospitals, far away, or many: who helps the ill of a village hands in bills from everywhere, and has them paid to the ill.
pub(crate) fn few_hospitals(bench: &Bench, suspicion: &Suspicion) -> Factor {
    let at = by_place(suspicion.settlements());
    let spread = even(at.values());
    let all: usize = at.values().sum();
    let away = percent(suspicion.settlements().filter(|(fact, _)| bench.away(fact)).count(), all);
    let people = i32::try_from(suspicion.people.len()).unwrap_or(i32::MAX);
    let (own, paid) = paid_apart(bench, suspicion);
    let to_one = if percent(paid, suspicion.people.len()) >= 50 { 100 - ramp(own, 10, 60, 100) } else { 0 };
    let everywhere = ramp(spread, 300, 300 + 25 * people.min(40), 250) * (100 - to_one) / 100;
    let score = ramp(away, 50, 100, 60) + if spread <= 300 { 80 } else { -everywhere };
    let text = said(
        format!("{all}张手工票据出自{}家医院,{away}%在统筹区外", at.len()),
        format!("The {all} paper bills are from {} hospitals, {away}% outside the insured region", at.len()),
    );
    factor("few_hospitals", score, text, Vec::new())
}

/// Bills of about the same sum.
pub(crate) fn alike_sums(suspicion: &Suspicion) -> Option<Factor> {
    let mut sums: Vec<i64> = suspicion.settlements().map(|(fact, _)| fact.total_fen).collect();
    let share = alike(sums.clone());
    let middle = super::odds::median(&mut sums);
    let score = ramp(share, 40, 80, 150);
    let text = said(
        format!("{share}%的票据金额与中位数{}元相差不过五分之一", yuan(middle)),
        format!("{share}% of the bills are within a fifth of their median, ¥{}", yuan(middle)),
    );
    (sums.len() >= 5 && score > 0).then(|| factor("alike_sums", score, text, Vec::new()))
}

/// A serious illness that nobody at home has ever treated.
pub(crate) fn never_treated(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    let (mut never, mut all) = (0, 0);
    for (person, (_, bills)) in &suspicion.people {
        let ill: BTreeSet<u32> = bills.iter().map(|(fact, _)| fact.diagnosis >> 8).filter(|one| *one != 0).collect();
        if ill.is_empty() {
            continue;
        }
        let rows: BTreeSet<RowRef> = bills.iter().map(|(_, origin)| *origin).collect();
        let others = bench.settlements(*person).filter(|(_, origin)| !rows.contains(origin));
        if let Some(treated) = treated(&ill, others) {
            all += 1;
            never += usize::from(!treated);
        }
    }
    let share = percent(never, all);
    let score = ramp(share, 50, 95, 100);
    let text = said(
        format!("{share}%的人除这些票据外从无同一疾病的就医记录"),
        format!("{share}% of the people have no other record of the same disease"),
    );
    (all >= 3 && score > 0).then(|| factor("never_treated", score, text, Vec::new()))
}
