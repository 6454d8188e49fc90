//! How many questions about chains does one thread answer in a second?
//!
//! `cargo bench --bench paths -- [VISITS] [QUESTIONS]` (10,000,000 and 1,000 unless told otherwise). A patient–institution
//! graph: VISITS / 4 persons, VISITS / 2,000 institutions, Zipf popularity, two years, two visits in three at the person's
//! usual institution. Estimate for 10 million: 2.5 million parties, 5.4 million links; 24 bytes a fact, 20 a link and 20 a
//! party is 0.4 GB; a chain of two hops compares four lists of neighbours, about 0.1 ms.
//! Before anything is measured, answers on a small graph are compared with plain breadth-first search.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use medring::model::{Day, Party, PartyKind, RowRef, Table};
use medring::path::question::{Order, Question};
use medring::path::ranked::ranked;
use medring::path::shortest::Searcher;
use medring::path::snapshot::{Link, Snapshot};
use std::collections::VecDeque;
use std::time::{Duration, Instant};

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

fn report(name: &str, mut took: Vec<Duration>, remark: &str) {
    took.sort_unstable();
    let all: Duration = took.iter().sum();
    let at = |permille: usize| took[(took.len() * permille / 1_000).min(took.len() - 1)].as_secs_f64() * 1_000.0;
    let rate = took.len() as f64 / all.as_secs_f64();
    let (half, most, last) = (at(500), at(990), at(1_000));
    println!(
        "{name:<34} {rate:>9.0} questions/s   p50 {half:>8.3} ms   p99 {most:>8.3} ms   max {last:>8.3} ms   {remark}"
    );
}

fn main() {
    let mut sizes = std::env::args().skip(1).filter_map(|argument| argument.replace('_', "").parse::<u64>().ok());
    let visits_count = sizes.next().unwrap_or(10_000_000);
    let questions = usize::try_from(sizes.next().unwrap_or(1_000)).unwrap_or(1_000);
    check();
    let links = visits(visits_count, 42);
    let begun = Instant::now();
    let snapshot = Snapshot::of(links);
    println!("{} parties, {} links, built in {:?}", snapshot.parties(), snapshot.links(), begun.elapsed());
    let pairs = pairs(&snapshot, questions, 43);
    let mut searcher = Searcher::default();
    searcher.shortest(&snapshot, 0, 1);
    let timed = |run: &mut dyn FnMut(u32, u32)| -> Vec<Duration> {
        let one = |&(from, to): &(u32, u32)| {
            let begun = Instant::now();
            run(from, to);
            begun.elapsed()
        };
        pairs.iter().map(one).collect()
    };
    let mut hops = [0_usize; 16];
    let took = timed(&mut |from, to| {
        let chain = searcher.shortest(&snapshot, from, to);
        hops[chain.map_or(15, |nodes| (nodes.len() - 1).min(14))] += 1;
    });
    report("shortest", took, &format!("hops {:?}", &hops[..9]));
    for (name, order, penalty) in [
        ("5 shortest", Order::Shortest, 0),
        ("5 shortest, hub penalty 0.1", Order::Shortest, 100),
        ("5 strongest", Order::Strongest, 0),
        ("5 in time order", Order::TimeIncreasing, 0),
    ] {
        let (mut limited, mut chains) = (0, 0);
        let took = timed(&mut |from, to| {
            let asked = Question::new(snapshot.party(from), snapshot.party(to));
            let answer = ranked(&snapshot, &Question { order, hub_penalty_milli: penalty, ..asked });
            limited += usize::from(!answer.limits.is_empty());
            chains += answer.chains.len();
        });
        report(name, took, &format!("{chains} chains, {limited} cut short"));
    }
}
