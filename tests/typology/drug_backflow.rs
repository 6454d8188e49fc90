//! T07: boxes sold again far away, and not transfers, split packs or returns.

use super::scene::{Scene, with_role};
use medring::model::{Party, Role, TraceKind, hash_words};
use std::collections::BTreeSet;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("drug_backflow").check_ring("drug_backflow", 9..=9);
    assert_eq!((with_role(&ring, Role::Organiser), with_role(&ring, Role::Pharmacy)), (1, 1));
}

#[test]
fn golden() {
    Scene::of("drug_backflow").check_golden();
}

/// Whose box of an odd medicine was scanned again at the ring's counter by accident sold nothing to it.
#[test]
fn one_box_of_an_odd_medicine_makes_nobody_a_member() {
    let ring = Scene::of("drug_backflow").check_ring("drug_backflow", 9..=9);
    let members: BTreeSet<Party> = ring.members.iter().map(|member| member.party).collect();
    let counter = ring.members.iter().find(|member| member.role == Role::Pharmacy).unwrap().party;
    let bystanders = Scene::of("drug_backflow").with(|rows| {
        let mut seen = members.clone();
        seen.insert(Party::NONE);
        let scans: Vec<_> = rows.traces.iter().filter(|row| row.fact.kind == TraceKind::Sold).cloned().collect();
        let bought: Vec<_> =
            scans.into_iter().filter(|row| row.fact.place != counter && seen.insert(row.fact.person)).collect();
        assert!(bought.len() >= 12);
        for (number, row) in bought.into_iter().take(12).enumerate() {
            let item = hash_words(&[7, u64::try_from(number).unwrap()]);
            rows.traces
                .iter_mut()
                .filter(|held| held.fact.code == row.fact.code)
                .for_each(|held| held.fact.item = item);
            let mut again = row;
            again.fact.item = item;
            again.fact.place = counter;
            again.fact.person = Party::NONE;
            again.fact.visit = 0;
            again.fact.at.0 += 40 * 86_400;
            again.key = hash_words(&[again.key, 1]);
            again.content = hash_words(&[again.content, 1]);
            rows.traces.push(again);
        }
    });
    bystanders.check_ring("drug_backflow", 9..=9);
}
