//! `medring path`: through whom and what are two parties connected?

mod said;

use super::check::{self, Language};
use super::detect::failure;
use super::output::{self, Listing, Shape};
use super::party::{Named, Where, named};
use super::{FOUND_PROBLEMS, Failure, USAGE};
use crate::engine::snapshot;
use crate::model::{Day, Party, RowRef};
use crate::path::question::{Answer, HOPS_MAX, Order, Question};
use crate::path::ranked::ranked;
use clap::{Args, ValueEnum};
use said::Said;
use std::collections::BTreeSet;

/// `medring path`.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Where paths begin: person:ID, phone:ID, institution:ID …
    #[arg(value_name = "FROM", value_parser = named)]
    from: Named,
    /// Where they end
    #[arg(value_name = "TO", value_parser = named)]
    to: Named,
    #[command(flatten)]
    facts: Where,
    /// How many paths, 1 to 20
    #[arg(short = 'k', default_value_t = 5, value_name = "K")]
    count: usize,
    /// What comes first
    #[arg(long, value_enum, default_value_t = First::Shortest)]
    order: First,
    /// Only facts of these days: 2024-01-01..2024-06-30, or the last days of the data: 90d
    #[arg(long, value_name = "DAYS", value_parser = window)]
    within: Option<Window>,
    /// Hops at most
    #[arg(long, default_value_t = HOPS_MAX, value_name = "N")]
    max_hops: usize,
    /// A party that paths must pass; several in this order
    #[arg(long, value_name = "P", value_parser = named)]
    via: Vec<Named>,
    /// A party that paths must not pass
    #[arg(long, value_name = "P", value_parser = named)]
    avoid: Vec<Named>,
    /// Do not pass parties with more neighbours than this
    #[arg(long, value_name = "N")]
    skip_hubs: Option<u32>,
    /// What passing a party costs, in hops for each doubling of its number of neighbours
    #[arg(long, default_value_t = 0.0, value_name = "HOPS", allow_negative_numbers = true)]
    hub_penalty: f64,
    /// How to print
    #[arg(short = 'o', long = "output", value_enum)]
    output: Option<Shape>,
    /// Show identifiers in full in the table; JSON always has them, because programs join on them
    #[arg(long)]
    reveal: bool,
    /// The language of the table
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum First {
    /// Fewest hops.
    Shortest,
    /// Strongest weakest hop.
    Strongest,
    /// Days never go back.
    Time,
}

/// Paths that can be asked for at once.
const COUNT_MAX: usize = 20;

/// The days that a question is about.
#[derive(Clone, Copy, Debug)]
enum Window {
    Between(Day, Day),
    Last(i32),
}

fn window(text: &str) -> Result<Window, String> {
    let wrong = || format!("«{text}»: write 2024-01-01..2024-06-30 or 90d / 应写作 2024-01-01..2024-06-30 或 90d");
    if let Some(days) = text.strip_suffix('d').and_then(|days| days.parse().ok()) {
        return Ok(Window::Last(days));
    }
    let (first, last) = text.split_once("..").ok_or_else(wrong)?;
    Ok(Window::Between(day(first).ok_or_else(wrong)?, day(last).ok_or_else(wrong)?))
}

pub(super) fn day(text: &str) -> Option<Day> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    Day::of(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).filter(|_| parts.next().is_none())
}

/// Answers the question and prints the paths.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    if !(0.0..=100.0).contains(&arguments.hub_penalty) {
        let given = arguments.hub_penalty;
        let zh = format!("--hub-penalty {given}: 应为 0 至 100 步");
        let en = format!("--hub-penalty {given}: takes hops from 0 to 100");
        return Err(Failure::new(USAGE, arguments.lang.choose(&zh, &en)));
    }
    sensible(arguments)?;
    let facts = arguments.facts.open()?;
    let (graph, last) = snapshot(&facts, &check::stop_on_interrupt()).map_err(failure)?;
    let answer = ranked(&graph, &question(arguments, last));
    let hops = || answer.chains.iter().flat_map(|chain| &chain.hops);
    let rows: BTreeSet<RowRef> = hops().flat_map(|hop| hop.shown.iter().map(|meeting| meeting.fact)).collect();
    let parties: BTreeSet<Party> = hops().flat_map(|hop| [hop.from, hop.to]).collect();
    let mut names = facts.names(&rows, &parties).map_err(failure)?;
    for given in [&arguments.from, &arguments.to].into_iter().chain(&arguments.via).chain(&arguments.avoid) {
        names.parties.entry(given.party).or_insert_with(|| given.id.clone());
    }
    let references = facts.references().map_err(failure)?;
    let shape = output::shape(arguments.output);
    let reveal = arguments.reveal || shape != Shape::Table;
    let said = Said { names: &names, references: &references, reveal };
    print(&answer, &said, shape, arguments.lang)?;
    for limit in &answer.limits {
        eprintln!("{}", said::limit(*limit, arguments.lang));
    }
    match &answer.none {
        Some(none) => Err(Failure::new(FOUND_PROBLEMS, said.none(none, arguments.lang))),
        None => Ok(()),
    }
}

/// Whether the question can have an answer at all.
fn sensible(arguments: &Arguments) -> Result<(), Failure> {
    let wrong = |zh: &str, en: &str| Err(Failure::new(USAGE, arguments.lang.choose(zh, en)));
    let ends = [arguments.from.party, arguments.to.party];
    if !(1..=COUNT_MAX).contains(&arguments.count) {
        let given = arguments.count;
        return wrong(
            &format!("-k {given}: 应为 1 至 {COUNT_MAX}"),
            &format!("-k {given}: takes a number from 1 to {COUNT_MAX}"),
        );
    }
    if ends[0] == ends[1] {
        return wrong(
            "FROM 与 TO 是同一主体, 请给出两个不同的主体",
            "FROM and TO are the same party; name two different ones",
        );
    }
    for (flag, parties) in [("--via", &arguments.via), ("--avoid", &arguments.avoid)] {
        if parties.iter().any(|one| ends.contains(&one.party)) {
            return wrong(
                &format!("{flag} 给出的是 FROM 或 TO 本身, 应为两者之间的主体"),
                &format!("{flag} names FROM or TO itself; it takes parties between the two"),
            );
        }
    }
    if arguments.via.iter().any(|one| arguments.avoid.iter().any(|other| other.party == one.party)) {
        return wrong(
            "--via 与 --avoid 给出了同一主体, 请去掉其一",
            "--via and --avoid name the same party; leave one of them out",
        );
    }
    match arguments.within {
        Some(Window::Between(first, last)) if last < first => {
            let days = format!("--within {first}..{last}");
            wrong(
                &format!("{days}: 较早的日期在前, FIRST..LAST"),
                &format!("{days}: the earlier day comes first, FIRST..LAST"),
            )
        }
        Some(Window::Last(days)) if days < 1 => {
            wrong(&format!("--within {days}d: 至少 1 天"), &format!("--within {days}d: takes at least 1 day"))
        }
        _ => Ok(()),
    }
}

fn question(arguments: &Arguments, last: Day) -> Question {
    let parties = |named: &[Named]| named.iter().map(|one| one.party).collect();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100,000")]
    let hub_penalty_milli = (arguments.hub_penalty * 1_000.0).round() as u32;
    Question {
        count: arguments.count,
        hops_max: arguments.max_hops,
        order: match arguments.order {
            First::Shortest => Order::Shortest,
            First::Strongest => Order::Strongest,
            First::Time => Order::TimeIncreasing,
        },
        window: arguments.within.map(|window| match window {
            Window::Between(first, last) => (first, last),
            Window::Last(days) => (Day(last.0.saturating_sub(days.max(1) - 1)), last),
        }),
        via: parties(&arguments.via),
        avoid: parties(&arguments.avoid),
        degree_max: arguments.skip_hubs,
        hub_penalty_milli,
        ..Question::new(arguments.from.party, arguments.to.party)
    }
}

fn print(answer: &Answer, said: &Said, shape: Shape, lang: Language) -> Result<(), Failure> {
    let mut listing =
        Listing { heads: vec!["path", "hop", "from", "to", "day", "facts", "said"], ..Listing::default() };
    for (rank, chain) in (1..).zip(&answer.chains) {
        listing.lines.push(said.line(rank, chain));
        listing.rows.extend((1..).zip(&chain.hops).map(|(at, hop)| said.row(rank, at, hop, lang)));
    }
    match &answer.none {
        Some(none) if shape == Shape::Table => output::print(&format!("{}\n", said.none(none, lang))),
        Some(none) => {
            listing.lines.push(said.none_line(none));
            output::print(&listing.text(shape)?)
        }
        None => output::print(&listing.text(shape)?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_days_or_the_last_days() {
        assert!(matches!(window("90d"), Ok(Window::Last(90))));
        let Ok(Window::Between(first, last)) = window("2024-01-01..2024-06-30") else { panic!("two days") };
        assert_eq!((first.to_string(), last.to_string()), ("2024-01-01".to_owned(), "2024-06-30".to_owned()));
        assert!(window("2024-02-30..2024-06-30").is_err());
        assert!(window("soon").is_err());
    }
}
