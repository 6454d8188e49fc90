//! Are the chains all chains, in the order asked for? Against an enumeration of every simple chain.

use super::shortest::link;
use medring::model::{Day, Party};
use medring::path::question::{Answer, NoChain, Order, Question, Restriction};
use medring::path::ranked::ranked;
use medring::path::snapshot::{Link, Snapshot};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Every ninth fact has no day.
fn dated(day: i32) -> i32 {
    if day == 8 { i32::MIN } else { day }
}

type Days = BTreeMap<(u64, u64), Vec<i32>>;
/// Weakest hop (negated), cost, last day, parties.
type Key = (i64, u32, i32, Vec<u64>);

fn days(links: &[Link], window: Option<(Day, Day)>) -> Days {
    let mut days = Days::new();
    let facts: BTreeSet<Link> = links.iter().copied().filter(|link| link.a != link.b).collect();
    for link in facts {
        if link.day.0 == i32::MIN || window.is_none_or(|(first, last)| first <= link.day && link.day <= last) {
            days.entry((link.a.0, link.b.0)).or_default().push(link.day.0);
            days.entry((link.b.0, link.a.0)).or_default().push(link.day.0);
        }
    }
    days
}

/// The earliest last day over all ways to choose a day for each hop so that days never go back.
fn last_day(days: &Days, chain: &[u64], from: i32) -> Option<i32> {
    let [a, b, ..] = *chain else { return Some(from) };
    days[&(a, b)]
        .iter()
        .filter(|&&day| day >= from || day == i32::MIN)
        .filter_map(|&day| last_day(days, &chain[1..], day.max(from)))
        .min()
}

fn every_chain(days: &Days, chain: &mut Vec<u64>, question: &Question, out: &mut Vec<Vec<u64>>) {
    let here = chain[chain.len() - 1];
    if here == question.to.0 {
        out.push(chain.clone());
        return;
    }
    if chain.len() > question.hops_max {
        return;
    }
    let next: Vec<u64> = days.keys().filter(|key| key.0 == here && !chain.contains(&key.1)).map(|key| key.1).collect();
    for party in next {
        chain.push(party);
        every_chain(days, chain, question, out);
        chain.pop();
    }
}

/// The definition: all simple chains that keep to the question, sorted.
fn plain(links: &[Link], question: &Question) -> Vec<Key> {
    let days = days(links, question.window);
    let degree = |party: u64| self::days(links, None).keys().filter(|key| key.0 == party).count();
    let mut chains = Vec::new();
    every_chain(&days, &mut vec![question.from.0], question, &mut chains);
    let mut keys: Vec<Key> = Vec::new();
    for chain in chains {
        let inner = &chain[1..chain.len() - 1];
        let stops: Vec<u64> = inner.iter().copied().filter(|&party| question.via.contains(&Party(party))).collect();
        let large = |&party: &u64| {
            !question.via.contains(&Party(party))
                && question.degree_max.is_some_and(|most| degree(party) > most as usize)
        };
        if stops.iter().map(|&party| Party(party)).ne(question.via.iter().copied())
            || chain.iter().any(|&party| question.avoid.contains(&Party(party)))
            || inner.iter().any(large)
        {
            continue;
        }
        let penalty: u32 = inner.iter().map(|&party| question.hub_penalty_milli * degree(party).ilog2()).sum();
        let cost = u32::try_from(chain.len() - 1).expect("short") * 1_000 + penalty;
        let weakest = chain.windows(2).map(|pair| days[&(pair[0], pair[1])].len()).min().expect("a hop");
        let key = match question.order {
            Order::Shortest => (0, cost, 0, chain),
            Order::Strongest => (-i64::try_from(weakest.min(16)).expect("small"), cost, 0, chain),
            Order::TimeIncreasing => match last_day(&days, &chain, i32::MIN) {
                Some(day) => (0, cost, day, chain),
                None => continue,
            },
        };
        keys.push(key);
    }
    keys.sort_unstable();
    keys.truncate(question.count);
    keys
}

fn keys(answer: &Answer, question: &Question) -> Vec<Key> {
    let key = |chain: &medring::path::question::Chain| {
        let parties = [question.from.0].into_iter().chain(chain.hops.iter().map(|hop| hop.to.0)).collect();
        let day = chain
            .hops
            .last()
            .and_then(|hop| hop.day)
            .map_or(if question.order == Order::TimeIncreasing { i32::MIN } else { 0 }, |day| day.0);
        let strong = if question.order == Order::Strongest { -i64::from(chain.weakest.min(16)) } else { 0 };
        (strong, chain.cost_milli, day, parties)
    };
    answer.chains.iter().map(key).collect()
}

fn questions() -> impl Strategy<Value = Question> {
    let order = prop_oneof![Just(Order::Shortest), Just(Order::Strongest), Just(Order::TimeIncreasing)];
    let party = 1_u64..9;
    let window = prop::option::weighted(0.3, (0_i32..6, 2_i32..9));
    let lists = (prop::collection::vec(3_u64..9, 0..2), prop::collection::vec(3_u64..9, 0..2));
    (order, 1_usize..21, 1_usize..9, window, lists, prop::option::weighted(0.3, 2_u32..6), 0_u32..3, party).prop_map(
        |(order, count, hops_max, window, (via, avoid), degree_max, penalty, to)| Question {
            count,
            hops_max,
            order,
            window: window.map(|(first, last)| (Day(first), Day(last))),
            via: via.into_iter().filter(|&party| party != to).map(Party).collect(),
            avoid: avoid.into_iter().map(Party).collect(),
            degree_max,
            hub_penalty_milli: penalty * 170,
            ..Question::new(Party(1), Party(to.max(2)))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn equals_every_chain_sorted(
        facts in prop::collection::vec((1_u64..9, 1_u64..9, 0_i32..9), 1..28),
        question in questions(),
    ) {
        let links: Vec<Link> = (0..).zip(facts).map(|(row, (a, b, day))| link(a, b, dated(day), row)).collect();
        let snapshot = Snapshot::of(links.clone());
        let known = [question.from, question.to].iter().chain(&question.via).all(|&party| snapshot.node(party).is_some());
        let expected = if known { plain(&links, &question) } else { Vec::new() };
        let answer = ranked(&snapshot, &question);
        prop_assert!(answer.limits.is_empty());
        prop_assert_eq!(answer.none.is_some(), expected.is_empty());
        prop_assert_eq!(keys(&answer, &question), expected);
    }

    #[test]
    fn what_to_lift_gives_a_chain(
        facts in prop::collection::vec((1_u64..9, 1_u64..9, 0_i32..9), 1..14),
        question in questions(),
    ) {
        let links: Vec<Link> = (0..).zip(facts).map(|(row, (a, b, day))| link(a, b, dated(day), row)).collect();
        let snapshot = Snapshot::of(links.clone());
        let answer = ranked(&snapshot, &question);
        if let Some(NoChain::Excluded { nearest: Some((lifted, hops)), .. }) = answer.none {
            let easier = Question {
                order: if lifted.contains(&Restriction::TimeOrder) { Order::Shortest } else { question.order },
                window: question.window.filter(|_| !lifted.contains(&Restriction::Window)),
                degree_max: question.degree_max.filter(|_| !lifted.contains(&Restriction::Degree)),
                avoid: if lifted.contains(&Restriction::Avoid) { Vec::new() } else { question.avoid.clone() },
                via: if lifted.contains(&Restriction::Via) { Vec::new() } else { question.via.clone() },
                hops_max: if lifted.contains(&Restriction::Hops) { 8 } else { question.hops_max },
                ..question
            };
            prop_assert_eq!(plain(&links, &easier)[0].3.len() - 1, hops);
        }
    }
}

#[test]
fn a_limit_is_said() {
    let links: Vec<Link> = (0..4_000).map(|row| link(row % 40 + 1, row / 40 % 97 + 100, 0, row)).collect();
    let snapshot = Snapshot::of(links);
    let question = Question { work_max: 5, ..Question::new(Party(1), Party(2)) };
    assert!(!ranked(&snapshot, &question).limits.is_empty());
}

#[test]
fn different_pieces_need_no_search() {
    let snapshot = Snapshot::of(vec![link(1, 2, 0, 1), link(3, 4, 0, 2)]);
    let answer = ranked(&snapshot, &Question::new(Party(1), Party(4)));
    assert_eq!((answer.none, answer.work), (Some(NoChain::NotConnected), 0));
    let answer = ranked(&snapshot, &Question::new(Party(1), Party(9)));
    assert_eq!(answer.none, Some(NoChain::Unknown(Party(9))));
}
