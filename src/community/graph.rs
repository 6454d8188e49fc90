//! Who is tied to whom, and how strongly? A compact graph whose numbering depends on nothing but its content.
//!
//! Nodes are numbered 0, 1, 2 … in the order of their [`Party`], so the same ties in any order give the same graph, bit
//! for bit, and every algorithm of this room that visits nodes by number is deterministic by content.
//! Cost: 12 bytes a node, 16 bytes a tie; building sorts the ends once.

use crate::model::{Party, Tie};
use petgraph::graph::{DiGraph, NodeIndex, UnGraph};

/// Neighbours of every node, one after the other, each list sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adjacency {
    start: Vec<u32>,
    target: Vec<u32>,
    weight: Vec<u32>,
}

impl Adjacency {
    /// The neighbours of a node, ascending. Cost: none.
    #[must_use]
    pub fn targets(&self, node: usize) -> &[u32] {
        &self.target[self.start[node] as usize..self.start[node + 1] as usize]
    }

    /// The weights that belong to [`Adjacency::targets`], in the same order.
    #[must_use]
    pub fn weights(&self, node: usize) -> &[u32] {
        &self.weight[self.start[node] as usize..self.start[node + 1] as usize]
    }

    /// Neighbour and weight, ascending by neighbour.
    pub fn of(&self, node: usize) -> impl Iterator<Item = (usize, u32)> + '_ {
        self.targets(node).iter().zip(self.weights(node)).map(|(&target, &weight)| (target as usize, weight))
    }

    /// From sorted arcs; several arcs between the same two nodes become one, their weights added.
    fn of_sorted(nodes: usize, arcs: &[(u32, u32, u32)]) -> Adjacency {
        let mut adjacency = Adjacency { start: vec![0; nodes + 1], ..Adjacency::default() };
        let mut last = None;
        for &(from, to, weight) in arcs {
            if last == Some((from, to)) {
                if let Some(sum) = adjacency.weight.last_mut() {
                    *sum = sum.saturating_add(weight);
                }
                continue;
            }
            last = Some((from, to));
            adjacency.start[from as usize + 1] += 1;
            adjacency.target.push(to);
            adjacency.weight.push(weight);
        }
        for node in 0..nodes {
            adjacency.start[node + 1] += adjacency.start[node];
        }
        adjacency
    }
}

/// A graph with weighted ties, directed or not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    parties: Vec<Party>,
    outgoing: Adjacency,
    incoming: Option<Adjacency>,
}

impl Graph {
    /// The undirected graph of some ties. Arguments: the ties in any order; a tie of a party with itself is left out.
    /// Cost: one sort of the ends.
    #[must_use]
    pub fn of_ties(ties: &[Tie]) -> Graph {
        Graph::undirected(&[], ties.iter().map(|tie| (tie.a, tie.b, tie.weight)))
    }

    /// An undirected graph. Arguments: parties that must be there even without ties, and ties with their weights, both in
    /// any order. Cost: one sort of the ends.
    #[must_use]
    pub fn undirected(alone: &[Party], ties: impl IntoIterator<Item = (Party, Party, u32)>) -> Graph {
        let (parties, mut arcs) = numbered(alone, ties);
        for at in 0..arcs.len() {
            let (from, to, weight) = arcs[at];
            arcs.push((to, from, weight));
        }
        arcs.sort_unstable();
        let outgoing = Adjacency::of_sorted(parties.len(), &arcs);
        Graph { parties, outgoing, incoming: None }
    }

    /// A directed graph; arguments as for [`Graph::undirected`], each arc from the first party to the second.
    #[must_use]
    pub fn directed(alone: &[Party], arcs: impl IntoIterator<Item = (Party, Party, u32)>) -> Graph {
        let (parties, mut arcs) = numbered(alone, arcs);
        arcs.sort_unstable();
        let outgoing = Adjacency::of_sorted(parties.len(), &arcs);
        let mut reverse: Vec<_> = arcs.iter().map(|&(from, to, weight)| (to, from, weight)).collect();
        reverse.sort_unstable();
        let incoming = Some(Adjacency::of_sorted(parties.len(), &reverse));
        Graph { parties, outgoing, incoming }
    }

    /// The parties, ascending; a node's number is its place here.
    #[must_use]
    pub fn parties(&self) -> &[Party] {
        &self.parties
    }

    /// How many nodes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parties.len()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parties.is_empty()
    }

    /// Whether arcs have a direction.
    #[must_use]
    pub fn is_directed(&self) -> bool {
        self.incoming.is_some()
    }

    /// How many ties, or arcs if directed.
    #[must_use]
    pub fn ties(&self) -> usize {
        if self.is_directed() { self.outgoing.target.len() } else { self.outgoing.target.len() / 2 }
    }

    /// The number of a party. Cost: a binary search.
    #[must_use]
    pub fn node(&self, party: Party) -> Option<usize> {
        self.parties.binary_search(&party).ok()
    }

    /// Whom a node points to; all neighbours if undirected.
    #[must_use]
    pub fn outgoing(&self) -> &Adjacency {
        &self.outgoing
    }

    /// Who points to a node; all neighbours if undirected.
    #[must_use]
    pub fn incoming(&self) -> &Adjacency {
        self.incoming.as_ref().unwrap_or(&self.outgoing)
    }

    /// Every tie once (`a < b`), or every arc, as `(a, b, weight)`, ascending.
    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize, u32)> + '_ {
        let all = self.is_directed();
        (0..self.len()).flat_map(move |a| {
            self.outgoing.of(a).filter(move |&(b, _)| all || a < b).map(move |(b, weight)| (a, b, weight))
        })
    }

    /// The same graph for petgraph's algorithms on undirected graphs; directions are forgotten. Cost: one copy.
    #[must_use]
    pub fn to_undirected_petgraph(&self) -> UnGraph<Party, u32> {
        let mut graph = UnGraph::with_capacity(self.len(), self.ties());
        for &party in &self.parties {
            graph.add_node(party);
        }
        for (a, b, weight) in self.pairs() {
            graph.add_edge(NodeIndex::new(a), NodeIndex::new(b), weight);
        }
        graph
    }

    /// The same graph for petgraph's algorithms on directed graphs; a tie becomes two arcs. Cost: one copy.
    #[must_use]
    pub fn to_directed_petgraph(&self) -> DiGraph<Party, u32> {
        let mut graph = DiGraph::with_capacity(self.len(), self.outgoing.target.len());
        for &party in &self.parties {
            graph.add_node(party);
        }
        for a in 0..self.len() {
            for (b, weight) in self.outgoing.of(a) {
                graph.add_edge(NodeIndex::new(a), NodeIndex::new(b), weight);
            }
        }
        graph
    }
}

fn numbered(
    alone: &[Party],
    ties: impl IntoIterator<Item = (Party, Party, u32)>,
) -> (Vec<Party>, Vec<(u32, u32, u32)>) {
    let ties: Vec<_> = ties.into_iter().collect();
    let mut parties: Vec<Party> = ties.iter().flat_map(|&(a, b, _)| [a, b]).chain(alone.iter().copied()).collect();
    parties.sort_unstable();
    parties.dedup();
    let number = |party: Party| {
        let at = parties.partition_point(|&other| other < party);
        u32::try_from(at).expect("a piece has fewer than 2^32 parties")
    };
    let arcs = ties.iter().filter(|&&(a, b, _)| a != b).map(|&(a, b, weight)| (number(a), number(b), weight)).collect();
    (parties, arcs)
}
