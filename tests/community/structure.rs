//! Do articulation points, bridges, cores and betweenness keep to their definitions?

use medring::community::graph::Graph;
use medring::community::{betweenness, components, core, cut_points};
use medring::model::Party;
use proptest::prelude::*;
use std::collections::BTreeSet;

fn graphs() -> impl Strategy<Value = Graph> {
    let pairs = prop::collection::vec((1_u64..14, 1_u64..14), 0..30);
    pairs.prop_map(|pairs| {
        let alone: Vec<Party> = (1..14).map(Party).collect();
        let pairs: BTreeSet<_> = pairs.into_iter().map(|(a, b)| (a.min(b), a.max(b))).collect();
        Graph::undirected(&alone, pairs.into_iter().map(|(a, b)| (Party(a), Party(b), 1)))
    })
}

/// Pieces that are left when some nodes and one tie are taken out; nodes taken out do not count.
fn pieces_without(graph: &Graph, nodes: &[usize], tie: Option<(usize, usize)>) -> usize {
    let keep: Vec<Party> =
        (0..graph.len()).filter(|node| !nodes.contains(node)).map(|node| graph.parties()[node]).collect();
    let ties = graph.pairs().filter(|&(a, b, _)| !nodes.contains(&a) && !nodes.contains(&b) && Some((a, b)) != tie);
    let rest = Graph::undirected(&keep, ties.map(|(a, b, w)| (graph.parties()[a], graph.parties()[b], w)));
    components::components(&rest).into_iter().collect::<BTreeSet<_>>().len()
}

fn core_by_definition(graph: &Graph, node: usize) -> u32 {
    let mut most = 0;
    for k in 1.. {
        let mut inside: BTreeSet<usize> = (0..graph.len()).collect();
        loop {
            let ties = |own: usize| graph.outgoing().of(own).filter(|(other, _)| inside.contains(other)).count();
            let out: Vec<usize> = inside.iter().copied().filter(|&own| ties(own) < k).collect();
            if out.is_empty() {
                break;
            }
            out.iter().for_each(|own| {
                inside.remove(own);
            });
        }
        if !inside.contains(&node) {
            break;
        }
        most = u32::try_from(k).expect("small");
    }
    most
}

/// All shortest chains between two nodes, by widening every simple chain.
fn shortest_chains(graph: &Graph, from: usize, to: usize) -> Vec<Vec<usize>> {
    let mut chains = vec![vec![from]];
    while !chains.is_empty() {
        let found: Vec<_> = chains.iter().filter(|chain| chain.last() == Some(&to)).cloned().collect();
        if !found.is_empty() {
            return found;
        }
        let longer = |chain: &Vec<usize>| -> Vec<Vec<usize>> {
            let last = chain[chain.len() - 1];
            let next = graph.outgoing().of(last).filter(|(next, _)| !chain.contains(next));
            next.map(|(next, _)| chain.iter().copied().chain([next]).collect()).collect()
        };
        chains = chains.iter().flat_map(longer).collect();
    }
    Vec::new()
}

proptest! {
    #[test]
    fn articulation_points_and_bridges_disconnect(graph in graphs()) {
        let before = pieces_without(&graph, &[], None);
        let points = cut_points::articulation(&graph);
        for node in 0..graph.len() {
            let alone = graph.outgoing().targets(node).is_empty();
            let apart = pieces_without(&graph, &[node], None) > before - usize::from(alone);
            prop_assert_eq!(points.contains(&node), apart, "node {}", node);
        }
        let ties = cut_points::bridge_ties(&graph);
        for (a, b, _) in graph.pairs() {
            prop_assert_eq!(ties.contains(&(a, b)), pieces_without(&graph, &[], Some((a, b))) > before);
        }
    }

    #[test]
    fn cores_are_the_largest_k(graph in graphs()) {
        let cores = core::core_numbers(&graph);
        for (node, core) in cores.into_iter().enumerate() {
            prop_assert_eq!(core, core_by_definition(&graph, node));
        }
    }

    #[test]
    fn betweenness_counts_chains(graph in graphs()) {
        let mut expected = vec![0.0; graph.len()];
        for from in 0..graph.len() {
            for to in from + 1..graph.len() {
                let chains = shortest_chains(&graph, from, to);
                for node in chains.iter().flat_map(|chain| &chain[1..chain.len() - 1]) {
                    expected[*node] += 1.0 / chains.len() as f64;
                }
            }
        }
        for (found, expected) in betweenness::betweenness(&graph).into_iter().zip(expected) {
            prop_assert!((found as f64 / 1e6 - expected).abs() < 1e-4, "{} is not {}", found, expected);
        }
    }
}

#[test]
fn sampled_betweenness_names_the_same_middle() {
    let spokes =
        (0..40_u64).flat_map(|group| (1..80).map(move |n| (Party(1 + group), Party(1_000 + group * 100 + n), 1)));
    let rim = (0..40_u64).map(|group| (Party(100_000), Party(1 + group), 1));
    let graph = Graph::undirected(&[], spokes.chain(rim));
    assert!(graph.len() > betweenness::EXACT_MAX);
    let found = betweenness::betweenness(&graph);
    let middle = graph.node(Party(100_000)).expect("there");
    assert!((0..graph.len()).all(|node| node == middle || found[node] < found[middle]));
}
