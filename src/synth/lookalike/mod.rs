//! Which honest groups look like rings? One file per look-alike; a new one is a file and a line in [`GROUPS`].

mod common;
mod hn01;
mod hn02;
mod hn03;
mod hn04;
mod hn05;
mod hn06;
mod hn07;
mod hn08;
mod hn09;
mod hn10;
mod hn11;
mod hn12;
mod hn13;
mod hn14;
mod hn15;
mod hn16;
mod hn17;
mod hn18;
mod hn19;
mod hn20;
mod hn21;
mod hn22;
mod hn23;
mod hn24;
mod hn25;
mod hn26;
mod hn27;
mod hn28;
mod hn29;
mod hn30;

use super::Parameters;
use super::draw::{Draw, whole};
use super::scene::{Planted, Scene};
use super::world::World;

/// A look-alike: number in the catalogue (from HN26 on our own), usual number of groups per 100,000 people, what plants one group.
type Lookalike = (&'static str, f64, fn(&mut Scene<'_>));

/// All of them.
const GROUPS: [Lookalike; 29] = [
    ("HN01", 1.0, hn01::plant),
    ("HN02", 2.0, hn02::plant),
    ("HN03", 2.5, hn03::plant),
    ("HN04", 1.5, hn04::plant),
    ("HN05", 1.5, hn05::plant),
    ("HN06", 4.0, hn06::plant),
    ("HN07", 3.0, hn07::plant),
    ("HN08", 2.0, hn08::plant),
    ("HN09", 1.5, hn09::plant),
    ("HN10", 2.0, hn10::plant),
    ("HN11", 2.0, hn11::plant),
    ("HN12", 2.0, hn12::plant),
    ("HN13", 30.0, hn13::plant),
    ("HN14", 1.5, hn14::plant),
    ("HN15", 4.0, hn15::plant),
    ("HN16", 2.0, hn16::plant),
    ("HN17", 0.7, hn17::plant),
    ("HN19", 1.5, hn19::plant),
    ("HN20", 4.0, hn20::plant),
    ("HN21", 2.0, hn21::plant),
    ("HN24", 1.0, hn24::plant),
    ("HN25", 1.0, hn25::plant),
    ("HN22", 2.0, hn22::plant),
    ("HN23", 2.0, hn23::plant),
    ("HN26", 1.0, hn26::plant),
    ("HN27", 1.5, hn27::plant),
    ("HN28", 2.5, hn28::plant),
    ("HN29", 1.5, hn29::plant),
    ("HN30", 0.7, hn30::plant),
];

/// Those that need the tables beside care itself.
const BENEFITS: [Lookalike; 1] = [("HN18", 5.0, hn18::plant)];

/// Plants the usual number of every look-alike, or a multiple of it.
pub(crate) fn plant(world: &World, parameters: &Parameters, planted: &mut Planted) {
    let mut draw = Draw::new(world.seed, 3);
    let size = world.people.persons.len() as f64 / 100_000.0;
    let benefits: &[Lookalike] = if parameters.benefits { &BENEFITS } else { &[] };
    for (name, often, plant) in GROUPS.iter().chain(benefits).copied() {
        let mean = often * size * parameters.lookalikes;
        let groups = whole(mean + draw.real(-0.5, 0.5)).max(i64::from(parameters.lookalikes > 0.0));
        for number in 1..=groups {
            let mut scene = Scene::new(world, parameters, planted, format!("{name}-{number:04}"), name);
            plant(&mut scene);
            scene.close();
        }
    }
}
