//! What if a piece is too large to be one story? It is cut by tie strength, in fixed steps.
//!
//! The rungs are the same for every piece and every run (each power of two times 1, 1¼, 1½, 1¾), so the parts depend on
//! the ties alone and not on how the piece grew. Only parts that are still too large climb to the next rung; a rung that
//! would leave no tie at all is not taken, and the part is then reported as over the ceiling.
//! Cost: one union-find per rung over the ties of the parts that are still too large; at most 128 rungs.

use super::components;
use crate::model::{Party, Tie};

/// The parts of a piece, and what was cut.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// Ties of each part, each list sorted; parts in the order of their smallest party.
    pub parts: Vec<Vec<Tie>>,
    /// What was cut, rung by rung; empty when nothing was.
    pub cuts: Vec<Cut>,
    /// Parties of each part that no rung could bring below the ceiling.
    pub over_ceiling: Vec<usize>,
}

/// A cut that the user must be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Ties that weigh less than this were cut, −ln p in hundredths.
    pub weight_min: u32,
    /// Parties of the part that was too large.
    pub parties: usize,
    /// How many ties were cut.
    pub ties: usize,
    /// Parties that have no tie left.
    pub left_alone: usize,
}

/// Cuts a piece into parts of at most `parties_max` parties. Arguments: the ties of one piece or of several, in any order.
#[must_use]
pub fn split(ties: &[Tie], parties_max: usize) -> Split {
    let mut split = Split::default();
    let mut waiting: Vec<(u32, Vec<Tie>)> = pieces(ties.to_vec()).into_iter().map(|piece| (0, piece)).collect();
    while let Some((rung, part)) = waiting.pop() {
        let parties = ends(&part).len();
        if parties <= parties_max {
            split.parts.push(part);
            continue;
        }
        let lightest = part.iter().map(|tie| tie.weight).min().unwrap_or(0);
        let weight_min = next_rung(rung.max(lightest));
        let kept: Vec<Tie> = part.iter().filter(|tie| tie.weight >= weight_min).cloned().collect();
        if kept.is_empty() {
            split.over_ceiling.push(parties);
            split.parts.push(part);
            continue;
        }
        let left_alone = parties - ends(&kept).len();
        split.cuts.push(Cut { weight_min, parties, ties: part.len() - kept.len(), left_alone });
        waiting.extend(pieces(kept).into_iter().map(|piece| (weight_min, piece)));
    }
    split.parts.sort_by_key(|part| part.iter().map(|tie| tie.a).min());
    split.cuts.sort_by_key(|cut| (cut.weight_min, cut.parties, cut.ties, cut.left_alone));
    split.over_ceiling.sort_unstable();
    split
}

/// The ties of each connected piece, sorted; pieces in the order of their smallest party.
#[must_use]
pub fn pieces(mut ties: Vec<Tie>) -> Vec<Vec<Tie>> {
    ties.retain(|tie| tie.a != tie.b);
    ties.sort_unstable();
    let parties = ends(&ties);
    let node = |party: Party| parties.partition_point(|&other| other < party);
    let labels = components::labels(parties.len(), ties.iter().map(|tie| (node(tie.a), node(tie.b))));
    let count = labels.iter().max().map_or(0, |&last| last as usize + 1);
    if count <= 1 {
        return if ties.is_empty() { Vec::new() } else { vec![ties] };
    }
    let mut pieces = vec![Vec::new(); count];
    for tie in ties {
        pieces[labels[node(tie.a)] as usize].push(tie);
    }
    pieces
}

/// The parties of some ties, ascending.
#[must_use]
pub fn ends(ties: &[Tie]) -> Vec<Party> {
    let mut parties: Vec<Party> = ties.iter().flat_map(|tie| [tie.a, tie.b]).collect();
    parties.sort_unstable();
    parties.dedup();
    parties
}

/// The first rung above a weight: the next power of two times 1, 1¼, 1½ or 1¾.
fn next_rung(weight: u32) -> u32 {
    if weight < 4 {
        return weight + 1;
    }
    let quarter = 1_u32 << (weight.ilog2() - 2);
    (weight / quarter + 1).saturating_mul(quarter)
}

#[cfg(test)]
mod tests {
    use super::next_rung;

    #[test]
    fn rungs_are_the_same_from_wherever_one_climbs() {
        assert_eq!((next_rung(0), next_rung(4), next_rung(700), next_rung(768)), (1, 5, 768, 896));
        assert_eq!((next_rung(1_023), next_rung(1_024), next_rung(u32::MAX)), (1_024, 1_280, u32::MAX));
    }
}
