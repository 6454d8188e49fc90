//! How many findings would chance alone give in these data?
//!
//! A permutation null: the dates of settlements are exchanged among those of one institution, month, home area and kind of
//! care. Every honest habit stays (who goes where, how often, for how much), only togetherness is lost; whatever is found
//! then was found by chance, or by reasons other than togetherness (a shared telephone, one price), which is why the
//! figure is an upper bound where the data hold rings. Reproducible: the same rows, rounds and seed give the same scores.
//!
//! Cost: the rows once in memory, and a detection for every round.

use super::detect::{EngineError, Recognise, references, settings};
use super::ranking::Calibration;
use super::running::interrupted;
use super::{Cluster, River, Standing};
use crate::flow::Stage;
use crate::ingest::{Progress, ReadOptions, Source};
use crate::model::{Batch, Day, Party, References, Row, Settlement, Stamp};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// How to measure the null.
pub struct NullOptions {
    /// Worker threads.
    pub workers: usize,
    /// How often the dates are shuffled.
    pub rounds: u64,
    /// The seed of the first round; each further round has the next one.
    pub seed: u64,
    /// Show how far the reader is.
    pub progress: Progress,
    /// Stop when this becomes true.
    pub stop: Arc<AtomicBool>,
}

/// Scores of all findings of so many null worlds made from a source, highest first. `told` hears of every round: its number
/// from 1, and the scores it gave.
///
/// # Errors
/// When the input cannot be read, the caller asked to stop, or a worker is lost.
pub fn calibrate(
    source: &Source,
    options: &NullOptions,
    recognise: Recognise,
    told: &mut dyn FnMut(u64, &[i32]),
) -> Result<Calibration, EngineError> {
    let references = references(source)?;
    let (mut rows, mut others) = (Vec::new(), Vec::new());
    let read = ReadOptions {
        threads: options.workers.max(1),
        progress: options.progress,
        stop: Some(Arc::clone(&options.stop)),
        ..ReadOptions::default()
    };
    source.read(&read, &mut |mut batch| {
        rows.append(&mut batch.settlements);
        others.push(batch);
        ControlFlow::Continue(())
    })?;
    // In the order of their keys: the reader's threads come in any.
    rows.sort_unstable_by_key(|row: &Row<Settlement>| (row.key, row.content, row.origin));
    let mut calibration = Calibration::default();
    for round in 0..options.rounds {
        interrupted(&options.stop)?;
        let mut shuffled = rows.clone();
        shuffle(&mut shuffled, options.seed.wrapping_add(round));
        let batches = others.iter().cloned().chain([Batch { settlements: shuffled, ..Batch::default() }]);
        let (persons, scores) = found(&references, options.workers, recognise, batches)?;
        told(round + 1, &scores);
        calibration.persons += persons;
        calibration.scores.extend(scores);
    }
    calibration.scores.sort_unstable_by(|left, right| right.cmp(left));
    calibration.source = format!(
        "{} rounds from seed {} over the data themselves, dates shuffled within institution, month, home area and kind of care",
        options.rounds, options.seed
    );
    Ok(calibration)
}

/// Persons, and the scores of everything that is found in some rows.
fn found(
    references: &References,
    workers: usize,
    recognise: Recognise,
    batches: impl Iterator<Item = Batch>,
) -> Result<(u64, Vec<i32>), EngineError> {
    let river = River::start(&Cluster::local(workers), settings(references, recognise, Stage::load()))?;
    for batch in batches {
        river.feed(batch, 1)?;
    }
    let (mut answer, _) = river.open(1)?;
    let mut standing = Standing::default();
    standing.apply(&mut answer);
    let scores = standing.found().map(|found| found.finding.score).collect();
    Ok((u64::try_from(answer.persons).unwrap_or(0), scores))
}

/// Exchanges begin days among the settlements of one institution, month, home area and kind of care. Reversals stay.
fn shuffle(rows: &mut [Row<Settlement>], seed: u64) {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut alike: BTreeMap<(Party, i32, u32, u8), Vec<usize>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate().filter(|(_, row)| !row.fact.refund) {
        let fact = &row.fact;
        alike.entry((fact.place, fact.begin.month(), fact.home, fact.class as u8)).or_default().push(at);
    }
    for places in alike.values() {
        let mut times: Vec<(Day, i64)> =
            places.iter().map(|at| (rows[*at].fact.begin, rows[*at].fact.settled.second_of_day())).collect();
        times.shuffle(&mut random);
        for (at, (day, second)) in places.iter().zip(times) {
            let fact = &mut rows[*at].fact;
            let days = day.since(fact.begin);
            fact.begin = day;
            fact.end = Day(fact.end.0 + days);
            fact.settled = Stamp(Stamp::midnight(Day(fact.settled.day().0 + days)).0 + second);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{PartyKind, RowRef, Table};

    fn row(person: u32, place: u32, day: i32) -> Row<Settlement> {
        let fact = Settlement {
            person: Party::of(PartyKind::Person, &person.to_string()),
            place: Party::of(PartyKind::Institution, &place.to_string()),
            begin: Day(day),
            end: Day(day + 3),
            settled: Stamp(Stamp::midnight(Day(day + 3)).0 + 36_000 + i64::from(person)),
            ..Settlement::default()
        };
        let key = u64::from(person * 1_000 + place * 100) + u64::from(day.unsigned_abs());
        let origin = RowRef::new(Table::SetlD, 0, key);
        Row { key, version: Stamp(0), content: key, origin, live: true, fact }
    }

    #[test]
    fn who_goes_where_how_often_and_how_long_stays_and_togetherness_is_lost() {
        let mut rows: Vec<Row<Settlement>> = (0..40)
            .flat_map(|person| (0..3).map(move |place| row(person, place, 19_000 + (person % 4) as i32)))
            .collect();
        let facts = |rows: &[Row<Settlement>]| {
            let kept =
                |row: &Row<Settlement>| (row.fact.person, row.fact.place, row.fact.nights(), row.fact.begin.month());
            let days = |row: &Row<Settlement>| (row.fact.place, row.fact.begin);
            let (mut people, mut arrivals): (Vec<_>, Vec<_>) =
                (rows.iter().map(kept).collect(), rows.iter().map(days).collect());
            people.sort_unstable();
            arrivals.sort_unstable();
            (people, arrivals)
        };
        let together = |rows: &[Row<Settlement>]| {
            let day = |person: u32, place: u32| {
                let party = |kind, number: u32| Party::of(kind, &number.to_string());
                let is = |row: &&Row<Settlement>| {
                    row.fact.person == party(PartyKind::Person, person)
                        && row.fact.place == party(PartyKind::Institution, place)
                };
                rows.iter().find(is).map(|row| row.fact.begin)
            };
            (0..40).filter(|person| (0..3).all(|place| day(*person, place) == day((person + 4) % 40, place))).count()
        };
        let (before, met) = (facts(&rows), together(&rows));
        shuffle(&mut rows, 7);
        assert_eq!(facts(&rows), before);
        assert!(together(&rows) * 4 < met, "{} of {met} pairs still meet everywhere", together(&rows));
    }
}
