//! T11: patients who fetch one dear medicine at several hospitals at once, and sell what they do not need.

use super::crew;
use crate::synth::care::money;
use crate::synth::catalogue::disease_of;
use crate::synth::claim::Care;
use crate::synth::draw::fen;
use crate::synth::scene::{Scene, Who};
use crate::synth::world::places::PlaceKind;

/// Plants one ring, and honest patients with the same disease around it.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let counties = scene.world.regions.city(county).counties.clone();
    let big = |kind| matches!(kind, PlaceKind::Tertiary | PlaceKind::County | PlaceKind::Private);
    let all: Vec<u32> = counties.flat_map(|at| scene.world.places_of(at, big)).collect();
    let wanted = 3 + scene.draw.below(3);
    let houses = scene.draw.some(&all, wanted);
    if houses.len() < 2 {
        return;
    }
    let n = crew::size(scene, 4, 18);
    let pool = scene.people(county, 30);
    let members = scene.recruit(&pool, n, |world, person| world.age(person, world.window.first) > 8);
    let crew = crew::crew(scene, &members);
    let honest = scene.recruit(&pool, n * 2, |world, person| world.age(person, world.window.first) > 8);
    let yuan = scene.draw.wide(1_500.0, 9_000.0);
    let window = scene.world.window;
    scene.note("yuan", yuan);
    scene.note("hospitals", houses.len());
    let mut events = Vec::new();
    for (person, sells) in members.iter().map(|one| (*one, true)).chain(honest.iter().map(|one| (*one, false))) {
        let own = scene.draw.pick(&houses);
        let step = if sells { scene.draw.pick(&[14, 20, 28]) } else { 28 };
        let mut day = window.first + scene.draw.day(0, 60);
        while day < window.last {
            let many = if sells { scene.draw.pick(&[1, 2, 2, 3]) } else { 1 };
            let chosen = if sells { scene.draw.some(&houses, many) } else { vec![own] };
            for house in chosen {
                let late = i32::from(scene.draw.chance(0.3));
                let mut claim = scene.visit(person, house, Care::Special, day + late);
                claim.diagnosis = disease_of("G20.x00");
                let total = fen(scene.draw.spread(yuan, 0.3));
                money::pay(scene.world, &mut scene.draw, &mut claim, total);
                if sells {
                    crew.sign(&mut scene.draw, &mut claim);
                }
                if scene.add(claim) && sells {
                    events.push(person);
                }
            }
            day += step + scene.draw.day(0, 3);
        }
    }
    for person in events {
        scene.label(Who::Person(person), "patient");
    }
}
