//! Which boxes were sold more than once, which did nobody deliver, and whose were they?
//!
//! Reads trace rows, exchanged by box code. State: the rows of each code. A changed row redoes its code (a handful of rows).
//! Emits, for every sale that was followed by a sale of the same box at another place at least [`AWAY_DAYS_MIN`] days later:
//! an entry (the first buyer, in the channel of the place that sold it again) and the rows of the whole chain, so that the
//! buyer's file can cite them. Returned sales cancel out; boxes sold in parts (拆零) repeat legally and are left out; scans
//! within the gap are double scans, transfers or cloned codes, not a flow.
//!
//! For the first sale of a box an entry as well: was the box ever bought in or counted in stock, anywhere (stores of one owner
//! pass stock on)? A box sold at the same place on a later day, or to somebody else, was not there a second time, whatever the place
//! reports.

use super::Epoch;
use super::crowds::{Mark, beside_group};
use super::entries::Entry;
use super::keyed::Fold;
use super::ledger::{Arrived, newest};
use super::people::differences;
use super::tally::Tally;
use crate::model::{OccasionKind, Party, PartyKind, Row, RowRef, Trace, TraceKind};
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::rc::Rc;

/// A box that was bought, carried away and sold again needs at least this long.
const AWAY_DAYS_MIN: i32 = 5;

/// An entry, or a row of a chain that starts at a person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum TraceOut {
    Entry(Entry),
    Chain(Party, Trace, RowRef),
}

/// The fold.
pub(crate) struct Traces {
    codes: HashMap<u64, Vec<Arrived<Trace>>>,
    touched: Vec<(u64, Option<Vec<Arrived<Trace>>>)>,
    touched_at: HashMap<u64, ()>,
    tally: Rc<RefCell<Tally>>,
}

impl Traces {
    pub(crate) fn new(tally: Rc<RefCell<Tally>>) -> Traces {
        Traces { codes: HashMap::new(), touched: Vec::new(), touched_at: HashMap::new(), tally }
    }
}

impl Fold for Traces {
    type In = (Epoch, Row<Trace>);
    type Out = TraceOut;
    const NAME: &'static str = "Traces";

    fn route((_, row): &(Epoch, Row<Trace>)) -> u64 {
        row.fact.code
    }

    fn absorb(&mut self, (epoch, row): (Epoch, Row<Trace>), difference: i32) {
        let code = row.fact.code;
        if self.touched_at.insert(code, ()).is_none() {
            self.touched.push((code, self.codes.get(&code).cloned()));
        }
        let rows = self.codes.entry(code).or_default();
        if difference > 0 {
            rows.push((row, epoch));
        } else if let Some(at) = rows.iter().position(|(held, _)| (held.key, held.origin) == (row.key, row.origin)) {
            rows.swap_remove(at);
        }
    }

    fn settle(&mut self, _: Epoch, emit: &mut dyn FnMut(TraceOut, i32)) {
        self.touched_at.clear();
        let mut tally = self.tally.borrow_mut();
        for (code, before) in std::mem::take(&mut self.touched) {
            let before = before.unwrap_or_default();
            let after = self.codes.get(&code).map(Vec::as_slice).unwrap_or_default();
            let (mut old_fates, mut new_fates) = (Vec::new(), Vec::new());
            let old = chains(&before, &mut old_fates);
            let new = chains(after, &mut new_fates);
            differences(&old, &new, &mut *emit);
            old_fates.sort_unstable();
            new_fates.sort_unstable();
            differences(&old_fates, &new_fates, |fate, sign| tally.update(fate, sign));
            if after.is_empty() {
                self.codes.remove(&code);
            }
        }
    }
}

/// What follows from the rows of one code, sorted.
fn chains(rows: &[Arrived<Trace>], fates: &mut Vec<super::ledger::Fate>) -> Vec<TraceOut> {
    let mut standing: Vec<(Trace, RowRef)> =
        newest(rows, fates).into_iter().map(|(row, _)| (row.fact, row.origin)).collect();
    standing.sort_unstable_by_key(|(trace, origin)| (trace.at, trace.place, trace.person, trace.kind, *origin));
    if standing.iter().any(|(trace, _)| trace.split) {
        return Vec::new();
    }
    let mut sales: Vec<&(Trace, RowRef)> = Vec::new();
    for event in &standing {
        match event.0.kind {
            TraceKind::Sold => sales.push(event),
            TraceKind::Returned => {
                if let Some(at) = sales.iter().rposition(|(sale, _)| sale.place == event.0.place) {
                    sales.remove(at);
                }
            }
            _ => {}
        }
    }
    let mut out = Vec::new();
    supplies(&standing, &sales, &mut out);
    for pair in sales.windows(2) {
        let [(first, _), (again, _)] = pair else { continue };
        let away = again.at.day().since(first.at.day());
        if first.place == again.place || away < AWAY_DAYS_MIN || !first.person.is_some() {
            continue;
        }
        out.push(TraceOut::Entry(Entry {
            channel: again.place,
            kind: OccasionKind::TraceRepeat,
            place: again.place,
            group: again.at.day().0,
            person: first.person,
            visits: 1,
            detail: 0,
        }));
        out.extend(pair.iter().map(|(trace, origin)| TraceOut::Chain(first.person, *trace, *origin)));
    }
    out.sort_unstable();
    out.dedup_by(|left, right| left == right && matches!(left, TraceOut::Chain(..)));
    out
}

/// Whether the sales of a box rest on a delivery.
fn supplies(standing: &[(Trace, RowRef)], sales: &[&(Trace, RowRef)], out: &mut Vec<TraceOut>) {
    let Some((first, origin)) = sales.first() else { return };
    let delivered = standing.iter().any(|(event, _)| matches!(event.kind, TraceKind::Purchased | TraceKind::Stock));
    let mark = if delivered { Mark::Plain } else { Mark::Marked };
    out.extend(first.person.is_some().then(|| TraceOut::Entry(sale(OccasionKind::UnsuppliedSale, first, mark))));
    if first.person.is_some() && !delivered {
        out.push(TraceOut::Chain(first.person, *first, *origin));
    }
    for pair in sales.windows(2) {
        let [(before, _), (again, _)] = pair else { continue };
        // Scanned twice for one person on one day is a slip.
        let anew = first.at.day() < again.at.day() || before.person != again.person;
        if before.place == again.place && anew && again.person.is_some() {
            for kind in [OccasionKind::UnsuppliedSale, OccasionKind::SoldTwice] {
                out.push(TraceOut::Entry(sale(kind, again, Mark::Marked)));
            }
            out.extend(pair.iter().map(|(trace, origin)| TraceOut::Chain(again.person, *trace, *origin)));
        }
    }
}

/// A sale as an entry: all places are held against one another, a group holds the sales of one place of one kind, with their day, and the
/// medicine in place of a number of visits.
fn sale(kind: OccasionKind, trace: &Trace, mark: Mark) -> Entry {
    Entry {
        channel: Party::context(PartyKind::Circumstance, &[kind as u64]),
        kind,
        place: Party::NONE,
        group: beside_group(trace.place, mark),
        person: trace.person,
        visits: u32::try_from(trace.item >> 32).unwrap_or(0),
        detail: trace.at.day().0.unsigned_abs(),
    }
}
