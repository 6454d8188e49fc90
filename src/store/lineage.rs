//! Is this the ring we knew, and what became of it?
//!
//! Ids follow the *core*, the persons of a ring (all members where there are none). A finding **continues** a known ring
//! when they share more than half of the smaller core. Where several continuations compete, the one with more shared
//! persons wins, then the same typology, then the larger Jaccard index, then more shared other members, then the smaller
//! id; each ring and each finding takes part once. Living rings choose first, dissolved ones after them (*revived*).
//!
//! | left over | event |
//! |---|---|
//! | a known ring, more than half of whose core is in one finding | `merged` into that ring |
//! | any other known ring | `dissolved` |
//! | a finding, more than half of whose core was in one known ring | `split` from that ring |
//! | any other finding | `born` |
//!
//! A continued ring that gained members has `grown`, one that lost members has `shrunk` (both may be), and one of whose
//! institutions fewer than half were there before has `migrated`. A new id is a hash of typology and members, so that
//! the same facts give the same ids in any run without history. All of it depends on contents and not on their order.
//!
//! Only rings that share a person are ever compared: handing over just the rings and findings of changed pieces gives
//! the same answer as handing over all. Cost: the sum of member counts, times the rings one person is in.

pub use super::event::{Event, EventKind};
use crate::model::{Finding, Party, PartyKind, hash_text, hash_words};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A ring as it was last seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownRing {
    /// Its id.
    pub id: String,
    /// Its typology.
    pub typology: String,
    /// All its members.
    pub members: BTreeSet<Party>,
    /// `false` once dissolved or merged.
    pub alive: bool,
}

/// The ids of the findings, and what happened.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Lineage {
    /// One id per finding, in the order of the findings.
    pub ids: Vec<String>,
    /// Events sorted by ring and kind.
    pub events: Vec<Event>,
    /// Rings that were alive and are no longer, sorted.
    pub ended: Vec<String>,
}

/// Gives every finding its id and says what happened to the rings known before.
#[must_use]
pub fn assign(known: &[KnownRing], findings: &[Finding]) -> Lineage {
    let mut rings: Vec<&KnownRing> = known.iter().collect();
    rings.sort_by(|one, other| one.id.cmp(&other.id));
    let mut order: Vec<usize> = (0..findings.len()).collect();
    order.sort_by(|&one, &other| findings[one].cmp(&findings[other]));
    let news: Vec<Body> = order.iter().map(|&at| Body::of_finding(&findings[at])).collect();
    let olds: Vec<Body> = rings.iter().map(|ring| Body::of(&ring.typology, ring.members.clone())).collect();

    let pairs = shared_cores(&olds, &news);
    let continued = continuations(&rings, &olds, &news, &pairs);
    let ids = name(&rings, &news, &continued);
    let events = tell(&rings, &olds, &news, &pairs, &continued, &ids);

    let keeps: BTreeSet<usize> = continued.values().copied().collect();
    let ended = (0..rings.len()).filter(|old| rings[*old].alive && !keeps.contains(old));
    let ended = ended.map(|old| rings[old].id.clone()).collect();
    let mut by_finding = vec![String::new(); findings.len()];
    for (&at, id) in order.iter().zip(ids) {
        by_finding[at] = id;
    }
    Lineage { ids: by_finding, events, ended }
}

/// What two rings are compared by.
struct Body {
    typology: String,
    members: BTreeSet<Party>,
    core: BTreeSet<Party>,
    places: BTreeSet<Party>,
}

impl Body {
    fn of_finding(finding: &Finding) -> Body {
        Body::of(&finding.typology, finding.members.iter().map(|member| member.party).collect())
    }

    fn of(typology: &str, members: BTreeSet<Party>) -> Body {
        let of_kind = |kind: PartyKind| members.iter().copied().filter(|member| member.kind() == kind).collect();
        let persons: BTreeSet<Party> = of_kind(PartyKind::Person);
        let places = of_kind(PartyKind::Institution);
        let core = if persons.is_empty() { members.clone() } else { persons };
        Body { typology: typology.to_owned(), members, core, places }
    }
}

/// How many parties of their cores an old and a new ring share, for every pair that shares any.
type Pairs = BTreeMap<(usize, usize), usize>;

fn shared_cores(olds: &[Body], news: &[Body]) -> Pairs {
    let mut rings_of: BTreeMap<Party, Vec<usize>> = BTreeMap::new();
    for (old, body) in olds.iter().enumerate() {
        for &party in &body.core {
            rings_of.entry(party).or_default().push(old);
        }
    }
    let mut pairs = Pairs::new();
    for (new, body) in news.iter().enumerate() {
        for &old in body.core.iter().filter_map(|party| rings_of.get(party)).flatten() {
            *pairs.entry((old, new)).or_default() += 1;
        }
    }
    pairs
}

/// Which new ring continues which old one: new → old.
fn continuations(rings: &[&KnownRing], olds: &[Body], news: &[Body], pairs: &Pairs) -> BTreeMap<usize, usize> {
    let mut candidates: Vec<_> = pairs
        .iter()
        .filter(|((old, new), shared)| 2 * **shared > olds[*old].core.len().min(news[*new].core.len()))
        .map(|(&(old, new), &shared)| {
            let (before, after) = (&olds[old], &news[new]);
            let union = before.core.len() + after.core.len() - shared;
            // Jaccard in millionths: exact enough to rank, an integer so that it ranks the same everywhere.
            let jaccard = shared * 1_000_000 / union.max(1);
            let others = before.members.intersection(&after.members).count() - shared;
            let same = before.typology == after.typology;
            (Reverse((rings[old].alive, shared, same, jaccard, others)), old, new)
        })
        .collect();
    candidates.sort_unstable();
    let mut taken = BTreeSet::new();
    let mut continued = BTreeMap::new();
    for (_, old, new) in candidates {
        if !taken.contains(&old) && !continued.contains_key(&new) {
            taken.insert(old);
            continued.insert(new, old);
        }
    }
    continued
}

/// The ids: kept where a ring continues, else made from the contents; a taken id is salted until it is free.
fn name(rings: &[&KnownRing], news: &[Body], continued: &BTreeMap<usize, usize>) -> Vec<String> {
    let mut taken: BTreeSet<String> = rings.iter().map(|ring| ring.id.clone()).collect();
    let name = |(new, body): (usize, &Body)| match continued.get(&new) {
        Some(&old) => rings[old].id.clone(),
        None => (0..)
            .map(|salt| id_of(body, salt))
            .find(|id| taken.insert(id.clone()))
            .expect("there are more numbers than rings"),
    };
    news.iter().enumerate().map(name).collect()
}

fn id_of(body: &Body, salt: u64) -> String {
    let start = hash_words(&[hash_text(&body.typology), salt]);
    let hash = body.members.iter().fold(start, |hash, party| hash_words(&[hash, party.0]));
    format!("R-{:012x}", hash >> 16)
}

fn tell(
    rings: &[&KnownRing],
    olds: &[Body],
    news: &[Body],
    pairs: &Pairs,
    continued: &BTreeMap<usize, usize>,
    ids: &[String],
) -> Vec<Event> {
    let keeps: BTreeSet<usize> = continued.values().copied().collect();
    let mut sharing: BTreeMap<usize, Vec<(usize, usize)>> = BTreeMap::new();
    for (&(old, new), &shared) in pairs {
        sharing.entry(new).or_default().push((old, shared));
    }
    let mut told: BTreeMap<(String, EventKind), Event> = BTreeMap::new();
    let mut note = |ring: &str, kind: EventKind, joined: usize, left: usize, from: Option<&str>, to: Option<&str>| {
        let blank = Event { ring: ring.to_owned(), kind, joined: 0, left: 0, from: Vec::new(), to: Vec::new() };
        let event = told.entry((ring.to_owned(), kind)).or_insert(blank);
        event.joined = event.joined.saturating_add(u32::try_from(joined).unwrap_or(u32::MAX));
        event.left = event.left.saturating_add(u32::try_from(left).unwrap_or(u32::MAX));
        event.from.extend(from.map(str::to_owned));
        event.to.extend(to.map(str::to_owned));
    };
    for (new, body) in news.iter().enumerate() {
        let id = ids[new].as_str();
        let Some(&old) = continued.get(&new) else {
            let size = body.members.len();
            let shared = sharing.get(&new).into_iter().flatten().copied();
            match most_of(&body.core, shared.filter(|(old, _)| rings[*old].alive)) {
                Some(old) => {
                    note(id, EventKind::Split, size, 0, Some(&rings[old].id), None);
                    note(&rings[old].id, EventKind::Split, 0, size, None, Some(id));
                }
                None => note(id, EventKind::Born, size, 0, None, None),
            }
            continue;
        };
        let before = &olds[old];
        let joined = body.members.difference(&before.members).count();
        let left = before.members.difference(&body.members).count();
        if !rings[old].alive {
            note(id, EventKind::Revived, joined, left, None, None);
        }
        if joined > 0 {
            note(id, EventKind::Grown, joined, 0, None, None);
        }
        if left > 0 {
            note(id, EventKind::Shrunk, 0, left, None, None);
        }
        let stayed = body.places.intersection(&before.places).count();
        if !before.places.is_empty() && 2 * stayed < body.places.len() {
            note(id, EventKind::Migrated, body.places.len() - stayed, before.places.len() - stayed, None, None);
        }
    }
    for (old, body) in olds.iter().enumerate().filter(|(old, _)| rings[*old].alive && !keeps.contains(old)) {
        let (id, size) = (rings[old].id.as_str(), body.members.len());
        match most_of(&body.core, pairs.range((old, 0)..(old + 1, 0)).map(|(&(_, new), &shared)| (new, shared))) {
            Some(new) => {
                note(id, EventKind::Merged, 0, size, None, Some(&ids[new]));
                note(&ids[new], EventKind::Merged, size, 0, Some(id), None);
            }
            None => note(id, EventKind::Dissolved, 0, size, None, None),
        }
    }
    let sorted = |mut event: Event| {
        event.from.sort();
        event.to.sort();
        event
    };
    told.into_values().map(sorted).collect()
}

/// The ring that shares most with a core, if that is more than half of it; the first among equals.
fn most_of(core: &BTreeSet<Party>, sharing: impl Iterator<Item = (usize, usize)>) -> Option<usize> {
    let most =
        sharing.filter(|(_, shared)| 2 * shared > core.len()).max_by_key(|&(ring, shared)| (shared, Reverse(ring)));
    most.map(|(ring, _)| ring)
}
