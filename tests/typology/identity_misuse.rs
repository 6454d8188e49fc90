//! T12: a clinic that goes on treating the dead, and not a wrong date in the register.

use super::scene::{Scene, by_the_carload, persons, with_role};
use medring::model::Role;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("identity_misuse").check_ring("identity_misuse", 12..=17);
    assert_eq!((with_role(&ring, Role::Institution), with_role(&ring, Role::Doctor)), (1, 1));
}

#[test]
fn cards_out_of_a_drawer_are_known_nowhere_else() {
    let cards = persons(&Scene::of("clinic_card_swiping").reported().remove(0));
    let drawer = Scene::of("clinic_card_swiping").with(|rows| {
        by_the_carload(rows, &cards);
        let places: Vec<_> = rows.settlements.iter().map(|row| (row.fact.place, row.fact.person)).collect();
        let busiest = |place| places.iter().filter(|(at, person)| *at == place && cards.contains(person)).count();
        let clinic = places.iter().map(|(place, _)| *place).max_by_key(|place| (busiest(*place), *place)).unwrap();
        rows.settlements.retain(|row| !cards.contains(&row.fact.person) || row.fact.place == clinic);
    });
    let ring = drawer.reported().into_iter().find(|one| one.typology == "identity_misuse").expect("the drawer");
    assert!(ring.factors.iter().any(|reason| reason.code == "known_nowhere_else"));
    assert!(persons(&ring).intersection(&cards).count() * 10 >= cards.len() * 7);
}

#[test]
fn golden() {
    Scene::of("identity_misuse").check_golden();
}
