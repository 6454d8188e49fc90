//! How is the river wired on one worker?
//!
//! Arrangements built here: the ties by node for the labels (key party, value party), and the labels by node (read by the
//! ties' join). Labels are those of `propagate`: the smallest party of the piece. Ties are few (0.3 % of the pairs that ever
//! met), so pieces stay small; what breaks first is a giant piece, whose labels are redone when its smallest party leaves.

use super::absences::{AbsenceIn, Absences};
use super::baselines::Baselines;
use super::channels::{Channels, ChannelsFold, Limits, Share};
use super::dossiers::{Dossiers, Found, Judge, PieceIn};
use super::entries::Entry;
use super::gather::{Gather, GatherIn};
use super::identifiers::{AllHeld, HOLDERS, Identifiers, MarkIn, Marks, holders};
use super::keyed::fold;
use super::pairs::Pairs;
use super::people::{People, PeopleFold, PersonOut};
use super::places::{PlaceIn, Places};
use super::rows::PersonRow;
use super::stage::Stage;
use super::tally::{Live, Tally};
use super::traces::{TraceOut, Traces};
use super::{Changes, Epoch};
use crate::model::{Batch, Day, OccasionKind, Party, PartyKind, PlaceBaseline, Regions, Row, Seats, Tie, Trace};
use differential_dataflow::input::{Input, InputSession};
use hashbrown::HashMap;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;
use timely::dataflow::operators::probe::Handle;
use timely::worker::Worker;

/// What the river needs to know before the first row.
#[derive(Clone)]
pub struct Settings {
    /// The regions, for the distance between home and place.
    pub regions: Arc<Regions>,
    /// Doctors who may sign where they are not.
    pub seats: Arc<Seats>,
    /// What is found in a piece.
    pub judge: Judge,
    /// Whose turn it is: [`Stage::open`], or [`Stage::load`] before a bulk load.
    pub stage: Stage,
    /// Baselines of an earlier run, taken where there are any.
    pub baselines: Option<Arc<Baselines>>,
    /// Whether all that is fed is one batch, however many epochs it takes: then no row came later than another.
    pub one_batch: bool,
}

/// The near end of the river on one worker.
pub struct Feed {
    people: InputSession<Epoch, (Epoch, PersonRow), i32>,
    traces: InputSession<Epoch, (Epoch, Row<Trace>), i32>,
    notes: InputSession<Epoch, Vec<u8>, i32>,
    probe: Handle<Epoch>,
    one_batch: bool,
}

/// The far end of the river on one worker.
#[derive(Clone)]
pub struct Output {
    /// Changes of the findings, all on worker 0.
    pub found: Rc<RefCell<Vec<(Found, i32)>>>,
    /// Changes of the ties of this worker.
    pub ties: Rc<RefCell<Vec<(Tie, i32)>>>,
    persons: Rc<Cell<i64>>,
    live: Rc<RefCell<BTreeMap<(Day, Day), i64>>>,
    /// What workers of any process sent to worker 0.
    pub notes: Rc<RefCell<Vec<Vec<u8>>>>,
    state: State,
}

/// What the folds of a worker share with whoever asks.
#[derive(Clone)]
struct State {
    people: Rc<RefCell<People>>,
    boxes: Rc<RefCell<Tally>>,
    channels: Rc<RefCell<Channels>>,
    usual: Rc<RefCell<HashMap<Party, PlaceBaseline>>>,
    held: Rc<RefCell<AllHeld>>,
    limits: Rc<RefCell<Limits>>,
}

impl State {
    fn new(settings: &Settings) -> State {
        let limits = Rc::new(RefCell::new(Limits::default()));
        let people = People::new(Arc::clone(&settings.regions), Arc::clone(&settings.seats), settings.stage.clone());
        let channels = Channels::new(Rc::clone(&limits), settings.stage.clone(), settings.baselines.clone());
        State {
            people: Rc::new(RefCell::new(people)),
            boxes: Rc::default(),
            channels: Rc::new(RefCell::new(channels)),
            usual: Rc::default(),
            held: Rc::default(),
            limits,
        }
    }
}

impl Output {
    /// What became of the rows of this worker.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = self.state.people.borrow().tally.clone();
        tally.merge(&self.state.boxes.borrow());
        tally
    }

    /// Where a bound cut something on this worker.
    #[must_use]
    pub fn limits(&self) -> Limits {
        *self.state.limits.borrow()
    }

    /// What is usual in these channels and places and with the identifiers of these people, as far as this worker owns them.
    #[must_use]
    pub fn baselines(&self, of: &BTreeSet<Party>) -> Baselines {
        let (channels, usual) = (self.state.channels.borrow(), self.state.usual.borrow());
        Baselines {
            persons: 0,
            channels: of.iter().filter_map(|party| Some((*party, channels.usual(*party)?))).collect(),
            places: of.iter().filter_map(|party| Some((*party, *usual.get(party)?))).collect(),
            holders: holders(&self.state.held.borrow(), of),
        }
    }

    /// The live settlements of all workers, on worker 0; none on the others.
    #[must_use]
    pub fn live(&self) -> Live {
        let days = self.live.borrow();
        Live {
            settlements: u64::try_from(days.values().sum::<i64>()).unwrap_or(0),
            first: days.keys().map(|days| days.0).next(),
            last: days.keys().map(|days| days.1).max(),
        }
    }

    /// Persons known to all workers, on worker 0; none on the others.
    #[must_use]
    pub fn persons(&self) -> usize {
        usize::try_from(self.persons.get()).unwrap_or(0)
    }
}

impl Feed {
    /// Adds (1) or takes back (−1) the rows of a batch of which this worker has the share `index` of `of`. Every process
    /// may give any part of the rows: they are exchanged by person and by box.
    pub fn give(&mut self, batch: &Batch, difference: i32, index: usize, of: usize) {
        let epoch = if self.one_batch { 0 } else { *self.people.time() };
        let people = &mut self.people;
        let mut give = |row: PersonRow| {
            if row.person().is_some() {
                people.update((epoch, row), difference);
            }
        };
        let mine = |at: &usize| at % of == index;
        macro_rules! share {
            ($($table:ident as $kind:ident),*) => {
                $(for at in (0..batch.$table.len()).filter(mine) {
                    give(PersonRow::$kind(batch.$table[at]));
                })*
            };
        }
        share!(persons as Record, identifiers as Identifier, filings as Filing, visits as Visit);
        share!(diagnoses as Diagnosis, fee_lines as FeeLine, settlements as Settlement);
        share!(prescriptions as Prescription, enrolments as Enrolment, entitlements as Entitlement);
        share!(allowances as Allowance, assessments as Assessment, care_visits as CareVisit);
        for at in (0..batch.traces.len()).filter(mine) {
            self.traces.update((epoch, batch.traces[at]), difference);
        }
    }

    /// Closes all epochs up to and with this one, and works until the answer is complete.
    pub fn settle(&mut self, worker: &mut Worker, epoch: Epoch) {
        self.people.advance_to(epoch + 1);
        self.traces.advance_to(epoch + 1);
        self.notes.advance_to(epoch + 1);
        self.people.flush();
        self.traces.flush();
        self.notes.flush();
        while self.probe.less_than(&(epoch + 1)) {
            worker.step_or_park(None);
        }
    }

    /// Sends something to worker 0, where it is with the end of the epoch.
    pub fn note(&mut self, note: Vec<u8>) {
        self.notes.update(note, 1);
    }

    /// Hands what was given so far to the dataflow, so that it need not wait in memory.
    pub fn flush(&mut self, worker: &mut Worker) {
        self.people.flush();
        self.traces.flush();
        worker.step();
    }
}

/// Builds the river on one worker.
pub fn assemble(worker: &mut Worker, settings: &Settings) -> (Feed, Output) {
    let workers = u64::try_from(worker.peers()).unwrap_or(1);
    worker.dataflow::<Epoch, _, _>(|scope| {
        let (people_input, person_rows) = scope.new_collection::<(Epoch, PersonRow), i32>();
        let (trace_input, trace_rows) = scope.new_collection::<(Epoch, Row<Trace>), i32>();
        let (notes_input, notes) = scope.new_collection::<Vec<u8>, i32>();
        let state = State::new(settings);

        let told = fold(person_rows, PeopleFold(Rc::clone(&state.people)));
        let entries = told.clone().flat_map(|out| match out {
            PersonOut::Entry(entry) => Some(entry),
            PersonOut::Count(_)
            | PersonOut::Stays(..)
            | PersonOut::Lay(..)
            | PersonOut::Person
            | PersonOut::Live(..) => None,
        });
        let lay = told.clone().flat_map(|out| match out {
            PersonOut::Lay(city, place, stays) => Some(AbsenceIn::Stays(city, place, stays)),
            _ => None,
        });
        let persons = told.clone().filter(|out| matches!(out, PersonOut::Person | PersonOut::Live(..)));
        let counts = told.flat_map(|out| match out {
            PersonOut::Count(count) => Some(PlaceIn::Count(count)),
            PersonOut::Stays(place, share) => Some(PlaceIn::Stays(place, share)),
            PersonOut::Entry(_) | PersonOut::Lay(..) | PersonOut::Person | PersonOut::Live(..) => None,
        });
        let sold = fold(trace_rows, Traces::new(Rc::clone(&state.boxes)));
        let resold = sold.clone().flat_map(|out| match out {
            TraceOut::Entry(entry) => Some(entry),
            TraceOut::Chain(..) => None,
        });
        let chains = sold.flat_map(|out| match out {
            TraceOut::Chain(person, trace, origin) => Some(GatherIn::Chain(person, trace, origin)),
            TraceOut::Entry(_) => None,
        });
        let usual = fold(counts, Places::new(Rc::clone(&state.usual), settings.baselines.clone()))
            .flat_map(move |usual| (0..workers).map(move |worker| PieceIn::Usual(worker, Box::new(usual))));

        let holds = |entry: &Entry| entry.kind == OccasionKind::SharedIdentifier;
        let (held, entries) = (entries.clone().filter(holds), entries.filter(move |entry| !holds(entry)));
        let was_away = |entry: &Entry| entry.kind == OccasionKind::Absence;
        let absent = entries.clone().filter(was_away).map(AbsenceIn::Absent);
        let entries = entries.filter(move |entry| !was_away(entry));
        let empty_beds = fold(absent.concat(lay), Absences::new(settings.stage.clone()));
        let shares = fold(entries.concat(resold), ChannelsFold(Rc::clone(&state.channels)));
        let meetings = shares.clone().flat_map(|share| match share {
            Share::Meeting(meeting) => Some(meeting),
            Share::Tie(_) => None,
        });
        let contexts = shares.flat_map(|share| match share {
            Share::Tie(tie) => Some(tie),
            Share::Meeting(_) => None,
        });
        let done_together = fold(meetings, Pairs::default()).concat(contexts).concat(empty_beds);
        let tied = done_together.clone().flat_map(|tie| [tie.a, tie.b]);
        let tied = tied.filter(|party| party.kind() == PartyKind::Person).map(MarkIn::Tied);
        let changed = held.clone().filter(|entry| entry.group == HOLDERS).map(|entry| MarkIn::Holds(entry.person));
        let marks = fold(tied.concat(changed), Marks::new(Rc::clone(&state.people)));
        let (who_holds, limits) = (Rc::clone(&state.held), Rc::clone(&state.limits));
        let identifiers = Identifiers::new(who_holds, limits, settings.stage.clone(), settings.baselines.clone());
        let ties = done_together.concat(fold(held.concat(marks), identifiers));

        let labels = labels(ties.clone());
        let members = labels.clone().filter(|(node, _)| node.kind() == PartyKind::Person);
        let members = members.map(|(person, label)| GatherIn::Member(person, label));
        let files = fold(members.concat(chains), Gather::new(Rc::clone(&state.people)));
        let by_piece = ties.clone().map(|tie| (tie.a, tie)).join_map(labels, |_, tie, label| (*label, tie.clone()));
        // A tie that goes while its label changes is told twice with both signs: only the sum goes on.
        let by_piece = by_piece.consolidate();
        let items = by_piece
            .map(|(label, tie)| PieceIn::Tie(label, tie))
            .concat(files.map(|(label, file)| PieceIn::File(label, file)))
            .concat(usual);
        let found =
            fold(items, Dossiers::new(Arc::clone(&settings.judge), settings.stage.clone(), settings.baselines.clone()));

        let (output, probe) = collect(found, ties, persons, notes, state);
        (
            Feed {
                people: people_input,
                traces: trace_input,
                notes: notes_input,
                probe,
                one_batch: settings.one_batch,
            },
            output,
        )
    })
}

/// The label of every node: the smallest node it is connected to.
///
/// Labels travel in rounds, so that a node passes through several within one epoch: only the sum of an epoch goes on.
/// Plain form: `nodes.iterate(|inner| inner.join(edges).concat(nodes).reduce(min))`.
fn labels(ties: Changes<'_, Tie>) -> Changes<'_, (Party, Party)> {
    let edges = ties.flat_map(|tie| [(tie.a, tie.b), (tie.b, tie.a)]);
    let nodes = edges.clone().map(|(node, _)| (node, node)).threshold(|_, _| 1_i32);
    differential_dataflow::algorithms::graphs::propagate::propagate(edges, nodes).consolidate()
}

fn collect<'s>(
    found: Changes<'s, Found>,
    ties: Changes<'s, Tie>,
    persons: Changes<'s, PersonOut>,
    notes: Changes<'s, Vec<u8>>,
    state: State,
) -> (Output, Handle<Epoch>) {
    use timely::dataflow::operators::{Exchange, Inspect, Probe};
    let output = Output {
        found: Rc::default(),
        ties: Rc::default(),
        persons: Rc::default(),
        live: Rc::default(),
        notes: Rc::default(),
        state,
    };
    let notes_sink = Rc::clone(&output.notes);
    let (persons_sink, live_sink) = (Rc::clone(&output.persons), Rc::clone(&output.live));
    let (found_sink, ties_sink) = (Rc::clone(&output.found), Rc::clone(&output.ties));
    let probe = Handle::new();
    found
        .inner
        .exchange(|_| 0)
        .inspect(move |(found, _, difference)| found_sink.borrow_mut().push((found.clone(), *difference)))
        .probe_with(&probe);
    persons
        .inner
        .exchange(|_| 0)
        .inspect(move |(out, _, difference)| match out {
            PersonOut::Live(begin, end) => {
                let (mut live, days) = (live_sink.borrow_mut(), (*begin, *end));
                let count = live.entry(days).or_default();
                *count += i64::from(*difference);
                if *count == 0 {
                    live.remove(&days);
                }
            }
            _ => persons_sink.set(persons_sink.get() + i64::from(*difference)),
        })
        .probe_with(&probe);
    notes
        .inner
        .exchange(|_| 0)
        .inspect(move |(note, ..)| notes_sink.borrow_mut().push(note.clone()))
        .probe_with(&probe);
    ties.inner
        .inspect(move |(tie, _, difference)| ties_sink.borrow_mut().push((tie.clone(), *difference)))
        .probe_with(&probe);
    (output, probe)
}
