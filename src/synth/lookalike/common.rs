//! What do all honest groups need? Their labels, and care that differs from person to person.

use crate::synth::care::{outpatient, stay};
use crate::synth::catalogue::DISEASES;
use crate::synth::claim::{Care, Claim};
use crate::synth::scene::{Scene, Who};
use crate::synth::world::World;

/// Names the people of the group.
pub(super) fn people(scene: &mut Scene<'_>, members: &[u32]) {
    for person in members {
        scene.label(Who::Person(*person), "patient");
    }
}

/// Names a place of the group.
pub(super) fn place(scene: &mut Scene<'_>, place: u32) {
    let pharmacy = scene.world.place(place).is_pharmacy();
    scene.label(Who::Place(place), if pharmacy { "pharmacy" } else { "institution" });
}

/// How many people: wide, but not more than a world of this size bears.
pub(super) fn size(scene: &mut Scene<'_>, low: i64, high: i64) -> usize {
    let world = i64::try_from(scene.world.people.persons.len()).unwrap_or(0);
    let n = scene.draw.wide_int(low, high.min((world / 400).max(low + 2)));
    scene.note("members", n);
    usize::try_from(n).unwrap_or(8)
}

/// A stay for whatever the person really has, with its own length, doctor and bill.
pub(super) fn real_stay(scene: &mut Scene<'_>, person: u32, place: u32, day: i32) -> Claim {
    let age = scene.world.age(person, day);
    let illness = outpatient::disease(&mut scene.draw, age, day, |disease| disease.ward * 2.0);
    stay::stay(scene.world, &mut scene.draw, person, place, day, illness)
}

/// A stay for a given illness.
pub(super) fn stay_for(scene: &mut Scene<'_>, person: u32, place: u32, day: i32, code: &str) -> Claim {
    let illness = usize::from(crate::synth::catalogue::disease_of(code)).min(DISEASES.len() - 1);
    stay::stay(scene.world, &mut scene.draw, person, place, day, illness)
}

/// A day case with a given illness.
pub(super) fn day_case(scene: &mut Scene<'_>, person: u32, place: u32, day: i32, code: &str) -> Claim {
    let mut claim = scene.stay(person, place, day, 0, code);
    claim.care = Care::DayCase;
    claim
}

/// Whether somebody is past an age.
pub(super) fn older(years: i32) -> impl Fn(&World, u32) -> bool {
    move |world, person| world.age(person, world.window.first) >= years
}

/// Whether somebody is of working age.
pub(super) fn working(world: &World, person: u32) -> bool {
    (19..56).contains(&world.age(person, world.window.first))
}
