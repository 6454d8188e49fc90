//! HN20: mothers and newborn twins who lie in one hospital on the same days.

use super::common;
use crate::synth::claim::Care;
use crate::synth::scene::Scene;
use crate::synth::world::choice::Service;

/// Plants one family.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let people = scene.people(county, 8);
    let world = scene.world;
    let young = |person: &u32| {
        world.age(*person, world.window.first) < 1 && world.person(*person).birth > world.window.first - 200
    };
    let Some(child) = people.iter().copied().find(young) else { return };
    let family = world.people.household(world.person(child).household);
    let mother = family.clone().find(|person| !world.person(*person).male && common::working(world, *person));
    let day = world.window.first + scene.draw.day(3, 300);
    let town = world.person(child).lives as usize;
    let place = world.choices[town][Service::Ward as usize].draw(&mut scene.draw);
    let mut members = vec![child];
    let baby = common::stay_for(scene, child, place, day, "P59.900");
    scene.add(baby);
    if let Some(mother) = mother {
        let mut stay = common::stay_for(scene, mother, place, day, "O82.900");
        stay.care = Care::Birth;
        scene.add(stay);
        members.push(mother);
    }
    common::people(scene, &members);
}
