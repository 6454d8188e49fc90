//! Which parties of the tie graph belong together, and who holds them together?
//!
//! ```text
//! ties ─► pieces ─► (too large? cut by strength) ─► communities ─► roles: articulation, core, betweenness
//! ```
//! A piece is analysed alone: its communities depend on its own ties and on nothing else, whatever the order in which they
//! arrived. Nothing here knows of files, clocks or random numbers.
//!
//! | question | file |
//! |---|---|
//! | who is tied to whom | [`graph`] |
//! | communities at a resolution · the resolution · how good it is | [`leiden`] · [`resolution`] · [`description`] |
//! | what if a piece is too large | [`split`] |
//! | pieces | [`components`] |
//! | without whom it falls apart · who is in the core · who stands between | [`cut_points`] · [`core`] · [`betweenness`] |
//! | where ties lead · which label spreads · do neighbours know one another | [`page_rank`] · [`label_propagation`] · [`clustering`] |
//! | how far is everybody | [`distance`] |
//! | who else belongs to these few | [`expand`] |

pub mod betweenness;
pub mod clustering;
pub mod components;
pub mod core;
pub mod cut_points;
pub mod description;
pub mod distance;
pub mod expand;
pub mod graph;
pub mod label_propagation;
pub mod leiden;
pub mod level;
pub mod page_rank;
pub mod resolution;
pub mod split;

use crate::model::{Party, Tie};
use graph::Graph;
use split::{Cut, split};

/// A piece with more parties than this is first cut by tie strength.
pub const PARTIES_MAX: usize = 20_000;

/// A party is listed in a second community too when at least one in this many units of its weight goes there.
const SECOND_SHARE: u64 = 3;

/// Communities, and what had to be cut to find them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Communities {
    /// Members of each community, ascending; communities in the order of their smallest member, then of the others.
    pub members: Vec<Vec<Party>>,
    /// What was cut because a piece was larger than [`PARTIES_MAX`].
    pub cuts: Vec<Cut>,
    /// Parties of each part that could not be cut below [`PARTIES_MAX`]; it was analysed whole.
    pub over_ceiling: Vec<usize>,
}

/// Which parties belong together. Arguments: ties of one piece or of several, in any order. Returns communities of at
/// least two parties, each ascending, in the order of their smallest member; a party with a third of its weight in a
/// second community is listed there too.
/// Cost: microseconds for a piece of a few parties, near-linear beyond ([`resolution`]).
#[must_use]
pub fn communities(ties: &[Tie]) -> Vec<Vec<Party>> {
    analyse(ties).members
}

/// The same, with what was cut.
#[must_use]
pub fn analyse(ties: &[Tie]) -> Communities {
    let split = split(ties, PARTIES_MAX);
    let mut members: Vec<Vec<Party>> = split.parts.iter().flat_map(|part| of_piece(part)).collect();
    members.sort_unstable();
    Communities { members, cuts: split.cuts, over_ceiling: split.over_ceiling }
}

fn of_piece(ties: &[Tie]) -> Vec<Vec<Party>> {
    let graph = Graph::of_ties(ties);
    let partition = resolution::partition(&graph);
    let count = partition.community.iter().max().map_or(0, |&last| last as usize + 1);
    if count <= 1 {
        return vec![graph.parties().to_vec()];
    }
    let mut members = vec![Vec::new(); count];
    let mut toward = vec![0_u64; count];
    for node in 0..graph.len() {
        let own = partition.community[node] as usize;
        let mut all = 0;
        for (other, weight) in graph.outgoing().of(node) {
            toward[partition.community[other] as usize] += u64::from(weight);
            all += u64::from(weight);
        }
        for (community, weight) in toward.iter_mut().enumerate() {
            if community == own || (*weight > 0 && *weight * SECOND_SHARE >= all) {
                members[community].push(graph.parties()[node]);
            }
            *weight = 0;
        }
    }
    members.retain(|community| community.len() > 1);
    members
}
