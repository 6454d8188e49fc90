//! Rows of a region that the list does not name are as if they were not there, and so is what they said of identifiers.

use super::exact::{Standing, difference, merge, river_knowing, singles};
use super::scene;
use medring::flow::{Stage, Tally};
use medring::model::{
    Batch, Identifier, IdentifierRole, Outcome, Party, PartyKind, Reason, Region, Regions, Row, Table,
};
use proptest::prelude::*;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A list of the regions of the world, without one that half of the people live in.
fn list() -> Regions {
    let region = Region { code: 340_101, level: 3, parent: 340_100, ..Region::default() };
    Regions { by_code: [(region.code, region)].into() }
}

/// A world in which each paper bill names the clerk who settled it.
fn world(seed: u64) -> Batch {
    let mut batch = scene::rows(seed, 400);
    let clerk = |number: u64| Party::of(PartyKind::Agent, &format!("clerk {number}"));
    let names = |row: &Row<medring::model::Settlement>| {
        let fact = Identifier {
            identifier: clerk(row.origin.row() % 5),
            holder: row.fact.person,
            begin: medring::model::Day(i32::MIN),
            role: IdentifierRole::Submitter,
        };
        let Row { key, version, content, origin, live, .. } = *row;
        Row { key, version, content, origin, live, fact }
    };
    batch.identifiers.extend(batch.settlements.iter().map(names));
    batch
}

fn is_listed(row: &Row<medring::model::Settlement>) -> bool {
    row.fact.home == 340_101 && row.fact.area == 340_101
}

/// The same world without the rows that wait.
fn without(batch: &Batch) -> Batch {
    let mut listed = batch.clone();
    listed.settlements.retain(is_listed);
    let waiting: Vec<_> = batch.settlements.iter().filter(|row| !is_listed(row)).map(|row| row.origin).collect();
    listed.identifiers.retain(|row| row.origin.table() == Table::XIdent || !waiting.contains(&row.origin));
    listed.persons.retain(|row| [0, 340_101].contains(&row.fact.home));
    listed.enrolments.retain(|row| [0, 340_101].contains(&row.fact.home));
    listed.allowances.retain(|row| [0, 340_101].contains(&row.fact.home));
    listed
}

fn waits(tally: &Tally) -> usize {
    tally.set_aside.values().filter(|reason| **reason == Reason::E05).count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_that_wait_are_as_if_they_were_not_there(seed in any::<u64>(), workers in 1_usize..3) {
        let batch = world(seed);
        let alone = river_knowing(list(), 1, Stage::open());
        alone.feed(without(&batch), 1).unwrap();
        let answer = alone.settle(0).unwrap();
        prop_assert_eq!(waits(&answer.tally), 0);
        let mut expected = Standing::default();
        expected.apply(answer);
        prop_assert!(!expected.ties.is_empty(), "the world is too tame to test anything");

        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut rows = singles(&batch);
        rows.shuffle(&mut random);
        let river = river_knowing(list(), workers, Stage::open());
        let (mut standing, mut tally) = (Standing::default(), Tally::default());
        let (mut epoch, mut rest) = (0, rows.as_slice());
        while !rest.is_empty() {
            let (now, later) = rest.split_at(random.random_range(1..=rest.len().min(300)));
            river.feed(merge(now), 1).unwrap();
            let answer = river.settle(epoch).unwrap();
            tally = answer.tally.clone();
            standing.apply(answer);
            (rest, epoch) = (later, epoch + 1);
        }
        prop_assert_eq!(difference(&standing, &expected), None);
        prop_assert!(waits(&tally) > 20, "{}", waits(&tally));
        let set_aside: i64 = tally.counts.iter().filter(|((_, out), _)| *out == Outcome::Quarantined).map(|(_, rows)| rows).sum();
        prop_assert_eq!(usize::try_from(set_aside), Ok(tally.set_aside.len()));

        river.feed(batch, -1).unwrap();
        let last = river.settle(epoch).unwrap();
        prop_assert!(last.tally.counts.values().all(|count| *count == 0), "{:?}", last.tally.counts);
        prop_assert!(last.tally.set_aside.is_empty());
    }
}
