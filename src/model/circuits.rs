//! Which flows come back to where they began? Patients are referred to the higher care, and the flows between hospitals make no
//! circle; those who are passed around make one.

use std::collections::{BTreeMap, BTreeSet};

/// A circle of more legs than this is nobody's plan.
const LEGS_MAX: usize = 6;
/// A way belongs to a circle when what goes there and the widest way back differ by no more than this: a broad stream that a few come
/// back from is no circle.
const TIMES_MOST: u64 = 5;

/// Ways, by where they begin and lead.
type Ways<P> = BTreeSet<(P, P)>;

/// A way from one place to another: how many went it, and how many of them others, or they themselves, brought back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg<P> {
    /// Where it begins.
    pub from: P,
    /// Where it leads.
    pub to: P,
    /// Times it was gone.
    pub gone: u64,
    /// Times that something came back: the bottleneck of the widest way back.
    pub back: u64,
}

/// The circles among some flows, each with its legs, in order of their places: two ways are of one circle when one brings back what
/// goes the other. Two circles may have a place in common. Ways that were gone fewer than `at_least` times are not looked at.
///
/// Cost: `LEGS_MAX` times the square of the number of ways that remain.
#[must_use]
pub fn circuits<P: Ord + Copy>(flows: &BTreeMap<(P, P), u64>, at_least: u64) -> Vec<Vec<Leg<P>>> {
    let wide: Vec<(P, P, u64)> =
        flows.iter().filter(|(_, gone)| **gone >= at_least).map(|((from, to), gone)| (*from, *to, *gone)).collect();
    let mut circles: Vec<(Ways<P>, Vec<Leg<P>>)> = Vec::new();
    for (from, to, gone) in &wide {
        let (back, ways) = widest(&wide, *to, *from);
        if back * TIMES_MOST < *gone || *gone * TIMES_MOST < back {
            continue;
        }
        let leg = Leg { from: *from, to: *to, gone: *gone, back: back.min(*gone) };
        let mut joined = (ways, vec![leg]);
        joined.0.insert((*from, *to));
        circles.retain_mut(|(ways, legs)| {
            let meets = !ways.is_disjoint(&joined.0);
            if meets {
                joined.0.append(ways);
                joined.1.append(legs);
            }
            !meets
        });
        circles.push(joined);
    }
    let mut circles: Vec<Vec<Leg<P>>> = circles.into_iter().map(|(_, legs)| legs).collect();
    circles.iter_mut().for_each(|legs| legs.sort_unstable_by_key(|leg| (leg.from, leg.to)));
    circles.sort_unstable_by_key(|legs| legs.first().map(|leg| (leg.from, leg.to)));
    circles
}

/// The widest way between two places: its bottleneck, and what it leads along.
fn widest<P: Ord + Copy>(ways: &[(P, P, u64)], from: P, to: P) -> (u64, Ways<P>) {
    let mut reach: BTreeMap<P, (u64, P)> = BTreeMap::from([(from, (u64::MAX, from))]);
    for _ in 1..LEGS_MAX {
        let before = reach.clone();
        for (one, next, gone) in ways {
            if let Some((so_far, _)) = before.get(one) {
                let through = ((*so_far).min(*gone), *one);
                let held = reach.entry(*next).or_insert(through);
                if through.0 > held.0 {
                    *held = through;
                }
            }
        }
        if reach == before {
            break;
        }
    }
    let mut led = BTreeSet::new();
    let mut at = to;
    while let Some((_, before)) = reach.get(&at).filter(|_| at != from) {
        led.insert((*before, at));
        at = *before;
    }
    (reach.get(&to).map_or(0, |held| held.0), led)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_found_and_a_staircase_is_none() {
        let up = BTreeMap::from([(("a", "b"), 20), (("b", "c"), 30), (("a", "c"), 9)]);
        assert!(circuits(&up, 3).is_empty());
        assert!(circuits(&BTreeMap::from([(("a", "b"), 200), (("b", "a"), 10)]), 3).is_empty());
        let around = BTreeMap::from([(("a", "b"), 20), (("b", "c"), 9), (("c", "a"), 12), (("c", "d"), 40)]);
        let found = circuits(&around, 3);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].iter().map(|leg| (leg.from, leg.back)).collect::<Vec<_>>(), [("a", 9), ("b", 9), ("c", 9)]);
    }

    #[test]
    fn two_circles_without_a_common_place_are_two() {
        let flows = BTreeMap::from([((1, 2), 5), ((2, 1), 4), ((3, 4), 9), ((4, 3), 9), ((2, 3), 1)]);
        assert_eq!(circuits(&flows, 3).len(), 2);
    }

    #[test]
    fn two_circles_that_meet_in_a_place_are_two_unless_something_goes_round_both() {
        let mut flows = BTreeMap::from([((1, 2), 5), ((2, 1), 4), ((2, 3), 9), ((3, 2), 9)]);
        assert_eq!(circuits(&flows, 3).len(), 2);
        flows.extend([((3, 1), 9), ((1, 2), 9)]);
        assert_eq!(circuits(&flows, 3).len(), 1);
    }
}
