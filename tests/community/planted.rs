//! Are planted communities found, whatever the order of the ties, and is noise left alone?

use super::lfr::nmi;
use medring::community::description::Tally;
use medring::community::graph::Graph;
use medring::community::leiden;
use medring::community::level::{Level, UNIT};
use medring::community::{communities, resolution, split};
use medring::model::{Party, Tie, hash_words};
use proptest::prelude::*;
use rand::prelude::*;
use rand_chacha::ChaCha8Rng;

fn tie(a: u64, b: u64, weight: u32) -> Tie {
    Tie { a: Party(a.min(b)), b: Party(a.max(b)), weight, occasions: smallvec::SmallVec::new() }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rounding down is the purpose")]
fn whole(number: f64) -> usize {
    number as usize
}

/// A number between `least` and `most`, small ones more often, by a power law with exponent `-power`.
fn power_law(dice: &mut ChaCha8Rng, least: f64, most: f64, power: f64) -> f64 {
    let (low, high) = (least.powf(1.0 - power), most.powf(1.0 - power));
    (low + dice.random::<f64>() * (high - low)).powf(1.0 / (1.0 - power))
}

/// A graph like those of Lancichinetti, Fortunato and Radicchi (2008): power laws for degrees (15–50) and for communities
/// (10–50), and `mixing` of every party's ties lead out of its community. Returns ties and the planted community.
fn lfr_like(parties: usize, mixing: f64, seed: u64) -> (Vec<Tie>, Vec<u32>) {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let mut truth = Vec::new();
    while truth.len() < parties {
        let size = whole(power_law(&mut dice, 10.0, 50.0, 1.5));
        let label = truth.last().map_or(0, |last| last + 1);
        truth.extend(std::iter::repeat_n(label, size));
    }
    truth.truncate(parties);
    truth.shuffle(&mut dice);
    let mut inside: Vec<Vec<u64>> = vec![Vec::new(); parties];
    let mut outside: Vec<u64> = Vec::new();
    for (party, &label) in truth.iter().enumerate() {
        let size = truth.iter().filter(|&&other| other == label).count();
        let degree = power_law(&mut dice, 15.0, 50.0, 2.5);
        let within = whole(degree * (1.0 - mixing)).min(size - 1);
        inside[label as usize].extend(std::iter::repeat_n(party as u64, within));
        outside.extend(std::iter::repeat_n(party as u64, whole(degree * mixing)));
    }
    let mut ties = std::collections::BTreeSet::new();
    for stubs in inside.iter_mut().chain([&mut outside]) {
        for _ in 0..20 {
            stubs.shuffle(&mut dice);
            let pairs: Vec<(u64, u64)> = stubs.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
            stubs.clear();
            for (a, b) in pairs {
                if a == b || !ties.insert((a.min(b), a.max(b))) {
                    stubs.extend([a, b]);
                }
            }
        }
    }
    (ties.into_iter().map(|(a, b)| tie(a + 1, b + 1, 1)).collect(), truth)
}

fn labels(graph: &Graph, truth: &[u32]) -> Vec<u32> {
    graph.parties().iter().map(|party| truth[usize::try_from(party.0).expect("small") - 1]).collect()
}

#[test]
fn planted_communities_are_found_up_to_mixing_six_tenths() {
    for (mixing, least) in [(0.1, 0.99), (0.3, 0.99), (0.5, 0.98), (0.6, 0.95)] {
        let (ties, truth) = lfr_like(2_000, mixing, 5);
        let graph = Graph::of_ties(&ties);
        let found = resolution::partition(&graph);
        let reached = nmi(&found.community, &labels(&graph, &truth));
        eprintln!("planted, mixing {mixing}: NMI {reached:.4}");
        assert!(reached >= least, "mixing {mixing}: NMI {reached} is below {least}");
    }
}

#[test]
fn noise_is_one_community() {
    let mut dice = ChaCha8Rng::seed_from_u64(11);
    for parties in [10_u64, 40, 300] {
        let ring = (0..parties).map(|at| tie(at + 1, (at + 1) % parties + 1, 300));
        let chords: Vec<Tie> = (0..parties * 3)
            .map(|_| (dice.random_range(1..=parties), dice.random_range(1..=parties)))
            .filter(|(a, b)| a != b)
            .map(|(a, b)| tie(a, b, 300))
            .collect();
        let ties: Vec<Tie> = ring.chain(chords).collect();
        assert_eq!(communities(&ties).len(), 1, "{parties} parties");
    }
}

fn clique(first: u64, parties: u64, weight: u32) -> impl Iterator<Item = Tie> {
    (first..first + parties).flat_map(move |a| (a + 1..first + parties).map(move |b| tie(a, b, weight)))
}

#[test]
fn two_rings_that_share_a_hand_are_two_and_the_hand_is_in_both() {
    let shared = (2..=9).chain(102..=109).map(|other| tie(50, other, 900));
    let ties: Vec<Tie> = clique(1, 9, 900).chain(clique(101, 9, 900)).chain(shared).collect();
    let found = communities(&ties);
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(|members| members.contains(&Party(50)) && members.len() == 10), "{found:?}");
}

#[test]
fn weight_separates_what_presence_does_not() {
    let across = (1..=8_u64).flat_map(|a| (101..=108).map(move |b| tie(a, b, 200)));
    let ties: Vec<Tie> = clique(1, 8, 6_000).chain(clique(101, 8, 6_000)).chain(across).collect();
    assert_eq!(communities(&ties).len(), 2);
}

#[test]
fn a_cut_by_strength_is_said() {
    let bridge = [tie(10, 101, 310)];
    let ties: Vec<Tie> = clique(1, 10, 900).chain(clique(101, 10, 900)).chain(bridge).collect();
    let found = split::split(&ties, 12);
    assert_eq!(found.parts.len(), 2);
    assert_eq!((found.cuts.len(), found.cuts[0].ties, found.cuts[0].weight_min), (1, 1, 320));
    let uniform: Vec<Tie> = clique(1, 20, 500).collect();
    let whole = split::split(&uniform, 12);
    assert_eq!((whole.parts.len(), whole.over_ceiling), (1, vec![20]));
}

fn random_ties() -> impl Strategy<Value = Vec<Tie>> {
    let one = (1_u64..40, 1_u64..40, 100_u32..2_000).prop_map(|(a, b, weight)| {
        let name = |n: u64| hash_words(&[n]);
        tie(name(a), name(b), weight)
    });
    prop::collection::vec(one, 1..120).prop_map(|mut ties| {
        ties.retain(|tie| tie.a != tie.b);
        ties
    })
}

/// What a partition is worth to the constant Potts model.
fn worth(graph: &Graph, community: &[u32], gamma: i64) -> i128 {
    let inside = graph.pairs().filter(|&(a, b, _)| community[a] == community[b]);
    let weight: i128 = inside.map(|(.., weight)| i128::from(weight) * i128::from(UNIT)).sum();
    weight - i128::from(gamma) * i128::from(Tally::of(graph, community).inside.pairs)
}

proptest! {
    #[test]
    fn the_order_of_ties_does_not_matter(ties in random_ties(), seed in 0_u64..1_000) {
        let mut shuffled = ties.clone();
        shuffled.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
        prop_assert_eq!(communities(&ties), communities(&shuffled));
        prop_assert_eq!(split::split(&ties, 6), split::split(&shuffled, 6));
    }

    #[test]
    fn a_piece_does_not_depend_on_others(ties in random_ties()) {
        let mut apart: Vec<_> = split::pieces(ties.clone()).iter().flat_map(|piece| communities(piece)).collect();
        apart.sort_unstable();
        prop_assert_eq!(communities(&ties), apart);
    }

    #[test]
    fn parts_keep_to_the_ceiling_or_say_so(ties in random_ties(), ceiling in 3_usize..12) {
        let found = split::split(&ties, ceiling);
        let over = found.parts.iter().map(|part| split::ends(part).len()).filter(|&parties| parties > ceiling).count();
        prop_assert_eq!(over, found.over_ceiling.len());
        let kept: usize = found.parts.iter().map(Vec::len).sum();
        let cut: usize = found.cuts.iter().map(|cut| cut.ties).sum();
        prop_assert_eq!(kept + cut, ties.len());
    }

    #[test]
    fn no_single_party_wants_to_move(ties in random_ties(), gamma in 1_i64..2_000) {
        let graph = Graph::of_ties(&ties);
        let gamma = gamma * UNIT;
        let level = Level::of(&graph, |weight| i64::from(weight) * UNIT);
        let alone: Vec<u32> = (0..).take(graph.len()).collect();
        let found = leiden::partition(&level, gamma, &alone, 1);
        let best = worth(&graph, &found, gamma);
        let communities = found.iter().max().map_or(0, |last| last + 1);
        for node in 0..graph.len() {
            for other in 0..=communities {
                let mut moved = found.clone();
                moved[node] = other;
                let mut numbers: Vec<u32> = moved.clone();
                numbers.sort_unstable();
                numbers.dedup();
                let moved: Vec<u32> =
                    moved.iter().map(|own| u32::try_from(numbers.partition_point(|n| n < own)).expect("small")).collect();
                prop_assert!(worth(&graph, &moved, gamma) <= best, "{node} wants to {other}");
            }
        }
        for community in 0..communities {
            let inside: Vec<Tie> = graph.pairs()
                .filter(|&(a, b, _)| found[a] == community && found[b] == community)
                .map(|(a, b, weight)| tie(graph.parties()[a].0, graph.parties()[b].0, weight)).collect();
            prop_assert!(split::pieces(inside).len() <= 1, "a community in two pieces");
        }
    }
}
