//! T02: recruited villagers, and not chemotherapy, influenza or the old people's home.

use super::scene::{Scene, persons, with_role};
use medring::model::{Party, Role};
use std::collections::BTreeSet;

#[test]
fn the_ring_is_found_and_its_look_alikes_are_not() {
    let ring = Scene::of("recruited_fake_admission").check_ring("recruited_fake_admission", 17..=19);
    assert_eq!((with_role(&ring, Role::Recruiter), with_role(&ring, Role::Institution)), (1, 1));
}

#[test]
fn people_sent_one_by_one_who_have_nothing_to_pay_are_found() {
    let recruited = persons(&Scene::of("recruited_fake_admission").reported().remove(0));
    let one_by_one = |cash_percent: i64| {
        let scene = Scene::of("recruited_fake_admission").with(|rows| {
            rows.identifiers.clear();
            let sent = |person: Party| recruited.contains(&person);
            let stays = rows.settlements.iter().filter(|row| sent(row.fact.person) && row.fact.nights() > 0);
            let houses: BTreeSet<Party> = stays.map(|row| row.fact.place).collect();
            // A hospital that lives on them: few others come.
            let mut others = 0;
            rows.settlements.retain(|row| {
                others += usize::from(!sent(row.fact.person) && houses.contains(&row.fact.place));
                sent(row.fact.person) || !houses.contains(&row.fact.place) || others % 10 == 0
            });
            let sent =
                rows.settlements.iter_mut().filter(|row| sent(row.fact.person) && houses.contains(&row.fact.place));
            for (row, at) in sent.zip(0..) {
                let later = at * 41 % 240;
                row.fact.begin.0 += later;
                row.fact.end.0 += later;
                row.fact.settled.0 += i64::from(later) * 86_400;
                row.fact.cash_fen = row.fact.total_fen * cash_percent / 100;
            }
        });
        scene.reported().into_iter().find(|one| one.typology == "recruited_fake_admission")
    };
    let ring = one_by_one(1).expect("the ring");
    assert!(ring.factors.iter().any(|one| one.code == "nothing_to_pay"), "{ring:?}");
    assert!(persons(&ring).intersection(&recruited).count() * 10 >= recruited.len() * 8);
    assert!(one_by_one(30).is_none());
}

#[test]
fn golden() {
    Scene::of("recruited_fake_admission").check_golden();
}
