//! HN14: people who are truly and lastingly ill: long stays on one ward for years. Some hospitals have a contract by the bed-day and
//! book whole wards anew when a period ends; nobody leaves the house then.

use super::common;
use crate::synth::scene::Scene;
use crate::synth::world::places::PlaceKind;

/// Plants one hospital's chronic wards.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let counties = scene.world.regions.city(county).counties.clone();
    let mut places: Vec<u32> =
        counties.flat_map(|at| scene.world.places_of(at, |kind| kind == PlaceKind::Psychiatric)).collect();
    if places.is_empty() {
        places = scene.world.places_of(county, |kind| kind == PlaceKind::County);
    }
    let place = scene.draw.pick(&places);
    let n = common::size(scene, 12, 60);
    let pool = scene.people(county, 30);
    let members = scene.recruit(&pool, n, common::older(25));
    let window = scene.world.window;
    let contract = scene.draw.chance(0.5);
    let period = scene.draw.pick(&[30, 30, 60, 90]);
    let ward = 5 + scene.draw.below(10);
    scene.note("booked_anew_together", contract);
    for group in members.chunks(ward) {
        let first = window.first + scene.draw.day(0, 60);
        for person in group {
            let code = scene.draw.pick(&["F20.900", "F20.900", "F32.900"]);
            let mut day = first + if contract { 0 } else { scene.draw.day(0, 150) };
            while day < window.last - 20 {
                let nights = if contract { period - 1 } else { scene.draw.day(25, 95) };
                let claim = scene.stay(*person, place, day, nights, code);
                scene.add(claim);
                let home = scene.draw.chance(0.5);
                day += nights
                    + if contract {
                        1
                    } else if home {
                        scene.draw.day(1, 5)
                    } else {
                        scene.draw.day(15, 150)
                    };
            }
        }
    }
    common::people(scene, &members);
    common::place(scene, place);
}
