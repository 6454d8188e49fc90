//! Which of a person's rows count? The newest version of each key, less what reversals take back.
//!
//! A pure function of the rows: the order of arrival matters only where rows carry no version (then a later batch wins
//! over an earlier one) and for the words `stale` and `corrected`. Of several rows of one version, or of one batch, that
//! say different things, one is kept, whichever came first, and the others are set aside as E07.
//!
//! Reversal forms (SCHEMA §3): A a negative row that names its original · B a second row with the same `setl_id` · C and
//! `vali_flag` a row that takes its key back · D a reversal by the sender's message id · E fee lines, in `people` · F settle
//! again: another original · G orphans are set aside as E08 · H the first reversal wins, the rest is set aside as E09.
//!
//! Rows of a region that `admdvs_b` does not list wait outside (E05) until a list names it.
//!
//! Cost: O(r log r) for the r rows of one person; r without duplicates and reversals.

use super::Epoch;
use crate::model::{Outcome, Party, Reason, Row, RowRef, Settlement, Stamp};
use std::borrow::Cow;

/// A row with the epoch it arrived in.
pub(crate) type Arrived<F> = (Row<F>, Epoch);

/// What became of one row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Fate {
    /// The row.
    pub(crate) origin: RowRef,
    /// Its outcome.
    pub(crate) outcome: Outcome,
    /// Why, when it was set aside.
    pub(crate) reason: Option<Reason>,
    /// What a reversal that was set aside would have taken back.
    pub(crate) orphan_fen: i64,
}

impl Fate {
    fn of<F>(row: &Arrived<F>, outcome: Outcome) -> Fate {
        Fate { origin: row.0.origin, outcome, reason: None, orphan_fen: 0 }
    }

    pub(crate) fn quarantined(origin: RowRef, reason: Reason) -> Fate {
        Fate { origin, outcome: Outcome::Quarantined, reason: Some(reason), orphan_fen: 0 }
    }
}

/// The rows whose regions are all listed. The others wait as E05: every epoch of a river sees one list, so it is a function
/// of the rows and of `admdvs_b` alone, whichever of them came first.
pub(crate) fn listed<'r, F: Copy>(
    rows: &'r [Arrived<F>],
    is_listed: impl Fn(&F) -> bool,
    fates: &mut Vec<Fate>,
) -> Cow<'r, [Arrived<F>]> {
    if rows.iter().all(|(row, _)| is_listed(&row.fact)) {
        return Cow::Borrowed(rows);
    }
    let (known, waiting): (Vec<_>, Vec<_>) = rows.iter().copied().partition(|(row, _)| is_listed(&row.fact));
    fates.extend(waiting.into_iter().map(|(row, _)| Fate::quarantined(row.origin, Reason::E05)));
    Cow::Owned(known)
}

/// The newest live version of every key, in key order, and the fate of all rows.
///
/// Cost: sorting the rows.
pub(crate) fn newest<F: Copy + Ord>(rows: &[Arrived<F>], fates: &mut Vec<Fate>) -> Vec<Arrived<F>> {
    let mut sorted: Vec<&Arrived<F>> = rows.iter().collect();
    sorted.sort_unstable_by_key(|row| (row.0.key, arrival(row), !row.0.live, row.0.content, row.0.origin));
    let mut winners = Vec::with_capacity(rows.len());
    for versions in sorted.chunk_by(|(left, _), (right, _)| left.key == right.key) {
        if let Some(winner) = newest_of_key(versions, fates) {
            winners.push(winner);
        }
    }
    winners
}

fn newest_of_key<F: Copy + Ord>(versions: &[&Arrived<F>], fates: &mut Vec<Fate>) -> Option<Arrived<F>> {
    if let [only] = versions {
        let outcome = if only.0.live { Outcome::Accepted } else { Outcome::Retracted };
        fates.push(Fate::of(only, outcome));
        return only.0.live.then_some(**only);
    }
    // The rows that stand, oldest version first: one per content and state, without the second row of one version.
    let mut standing: Vec<&Arrived<F>> = Vec::with_capacity(versions.len());
    for row in versions {
        match standing.last() {
            Some(kept) if same(kept, row) => fates.push(Fate::of(row, Outcome::Duplicate)),
            Some(kept) if second_of_version(kept, row) => fates.push(Fate::quarantined(row.0.origin, Reason::E07)),
            _ => standing.push(row),
        }
    }
    for (at, row) in standing.iter().enumerate() {
        let arrival = (row.1, row.0.origin);
        let outcome = if !row.0.live {
            Outcome::Retracted
        } else if standing[at + 1..].iter().any(|newer| (newer.1, newer.0.origin) < arrival) {
            Outcome::Stale
        } else if standing.iter().any(|other| other.0.live && (other.1, other.0.origin) < arrival) {
            Outcome::Corrected
        } else {
            Outcome::Accepted
        };
        fates.push(Fate::of(row, outcome));
    }
    standing.last().filter(|row| row.0.live).map(|row| **row)
}

fn arrival<F>((row, epoch): &Arrived<F>) -> (Stamp, u64) {
    row.arrival(u64::from(*epoch))
}

/// Whether nothing decides between two rows but what they say.
fn second_of_version<F>(kept: &Arrived<F>, row: &Arrived<F>) -> bool {
    arrival(kept) == arrival(row) && kept.0.live && row.0.live
}

fn same<F>(left: &Arrived<F>, right: &Arrived<F>) -> bool {
    left.0.content == right.0.content && left.0.live == right.0.live
}

/// A person's settlements after reversals.
pub(crate) struct Netted {
    /// Those that remain, sorted by begin day. One that is reversed in part stays with what is left of its money.
    pub(crate) standing: Vec<(Settlement, RowRef)>,
    /// Reversals without an original: where, and what they would take back, fen.
    pub(crate) orphans: Vec<(Party, i64)>,
}

/// The settlements that remain after reversals, with their sources, and the fate of all rows.
pub(crate) fn net(rows: &[Arrived<Settlement>], fates: &mut Vec<Fate>) -> Netted {
    let mut live: Vec<(Settlement, RowRef)>;
    let mut orphans = Vec::new();
    if is_plain(rows) {
        fates.extend(rows.iter().map(|row| Fate::of(row, Outcome::Accepted)));
        live = rows.iter().map(|(row, _)| (row.fact, row.origin)).collect();
    } else {
        let first_fate = fates.len();
        let winners = newest(rows, fates);
        live = winners.iter().filter(|(row, _)| !row.fact.refund).map(|(row, _)| (row.fact, row.origin)).collect();
        let mut refunds: Vec<&Arrived<Settlement>> = winners.iter().filter(|(row, _)| row.fact.refund).collect();
        refunds.sort_unstable_by_key(|(row, _)| (row.fact.settled, row.version, row.key, row.origin));
        live.sort_unstable_by_key(|(fact, origin)| (fact.id, fact.settled, *origin));
        let mut left: Vec<i64> = live.iter().map(|(fact, _)| fact.total_fen).collect();
        for (row, _) in refunds {
            if let Err(reason) = reverse(&row.fact, &mut live, &mut left) {
                if reason == Reason::E08 {
                    orphans.push((row.fact.place, row.fact.total_fen.abs()));
                }
                for fate in fates[first_fate..].iter_mut().filter(|fate| fate.origin == row.origin) {
                    *fate = Fate { orphan_fen: row.fact.total_fen.abs(), ..Fate::quarantined(row.origin, reason) };
                }
            }
        }
        let mut kept = left.iter();
        live.retain(|_| kept.next().is_some_and(|left| *left != i64::MIN));
    }
    live.sort_unstable_by_key(|(fact, origin)| (fact.begin, fact.settled, fact.id, *origin));
    Netted { standing: live, orphans }
}

/// Whether no row has a second version, none takes another back and none is a refund: by far the most persons.
fn is_plain(rows: &[Arrived<Settlement>]) -> bool {
    rows.iter().enumerate().all(|(at, (row, _))| {
        row.live && !row.fact.refund && rows[..at].iter().all(|(earlier, _)| earlier.key != row.key)
    })
}

/// Takes one reversal off its original. `i64::MIN` in `left` marks a settlement that is gone.
fn reverse(refund: &Settlement, live: &mut [(Settlement, RowRef)], left: &mut [i64]) -> Result<(), Reason> {
    let found = |fact: &Settlement| {
        fact.place == refund.place
            && (fact.id == refund.original && refund.original != 0
                || fact.id == refund.id
                || fact.message != 0 && (fact.message == refund.original || fact.message == refund.message))
    };
    let mut known = false;
    for (at, (fact, _)) in live.iter_mut().enumerate().filter(|(_, (fact, _))| found(fact)) {
        known = true;
        if left[at] == i64::MIN || refund.total_fen.abs() > left[at].abs() {
            continue;
        }
        left[at] -= refund.total_fen.abs() * left[at].signum();
        fact.total_fen = left[at];
        fact.fund_fen -= refund.fund_fen.abs() * fact.fund_fen.signum();
        if let (Some(paid), Some(back)) = (fact.cash(), refund.cash()) {
            fact.cash_fen = paid - back.abs();
        }
        if left[at] == 0 {
            left[at] = i64::MIN;
        }
        return Ok(());
    }
    Err(if known { Reason::E09 } else { Reason::E08 })
}
