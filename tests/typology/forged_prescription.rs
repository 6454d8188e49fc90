//! T09: scripts of a hospital that never saw the patients, and not its tumour ward's.

use super::scene::{Scene, persons, with_role};
use medring::flow::Baselines;
use medring::model::{Party, PartyKind, PlaceBaseline, Role};
use std::sync::Arc;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    // That the hospital does see patients stands in rows of others: a run leaves it behind as a baseline.
    let place = Party::of(PartyKind::Institution, "H32010200011");
    let usual = PlaceBaseline { place, settlements: 500, ..PlaceBaseline::default() };
    let known = Baselines { places: [(place, usual)].into(), ..Baselines::default() };
    let ring =
        Scene::of("forged_prescription").check_ring_beside("forged_prescription", 13..=14, Some(Arc::new(known)));
    assert_eq!((with_role(&ring, Role::Patient), with_role(&ring, Role::Pharmacy)), (14, 1));
}

#[test]
fn a_prescription_that_names_the_visit_to_the_counter_was_not_seen() {
    let bought = persons(&Scene::of("forged_prescription").reported().remove(0));
    let ring = Scene::of("forged_prescription")
        .with(|rows| {
            for slip in rows.prescriptions.iter_mut().filter(|row| bought.contains(&row.fact.person)) {
                let fact = &mut slip.fact;
                let bill = rows.settlements.iter().map(|row| &row.fact).find(|bill| {
                    bill.person == fact.person
                        && bill.place == fact.counter
                        && (0..=3).contains(&bill.begin.since(fact.issued.day()))
                });
                fact.visit = bill.map_or(fact.visit, |bill| bill.visit);
            }
        })
        .reported();
    assert!(ring.iter().any(|one| one.typology == "forged_prescription" && persons(one) == bought));
}

#[test]
fn golden() {
    Scene::of("forged_prescription").check_golden();
}
