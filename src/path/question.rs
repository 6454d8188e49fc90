//! What can be asked about chains between two parties, and what does an answer say?
//!
//! Everything that restricts a search is in the question, and everything that cut it short is in the answer.

use super::snapshot::Meeting;
use crate::model::{Day, Party};

/// Most chains that an answer lists.
pub const COUNT_MAX: usize = 20;
/// Most hops of a chain.
pub const HOPS_MAX: usize = 8;
/// Most parties that a chain can be asked to pass.
pub const VIA_MAX: usize = 3;
/// Most facts that a hop lists; it always says how many there are.
pub const FACTS_MAX: usize = 20;
/// Numbers read before an answer is cut short, unless the question says otherwise; some milliseconds.
pub const WORK_MAX: u64 = 600_000;

/// Which chains come first. Chains that are equal in this come in the order of their parties.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// Fewest hops, hub penalties included.
    #[default]
    Shortest,
    /// Strongest weakest hop, by the number of its facts up to [`super::ranked::STRENGTH_MAX`]; then fewest hops.
    Strongest,
    /// Only chains along which days never go back; fewest hops, then earliest end.
    TimeIncreasing,
}

/// A question about chains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Where chains begin.
    pub from: Party,
    /// Where they end.
    pub to: Party,
    /// How many chains, at most [`COUNT_MAX`].
    pub count: usize,
    /// Hops, at most [`HOPS_MAX`].
    pub hops_max: usize,
    /// Which come first.
    pub order: Order,
    /// Only facts from the first to the last of these days, both included.
    pub window: Option<(Day, Day)>,
    /// Parties that a chain must pass, in this order; at most [`VIA_MAX`].
    pub via: Vec<Party>,
    /// Parties that a chain must not pass.
    pub avoid: Vec<Party>,
    /// Parties with more neighbours than this are not passed.
    pub degree_max: Option<u32>,
    /// What passing a party costs, in thousandths of a hop for each doubling of its number of neighbours.
    pub hub_penalty_milli: u32,
    /// Numbers read before the answer is cut short.
    pub work_max: u64,
}

impl Question {
    /// The five shortest chains of up to six hops, without restrictions.
    #[must_use]
    pub fn new(from: Party, to: Party) -> Question {
        Question {
            from,
            to,
            count: 5,
            hops_max: 6,
            order: Order::Shortest,
            window: None,
            via: Vec::new(),
            avoid: Vec::new(),
            degree_max: None,
            hub_penalty_milli: 0,
            work_max: WORK_MAX,
        }
    }
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The chains, best first.
    pub chains: Vec<Chain>,
    /// What cut the answer short; empty when it is complete.
    pub limits: Vec<Limit>,
    /// When there is no chain: why.
    pub none: Option<NoChain>,
    /// Numbers read.
    pub work: u64,
}

/// One chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The hops, from `from` to `to`; empty when both are the same.
    pub hops: Vec<Hop>,
    /// Hops and hub penalties, thousandths of a hop.
    pub cost_milli: u32,
    /// Facts of its weakest hop.
    pub weakest: u32,
}

/// One step of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// From whom.
    pub from: Party,
    /// To whom.
    pub to: Party,
    /// The day this step takes, when the question asks for time order: the earliest that fits.
    pub day: Option<Day>,
    /// How many facts of the window link the two; in order of time, of those that the chain can use.
    pub facts: u32,
    /// The first [`FACTS_MAX`] of them that the step can stand on, by day.
    pub shown: Vec<Meeting>,
}

/// What cut an answer short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// The search looked at as many links as it may; there can be more or better chains.
    Work(u64),
    /// More chains were asked for than are listed.
    Count(usize),
    /// Longer chains were asked for than are searched.
    Hops(usize),
    /// More parties to pass were asked for than are searched.
    Via(usize),
}

/// Why there is no chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoChain {
    /// A party of the question has no link at all.
    Unknown(Party),
    /// Nothing joins them, whatever the restrictions.
    NotConnected,
    /// The restrictions leave none.
    Excluded {
        /// Restrictions of the question that took something out of the search.
        by: Vec<Restriction>,
        /// What to lift so that there is a chain, fewest restrictions and then fewest hops; `None` when none was found.
        nearest: Option<(Vec<Restriction>, usize)>,
    },
}

/// What a question can rule out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Restriction {
    /// Days never go back.
    TimeOrder,
    /// The window.
    Window,
    /// Parties with too many neighbours.
    Degree,
    /// Parties to avoid.
    Avoid,
    /// Parties to pass.
    Via,
    /// The number of hops.
    Hops,
}
