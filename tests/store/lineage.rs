//! Does a ring keep its id while its core persists, and is it said what became of it?

use super::dice::Dice;
use medring::model::{Amount, Day, Finding, Member, Party, PartyKind, Role, Sentence};
use medring::store::lineage::{Event, EventKind, KnownRing, Lineage, assign};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn person(number: u32) -> Party {
    Party::of(PartyKind::Person, &format!("P{number}"))
}

fn member(party: Party) -> Member {
    Member { party, role: Role::Patient, strength: 1, why: Sentence::default() }
}

/// A ring of these persons at these institutions.
pub(crate) fn finding(typology: &str, persons: impl IntoIterator<Item = u32>, places: &[&str]) -> Finding {
    let places = places.iter().map(|place| Party::of(PartyKind::Institution, place));
    let members = persons.into_iter().map(person).chain(places).map(member).collect();
    Finding {
        typology: typology.to_owned(),
        typologies: Vec::new(),
        score: 700,
        first_day: Day(1),
        last_day: Day(9),
        members,
        amount: Amount::default(),
        factors: Vec::new(),
        counter_evidence: Vec::new(),
    }
}

/// The rings after an epoch, as the next one knows them.
fn after(known: &[KnownRing], findings: &[Finding], lineage: &Lineage) -> Vec<KnownRing> {
    let mut rings: BTreeMap<String, KnownRing> = known.iter().map(|ring| (ring.id.clone(), ring.clone())).collect();
    for id in &lineage.ended {
        rings.get_mut(id).expect("only known rings end").alive = false;
    }
    for (id, finding) in lineage.ids.iter().zip(findings) {
        let members = finding.members.iter().map(|member| member.party).collect();
        let ring = KnownRing { id: id.clone(), typology: finding.typology.clone(), members, alive: true };
        rings.insert(id.clone(), ring);
    }
    rings.into_values().collect()
}

/// Runs epochs one after the other; the lineage of each.
fn epochs(all: &[Vec<Finding>]) -> Vec<Lineage> {
    let mut known = Vec::new();
    let step = |findings: &Vec<Finding>| {
        let lineage = assign(&known, findings);
        known = after(&known, findings, &lineage);
        lineage
    };
    all.iter().map(step).collect()
}

/// Kind, joined, left, from, to.
type Told<'a> = (EventKind, u32, u32, &'a [String], &'a [String]);

fn kinds<'a>(events: &'a [Event], id: &str) -> Vec<Told<'a>> {
    let of_ring = events.iter().filter(|event| event.ring == id);
    of_ring.map(|event| (event.kind, event.joined, event.left, &event.from[..], &event.to[..])).collect()
}

#[test]
fn a_ring_grows_shrinks_and_moves_under_one_id() {
    let lineages = epochs(&[
        vec![finding("card_pool", 0..5, &["A"])],
        vec![finding("card_pool", 0..9, &["A"])],
        vec![finding("recruited_fake_admission", 2..9, &["B"])],
        vec![finding("recruited_fake_admission", 2..9, &["B"])],
    ]);
    let id = lineages[0].ids[0].as_str();
    assert!(id.len() == 14 && id.starts_with("R-"));
    assert!(lineages.iter().all(|lineage| lineage.ids == [id] && lineage.ended.is_empty()));
    assert_eq!(kinds(&lineages[0].events, id), [(EventKind::Born, 6, 0, &[][..], &[][..])]);
    assert_eq!(kinds(&lineages[1].events, id), [(EventKind::Grown, 4, 0, &[][..], &[][..])]);
    let moved = [EventKind::Grown, EventKind::Shrunk, EventKind::Migrated];
    assert_eq!(kinds(&lineages[2].events, id).iter().map(|event| event.0).collect::<Vec<_>>(), moved);
    assert_eq!(lineages[3].events, []);
}

#[test]
fn rings_merge_split_dissolve_and_come_back() {
    let (small, large) = (finding("card_pool", 0..4, &[]), finding("card_pool", 10..20, &[]));
    let both = finding("card_pool", (0..4).chain(10..20), &[]);
    let apart = vec![small.clone(), large.clone()];
    let lineages = epochs(&[apart.clone(), vec![both.clone()], apart, vec![small], vec![large]]);
    let [less, more] = [&lineages[0].ids[0], &lineages[0].ids[1]];
    assert_eq!(lineages[1].ids, std::slice::from_ref(more));
    assert_eq!(lineages[1].ended, std::slice::from_ref(less));
    let (to, from) = (std::slice::from_ref(more), std::slice::from_ref(less));
    assert_eq!(kinds(&lineages[1].events, less), [(EventKind::Merged, 0, 4, &[][..], to)]);
    let of_more = [(EventKind::Grown, 4, 0, &[][..], &[][..]), (EventKind::Merged, 4, 0, from, &[][..])];
    assert_eq!(kinds(&lineages[1].events, more), of_more);
    assert_eq!(lineages[2].ids, [less.clone(), more.clone()]);
    assert_eq!(kinds(&lineages[2].events, less), [(EventKind::Revived, 0, 0, &[][..], &[][..])]);
    assert_eq!(kinds(&lineages[3].events, more), [(EventKind::Dissolved, 0, 10, &[][..], &[][..])]);
    assert_eq!(lineages[4].ids, std::slice::from_ref(more));
    assert_eq!(kinds(&lineages[4].events, more), [(EventKind::Revived, 0, 0, &[][..], &[][..])]);

    let halves = epochs(&[vec![both], vec![finding("card_pool", 0..4, &[]), finding("card_pool", 10..20, &[])]]);
    let (stays, comes) = (&halves[0].ids[0], &halves[1].ids[0]);
    assert_eq!(&halves[1].ids[1], stays);
    assert_eq!(kinds(&halves[1].events, comes), [(EventKind::Split, 4, 0, std::slice::from_ref(stays), &[][..])]);
    let of_stays = kinds(&halves[1].events, stays);
    assert!(of_stays.contains(&(EventKind::Split, 0, 4, &[][..], std::slice::from_ref(comes))));
}

#[test]
fn equal_findings_and_taken_ids_do_not_collide() {
    let twice = vec![finding("card_pool", 0..5, &[]), finding("card_pool", 0..5, &[])];
    let lineage = assign(&[], &twice);
    assert_ne!(lineage.ids[0], lineage.ids[1]);
    // A ring that has moved on keeps the id that these members would be born with.
    let elsewhere = KnownRing {
        id: lineage.ids[0].clone(),
        typology: "card_pool".to_owned(),
        members: (50..60).map(person).collect(),
        alive: true,
    };
    let again = assign(&[elsewhere], &twice[..1]);
    assert_ne!(again.ids, lineage.ids[..1]);
    assert_eq!(again.ended, lineage.ids[..1]);
}

/// A few epochs of a few rings over few persons, so that everything overlaps.
fn worlds() -> impl Strategy<Value = Vec<Vec<Finding>>> {
    let persons = proptest::collection::btree_set(0_u32..24, 1..9);
    let ring = (persons, 0_usize..2, 0_usize..3).prop_map(|(persons, typology, place)| {
        finding(["card_pool", "drug_backflow"][typology], persons, &["A", "B", "C"][place..=place])
    });
    proptest::collection::vec(proptest::collection::vec(ring, 0..7), 1..5)
}

fn shuffled<T: Clone>(items: &[T], dice: &mut Dice) -> Vec<(usize, T)> {
    let mut order: Vec<(usize, T)> = items.iter().cloned().enumerate().collect();
    for at in (1..order.len()).rev() {
        order.swap(at, dice.below(at + 1));
    }
    order
}

proptest! {
    #[test]
    fn order_does_not_matter(world in worlds(), seed in any::<u64>()) {
        let dice = &mut Dice(seed);
        let mut known = Vec::new();
        for findings in world {
            let plain = assign(&known, &findings);
            let order = shuffled(&findings, dice);
            let mixed: Vec<Finding> = order.iter().map(|(_, finding)| finding.clone()).collect();
            let known_mixed: Vec<KnownRing> = shuffled(&known, dice).into_iter().map(|(_, ring)| ring).collect();
            let other = assign(&known_mixed, &mixed);
            // Equal findings may change places with each other, and nothing else may.
            let plain_ids: BTreeSet<_> = findings.iter().zip(&plain.ids).collect();
            let other_ids: BTreeSet<_> = mixed.iter().zip(&other.ids).collect();
            prop_assert_eq!(plain_ids, other_ids);
            prop_assert_eq!((&plain.events, &plain.ended), (&other.events, &other.ended));
            known = after(&known, &findings, &plain);
        }
    }

    #[test]
    fn ids_are_unique_and_every_change_is_told(world in worlds()) {
        let mut known: Vec<KnownRing> = Vec::new();
        for findings in world {
            let lineage = assign(&known, &findings);
            prop_assert_eq!(lineage.ids.len(), findings.len());
            let ids: BTreeSet<&String> = lineage.ids.iter().collect();
            prop_assert_eq!(ids.len(), findings.len());
            let told: BTreeSet<&String> = lineage.events.iter().map(|event| &event.ring).collect();
            for ring in &known {
                prop_assert_eq!(ring.alive && !ids.contains(&ring.id), lineage.ended.contains(&ring.id));
            }
            prop_assert!(lineage.ended.iter().all(|id| told.contains(id)));
            let before: BTreeSet<&String> = known.iter().filter(|ring| ring.alive).map(|ring| &ring.id).collect();
            prop_assert!(ids.difference(&before).all(|id| told.contains(*id)));
            known = after(&known, &findings, &lineage);
        }
    }

    #[test]
    fn what_does_not_change_keeps_its_id_in_silence(world in worlds()) {
        let mut known = Vec::new();
        for mut findings in world {
            findings.sort();
            findings.dedup();
            let lineage = assign(&known, &findings);
            known = after(&known, &findings, &lineage);
            let again = assign(&known, &findings);
            prop_assert_eq!(&again.ids, &lineage.ids);
            prop_assert_eq!(again.events, []);
        }
    }

    #[test]
    fn only_rings_that_share_persons_matter(world in worlds()) {
        // The same world beside a copy of itself with other persons: each half is told as if it were alone.
        let distant = |finding: &Finding| {
            let mut finding = finding.clone();
            for member in finding.members.iter_mut().filter(|member| member.party.kind() == PartyKind::Person) {
                member.party = Party((member.party.0 ^ 0x5555_5555_5555_5550) | 0x10);
            }
            finding
        };
        let doubled = |findings: &Vec<Finding>| {
            findings.iter().cloned().chain(findings.iter().map(distant)).collect::<Vec<_>>()
        };
        let alone = epochs(&world);
        let beside = epochs(&world.iter().map(doubled).collect::<Vec<_>>());
        for (alone, beside) in alone.iter().zip(&beside) {
            prop_assert_eq!(&alone.ids[..], &beside.ids[..alone.ids.len()]);
            let known: BTreeSet<&String> = alone.events.iter().map(|event| &event.ring).collect();
            let here: Vec<_> = beside.events.iter().filter(|event| known.contains(&event.ring)).cloned().collect();
            prop_assert_eq!(&alone.events, &here);
        }
    }
}
