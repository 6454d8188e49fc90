//! Which parties and ties of a ring are drawn? At most 150 parties and 600 ties; the page says how many there are.

use super::RingActivity;
use super::naming::shown_kind;
use crate::model::{Member, Party, PartyKind, References, Ring, Role, Tie};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

const NODES: usize = 150;
const HUBS: usize = 40;
const CONTEXTS: usize = 20;
const TIES_TO_HUBS: usize = 350;
const TIES: usize = 600;
const VISITS: usize = 350;

/// A party to draw.
pub(super) struct Node<'a> {
    pub(super) party: Party,
    pub(super) kind: PartyKind,
    pub(super) member: Option<&'a Member>,
    pub(super) degree: usize,
}

/// What is drawn; pairs are indexes into `nodes`.
pub(super) struct Sketch<'a> {
    pub(super) nodes: Vec<Node<'a>>,
    pub(super) nodes_all: usize,
    pub(super) ties: Vec<(&'a Tie, usize, usize)>,
    /// Who was treated where and by whom, where no tie says so already.
    pub(super) visits: Vec<(usize, usize)>,
}

impl<'a> Sketch<'a> {
    /// Chooses hubs, contexts and the most strongly tied persons, then ties to hubs before ties between persons.
    pub(super) fn of(
        ring: &'a Ring,
        ties: &[&'a Tie],
        activity: &[&RingActivity],
        references: &References,
    ) -> Sketch<'a> {
        let visited = visited(ring, ties, activity);
        let (nodes, nodes_all) = chosen(ring, ties, &visited, references);
        let index: BTreeMap<Party, usize> = nodes.iter().enumerate().map(|(at, node)| (node.party, at)).collect();
        let mut edges: Vec<(&Tie, usize, usize)> =
            ties.iter().filter_map(|tie| Some((*tie, *index.get(&tie.a)?, *index.get(&tie.b)?))).collect();
        edges.sort_by_key(|(tie, _, _)| (Reverse(tie.weight), tie.a, tie.b));
        let is_hub = |tie: &Tie| tie.a.kind() != PartyKind::Person || tie.b.kind() != PartyKind::Person;
        let (mut kept, rest): (Vec<_>, Vec<_>) = edges.into_iter().partition(|(tie, _, _)| is_hub(tie));
        kept.truncate(TIES_TO_HUBS);
        kept.extend(rest);
        kept.truncate(TIES);
        let visits = visited.iter().filter_map(|(a, b)| Some((*index.get(a)?, *index.get(b)?))).take(VISITS).collect();
        Sketch { nodes, nodes_all, ties: kept, visits }
    }
}

/// Pairs of members of whom one was treated at or by the other, without a tie between them.
fn visited(ring: &Ring, ties: &[&Tie], activity: &[&RingActivity]) -> BTreeSet<(Party, Party)> {
    let members: BTreeSet<Party> = ring.finding.members.iter().map(|member| member.party).collect();
    let tied: BTreeSet<(Party, Party)> = ties.iter().map(|tie| (tie.a, tie.b)).collect();
    activity
        .iter()
        .flat_map(|one| [(one.person, one.place), (one.person, one.doctor)])
        .filter(|(a, b)| members.contains(a) && members.contains(b))
        .map(|(a, b)| (a.min(b), a.max(b)))
        .filter(|pair| !tied.contains(pair))
        .collect()
}

/// Hubs first (they start in the middle), then contexts, then the persons who are tied most strongly.
fn chosen<'a>(
    ring: &'a Ring,
    ties: &[&Tie],
    visited: &BTreeSet<(Party, Party)>,
    references: &References,
) -> (Vec<Node<'a>>, usize) {
    let mut degree: BTreeMap<Party, usize> = BTreeMap::new();
    let pairs = ties.iter().map(|tie| (tie.a, tie.b)).chain(visited.iter().copied());
    for party in pairs.flat_map(|(a, b)| [a, b]) {
        *degree.entry(party).or_default() += 1;
    }
    let node = |party: Party, member: Option<&'a Member>| Node {
        party,
        kind: shown_kind(party, references),
        member,
        degree: degree.get(&party).copied().unwrap_or(0),
    };
    let members: BTreeSet<Party> = ring.finding.members.iter().map(|member| member.party).collect();
    let contexts = degree.iter().filter(|(party, ties)| party.kind().is_context() && **ties >= 2);
    let mut contexts: Vec<Node> =
        contexts.filter(|(party, _)| !members.contains(party)).map(|(party, _)| node(*party, None)).collect();
    let (mut persons, mut hubs): (Vec<Node>, Vec<Node>) = ring
        .finding
        .members
        .iter()
        .map(|member| node(member.party, Some(member)))
        .partition(|node| node.kind == PartyKind::Person);
    let all = contexts.len() + persons.len() + hubs.len();
    contexts.sort_by_key(|node| (Reverse(node.degree), node.party));
    contexts.truncate(CONTEXTS);
    hubs.sort_by_key(|node| (Reverse(node.degree), node.party));
    hubs.truncate(HUBS);
    persons.sort_by_key(|node| {
        (node.degree == 0, !is_head(node), Reverse(strength(node)), Reverse(node.degree), node.party)
    });
    hubs.extend(contexts);
    persons.truncate(NODES.saturating_sub(hubs.len()));
    hubs.extend(persons);
    (hubs, all)
}

fn strength(node: &Node) -> i32 {
    node.member.map_or(0, |member| member.strength)
}

pub(super) fn is_head(node: &Node) -> bool {
    node.member.is_some_and(|member| matches!(member.role, Role::Organiser | Role::Recruiter | Role::Dealer))
}
