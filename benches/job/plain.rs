//! What does a loop cost that can do only this? Hash maps, one thread, nothing taken back.
//!
//! People from outside by institution and day, local ones by institution, doctor and day; groups of 2–64; pairs with three
//! shared occasions; connected components.

use super::measure::{held, peak, percentiles, processor};
use super::quality;
use super::world::{DAYS, Dice, Visit, World};
use hashbrown::HashMap;
use smallvec::SmallVec;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

const GROUP_MAX: usize = 64;
const SHARED_MIN: u32 = 3;

/// The loop's state.
#[derive(Default)]
pub(crate) struct Plain {
    groups: HashMap<u64, SmallVec<[u32; 4]>>,
    pairs: HashMap<(u32, u32), u32>,
    ties: Vec<(u32, u32)>,
}

/// What two people share when they share this.
pub(crate) fn occasion(world: &World, visit: &Visit) -> u64 {
    let doctor = if world.outside(visit) { 0 } else { u64::from(visit.doctor) + 1 };
    u64::from(visit.place) << 40 | u64::from(visit.day) << 24 | doctor
}

impl Plain {
    pub(crate) fn add(&mut self, world: &World, visit: &Visit) {
        let group = self.groups.entry(occasion(world, visit)).or_default();
        if group.len() >= GROUP_MAX || group.contains(&visit.person) {
            return;
        }
        for other in &*group {
            let pair = (visit.person.min(*other), visit.person.max(*other));
            let count = self.pairs.entry(pair).or_default();
            *count += 1;
            if *count == SHARED_MIN {
                self.ties.push(pair);
            }
        }
        group.push(visit.person);
    }

    /// The connected components.
    pub(crate) fn pieces(&self) -> Vec<BTreeSet<u32>> {
        let mut above: HashMap<u32, u32> = HashMap::new();
        for (a, b) in &self.ties {
            let (a, b) = (root(&mut above, *a), root(&mut above, *b));
            above.insert(a.max(b), a.min(b));
        }
        let mut pieces: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for (a, b) in &self.ties {
            pieces.entry(root(&mut above, *a)).or_default().extend([*a, *b]);
        }
        pieces.into_values().collect()
    }
}

fn root(above: &mut HashMap<u32, u32>, mut node: u32) -> u32 {
    while let Some(next) = above.get(&node).copied().filter(|next| *next != node) {
        if let Some(further) = above.get(&next).copied() {
            above.insert(node, further);
        }
        node = next;
    }
    node
}

/// Measures the loop.
pub(crate) fn run(size: u64, batches: u32, say: &mut dyn FnMut(&str, f64)) {
    let world = World::new(size);
    let (before, cpu_before, begun) = (held(), processor().0, Instant::now());
    let mut plain = Plain::default();
    world.visits.iter().for_each(|visit| plain.add(&world, visit));
    let pieces = plain.pieces();
    say("wall", begun.elapsed().as_secs_f64());
    say("cpu", processor().0.saturating_sub(cpu_before).as_secs_f64());
    say("peak", peak().saturating_sub(before) as f64);
    say("pairs", plain.pairs.len() as f64);
    say("ties", plain.ties.len() as f64);
    let of_two = quality::of(&world.rings, &pieces);
    let crowds: Vec<BTreeSet<u32>> = pieces.into_iter().filter(|piece| piece.len() >= 3).collect();
    let of_three = quality::of(&world.rings, &crowds);
    say("precision_2", of_two.0);
    say("recall_2", of_two.1);
    say("precision_3", of_three.0);
    say("recall_3", of_three.1);
    let (mut dice, mut row, mut took) = (Dice(size), size, Vec::new());
    for _ in 0..batches {
        let visits = world.more(1_000, world.day_of(row), &mut dice);
        row += 1_000;
        let begun = Instant::now();
        visits.iter().for_each(|visit| plain.add(&world, visit));
        std::hint::black_box(plain.pieces());
        took.push(begun.elapsed().as_secs_f64());
    }
    percentiles("batch", took, say);
}

/// The loop's ties against counting without any cleverness.
pub(crate) fn check(world: &World) {
    let mut plain = Plain::default();
    world.visits.iter().for_each(|visit| plain.add(world, visit));
    let mut together: BTreeMap<u64, BTreeSet<u32>> = BTreeMap::new();
    for visit in &world.visits {
        together.entry(occasion(world, visit)).or_default().insert(visit.person);
    }
    assert!(together.values().all(|group| group.len() <= GROUP_MAX), "the small world has no large group");
    let mut shared: BTreeMap<(u32, u32), u32> = BTreeMap::new();
    for group in together.values() {
        for a in group {
            for b in group.range(a + 1..) {
                *shared.entry((*a, *b)).or_default() += 1;
            }
        }
    }
    let expected: BTreeSet<(u32, u32)> =
        shared.into_iter().filter(|(_, count)| *count >= SHARED_MIN).map(|(pair, _)| pair).collect();
    assert_eq!(plain.ties.iter().copied().collect::<BTreeSet<_>>(), expected);
    assert!(!expected.is_empty() && world.visits.iter().all(|visit| u64::from(visit.day) < DAYS));
}
