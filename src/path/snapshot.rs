//! Who is linked to whom at one epoch, and by which facts? A graph that never changes once it is published.
//!
//! ```text
//! parties  0 ── 1 ── 2 …       in the order of their content
//! neighbours of 0 │ of 1 │ …   each list ascending, with the number of the link
//! facts of link 0 │ of 1 │ …   each list by day
//! ```
//! Facts without a day carry `Day(i32::MIN)`: they lie in every window and fit every moment.
//! Cost: 13 bytes a party, 38 bytes a link, 24 bytes a fact; building sorts the facts once.

use crate::model::{Day, Party, RowRef};
use petgraph::unionfind::UnionFind;
use rayon::prelude::*;

/// One fact that links two parties, such as a settlement of a person at an institution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// One party.
    pub a: Party,
    /// The other party.
    pub b: Party,
    /// When.
    pub day: Day,
    /// The row that says so; its table says what kind of link it is.
    pub fact: RowRef,
    /// Money, fen; 0 when there is none.
    pub fen: i64,
}

/// A fact of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Meeting {
    /// When.
    pub day: Day,
    /// The row that says so.
    pub fact: RowRef,
    /// Money, fen.
    pub fen: i64,
}

/// The graph of one epoch.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    parties: Vec<Party>,
    start: Vec<u32>,
    neighbour: Vec<u32>,
    link: Vec<u32>,
    /// Of each neighbour's link: first and last day, and how many facts, up to 255.
    span: Vec<(Day, Day)>,
    facts: Vec<u8>,
    meeting_start: Vec<u32>,
    meetings: Vec<Meeting>,
    piece: Vec<u32>,
    /// 0 or 1 so that links join different sides, or 2 throughout a piece where that is impossible.
    side: Vec<u8>,
}

impl Snapshot {
    /// Builds the graph. Arguments: links in any order and direction; the same fact given twice counts once, a link of a
    /// party with itself is left out. Cost: one parallel sort.
    #[must_use]
    pub fn of(mut links: Vec<Link>) -> Snapshot {
        links.retain(|link| link.a != link.b);
        links.par_iter_mut().filter(|link| link.a > link.b).for_each(|link| std::mem::swap(&mut link.a, &mut link.b));
        links.par_sort_unstable();
        links.dedup();
        let mut parties: Vec<Party> = links.iter().flat_map(|link| [link.a, link.b]).collect();
        parties.par_sort_unstable();
        parties.dedup();
        let mut snapshot = Snapshot { meeting_start: vec![0], ..Snapshot::default() };
        let mut pairs: Vec<(Party, Party)> = Vec::new();
        for link in &links {
            if pairs.last() != Some(&(link.a, link.b)) {
                pairs.push((link.a, link.b));
                snapshot.meeting_start.push(number(snapshot.meetings.len()));
            }
            snapshot.meetings.push(Meeting { day: link.day, fact: link.fact, fen: link.fen });
        }
        snapshot.meeting_start.push(number(snapshot.meetings.len()));
        snapshot.meeting_start.remove(0);
        drop(links);
        let node = |party: Party| number(parties.partition_point(|&other| other < party));
        let ends: Vec<(u32, u32)> = pairs.par_iter().map(|&(a, b)| (node(a), node(b))).collect();
        snapshot.join(parties, &ends);
        snapshot
    }

    fn join(&mut self, parties: Vec<Party>, ends: &[(u32, u32)]) {
        let mut arcs: Vec<(u32, u32, u32)> =
            (0..).zip(ends).flat_map(|(link, &(a, b))| [(a, b, link), (b, a, link)]).collect();
        arcs.par_sort_unstable();
        self.start = vec![0; parties.len() + 1];
        for &(from, ..) in &arcs {
            self.start[from as usize + 1] += 1;
        }
        for node in 0..parties.len() {
            self.start[node + 1] += self.start[node];
        }
        self.neighbour = arcs.iter().map(|&(_, to, _)| to).collect();
        self.link = arcs.iter().map(|&(.., link)| link).collect();
        for &link in &self.link {
            let meetings = &self.meetings[self.meeting_start[link as usize] as usize..];
            let count = (self.meeting_start[link as usize + 1] - self.meeting_start[link as usize]) as usize;
            self.span.push((meetings[0].day, meetings[count - 1].day));
            self.facts.push(u8::try_from(count).unwrap_or(u8::MAX));
        }
        let mut union = UnionFind::<u32>::new(parties.len());
        for &(a, b) in ends {
            union.union(a, b);
        }
        self.piece = union.into_labeling();
        self.parties = parties;
        self.side = self.sides();
    }

    /// The two sides of every piece that has two.
    fn sides(&self) -> Vec<u8> {
        let mut side = vec![u8::MAX; self.parties.len()];
        let mut reached = Vec::new();
        for start in (0..).take(self.parties.len()) {
            if side[start as usize] != u8::MAX {
                continue;
            }
            side[start as usize] = 0;
            reached.clear();
            reached.push(start);
            let (mut at, mut two) = (0, true);
            while let Some(&node) = reached.get(at) {
                at += 1;
                let own = side[node as usize];
                for &next in self.neighbours(node) {
                    if side[next as usize] == u8::MAX {
                        side[next as usize] = 1 - own;
                        reached.push(next);
                    }
                    two &= side[next as usize] != own;
                }
            }
            if !two {
                reached.iter().for_each(|&node| side[node as usize] = 2);
            }
        }
        side
    }

    /// How many parties.
    #[must_use]
    pub fn parties(&self) -> usize {
        self.parties.len()
    }

    /// How many pairs of parties are linked.
    #[must_use]
    pub fn links(&self) -> usize {
        self.neighbour.len() / 2
    }

    /// The number of a party, if it has any link. Cost: a binary search.
    #[must_use]
    pub fn node(&self, party: Party) -> Option<u32> {
        self.parties.binary_search(&party).ok().map(number)
    }

    /// The party with a number.
    #[must_use]
    pub fn party(&self, node: u32) -> Party {
        self.parties[node as usize]
    }

    /// How many neighbours a node has.
    #[must_use]
    pub fn degree(&self, node: u32) -> u32 {
        self.start[node as usize + 1] - self.start[node as usize]
    }

    /// The neighbours of a node, ascending.
    #[must_use]
    pub fn neighbours(&self, node: u32) -> &[u32] {
        &self.neighbour[self.start[node as usize] as usize..self.start[node as usize + 1] as usize]
    }

    /// The numbers of the links to [`Snapshot::neighbours`], in the same order.
    #[must_use]
    pub fn links_of(&self, node: u32) -> &[u32] {
        &self.link[self.start[node as usize] as usize..self.start[node as usize + 1] as usize]
    }

    /// Where the neighbours of a node begin in what [`Snapshot::span`] and [`Snapshot::facts`] count.
    pub(super) fn first_arc(&self, node: u32) -> usize {
        self.start[node as usize] as usize
    }

    /// The link of an arc.
    pub(super) fn link_of(&self, arc: usize) -> u32 {
        self.link[arc]
    }

    /// First and last day of an arc's link.
    pub(super) fn span(&self, arc: usize) -> (Day, Day) {
        self.span[arc]
    }

    /// How many facts an arc's link has, up to 255.
    pub(super) fn facts(&self, arc: usize) -> usize {
        usize::from(self.facts[arc])
    }

    /// Whether a walk of so many hops can lead from one node to the other, as far as the sides of the graph tell.
    pub(super) fn parity_fits(&self, from: u32, to: u32, hops: usize) -> bool {
        let (one, other) = (self.side[from as usize], self.side[to as usize]);
        one == 2 || (one != other) == (hops % 2 == 1)
    }

    /// The facts of a link, by day.
    #[must_use]
    pub fn meetings(&self, link: u32) -> &[Meeting] {
        let at = link as usize;
        &self.meetings[self.meeting_start[at] as usize..self.meeting_start[at + 1] as usize]
    }

    /// The link between two nodes. Cost: a binary search.
    #[must_use]
    pub fn link_between(&self, a: u32, b: u32) -> Option<u32> {
        let (few, other) = if self.degree(a) <= self.degree(b) { (a, b) } else { (b, a) };
        self.neighbours(few).binary_search(&other).ok().map(|at| self.links_of(few)[at])
    }

    /// Whether any chain of links joins two nodes. Cost: none.
    #[must_use]
    pub fn connected(&self, a: u32, b: u32) -> bool {
        self.piece[a as usize] == self.piece[b as usize]
    }
}

fn number(at: usize) -> u32 {
    u32::try_from(at).expect("a snapshot has fewer than 2^32 parties, links and facts")
}
