//! What is known about each person, and which occasions follow from it?
//!
//! ```text
//! rows of one person ─► ledger: newest versions, reversals ─► file ─► entries (occasions) and place counts
//! ```
//!
//! Everything about one person sits on one worker. State: the rows themselves, once; `gather` reads it in place. A changed
//! row redoes its person: linear in the person's rows (4 on average, some hundreds at most).
//!
//! Where it stops: a «person» with 100,000 rows (a placeholder number used by a whole site) would redo them all per row.

use super::Epoch;
use super::counters::is_far;
use super::entries::{Entry, KINDS, admissions, identifiers};
use super::habits::{StayShare, add_absence, add_hand_over, add_sales, add_stays};
use super::keyed::Fold;
use super::ledger::{Arrived, Fate, Netted, listed, net, newest};
use super::packed::{Interner, Waiting};
use super::rows::{More, PersonRow, Rare, Rows};
use super::stage::{SLICES, Stage, Turn, slice_of};
use super::tally::Tally;
use super::whereabouts::signatures;
use crate::model::{
    CareClass, Day, Diagnosis, Identifier, ListedRegions, OccasionKind, Party, PartyKind, PersonFile, Reason,
    RegionDistance, Regions, RowRef, Sale, Seats, Settlement, Table, Visit, at_counter, hand_overs, is_referred,
    is_session, may_be_missed, visit,
};
use hashbrown::{HashMap, HashSet};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// Last digits of the code of a whole city, or of those insured with the city itself (`xxyy99`).
const WHOLE: [u32; 2] = [0, 99];

/// Entries and place counts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum PersonOut {
    /// A person in a group of a channel.
    Entry(Entry),
    /// What people add to a place's counts.
    Count(PlaceCount),
    /// What people's admissions add to a place.
    Stays(Party, Box<StayShare>),
    /// So many more stays that a patient may be missed from, at a place of this city.
    Lay(u32, Party, i32),
    /// There is one more person (or, taken back, one less).
    Person,
    /// There is one more live settlement of these days, reversals taken off.
    Live(Day, Day),
}

/// What one person's settlements add to a place in 32 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub(crate) struct PlaceCount {
    /// The place.
    pub(crate) place: Party,
    /// Day / 32.
    pub(crate) bucket: i32,
    /// Settlements, stays, stays from outside, drugstore settlements.
    pub(crate) counts: [i32; 4],
    /// Fund money, fen.
    pub(crate) fund_fen: i64,
}

/// Everything known about the persons of one worker.
pub(crate) struct People {
    regions: Arc<Regions>,
    seats: Arc<Seats>,
    listed: ListedRegions,
    stage: Stage,
    rows: HashMap<Party, Rows>,
    /// Settlements of a bulk load, by slice of the people.
    waiting: Vec<Waiting>,
    table: Interner,
    /// Persons changed in this epoch, with what followed from them before; nothing did for new ones.
    touched: HashMap<Party, Option<Box<Derived>>>,
    /// Persons that `gather` follows, and those of them that changed.
    pub(crate) followed: HashSet<Party>,
    pub(crate) followed_changed: Vec<Party>,
    /// What became of the rows.
    pub(crate) tally: Tally,
}

/// What follows from a person's rows.
#[derive(Default)]
struct Derived {
    entries: Vec<Entry>,
    counts: Vec<PlaceCount>,
    stays: Vec<(Settlement, RowRef)>,
    sales: Vec<(Party, Sale)>,
    /// Hand-overs whose visits are known: in which city, and whether on record.
    hand_overs: Vec<(Party, bool)>,
    live: Vec<(Day, Day)>,
    fates: Vec<Fate>,
}

impl Derived {
    /// The place of each stay that its patient was away from.
    fn left(&self) -> impl Iterator<Item = Party> + '_ {
        self.entries.iter().filter(|entry| entry.kind == OccasionKind::Absence).map(|entry| entry.place)
    }

    /// The city and place of each stay that is long enough for somebody to be missed.
    fn beds(&self) -> impl Iterator<Item = (u32, Party)> + '_ {
        let long = self.stays.iter().filter(|(stay, _)| may_be_missed(stay));
        long.map(|(stay, _)| (stay.area / 100, stay.place))
    }
}

impl People {
    pub(crate) fn new(regions: Arc<Regions>, seats: Arc<Seats>, stage: Stage) -> People {
        People {
            listed: ListedRegions::of(&regions),
            regions,
            seats,
            stage,
            rows: HashMap::new(),
            waiting: (0..SLICES).map(|_| Waiting::default()).collect(),
            table: Interner::default(),
            touched: HashMap::new(),
            followed: HashSet::new(),
            followed_changed: Vec::new(),
            tally: Tally::default(),
        }
    }

    /// The person's file as of the epoch that was settled last; chains of boxes and fee lines are added by `gather`.
    pub(crate) fn file(&self, person: Party) -> PersonFile {
        let Some(rows) = self.rows.get(&person) else { return PersonFile::default() };
        file(person, rows, (&self.table, &self.listed), &mut Vec::new(), &mut Vec::new())
    }

    /// The fee lines of the admissions and dialysis sessions in a person's file.
    pub(crate) fn lines(&self, file: &PersonFile) -> Vec<(u64, RowRef)> {
        let Some(more) = self.rows.get(&file.person).and_then(Rows::more) else { return Vec::new() };
        let sessions = file.settlements.iter().filter(|(fact, _)| is_session(fact));
        let wanted: HashSet<u64> = admissions(file).chain(sessions).map(|(fact, _)| fact.visit).collect();
        more.lines(|visit| wanted.contains(&visit))
    }

    /// Who holds which identifier, as entries: of this person.
    pub(crate) fn identifiers(&self, person: Party) -> Vec<Entry> {
        let mut entries = Vec::new();
        let Some(rows) = self.rows.get(&person) else { return entries };
        let Some(more) = rows.more() else { return entries };
        let derived = more.identifiers.iter().any(|(row, _)| row.origin.table() != Table::XIdent);
        let held = if derived && self.listed.is_there() {
            // What a row that waits for its region said of an identifier waits with it.
            self.file(person).identifiers
        } else {
            held(&more.identifiers, &mut Vec::new())
        };
        let file = PersonFile { person, identifiers: held, ..PersonFile::default() };
        identifiers(&file, &self.regions, &mut entries);
        entries
    }

    /// Takes a row without asking what follows from it.
    pub(crate) fn hold(&mut self, row: PersonRow, epoch: Epoch) {
        self.rows.entry(row.person()).or_default().update(row, epoch, 1, &mut self.table);
    }

    /// Everybody with at least one row, in no order.
    pub(crate) fn everybody(&self) -> impl Iterator<Item = Party> {
        self.rows.keys().copied()
    }

    /// What follows from the person's rows; the lists of `derived` are used again.
    fn derive(&self, person: Party, unpacked: &mut Vec<Arrived<Settlement>>, derived: &mut Derived) {
        derived.entries.clear();
        derived.counts.clear();
        derived.stays.clear();
        derived.sales.clear();
        derived.hand_overs.clear();
        derived.live.clear();
        derived.fates.clear();
        let Some(rows) = self.rows.get(&person) else { return };
        let file = file(person, rows, (&self.table, &self.listed), unpacked, &mut derived.fates);
        for kind in KINDS {
            kind(&file, &self.regions, &mut derived.entries);
        }
        signatures(&file, &self.seats, &mut derived.entries);
        place_counts(&file.settlements, &self.regions, &mut derived.counts);
        let stays = file.settlements.iter().filter(|(fact, _)| fact.class == CareClass::Inpatient);
        derived.stays.extend(stays.copied());
        let sold = file.settlements.iter().filter(|(fact, _)| at_counter(fact));
        derived.sales.extend(sold.map(|(fact, _)| (fact.place, Sale::of(fact, is_far(fact, &self.regions)))));
        derived.hand_overs.extend(known_hand_overs(&file));
        derived.live.extend(file.settlements.iter().map(|(fact, _)| (fact.begin, fact.end.max(fact.begin))));
        derived.entries.sort_unstable();
        derived.fates.sort_unstable();
    }

    /// Hands the waiting settlements of a slice to their persons.
    fn unload(&mut self, slice: u32) {
        let waiting = std::mem::take(&mut self.waiting[index(slice)]);
        waiting.deal(|person, length, rows| self.rows.entry(person).or_default().packed().append(length, rows));
    }

    /// The touched persons whose turn it is: all, or one slice of them while a bulk load drains.
    fn due(&mut self) -> Vec<(Party, Option<Box<Derived>>)> {
        match self.stage.now() {
            Turn::Load => Vec::new(),
            Turn::People(slice) => {
                self.unload(slice);
                self.rows.keys().filter(|person| slice_of(**person) == slice).map(|person| (*person, None)).collect()
            }
            Turn::Channels(_) | Turn::Open => self.touched.drain().collect(),
        }
    }
}

/// The fold over a shared [`People`].
pub(crate) struct PeopleFold(pub(crate) Rc<RefCell<People>>);

impl Fold for PeopleFold {
    type In = (Epoch, PersonRow);
    type Out = PersonOut;
    const NAME: &'static str = "People";

    fn route((_, row): &(Epoch, PersonRow)) -> u64 {
        row.person().0 >> 4
    }

    fn absorb(&mut self, (epoch, row): (Epoch, PersonRow), difference: i32) {
        let people = &mut *self.0.borrow_mut();
        let person = row.person();
        // While a bulk load runs, nothing has followed from anybody yet: everybody is due in turn.
        if people.stage.now() != Turn::Load && !people.touched.contains_key(&person) {
            let before = people.rows.contains_key(&person).then(|| {
                let mut before = Box::<Derived>::default();
                people.derive(person, &mut Vec::new(), &mut before);
                before
            });
            people.touched.insert(person, before);
        }
        if difference < 0 {
            people.unload(slice_of(person));
        }
        match (people.stage.now(), row) {
            (Turn::Load, PersonRow::Settlement(row)) if difference > 0 => {
                people.waiting[index(slice_of(person))].push(&row, epoch, &mut people.table);
            }
            (_, row) => people.rows.entry(person).or_default().update(row, epoch, difference, &mut people.table),
        }
    }

    fn settle(&mut self, _: Epoch, emit: &mut dyn FnMut(PersonOut, i32)) {
        let people = &mut *self.0.borrow_mut();
        let mut places: HashMap<(Party, i32), PlaceCount> = HashMap::new();
        let mut stays: HashMap<Party, StayShare> = HashMap::new();
        let mut lay: HashMap<(u32, Party), i32> = HashMap::new();
        let mut live: HashMap<(Day, Day), i32> = HashMap::new();
        let (nothing, mut after, mut unpacked) = (Derived::default(), Derived::default(), Vec::new());
        let mut persons = 0;
        for (person, before) in people.due() {
            // A pharmacy that only holds a telephone has rows and is nobody.
            let one = i32::from(person.kind() == PartyKind::Person);
            persons -= if before.is_some() { one } else { 0 };
            let before = before.as_deref().unwrap_or(&nothing);
            people.derive(person, &mut unpacked, &mut after);
            differences(&before.entries, &after.entries, |entry, sign| emit(PersonOut::Entry(entry), sign));
            let tally = &mut people.tally;
            differences(&before.fates, &after.fates, |fate, sign| tally.update(fate, sign));
            for (derived, sign) in [(before, -1), (&after, 1)] {
                derived.counts.iter().for_each(|count| add(&mut places, count, sign));
            }
            if before.sales != after.sales {
                add_sales(&mut stays, &before.sales, -1);
                add_sales(&mut stays, &after.sales, 1);
            }
            if before.hand_overs != after.hand_overs {
                before.hand_overs.iter().for_each(|one| add_hand_over(&mut stays, *one, -1));
                after.hand_overs.iter().for_each(|one| add_hand_over(&mut stays, *one, 1));
            }
            if before.live != after.live {
                for (derived, sign) in [(before, -1), (&after, 1)] {
                    derived.live.iter().for_each(|days| *live.entry(*days).or_default() += sign);
                }
            }
            if before.stays != after.stays || !before.left().eq(after.left()) {
                for (derived, sign) in [(before, -1), (&after, 1)] {
                    add_stays(&mut stays, &derived.stays, sign);
                    derived.left().for_each(|place| add_absence(&mut stays, place, sign));
                    derived.beds().for_each(|bed| *lay.entry(bed).or_default() += sign);
                }
            }
            if people.rows.get(&person).is_some_and(Rows::is_empty) {
                people.rows.remove(&person);
            }
            persons += if people.rows.contains_key(&person) { one } else { 0 };
            if people.followed.contains(&person) {
                people.followed_changed.push(person);
            }
        }
        if persons != 0 {
            emit(PersonOut::Person, persons);
        }
        for ((begin, end), count) in live.drain().filter(|(_, count)| *count != 0) {
            emit(PersonOut::Live(begin, end), count);
        }
        if people.touched.is_empty() {
            people.touched.shrink_to(1 << 12);
        }
        for (_, count) in places.drain().filter(|(_, count)| count.counts != [0; 4] || count.fund_fen != 0) {
            emit(PersonOut::Count(count), 1);
        }
        for ((city, place), count) in lay.drain().filter(|(_, count)| *count != 0) {
            emit(PersonOut::Lay(city, place, count), 1);
        }
        for (place, mut share) in stays.drain() {
            if !share.is_nothing() {
                emit(PersonOut::Stays(place, Box::new(share)), 1);
            }
        }
    }
}

fn index(slice: u32) -> usize {
    usize::try_from(slice).unwrap_or(0)
}

/// The facts that stand, with where they were read, and the fate of every row.
fn held<F: Copy + Ord>(rows: &[Arrived<F>], fates: &mut Vec<Fate>) -> Vec<(F, RowRef)> {
    newest(rows, fates).into_iter().map(|(row, _)| (row.fact, row.origin)).collect()
}

/// The person's file and the fate of every row.
fn file(
    person: Party,
    rows: &Rows,
    (table, regions): (&Interner, &ListedRegions),
    unpacked: &mut Vec<Arrived<Settlement>>,
    fates: &mut Vec<Fate>,
) -> PersonFile {
    let first_fate = fates.len();
    rows.settlements(table, unpacked, person);
    let settlements = listed(unpacked, |fact| regions.admit(fact.home) && regions.admit(fact.area), fates);
    let Netted { standing, orphans } = net(&settlements, fates);
    let mut file = PersonFile { person, settlements: standing, orphans, ..PersonFile::default() };
    file.home_seen = find_home(&mut file.settlements);
    let Some(more) = rows.more() else { return file };
    file.visits = held(&more.visits, fates);
    file.diagnoses = held(&more.diagnoses, fates);
    let filings = listed(&more.filings, |fact| regions.admit(fact.home) && regions.admit(fact.area), fates);
    file.filings = held(&filings, fates);
    let records = listed(&more.records, |fact| regions.admit(fact.home), fates);
    file.record = held(&records, fates).pop();
    if let Some(rare) = &more.rare {
        take_rare(rare, regions, &mut file, fates);
    }
    file.identifiers = identifiers_of(more, first_fate, fates);
    file.visits.sort_unstable_by_key(|(visit, origin)| (visit.id, *origin));
    file.diagnoses
        .sort_unstable_by_key(|(diagnosis, origin)| (diagnosis.visit, !diagnosis.main, diagnosis.order, *origin));
    file.identifiers.sort_unstable();
    file.filings.sort_unstable();
    let baskets = more.baskets(|origin, reason| {
        fates.push(match reason {
            Ok(outcome) => Fate { origin, outcome, reason: None, orphan_fen: 0 },
            Err(reason) => Fate::quarantined(origin, reason),
        })
    });
    for (fact, _) in &mut file.settlements {
        enrich(fact, &file.visits, &file.diagnoses);
        if let Some((basket, _)) = baskets.get(&fact.visit) {
            fact.basket = u64::from(*basket);
        }
    }
    file.goods = baskets.into_iter().map(|(visit, (_, goods))| (visit, goods)).collect();
    file.goods.sort_unstable();
    file
}

/// Identifiers that the reader derived from other tables share the fate of their row, which is counted there; they are left out
/// while it waits for its region.
fn identifiers_of(more: &More, first_fate: usize, fates: &mut Vec<Fate>) -> Vec<(Identifier, RowRef)> {
    let waits = |fate: &&Fate| fate.reason == Some(Reason::E05);
    let waiting: HashSet<RowRef> = fates[first_fate..].iter().filter(waits).map(|fate| fate.origin).collect();
    let mut own_fates = Vec::new();
    let held = if waiting.is_empty() {
        held(&more.identifiers, &mut own_fates)
    } else {
        let there = more.identifiers.iter().filter(|(row, _)| !waiting.contains(&row.origin));
        held(&there.copied().collect::<Vec<_>>(), &mut own_fates)
    };
    fates.extend(own_fates.into_iter().filter(|fate| fate.origin.table() == Table::XIdent));
    held
}

/// Adds what few people have.
fn take_rare(rare: &Rare, regions: &ListedRegions, file: &mut PersonFile, fates: &mut Vec<Fate>) {
    let enrolments = listed(&rare.enrolments, |fact| regions.admit(fact.home), fates);
    let allowances = listed(&rare.allowances, |fact| regions.admit(fact.home), fates);
    macro_rules! take {
        ($($list:ident from $rows:expr),*) => {$(
            file.$list = held($rows, fates);
        )*};
    }
    take!(enrolments from &enrolments, allowances from &allowances, prescriptions from &rare.prescriptions);
    take!(entitlements from &rare.entitlements, assessments from &rare.assessments, care_visits from &rare.care_visits);
    file.prescriptions.sort_unstable_by_key(|(fact, origin)| (fact.issued, fact.id, fact.item, *origin));
    file.enrolments.sort_unstable_by_key(|(fact, origin)| (fact.begin, *origin));
    file.entitlements.sort_unstable_by_key(|(fact, origin)| (fact.begin, *origin));
    file.allowances.sort_unstable_by_key(|(fact, origin)| (fact.paid, *origin));
    file.assessments.sort_unstable_by_key(|(fact, origin)| (fact.at, *origin));
    file.care_visits.sort_unstable_by_key(|(fact, origin)| (fact.begin, *origin));
}

/// Whoever is insured with the city itself (employees, mostly) lives in one of its counties: the one where everyday care is sought.
/// Answers a row that shows it.
fn find_home(settlements: &mut [(Settlement, RowRef)]) -> Option<RowRef> {
    let whole = |code: u32| WHOLE.contains(&(code % 100));
    let city_s_own = |fact: &Settlement| whole(fact.home) && !whole(fact.home / 100);
    if !settlements.iter().any(|(fact, _)| city_s_own(fact)) {
        return None;
    }
    let mut counties: BTreeMap<u32, (usize, RowRef)> = BTreeMap::new();
    let everyday = settlements.iter().filter(|(fact, _)| fact.class != CareClass::Inpatient);
    for (fact, origin) in everyday.filter(|(fact, _)| !whole(fact.area)) {
        counties.entry(fact.area).or_insert((0, *origin)).0 += 1;
    }
    let mut shown = None;
    for (fact, _) in settlements.iter_mut().filter(|(fact, _)| city_s_own(fact)) {
        let near = counties.iter().filter(|(county, _)| *county / 100 == fact.home / 100);
        if let Some((county, (_, origin))) = near.max_by_key(|(county, (visits, _))| (*visits, Reverse(**county))) {
            fact.home = *county;
            shown = shown.or(Some(*origin));
        }
    }
    shown
}

/// Adds what the visit and its diagnoses know to a settlement.
fn enrich(fact: &mut Settlement, visits: &[(Visit, RowRef)], diagnoses: &[(Diagnosis, RowRef)]) {
    if let Some(visit) = visit(visits, fact.visit) {
        if !fact.doctor.is_some() {
            fact.doctor = visit.doctor;
        }
        if visit.diagnosis != 0 {
            fact.diagnosis = visit.diagnosis;
        }
    }
    let main = diagnoses.partition_point(|(diagnosis, _)| diagnosis.visit < fact.visit);
    if let Some((diagnosis, _)) = diagnoses.get(main).filter(|(diagnosis, _)| diagnosis.visit == fact.visit) {
        fact.diagnosis = diagnosis.code;
    }
}

/// The city of each hand-over whose visits are known, and whether it is on record.
fn known_hand_overs(file: &PersonFile) -> impl Iterator<Item = (Party, bool)> + '_ {
    let hops = if file.visits.is_empty() { Vec::new() } else { hand_overs(admissions(file)) };
    hops.into_iter()
        .filter_map(|((before, _), (next, _))| Some((Party::city(next.area), is_referred(&file.visits, before, next)?)))
}

fn place_counts(settlements: &[(Settlement, RowRef)], regions: &Regions, counts: &mut Vec<PlaceCount>) {
    let count = |(fact, _): &(Settlement, RowRef)| {
        let stay = matches!(fact.class, CareClass::Inpatient | CareClass::DayCase);
        let outside = stay && regions.distance(fact.home, fact.area) >= RegionDistance::SameProvince;
        PlaceCount {
            place: fact.place,
            bucket: bucket(fact.begin),
            counts: [1, i32::from(stay), i32::from(outside), i32::from(fact.class == CareClass::Drugstore)],
            fund_fen: fact.fund_fen,
        }
    };
    counts.extend(settlements.iter().map(count));
}

fn bucket(day: Day) -> i32 {
    day.0.div_euclid(32)
}

fn add(places: &mut HashMap<(Party, i32), PlaceCount>, count: &PlaceCount, sign: i32) {
    let sum = places.entry((count.place, count.bucket)).or_insert(PlaceCount { counts: [0; 4], fund_fen: 0, ..*count });
    for (sum, part) in sum.counts.iter_mut().zip(count.counts) {
        *sum += sign * part;
    }
    sum.fund_fen += i64::from(sign) * count.fund_fen;
}

/// Emits what is only in `before` (−1) and only in `after` (1); both sorted.
pub(crate) fn differences<X: Ord + Clone>(before: &[X], after: &[X], mut emit: impl FnMut(X, i32)) {
    let (mut left, mut right) = (before.iter().peekable(), after.iter().peekable());
    loop {
        let order = match (left.peek(), right.peek()) {
            (Some(old), Some(new)) => old.cmp(new),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (None, None) => return,
        };
        let (old, new) = (order.is_le().then(|| left.next()).flatten(), order.is_ge().then(|| right.next()).flatten());
        match (old, new) {
            (Some(old), None) => emit(old.clone(), -1),
            (None, Some(new)) => emit(new.clone(), 1),
            _ => {}
        }
    }
}
