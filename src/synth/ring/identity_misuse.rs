//! T12: a clinic or pharmacy that goes on treating the dead, and people who use nothing.

use super::crew;
use crate::synth::claim::{Care, NONE};
use crate::synth::scene::{Scene, Who};
use crate::synth::world::places::PlaceKind;

/// Plants one ring.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let small = |kind| matches!(kind, PlaceKind::Clinic | PlaceKind::Township | PlaceKind::Pharmacy);
    let places = scene.world.places_of(county, small);
    let place = scene.draw.pick(&places);
    let window = scene.world.window;
    let n = crew::size(scene, 6, 70);
    let gone = 3 + n * (2 + scene.draw.below(5)) / 10;
    let pool = scene.people(county, 12);
    let dead = scene.recruit(&pool, gone, |world, person| world.age(person, world.window.first) > 68);
    let asleep = scene.recruit(&pool, n.saturating_sub(dead.len()), |world, person| {
        world.person(person).need <= 0.0 && (18..62).contains(&world.age(person, world.window.first))
    });
    let members: Vec<u32> = dead.iter().chain(&asleep).copied().collect();
    let crew = crew::crew(scene, &members);
    for person in &dead {
        let day = window.first + scene.draw.day(10, 350);
        scene.planted.benefits.deaths.insert(*person, day);
    }
    let pharmacy = scene.world.place(place).is_pharmacy();
    scene.label(Who::Place(place), if pharmacy { "pharmacy" } else { "institution" });
    scene.note("dead", dead.len());
    let doctors = scene.doctors(place, 2);
    let start = window.first + scene.draw.day(120, 360);
    let step = scene.draw.pick(&[15, 30, 45]);
    for person in &members {
        if pharmacy && crew.phone() != NONE && scene.draw.chance(0.4) {
            scene.link(Who::Phone(crew.phone()), Who::Person(*person), "contact", start);
        }
        let died = scene.planted.benefits.deaths.get(person).copied().unwrap_or(i32::MIN);
        let mut day = start.max(died.saturating_add(12)) + scene.draw.day(0, 40);
        let mut used = false;
        while day < window.last {
            let care = if pharmacy { Care::Drugstore } else { scene.draw.pick(&[Care::Outpatient, Care::Chronic]) };
            let mut claim = scene.visit(*person, place, care, day);
            if !doctors.is_empty() {
                claim.doctor = scene.draw.pick(&doctors);
            }
            claim.card = 3;
            crew.sign(&mut scene.draw, &mut claim);
            used |= scene.draw.chance(0.75) && scene.add(claim);
            day += step + scene.draw.day(0, 3);
        }
        if used {
            scene.label(Who::Person(*person), "patient");
        }
    }
}
