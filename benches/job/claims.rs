//! Which rows stand, and how do they come and go?

use super::world::{Dice, Parties, Visit, World, narrow};
use medring::model::Batch;

/// A prime: steps of it visit every row once.
const STRIDE: u64 = 982_451_653;

/// The rows that stand, and how they come and go.
pub(crate) struct Claims<'a> {
    pub(crate) world: &'a World,
    pub(crate) parties: Parties,
    later: Vec<Visit>,
    gone: u64,
    dice: Dice,
}

impl<'a> Claims<'a> {
    pub(crate) fn of(world: &'a World) -> Claims<'a> {
        let dice = Dice(world.visits.len() as u64);
        Claims { world, parties: Parties::of(world), later: Vec::new(), gone: 0, dice }
    }

    /// So many new visits, numbered.
    pub(crate) fn come(&mut self, count: usize) -> Vec<(u64, Visit)> {
        let first = (self.world.visits.len() + self.later.len()) as u64 + 1;
        let visits = self.world.more(count, self.world.day_of(first), &mut self.dice);
        self.later.extend(&visits);
        (first..).zip(visits).collect()
    }

    /// So many visits of the bulk load that were not taken back yet, numbered.
    pub(crate) fn go(&mut self, count: u64) -> Vec<(u64, Visit)> {
        let rows = (self.gone..self.gone + count).map(|at| self.nth_gone(at));
        let visits = rows.map(|at| (at + 1, self.world.visits[narrow(at) as usize])).collect();
        self.gone += count;
        visits
    }

    /// So many new rows.
    pub(crate) fn add(&mut self, count: usize) -> Batch {
        let visits = self.come(count);
        self.rows(&visits)
    }

    /// So many rows that go.
    pub(crate) fn take_back(&mut self, count: u64) -> Batch {
        let visits = self.go(count);
        self.rows(&visits)
    }

    fn rows(&self, visits: &[(u64, Visit)]) -> Batch {
        self.parties.batch(self.world, visits.iter().map(|(row, visit)| (*row, visit)))
    }

    fn nth_gone(&self, at: u64) -> u64 {
        at * STRIDE % self.world.visits.len() as u64
    }

    /// All rows that stand, in order.
    pub(crate) fn standing(&self) -> impl Iterator<Item = (u64, &Visit)> {
        let mut gone = vec![false; self.world.visits.len()];
        (0..self.gone).for_each(|at| gone[narrow(self.nth_gone(at)) as usize] = true);
        let all = (1_u64..).zip(self.world.visits.iter().chain(&self.later));
        all.zip(gone.into_iter().chain(std::iter::repeat(false))).filter(|(_, gone)| !gone).map(|(row, _)| row)
    }
}
