//! What does one line of `rings.jsonl` say? The contract of schema version 1, key by key.

use super::naming::{shown_id, shown_kind, shown_row};
use crate::model::{Factor, Names, References, Ring};
use std::fmt::Write as _;

/// One ring as one line of JSON, without the line end. Keys stand in the order of the contract; lists are sorted by
/// content, so equal findings give equal bytes whatever the order of files and rows they came from.
#[must_use]
pub fn ring_line(ring: &Ring, names: &Names, references: &References) -> String {
    let finding = &ring.finding;
    let mut line = String::with_capacity(4096);
    push(&mut line, format_args!(r#"{{"schema_version":1,"ring_id":{},"rank":{}"#, quoted(&ring.id), ring.rank));
    let typologies =
        joined(finding.typologies.iter().map(|typology| {
            format!(r#"{{"name":{},"score":{}}}"#, quoted(&typology.name), hundredths(typology.score))
        }));
    push(&mut line, format_args!(r#","typology":{},"typologies":[{typologies}]"#, quoted(&finding.typology)));
    push(&mut line, format_args!(r#","score":{}"#, hundredths(finding.score)));
    push(&mut line, format_args!(r#","expected_by_chance":{}"#, thousandths(ring.expected_by_chance_milli)));
    push(&mut line, format_args!(r#","first_day":"{}","last_day":"{}""#, finding.first_day, finding.last_day));
    push(&mut line, format_args!(r#","members":[{}]"#, members(ring, names, references)));
    let amount = finding.amount;
    push(
        &mut line,
        format_args!(
            r#","amount":{{"total_fen":{},"fund_fen":{},"net_of_reversals":{}}}"#,
            amount.total_fen,
            amount.fund_fen,
            amount.orphan_fen == 0
        ),
    );
    let mut factors: Vec<&Factor> = finding.factors.iter().collect();
    factors.sort_by_key(|factor| (std::cmp::Reverse(factor.score), &factor.code, &factor.text));
    let factors = joined(factors.into_iter().map(|one| factor(one, names)));
    let mut counters: Vec<_> = finding.counter_evidence.iter().collect();
    counters.sort_by_key(|counter| (counter.score, &counter.code, &counter.text));
    let counters = joined(
        counters.into_iter().map(|counter| reason(&counter.code, counter.score, &counter.text.zh, &counter.text.en)),
    );
    push(&mut line, format_args!(r#","factors":[{factors}],"counter_evidence":[{counters}]}}"#));
    line
}

fn members(ring: &Ring, names: &Names, references: &References) -> String {
    let mut members: Vec<_> = ring
        .finding
        .members
        .iter()
        .filter(|member| !member.party.kind().is_context())
        .map(|member| {
            let kind = shown_kind(member.party, references).word();
            (member.role, std::cmp::Reverse(member.strength), kind, shown_id(member.party, names))
        })
        .collect();
    members.sort();
    joined(members.into_iter().map(|(role, strength, kind, id)| {
        let (role, strength) = (role.word(), hundredths(strength.0));
        format!(r#"{{"kind":"{kind}","id":{},"role":"{role}","strength":{strength}}}"#, quoted(&id))
    }))
}

fn factor(factor: &Factor, names: &Names) -> String {
    let mut facts: Vec<String> = factor.facts.iter().map(|row| shown_row(*row, names)).collect();
    facts.sort();
    facts.dedup();
    let mut text = reason(&factor.code, factor.score, &factor.text.zh, &factor.text.en);
    text.pop();
    push(&mut text, format_args!(r#","facts":[{}]}}"#, joined(facts.iter().map(|fact| quoted(fact)))));
    text
}

fn reason(code: &str, score: i32, zh: &str, en: &str) -> String {
    format!(r#"{{"code":{},"score":{},"zh":{},"en":{}}}"#, quoted(code), hundredths(score), quoted(zh), quoted(en))
}

/// `-40` hundredths as `-0.40`: written from the integer, so that no float can print differently elsewhere.
pub(super) fn hundredths(value: i32) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let size = value.unsigned_abs();
    format!("{sign}{}.{:02}", size / 100, size % 100)
}

/// `20` thousandths as `0.020`.
pub(super) fn thousandths(value: u32) -> String {
    format!("{}.{:03}", value / 1000, value % 1000)
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(",")
}

fn push(line: &mut String, arguments: std::fmt::Arguments) {
    line.write_fmt(arguments).expect("a String takes every write");
}
