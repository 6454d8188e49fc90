//! Which honest groups look like rings? One file per look-alike; a new one is a file and a line in [`GROUPS`].

use super::Parameters;
use super::draw::{Draw, whole};
use super::scene::{Planted, Scene};
use super::world::World;

/// A look-alike: number in the catalogue, usual number of groups per 100,000 people, what plants one group.
type Lookalike = (&'static str, f64, fn(&mut Scene<'_>));

/// All of them.
const GROUPS: [Lookalike; 0] = [];

/// Plants the usual number of every look-alike, or a multiple of it.
pub(crate) fn plant(world: &World, parameters: &Parameters, planted: &mut Planted) {
    let mut draw = Draw::new(world.seed, 3);
    let size = world.people.persons.len() as f64 / 100_000.0;
    for (name, often, plant) in GROUPS {
        let mean = often * size * parameters.lookalikes;
        let groups = whole(mean + draw.real(-0.5, 0.5)).max(i64::from(parameters.lookalikes > 0.0));
        for number in 1..=groups {
            let mut scene = Scene::new(world, parameters, planted, format!("{name}-{number:04}"), name);
            plant(&mut scene);
            scene.close();
        }
    }
}
