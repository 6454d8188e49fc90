//! T08: accounts from all over emptied at two counters, and not a station's pharmacy, nor people who live here.

use super::scene::{Scene, persons, with_role};
use medring::model::{Role, Settlement};

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("pharmacy_cash_out").check_ring("pharmacy_cash_out", 22..=25);
    assert_eq!(with_role(&ring, Role::Pharmacy), 2);
}

#[test]
fn holders_from_the_next_county_are_held_against_their_like() {
    let far = Scene::of("pharmacy_cash_out").reported().remove(0);
    let holders = persons(&far);
    let next_door = Scene::of("pharmacy_cash_out").with(|rows| {
        for row in rows.settlements.iter_mut().filter(|row| holders.contains(&row.fact.person)) {
            let fact = &mut row.fact;
            if fact.area == 320_124 && fact.home / 100 != 3_201 {
                fact.home = 320_102;
            }
        }
    });
    let ring = next_door.reported().into_iter().find(|one| one.typology == "pharmacy_cash_out").expect("the ring");
    assert!(persons(&ring).intersection(&holders).count() * 10 >= holders.len() * 8);
    assert!(
        ring.factors.iter().any(|one| one.code == "accounts_from_elsewhere" && one.text.en.contains("other counties"))
    );
}

#[test]
fn accounts_of_neighbours_that_are_left_empty_again_and_again_are_found() {
    let holders = persons(&Scene::of("pharmacy_cash_out").reported().remove(0));
    let neighbours = |drained: bool| {
        let scene = Scene::of("pharmacy_cash_out").with(|rows| {
            for row in rows.settlements.iter_mut().filter(|row| holders.contains(&row.fact.person)) {
                row.fact.home = row.fact.area;
                if drained && row.fact.account_fen >= Settlement::GOOD_SUM_FEN {
                    row.fact.card |= Settlement::DRAINED;
                }
            }
        });
        scene.reported().into_iter().find(|one| one.typology == "pharmacy_cash_out")
    };
    let ring = neighbours(true).expect("the ring");
    assert!(ring.factors.iter().any(|one| one.code == "left_empty"));
    assert!(persons(&ring).intersection(&holders).count() * 10 >= holders.len() * 6);
    assert!(neighbours(false).is_none());
}

#[test]
fn golden() {
    Scene::of("pharmacy_cash_out").check_golden();
}
