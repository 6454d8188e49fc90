//! What do recognisers look things up in? One dossier, indexed once: who is tied to what, who holds which identifier, which
//! rows stand behind a stay.
//!
//! Cost: linear in the dossier.

use super::odds::percent;
use crate::model::{
    CareClass, Day, Dossier, IdentifierRole, OccasionKind, Party, PartyKind, PersonFile, PlaceBaseline, References,
    RegionDistance, RowRef, Settlement, Tie, Trace, Visit, visit,
};
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

/// More people at one address are a village, a dormitory or a home.
const HOUSEHOLD_MAX: usize = 8;

/// A settlement with its source.
pub type Cited = (Settlement, RowRef);

/// People with their strength and their stays.
pub(crate) type Group<'a> = BTreeMap<Party, (i32, Vec<&'a Cited>)>;

/// Whether a box was bought with this settlement: of the same visit, else at the same place on the same day.
pub(crate) fn bought_with((fact, _): &Cited, trace: &Trace) -> bool {
    trace.visit != 0 && fact.visit == trace.visit || fact.place == trace.place && fact.settled.day() == trace.at.day()
}

/// Percent of some boxes that are of the five commonest medicines.
pub(crate) fn few_items<'t>(boxes: impl Iterator<Item = &'t Trace>) -> i32 {
    let mut items: BTreeMap<u64, usize> = BTreeMap::new();
    boxes.for_each(|sold| *items.entry(sold.item).or_default() += 1);
    let all = items.values().sum();
    items.remove(&0);
    let mut counts: Vec<usize> = items.into_values().collect();
    counts.sort_unstable_by(|left, right| right.cmp(left));
    percent(counts.iter().take(5).sum(), all)
}

/// How many of some settlements were made at each place.
pub(crate) fn by_place<'s>(settlements: impl Iterator<Item = &'s Cited>) -> BTreeMap<Party, usize> {
    let mut at = BTreeMap::new();
    settlements.for_each(|(fact, _)| *at.entry(fact.place).or_default() += 1);
    at
}

/// Whether one of these illnesses, three-letter categories, was treated in some other settlements; `None` where nobody says what most of
/// them were for.
pub(crate) fn treated<'s>(ill: &BTreeSet<u32>, others: impl Iterator<Item = &'s Cited>) -> Option<bool> {
    let (mut all, mut told, mut treated) = (0, 0, false);
    for (fact, _) in others {
        all += 1;
        told += usize::from(fact.diagnosis != 0);
        treated |= ill.contains(&(fact.diagnosis >> 8));
    }
    (treated || told * 2 >= all).then_some(treated)
}

/// Where most of some settlements were made, and how many of them.
pub(crate) fn busiest_place<'s>(settlements: impl Iterator<Item = &'s Cited>) -> Option<(Party, usize)> {
    by_place(settlements).into_iter().max_by_key(|(place, count)| (*count, *place))
}

/// Who came where on which day.
pub(crate) type Arrivals = BTreeMap<(Party, Day), BTreeSet<Party>>;

/// The people of some settlements by place and first day.
pub(crate) fn arrivals<'s>(settlements: impl Iterator<Item = &'s Settlement>) -> Arrivals {
    let mut arrivals = Arrivals::new();
    for fact in settlements {
        arrivals.entry((fact.place, fact.begin)).or_default().insert(fact.person);
    }
    arrivals
}

/// A phone, account, agent or device that several people of the piece share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hub {
    /// The identifier.
    pub party: Party,
    /// Everybody tied to it, with the rows that say so.
    pub holders: BTreeMap<Party, Vec<RowRef>>,
    /// Those for whom it is somebody else's: contact, agent, payee, submitter.
    pub proteges: BTreeSet<Party>,
    /// People whose own it is.
    pub owners: BTreeSet<Party>,
}

/// Which columns the piece has at all: what is absent can neither accuse nor excuse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Some stay names its doctor.
    pub doctors: bool,
    /// Some stay has a diagnosis.
    pub diagnoses: bool,
    /// Most people have an address.
    pub addresses: bool,
    /// Cash is exported.
    pub cash: bool,
    /// Some settlement's visit tells of transfers, or could.
    pub transfers: bool,
}

/// One dossier on the bench.
pub struct Bench<'a> {
    /// The piece.
    pub dossier: &'a Dossier,
    /// Regions, institutions, doctors.
    pub references: &'a References,
    /// Shared identifiers by party.
    pub hubs: BTreeMap<Party, Hub>,
    /// What the piece's rows say at all.
    pub known: Known,
    /// Whose admissions came in batches: asked by more than one recogniser, worked out once.
    pub(crate) crowds: OnceCell<Vec<Group<'a>>>,
    /// Telephones that are hospitals' own, likewise ([`super::batches::desks`]).
    pub(crate) desks: OnceCell<BTreeSet<Party>>,
    asked: RefCell<BTreeSet<Party>>,
    /// The kinds of each tie's occasions, a bit each: some dozen recognisers look for theirs.
    kinds: Vec<u64>,
    files: BTreeMap<Party, &'a PersonFile>,
}

impl<'a> Bench<'a> {
    /// Indexes a dossier.
    #[must_use]
    pub fn new(dossier: &'a Dossier, references: &'a References) -> Bench<'a> {
        let files: BTreeMap<Party, &PersonFile> = dossier.persons.iter().map(|file| (file.person, file)).collect();
        let stays = || dossier.persons.iter().flat_map(|file| &file.settlements);
        let known = Known {
            doctors: stays().any(|(fact, _)| fact.class == CareClass::Inpatient && fact.doctor.is_some()),
            diagnoses: stays().any(|(fact, _)| fact.class == CareClass::Inpatient && fact.diagnosis != 0),
            addresses: dossier.persons.iter().filter(|file| address(file).is_some()).count() * 2
                >= dossier.persons.len().max(1),
            cash: stays().any(|(fact, _)| fact.cash().is_some()),
            transfers: dossier.persons.iter().any(|file| {
                let told = |visit: &Visit| visit.is_referred_here().is_some() || visit.is_sent_on();
                !file.visits.is_empty()
                    && file.settlements.iter().any(|(fact, _)| visit(&file.visits, fact.visit).is_some_and(told))
            }),
        };
        Bench {
            dossier,
            references,
            hubs: hubs(dossier, &files),
            known,
            crowds: OnceCell::new(),
            desks: OnceCell::new(),
            asked: RefCell::default(),
            kinds: dossier.ties.iter().map(|tie| bits(tie.occasions.iter().map(|one| one.kind))).collect(),
            files,
        }
    }

    /// A person's file.
    #[must_use]
    pub fn file(&self, person: Party) -> Option<&'a PersonFile> {
        self.files.get(&person).copied()
    }

    /// What is usual at a place. Remembered as asked: the findings rest on it.
    #[must_use]
    pub fn place(&self, place: Party) -> Option<&'a PlaceBaseline> {
        self.asked.borrow_mut().insert(place);
        let places = &self.dossier.places;
        places.binary_search_by_key(&place, |baseline| baseline.place).ok().map(|at| &places[at])
    }

    /// What is usual at a place's counters. Remembered as asked, like [`Bench::place`].
    #[must_use]
    pub fn counter(&self, place: Party) -> Option<&'a PlaceBaseline> {
        self.asked.borrow_mut().insert(place);
        let counters = &self.dossier.counters;
        counters.binary_search_by_key(&place, |baseline| baseline.place).ok().map(|at| &counters[at])
    }

    /// The places that were asked for.
    pub(crate) fn asked(self) -> BTreeSet<Party> {
        self.asked.into_inner()
    }

    /// A person's admissions.
    pub fn stays(&self, person: Party) -> impl Iterator<Item = &'a Cited> + Clone + use<'a> {
        self.settlements(person).filter(|(fact, _)| fact.class == CareClass::Inpatient)
    }

    /// A person's settlements.
    pub fn settlements(&self, person: Party) -> impl Iterator<Item = &'a Cited> + Clone + use<'a> {
        let file: Option<&'a PersonFile> = self.file(person);
        file.into_iter().flat_map(|file| &file.settlements)
    }

    /// Ties that share an occasion of one of these kinds.
    pub fn ties<'s>(&'s self, kinds: &[OccasionKind]) -> impl Iterator<Item = &'a Tie> + use<'a, 's> {
        let wanted = bits(kinds.iter().copied());
        let of_kind = self.dossier.ties.iter().zip(&self.kinds).filter(move |(_, kinds)| **kinds & wanted != 0);
        of_kind.map(|(tie, _)| tie)
    }

    /// Where somebody lives, as a party: an address that several people may share.
    #[must_use]
    pub fn address(&self, person: Party) -> Option<Party> {
        self.file(person).and_then(address)
    }

    /// Whether a settlement was made outside the pool the person is insured in.
    #[must_use]
    pub fn away(&self, fact: &Settlement) -> bool {
        self.references.regions.distance(fact.home, fact.area) >= RegionDistance::SameProvince
    }

    /// Whether a settlement was made in another county of the pool the person is insured in.
    #[must_use]
    pub fn next_door(&self, fact: &Settlement) -> bool {
        self.references.regions.distance(fact.home, fact.area) == RegionDistance::SameCity
    }

    /// Whether a settlement was made outside the county the person is insured in.
    #[must_use]
    pub fn elsewhere(&self, fact: &Settlement) -> bool {
        self.references.regions.distance(fact.home, fact.area) > RegionDistance::SameCounty
    }

    /// Whether two places are known to have one controller.
    #[must_use]
    pub fn sisters(&self, one: Party, other: Party) -> bool {
        let entry = |place| self.references.places.get(&place);
        entry(one).zip(entry(other)).is_some_and(|(one, other)| one.is_sister(other))
    }

    /// The rows behind a settlement: itself, its visit and the diagnoses of that visit.
    #[must_use]
    pub fn rows(&self, (fact, origin): &Cited) -> Vec<RowRef> {
        let mut rows = vec![*origin];
        if let Some(file) = self.file(fact.person) {
            rows.extend(file.visits.iter().filter(|(visit, _)| visit.id == fact.visit).map(|(_, origin)| *origin));
            let said = file.diagnoses.iter().filter(|(diagnosis, _)| diagnosis.visit == fact.visit);
            rows.extend(said.map(|(_, origin)| *origin));
        }
        rows
    }

    /// How many different addresses some people have.
    #[must_use]
    pub fn addresses<'p>(&self, people: impl Iterator<Item = &'p Party>) -> usize {
        people.filter_map(|person| self.address(*person)).collect::<BTreeSet<Party>>().len()
    }

    /// The fee lines of a settlement's visit, as far as they are kept: those of admissions.
    pub fn lines(&self, fact: &Settlement) -> impl Iterator<Item = RowRef> + use<'a> {
        let visit = fact.visit;
        let lines: &'a [(u64, RowRef)] = self.file(fact.person).map_or(&[], |file| &file.lines);
        let from = lines.partition_point(|(of, _)| *of < visit);
        lines[from..].iter().take_while(move |(of, _)| *of == visit).map(|(_, origin)| *origin)
    }

    /// How many different households some people form, counted by address; people without one count for themselves, and so
    /// do those at an address that is a village's or a home's rather than a household's.
    #[must_use]
    pub fn households<'p>(&self, people: impl Iterator<Item = &'p Party>) -> usize {
        let mut homes: BTreeMap<Party, usize> = BTreeMap::new();
        people.for_each(|person| *homes.entry(self.address(*person).unwrap_or(*person)).or_default() += 1);
        homes.into_values().map(|people| if people > HOUSEHOLD_MAX { people } else { 1 }).sum()
    }
}

/// A bit for each kind.
fn bits(kinds: impl Iterator<Item = OccasionKind>) -> u64 {
    kinds.fold(0, |bits, kind| bits | 1 << kind as u32)
}

/// The address of a person: the register's, else the first one held.
fn address(file: &PersonFile) -> Option<Party> {
    let registered = file.record.map(|(record, _)| record.address).filter(|address| address.is_some());
    let held = || file.identifiers.iter().map(|(held, _)| held.identifier).find(|one| one.kind() == PartyKind::Address);
    registered.or_else(held)
}

fn hubs(dossier: &Dossier, files: &BTreeMap<Party, &PersonFile>) -> BTreeMap<Party, Hub> {
    let mut hubs: BTreeMap<Party, Hub> = BTreeMap::new();
    for tie in
        dossier.ties.iter().filter(|tie| tie.occasions.iter().any(|one| one.kind == OccasionKind::SharedIdentifier))
    {
        let (person, party) = if tie.a.kind() == PartyKind::Person { (tie.a, tie.b) } else { (tie.b, tie.a) };
        let hub = hubs.entry(party).or_insert_with(|| Hub {
            party,
            holders: BTreeMap::new(),
            proteges: BTreeSet::new(),
            owners: BTreeSet::new(),
        });
        let rows = hub.holders.entry(person).or_default();
        for (held, origin) in files.get(&person).into_iter().flat_map(|file| &file.identifiers) {
            if held.identifier == party {
                rows.push(*origin);
                if held.role == IdentifierRole::Own { &mut hub.owners } else { &mut hub.proteges }.insert(person);
            }
        }
    }
    hubs
}
