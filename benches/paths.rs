//! How many questions about chains does one thread answer in a second, and how many does networkit?
//!
//! `cargo bench --bench paths -- [VISITS] [QUESTIONS]` (10,000,000 and 1,000 unless told otherwise). networkit gets the same graph
//! and the same pairs (installed for it; «absent» where that fails), and must find chains of the same length. A patient–institution
//! graph: VISITS / 4 persons, VISITS / 2,000 institutions, Zipf popularity, two years, two visits in three at the person's
//! usual institution. Estimate for 10 million: 2.5 million parties, 5.4 million links; 24 bytes a fact, 20 a link and 20 a
//! party is 0.4 GB; a chain of two hops compares four lists of neighbours, about 0.1 ms.
//! Before anything is measured, answers on a small graph are compared with plain breadth-first search. A figure is written to
//! `benches/runs/` as it is printed.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

#[path = "paths/contender.rs"]
mod contender;
#[path = "shared/page.rs"]
mod page;
#[path = "shared/python.rs"]
mod python;

use medring::model::{Day, Party, PartyKind, RowRef, Table};
use medring::path::question::{Order, Question};
use medring::path::ranked::ranked;
use medring::path::shortest::Searcher;
use medring::path::snapshot::{Link, Snapshot};
use page::{least, line, most};
use python::Figures;
use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// All questions are asked in so many rounds, and of each the quickest answer counts, because the machine is shared.
const ROUNDS: usize = 3;

/// Numbers that look random: splitmix64.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.roll() % bound
    }
}

fn visits(count: u64, seed: u64) -> Vec<Link> {
    let (persons, institutions) = (count / 4, (count / 2_000).max(2));
    let mut popularity: Vec<u64> = Vec::new();
    let mut sum = 0;
    for rank in 1..=institutions {
        sum += 1_000_000_000 / rank;
        popularity.push(sum);
    }
    let mut dice = Dice(seed);
    let person: Vec<Party> = (0..persons).map(|n| Party::context(PartyKind::Person, &[n])).collect();
    let place: Vec<Party> = (0..institutions).map(|n| Party::context(PartyKind::Institution, &[n])).collect();
    let zipf = |dice: &mut Dice| {
        let at = dice.below(sum);
        place[popularity.partition_point(|&upto| upto <= at)]
    };
    let usual: Vec<Party> = person.iter().map(|_| zipf(&mut dice)).collect();
    let visit = |row: u64| {
        let who = usize::try_from(dice.below(persons)).unwrap_or(0);
        let at = if dice.below(100) < 68 { usual[who] } else { zipf(&mut dice) };
        let day = Day(19_000 + i32::try_from(dice.below(730)).unwrap_or(0));
        let fen = 10_000 + i64::try_from(dice.below(900_000)).unwrap_or(0);
        Link { a: person[who], b: at, day, fact: RowRef::new(Table::SetlD, 0, row + 1), fen }
    };
    (0..count).map(visit).collect()
}

/// Pairs of persons.
fn pairs(snapshot: &Snapshot, count: usize, seed: u64) -> Vec<(u32, u32)> {
    let mut dice = Dice(seed);
    let parties = snapshot.parties() as u64;
    let mut person = || loop {
        let node = u32::try_from(dice.below(parties)).unwrap_or(0);
        if snapshot.party(node).kind() == PartyKind::Person {
            return node;
        }
    };
    (0..count).map(|_| (person(), person())).collect()
}

fn plain_hops(snapshot: &Snapshot, from: u32, to: u32) -> Option<usize> {
    let mut hops = vec![usize::MAX; snapshot.parties()];
    hops[from as usize] = 0;
    let mut queue = VecDeque::from([from]);
    while let Some(node) = queue.pop_front() {
        for &next in snapshot.neighbours(node) {
            if hops[next as usize] == usize::MAX {
                hops[next as usize] = hops[node as usize] + 1;
                queue.push_back(next);
            }
        }
    }
    (hops[to as usize] != usize::MAX).then_some(hops[to as usize])
}

fn check() {
    let snapshot = Snapshot::of(visits(20_000, 7));
    let mut searcher = Searcher::default();
    for (from, to) in pairs(&snapshot, 200, 8) {
        let expected = plain_hops(&snapshot, from, to);
        let found = searcher.shortest(&snapshot, from, to);
        assert_eq!(found.map(|nodes| nodes.len() - 1), expected);
        let question = Question { hops_max: 8, ..Question::new(snapshot.party(from), snapshot.party(to)) };
        let best = ranked(&snapshot, &question);
        assert!(expected.is_none_or(|hops| hops > 8) || best.chains.first().map(|chain| chain.hops.len()) == expected);
    }
    println!("self-check: 200 chains equal plain breadth-first search");
}

/// What was measured of one kind of question.
struct Answers {
    name: &'static str,
    rate: f64,
    /// Half, ninety-nine in a hundred, and the slowest: milliseconds.
    half: f64,
    most: f64,
    last: f64,
    remark: String,
}

impl Answers {
    fn of(name: &'static str, mut took: Vec<Duration>, remark: String) -> Answers {
        took.sort_unstable();
        let all: Duration = took.iter().sum();
        let at = |permille: usize| took[(took.len() * permille / 1_000).min(took.len() - 1)].as_secs_f64() * 1_000.0;
        let rate = took.len() as f64 / all.as_secs_f64();
        Answers { name, rate, half: at(500), most: at(990), last: at(1_000), remark }
    }

    /// As networkit said it.
    fn said(name: &'static str, figures: &Figures, of: &str) -> Answers {
        let figure = |word: &str| figures.get(&format!("{of}_{word}")).copied().unwrap_or(f64::NAN);
        let (rate, half, most, last) = (figure("rate"), figure("p50"), figure("p99"), figure("max"));
        Answers { name, rate, half, most, last, remark: String::new() }
    }

    fn line(&self) -> String {
        let Answers { name, rate, half, most, last, remark } = self;
        format!(
            "{name:<34} {rate:>9.0} questions/s   p50 {half:>8.3} ms   p99 {most:>8.3} ms   max {last:>8.3} ms   {remark}"
        )
    }
}

/// Seconds of each pair, the quickest of all rounds.
fn timed(pairs: &[(u32, u32)], run: &mut dyn FnMut(usize, u32, u32)) -> Vec<Duration> {
    let mut quickest = vec![Duration::MAX; pairs.len()];
    for _ in 0..ROUNDS {
        for (at, (&(from, to), quickest)) in pairs.iter().zip(&mut quickest).enumerate() {
            let begun = Instant::now();
            run(at, from, to);
            *quickest = begun.elapsed().min(*quickest);
        }
    }
    quickest
}

/// The shortest chain of each pair, and its hops.
fn shortest(snapshot: &Snapshot, pairs: &[(u32, u32)]) -> (Answers, Vec<Option<usize>>) {
    let mut searcher = Searcher::default();
    searcher.shortest(snapshot, 0, 1);
    let mut hops = vec![None; pairs.len()];
    let took = timed(pairs, &mut |at, from, to| {
        hops[at] = searcher.shortest(snapshot, from, to).map(|nodes| nodes.len() - 1);
    });
    let of_length = |length: usize| hops.iter().filter(|hops| **hops == Some(length)).count();
    let remark = format!("hops {:?}", (0..9).map(of_length).collect::<Vec<_>>());
    (Answers::of("shortest", took, remark), hops)
}

/// Five chains of each pair.
fn five(snapshot: &Snapshot, pairs: &[(u32, u32)], name: &'static str, how: impl Fn(Question) -> Question) -> Answers {
    let (mut limited, mut chains) = (0, 0);
    let took = timed(pairs, &mut |_, from, to| {
        let answer = ranked(snapshot, &how(Question::new(snapshot.party(from), snapshot.party(to))));
        limited += usize::from(!answer.limits.is_empty());
        chains += answer.chains.len();
    });
    Answers::of(name, took, format!("{} chains, {} cut short", chains / ROUNDS, limited / ROUNDS))
}

fn main() -> std::io::Result<()> {
    let mut sizes = std::env::args().skip(1).filter_map(|argument| argument.replace('_', "").parse::<u64>().ok());
    let visits_count = sizes.next().unwrap_or(10_000_000);
    let questions = usize::try_from(sizes.next().unwrap_or(1_000)).unwrap_or(1_000);
    check();
    let load = page::load();
    let links = visits(visits_count, 42);
    let begun = Instant::now();
    let snapshot = Snapshot::of(links);
    let built = begun.elapsed();
    let pairs = pairs(&snapshot, questions, 43);
    let (ours, hops) = shortest(&snapshot, &pairs);
    let networkit = contender::networkit(&snapshot, &pairs, &hops, ROUNDS);
    let figures = networkit.as_ref().cloned().unwrap_or_default();
    let theirs = [
        Answers::said("networkit, the chain", &figures, "chain"),
        Answers::said("networkit, its length only", &figures, "hops"),
    ];
    let in_time = |asked| Question { order: Order::TimeIncreasing, ..asked };
    let ordered = five(&snapshot, &pairs, "5 in time order", in_time);
    let whole = five(&snapshot, &pairs, "  never cut short", |asked| Question { work_max: u64::MAX, ..in_time(asked) });
    let others = [
        five(&snapshot, &pairs, "5 shortest", |asked| asked),
        five(&snapshot, &pairs, "5 shortest, hub penalty 0.1", |asked| Question { hub_penalty_milli: 100, ..asked }),
        five(&snapshot, &pairs, "5 strongest", |asked| Question { order: Order::Strongest, ..asked }),
    ];
    let mut out = String::new();
    page::machine(&mut out, &format!("paths: {visits_count} visits, {questions} pairs, quickest of {ROUNDS}"), &load);
    let (parties, links) = (snapshot.parties(), snapshot.links());
    line(&mut out, &format!("{parties} parties, {links} links, built in {:.1} s\n", built.as_secs_f64()));
    [&ours]
        .into_iter()
        .chain(&theirs)
        .chain(&others)
        .chain([&ordered, &whole])
        .for_each(|row| line(&mut out, &row.line()));
    let rate = theirs.iter().map(|row| row.rate).fold(f64::NAN, f64::max);
    page::marks(
        &mut out,
        &[
            least("shortest: questions a second over networkit's", ours.rate / rate, 1.0),
            least("shortest: p99 of networkit over ours", theirs[0].most.min(theirs[1].most) / ours.most, 1.0),
            most("5 in time order: p99 ms", ordered.most, 20.0),
            most("5 in time order, never cut short: p99 ms", whole.most, 20.0),
        ],
    );
    if let Err(error) = networkit {
        line(&mut out, &format!("absent: networkit ({error})"));
    }
    page::keep("paths", &out)
}
