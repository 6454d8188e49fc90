//! T17: which centre bills sessions that nobody sat through? Patients are drawn over from another centre and have more sessions from
//! then on, also while they lie in hospital.

use super::crew;
use crate::synth::calendar::{Window, weekday};
use crate::synth::care::regular;
use crate::synth::claim::Traced;
use crate::synth::scene::{Scene, Who};
use crate::synth::world::choice::Service;
use crate::synth::world::places::PlaceKind;

/// Plants one ring.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let town = scene.world.regions.counties[county].towns.start;
    let old = scene.world.choices[town][Service::Dialysis as usize].draw(&mut scene.draw);
    let counties = scene.world.regions.city(county).counties.clone();
    let chairs = |kind| matches!(kind, PlaceKind::Dialysis | PlaceKind::Private);
    let all: Vec<u32> =
        counties.flat_map(|at| scene.world.places_of(at, chairs)).filter(|place| *place != old).collect();
    let new = scene.draw.pick(&all);
    let n = crew::size(scene, 8, 60);
    let pool = scene.people(county, 40);
    let members = scene.recruit(&pool, n, |world, person| world.age(person, world.window.first) > 35);
    let crew = crew::crew(scene, &members);
    let window = scene.world.window;
    // Some centres made sessions up from the first day; their patients come from nowhere.
    let poached = scene.draw.chance(0.7);
    let moved = if poached { window.first + scene.draw.day(60, window.days() / 2) } else { window.first };
    let weeks = scene.draw.pick(&[1, 4, 12]);
    let invented = scene.draw.wide(0.2, 1.6);
    let complicit = scene.draw.real(0.5, 1.0);
    let in_bed = scene.draw.pick(&[0.0, 0.5, 1.5]);
    let forgets = scene.draw.pick(&[0.0, 0.5, 0.9]);
    scene.note("sessions_without_dialyser", forgets);
    scene.label(Who::Place(new), "institution");
    scene.note("poached", poached);
    scene.note("sessions_invented_a_week", invented);
    scene.note("stays_a_patient", in_bed);
    let mut events = Vec::new();
    for person in &members {
        let day = (moved + scene.draw.day(0, 7 * weeks)).min(window.last - 120);
        let mut claims = Vec::new();
        if poached {
            let before = Window { first: window.first, last: day - 1 };
            regular::sessions(scene.world, &mut scene.draw, (*person, old), before, &mut claims);
        }
        let after = Window { first: day, last: window.last };
        let mut here = Vec::new();
        regular::sessions(scene.world, &mut scene.draw, (*person, new), after, &mut here);
        let share = if scene.draw.chance(complicit) { invented / 3.0 } else { 0.0 };
        let taken: Vec<i32> = here.iter().map(|claim| claim.begin).collect();
        for at in 0..taken.len() {
            // A further session on the day after a real one.
            let made_up = taken[at] + 1;
            if scene.draw.chance(share) && weekday(made_up) != 6 && made_up <= window.last {
                let mut claim = here[at];
                (claim.begin, claim.end, claim.settled) = (made_up, made_up, claim.settled + 86_400);
                (claim.key, claim.visit) = (scene.draw.key(), scene.draw.key());
                // Who makes up the session may forget the dialyser.
                if scene.draw.chance(forgets) {
                    claim.traced = Traced::Undelivered;
                }
                here.push(claim);
            }
        }
        for _ in 0..scene.draw.count(in_bed) {
            let begin = scene.draw.day(day, window.last - 12);
            let nights = scene.draw.day(4, 10);
            let stay = scene.stay(*person, old, begin, nights, "N18.600");
            scene.add(stay);
        }
        for mut claim in here {
            if scene.draw.chance(0.1) {
                crew.sign(&mut scene.draw, &mut claim);
            }
            if scene.add(claim) {
                events.push(*person);
            }
        }
        claims.into_iter().for_each(|claim| {
            scene.add(claim);
        });
    }
    crew::label_patients(scene, &events);
}
