//! Which parties hold together more than a given resolution asks for? The Leiden algorithm for the constant Potts model.
//!
//! A partition is worth Σ over communities of (weight inside − γ · pairs inside). γ is the weight that a pair must have on
//! average to stay together, so, unlike modularity, the answer for one part of a graph does not depend on the rest of it.
//! Everything is an integer, nodes are visited by number, the best move wins and equal moves go to the smaller community,
//! so the same graph always gives the same partition; there is no random number (the price: where Traag et al. draw a
//! community in the refinement, this takes the best).
//!
//! ```text
//! move nodes ─► refine every community into well-connected parts ─► one node per part ─► again, until nothing moves
//! ```
//! Cost: near-linear in the ties, two to ten passes. Paper: Traag, Waltman, van Eck, *From Louvain to Leiden* (2019).

use super::level::{Level, Toward, number};
use crate::model::hash_words;
use std::collections::VecDeque;

/// The partition of highest worth that the algorithm finds. Arguments: the graph of single parties; γ in 1 / [`UNIT`](super::level::UNIT); for
/// each node the community to start from (any numbers below the number of nodes); how many passes in a row may gain nothing
/// before it ends; with 0 there is one pass. Every pass visits nodes in another order, so a pass can gain where the one before did not.
/// Returns for each node the number of its community; numbers count up in the order of the smallest member.
#[must_use]
pub fn partition(level: &Level, resolution: i64, start: &[u32], patience: u32) -> Vec<u32> {
    /// Passes after which the answer is taken as it is.
    const PASSES_MAX: u32 = 64;
    let mut community = start.to_vec();
    renumber(&mut community);
    let mut idle = 0;
    for turn in 0..PASSES_MAX {
        let before = community.clone();
        pass(level, resolution, turn, &mut community);
        renumber(&mut community);
        idle = if community == before { idle + 1 } else { 0 };
        if idle >= patience {
            break;
        }
    }
    community
}

fn pass(level: &Level, resolution: i64, turn: u32, community: &mut [u32]) {
    let mut aggregated: Option<Level> = None;
    let mut labels = community.to_vec();
    let mut node_of: Vec<u32> = (0..number(level.len())).collect();
    loop {
        let current = aggregated.as_ref().unwrap_or(level);
        let order = order(current.len(), turn);
        move_nodes(current, resolution, &order, &mut labels);
        let communities = renumber(&mut labels);
        for (own, &node) in community.iter_mut().zip(&node_of) {
            *own = labels[node as usize];
        }
        if communities == current.len() {
            return;
        }
        let mut part = refine(current, resolution, &order, &labels);
        let mut parts = renumber(&mut part);
        if parts == current.len() {
            part.clone_from(&labels);
            parts = communities;
        }
        let mut next = vec![0; parts];
        for (node, &own) in part.iter().enumerate() {
            next[own as usize] = labels[node];
        }
        for node in &mut node_of {
            *node = part[*node as usize];
        }
        aggregated = Some(current.aggregated(&part, parts));
        labels = next;
    }
}

/// The order in which a pass visits nodes: by number first, then by a hash of number and turn.
fn order(count: usize, turn: u32) -> Vec<u32> {
    let mut order: Vec<u32> = (0..number(count)).collect();
    if turn > 0 {
        order.sort_unstable_by_key(|&node| (hash_words(&[u64::from(node), u64::from(turn)]), node));
    }
    order
}

/// Moves single nodes to their best community until none wants to move.
fn move_nodes(level: &Level, resolution: i64, order: &[u32], labels: &mut [u32]) {
    let count = level.len();
    let mut size = vec![0_i64; count];
    for (node, &label) in labels.iter().enumerate() {
        size[label as usize] += level.size[node];
    }
    let mut empty: Vec<u32> = (0..number(count)).rev().filter(|&label| size[label as usize] == 0).collect();
    let mut queue: VecDeque<usize> = order.iter().map(|&node| node as usize).collect();
    let mut queued = vec![true; count];
    let mut toward = Toward::new(count);
    while let Some(node) = queue.pop_front() {
        queued[node] = false;
        let own = labels[node];
        for (other, weight) in level.neighbours(node) {
            toward.add(labels[other], weight);
        }
        size[own as usize] -= level.size[node];
        let gain = |label: u32| {
            i128::from(toward.weight[label as usize])
                - i128::from(resolution) * i128::from(level.size[node]) * i128::from(size[label as usize])
        };
        let mut best = (gain(own), own);
        for &label in &toward.seen {
            let worth = gain(label);
            if worth > best.0 || (worth == best.0 && best.1 != own && label < best.1) {
                best = (worth, label);
            }
        }
        if best.0 < 0
            && let Some(label) = empty.pop()
        {
            best = (0, label);
        }
        toward.clear();
        size[best.1 as usize] += level.size[node];
        if best.1 == own {
            continue;
        }
        labels[node] = best.1;
        if size[own as usize] == 0 {
            empty.push(own);
        }
        for (other, _) in level.neighbours(node) {
            if !queued[other] && labels[other] != best.1 {
                queued[other] = true;
                queue.push_back(other);
            }
        }
    }
}

/// Parts of the communities that are well connected: every node that is still alone joins the best part of its community.
fn refine(level: &Level, resolution: i64, order: &[u32], labels: &[u32]) -> Vec<u32> {
    let count = level.len();
    let mut total = vec![0_i64; count];
    let mut outside = vec![0_i64; count];
    for node in 0..count {
        total[labels[node] as usize] += level.size[node];
        let inside = level.neighbours(node).filter(|&(other, _)| labels[other] == labels[node]);
        outside[node] = inside.map(|(_, weight)| weight).sum();
    }
    let mut part: Vec<u32> = (0..number(count)).collect();
    let mut size = level.size.clone();
    let mut nodes = vec![1_u32; count];
    let mut toward = Toward::new(count);
    let connected = |outside: i64, size: i64, total: i64| {
        i128::from(outside) >= i128::from(resolution) * i128::from(size) * i128::from(total - size)
    };
    for node in order.iter().map(|&node| node as usize) {
        let all = total[labels[node] as usize];
        if nodes[node] != 1 || part[node] as usize != node || !connected(outside[node], size[node], all) {
            continue;
        }
        for (other, weight) in level.neighbours(node).filter(|&(other, _)| labels[other] == labels[node]) {
            toward.add(part[other], weight);
        }
        let mut best = (0_i128, number(node));
        for &own in &toward.seen {
            let at = own as usize;
            let worth = i128::from(toward.weight[at])
                - i128::from(resolution) * i128::from(level.size[node]) * i128::from(size[at]);
            let better = worth > best.0 || (worth == best.0 && best.0 > 0 && own < best.1);
            if better && connected(outside[at], size[at], all) {
                best = (worth, own);
            }
        }
        let joined = best.1 as usize;
        if joined != node {
            part[node] = best.1;
            outside[joined] += outside[node] - 2 * toward.weight[joined];
            size[joined] += level.size[node];
            nodes[joined] += 1;
        }
        toward.clear();
    }
    part
}

/// Numbers labels in the order of their first appearance; returns how many there are.
pub(super) fn renumber(labels: &mut [u32]) -> usize {
    let mut new = vec![u32::MAX; labels.len()];
    let mut count = 0;
    for label in labels {
        let own = &mut new[*label as usize];
        if *own == u32::MAX {
            *own = count;
            count += 1;
        }
        *label = *own;
    }
    count as usize
}
