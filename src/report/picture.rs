//! Where do the parties and ties of a ring stand in a picture that somebody else draws?
//!
//! The same choice and places as in `report.html`: at most 150 parties and 600 ties, placed without chance.

use super::RingActivity;
use super::layout::positions;
use super::sketch::{Sketch, is_head};
use crate::model::{Party, PartyKind, References, Ring, Role, Tie};

/// A box that pictures are placed in; who draws scales it.
pub const WIDTH: f64 = 1000.0;
/// Its height.
pub const HEIGHT: f64 = 680.0;

/// A party and its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// Who.
    pub party: Party,
    /// The kind shown.
    pub kind: PartyKind,
    /// What it does in the ring; `None` for a context.
    pub role: Option<Role>,
    /// Suspected organiser, recruiter or dealer.
    pub head: bool,
    /// Ties and visits in the ring.
    pub degree: usize,
    /// From the left.
    pub x: f64,
    /// From the top.
    pub y: f64,
}

/// A ring's picture; pairs are indexes into `parties`.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture<'a> {
    /// Who is drawn.
    pub parties: Vec<Placed>,
    /// How many there are.
    pub parties_all: usize,
    /// The ties drawn.
    pub ties: Vec<(&'a Tie, usize, usize)>,
    /// How many there are.
    pub ties_all: usize,
    /// Who was treated where and by whom, where no tie says so already.
    pub visits: Vec<(usize, usize)>,
}

/// Chooses and places what is drawn. Arguments: the ring, the ties that touch its members, and its settlements. Cost: see
/// the layout, some 20 ms.
#[must_use]
pub fn picture<'a>(
    ring: &'a Ring,
    ties: &[&'a Tie],
    activity: &[&RingActivity],
    references: &References,
) -> Picture<'a> {
    let Sketch { nodes, nodes_all, ties: kept, visits } = Sketch::of(ring, ties, activity, references);
    let pairs: Vec<(usize, usize)> = kept.iter().map(|(_, a, b)| (*a, *b)).chain(visits.iter().copied()).collect();
    let radii: Vec<f64> = nodes.iter().map(|node| if node.kind == PartyKind::Person { 6.0 } else { 17.0 }).collect();
    let places = positions(&radii, &pairs, WIDTH, HEIGHT);
    let parties = nodes
        .iter()
        .zip(places)
        .map(|(node, (x, y))| Placed {
            party: node.party,
            kind: node.kind,
            role: node.member.map(|member| member.role),
            head: is_head(node),
            degree: node.degree,
            x,
            y,
        })
        .collect();
    Picture { parties, parties_all: nodes_all, ties: kept, ties_all: ties.len(), visits }
}
