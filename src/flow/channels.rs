//! Which groups of people met, and what does each channel know?
//!
//! Reads entries, exchanged by channel. State per channel: its counts and the size of every group; per group the people (16
//! bytes each). Emits
//!
//! * *meetings*: pairs of people in one group, weighed in `pairs`;
//! * *context ties*: a person and a channel, where the channel as a whole is unlikely (a run of busloads), so that people who
//!   never meet twice still hang together; decided in `contexts`.
//!
//! A changed entry redoes its group; a channel that doubled redoes all its groups; context ties look at the sizes of the
//! channel's groups (4 bytes each). Bounds: groups above [`PAIRED_MAX`] people make no meetings (they fall back to the
//! narrower channel by doctor, then to the context tie), and are counted in [`Limits`].

use super::Epoch;
use super::baselines::{Baselines, ChannelBaseline};
use super::contexts::context_ties;
use super::entries::Entry;
use super::keyed::Fold;
use super::pairs::Meeting;
use super::people::differences;
use super::stage::{Stage, Turn, slice_of};
use super::surprise::{SPAN_DAYS_MIN, ln_hundredths, meeting};
use crate::model::{Day, OccasionKind, Party, Tie};
use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// Groups above this many people are not paired up.
pub(crate) const PAIRED_MAX: usize = 64;
/// Settlements at one till this close belong to one run.
pub(super) const RUN_GAP_SECONDS: u32 = 240;
/// A member of a run meets this many successors.
const RUN_REACH: usize = 4;
/// Seconds a till is open on a day, for the chance that two visits fall into one run.
pub(super) const OPEN_SECONDS: u64 = 36_000;

/// A meeting or a context tie.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) enum Share {
    Meeting(Meeting),
    Tie(Tie),
}

/// Where a bound cut something, so that the user can be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Groups too large to be paired up.
    pub groups_not_paired: i64,
    /// Identifiers with too many holders to tie anybody.
    pub identifiers_stopped: i64,
}

/// One participant of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Participant {
    /// Second of the day for runs; kind-specific otherwise.
    pub(crate) detail: u32,
    pub(crate) visits: u32,
    pub(crate) person: Party,
}

/// The people of one group, sorted.
pub(crate) type Group = SmallVec<[Participant; 2]>;

/// One channel.
pub(crate) struct Channel {
    pub(crate) kind: OccasionKind,
    pub(crate) place: Party,
    /// Entries by weekday (by group modulo 7, for channels whose groups are not days).
    own: [u32; 7],
    /// The baseline of an earlier run, taken instead of the channel's own.
    stored: Option<Box<ChannelBaseline>>,
    /// Groups with the number of entries, sorted.
    pub(crate) groups: Vec<(i32, u32)>,
    /// What meetings were judged by last.
    pool: Pool,
    /// Context ties that stand.
    ties: Vec<Tie>,
}

/// What meetings of a channel are judged by, in steps of two, so that it changes rarely.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Pool {
    entries: u32,
    days: u32,
}

/// The channels of one worker.
pub(crate) struct Channels {
    channels: HashMap<Party, Channel>,
    groups: HashMap<(Party, i32), Group>,
    pending: Vec<(Entry, i32)>,
    stage: Stage,
    baselines: Option<Arc<Baselines>>,
    limits: Rc<RefCell<Limits>>,
}

impl Channels {
    pub(crate) fn new(limits: Rc<RefCell<Limits>>, stage: Stage, baselines: Option<Arc<Baselines>>) -> Channels {
        let (channels, groups, pending) = (HashMap::new(), HashMap::new(), Vec::new());
        Channels { channels, groups, pending, stage, baselines, limits }
    }

    /// What is usual in a channel of this worker.
    pub(crate) fn usual(&self, channel: Party) -> Option<ChannelBaseline> {
        self.channels.get(&channel).map(|held| ChannelBaseline {
            weekdays: held.weekdays(),
            days: held.days(),
            groups: held.seen(),
        })
    }
}

/// The fold over shared [`Channels`].
pub(crate) struct ChannelsFold(pub(crate) Rc<RefCell<Channels>>);

impl Fold for ChannelsFold {
    type In = Entry;
    type Out = Share;
    const NAME: &'static str = "Channels";

    fn route(entry: &Entry) -> u64 {
        entry.channel.0 >> 4
    }

    fn absorb(&mut self, entry: Entry, difference: i32) {
        let channels = &mut *self.0.borrow_mut();
        if matches!(channels.stage.now(), Turn::People(_)) && difference > 0 {
            channels.collect(&entry);
        } else {
            channels.pending.push((entry, difference));
        }
    }

    fn settle(&mut self, _: Epoch, emit: &mut dyn FnMut(Share, i32)) {
        let channels = &mut *self.0.borrow_mut();
        match channels.stage.now() {
            Turn::Load | Turn::People(_) => return,
            Turn::Channels(slice) => return channels.settle_slice(slice, emit),
            Turn::Open => {}
        }
        let mut pending = std::mem::take(&mut channels.pending);
        // What waited for the end of a bulk load may come and go again: only the sum counts.
        differential_dataflow::consolidation::consolidate(&mut pending);
        pending.sort_unstable_by_key(|(entry, _)| (entry.channel, entry.group));
        for changes in pending.chunk_by(|(left, _), (right, _)| left.channel == right.channel) {
            channels.settle_channel(changes, emit);
        }
    }
}

impl Channels {
    /// Bulk load: an entry only goes to its group.
    fn collect(&mut self, entry: &Entry) {
        let channel =
            self.channels.entry(entry.channel).or_insert_with(|| Channel::new(entry, self.baselines.as_deref()));
        let group = self.groups.entry((entry.channel, entry.group)).or_default();
        if group.is_empty() {
            channel.groups.push((entry.group, 0));
        }
        channel.own[weekday(entry.group)] += 1;
        group.push(Participant::of(entry));
    }

    /// Bulk load: works out the channels of a slice, from nothing.
    fn settle_slice(&mut self, slice: u32, emit: &mut dyn FnMut(Share, i32)) {
        let mut limits = self.limits.borrow_mut();
        let none = Group::new();
        for (id, channel) in self.channels.iter_mut().filter(|(id, _)| slice_of(**id) == slice) {
            channel.groups.sort_unstable();
            for (day, size) in &mut channel.groups {
                if let Some(people) = self.groups.get_mut(&(*id, *day)) {
                    people.sort_unstable();
                    people.shrink_to_fit();
                    *size = u32::try_from(people.len()).unwrap_or(u32::MAX);
                }
            }
            channel.groups.shrink_to_fit();
            channel.pool = channel.pool_now();
            for (day, _) in &channel.groups {
                let people = self.groups.get(&(*id, *day)).unwrap_or(&none);
                let met = meetings(channel.kind, channel.place, channel.pool, *day, people, &mut limits, 1);
                met.into_iter().for_each(|meeting| emit(Share::Meeting(meeting), 1));
            }
            channel.ties = context_ties(*id, channel, |day| self.groups.get(&(*id, day)).unwrap_or(&none));
            channel.ties.iter().for_each(|tie| emit(Share::Tie(tie.clone()), 1));
        }
    }

    fn settle_channel(&mut self, changes: &[(Entry, i32)], emit: &mut dyn FnMut(Share, i32)) {
        let first = &changes[0].0;
        let id = first.channel;
        let channel = self.channels.entry(id).or_insert_with(|| Channel::new(first, self.baselines.as_deref()));
        let mut touched: Vec<(i32, Group)> = Vec::new();
        let meet = people_meet(channel.kind);
        for group in changes.chunk_by(|(left, _), (right, _)| left.group == right.group) {
            let people = self.groups.entry((id, group[0].0.group)).or_default();
            touched.push((group[0].0.group, if meet { people.clone() } else { Group::new() }));
            apply(people, group);
            channel.resize(group[0].0.group, people.len(), group);
        }
        let (before, after) = (channel.pool, channel.pool_now());
        let mut limits = self.limits.borrow_mut();
        let mut redo = |day: i32, old: &Group, new: &Group| {
            let old = meetings(channel.kind, channel.place, before, day, old, &mut limits, -1);
            let new = meetings(channel.kind, channel.place, after, day, new, &mut limits, 1);
            differences(&old, &new, |meeting, sign| emit(Share::Meeting(meeting), sign));
        };
        let none = Group::new();
        for (day, old) in touched.iter().filter(|_| meet) {
            redo(*day, old, self.groups.get(&(id, *day)).unwrap_or(&none));
        }
        if before != after {
            for (day, _) in channel.groups.iter().filter(|_| meet) {
                if touched.binary_search_by_key(day, |(touched, _)| *touched).is_err() {
                    let people = self.groups.get(&(id, *day)).unwrap_or(&none);
                    redo(*day, people, people);
                }
            }
            channel.pool = after;
        }
        for (day, _) in &touched {
            if self.groups.get(&(id, *day)).is_some_and(SmallVec::is_empty) {
                self.groups.remove(&(id, *day));
            }
        }
        let ties = context_ties(id, channel, |day| self.groups.get(&(id, day)).unwrap_or(&none));
        differences(&channel.ties, &ties, |tie, sign| emit(Share::Tie(tie), sign));
        channel.ties = ties;
        if channel.groups.is_empty() {
            self.channels.remove(&id);
        }
    }
}

impl Channel {
    pub(crate) fn new(entry: &Entry, baselines: Option<&Baselines>) -> Channel {
        let stored = baselines.and_then(|baselines| baselines.channels.get(&entry.channel));
        Channel {
            kind: entry.kind,
            place: entry.place,
            own: [0; 7],
            stored: stored.copied().map(Box::new),
            groups: Vec::new(),
            pool: Pool::default(),
            ties: Vec::new(),
        }
    }

    /// Whether an earlier run knew the channel and left its baseline.
    pub(crate) fn was_known(&self) -> bool {
        self.stored.is_some()
    }

    /// Entries by weekday.
    pub(crate) fn weekdays(&self) -> [u32; 7] {
        self.stored.as_ref().map_or(self.own, |stored| stored.weekdays)
    }

    /// Days from the first to the last group, at least the shortest span that says anything.
    pub(crate) fn days(&self) -> i64 {
        if let Some(stored) = &self.stored {
            return stored.days;
        }
        let span = self.groups.first().zip(self.groups.last()).map_or(0, |((first, _), (last, _))| last - first + 1);
        i64::from(span).max(SPAN_DAYS_MIN)
    }

    /// Groups that had anybody, now or in an earlier run.
    pub(crate) fn seen(&self) -> u32 {
        let own = u32::try_from(self.groups.len()).unwrap_or(u32::MAX);
        self.stored.as_ref().map_or(own, |stored| own.max(stored.groups))
    }

    /// All entries.
    pub(crate) fn entries(&self) -> u32 {
        self.weekdays().iter().sum()
    }

    fn resize(&mut self, day: i32, people: usize, changes: &[(Entry, i32)]) {
        let difference = changes.iter().map(|(_, difference)| difference).sum();
        let count = &mut self.own[weekday(day)];
        *count = count.saturating_add_signed(difference);
        let people = u32::try_from(people).unwrap_or(u32::MAX);
        match (self.groups.binary_search_by_key(&day, |(group, _)| *group), people) {
            (Ok(at), 0) => {
                self.groups.remove(at);
            }
            (Ok(at), _) => self.groups[at].1 = people,
            (Err(_), 0) => {}
            (Err(at), _) => self.groups.insert(at, (day, people)),
        }
    }

    fn pool_now(&self) -> Pool {
        let days = u32::try_from(self.days()).unwrap_or(u32::MAX);
        Pool { entries: self.entries().max(1).next_power_of_two(), days: days.next_power_of_two() }
    }
}

impl Participant {
    pub(crate) fn of(entry: &Entry) -> Participant {
        Participant { detail: entry.detail, visits: entry.visits, person: entry.person }
    }
}

/// A channel of these entries, with its groups.
#[cfg(test)]
pub(super) fn channel_of(entries: &[Entry]) -> (Channel, std::collections::BTreeMap<i32, Group>) {
    let mut channel = Channel::new(&entries[0], None);
    let mut groups: std::collections::BTreeMap<i32, Group> = std::collections::BTreeMap::new();
    for one in entries {
        groups.entry(one.group).or_default().push(Participant::of(one));
        channel.own[weekday(one.group)] += 1;
    }
    groups.values_mut().for_each(|group| group.sort_unstable());
    channel.groups = groups.iter().map(|(day, group)| (*day, u32::try_from(group.len()).unwrap_or(0))).collect();
    (channel, groups)
}

/// The day of the week, as an index; any fixed seventh for groups that are not days.
pub(crate) fn weekday(group: i32) -> usize {
    usize::try_from(group.rem_euclid(7)).unwrap_or(0)
}

/// Adds and removes people; the group stays sorted.
fn apply(people: &mut Group, changes: &[(Entry, i32)]) {
    for (entry, difference) in changes {
        let one = Participant::of(entry);
        for _ in 0..difference.unsigned_abs() {
            match (people.binary_search(&one), *difference > 0) {
                (Ok(at) | Err(at), true) => people.insert(at, one),
                (Ok(at), false) => {
                    people.remove(at);
                }
                (Err(_), false) => debug_assert!(false, "an entry was taken back that was not there"),
            }
        }
    }
}

/// Whether people of one group meet; of other kinds only context ties come.
fn people_meet(kind: OccasionKind) -> bool {
    use OccasionKind::{Arrival, CoStay, TillRun, Tour};
    matches!(kind, Arrival | CoStay | TillRun | Tour)
}

/// The meetings of one group: everybody with everybody for admissions, neighbours for runs at a till.
fn meetings(
    kind: OccasionKind,
    place: Party,
    pool: Pool,
    group: i32,
    people: &Group,
    limits: &mut Limits,
    sign: i64,
) -> Vec<Meeting> {
    let mut met = Vec::new();
    if people.len() < 2 {
        return met;
    }
    let chosen = u32::try_from(ln_hundredths(u64::from(pool.entries))).unwrap_or(0);
    let mut meet = |one: &Participant, other: &Participant, size: usize, days: i64| {
        if one.person != other.person {
            let surprise = u32::try_from(meeting(one.visits, other.visits, days)).unwrap_or(0);
            met.push(Meeting {
                a: one.person.min(other.person),
                b: one.person.max(other.person),
                kind,
                day: Day(group),
                place,
                size: u32::try_from(size).unwrap_or(u32::MAX),
                surprise,
                pool: chosen,
            });
        }
    };
    match kind {
        // The wider channel of a stay with a known doctor (detail 0) leaves its meetings to the narrower one.
        OccasionKind::Arrival | OccasionKind::CoStay => {
            let paired: SmallVec<[&Participant; 8]> = people.iter().filter(|one| one.detail == 1).collect();
            if paired.len() > PAIRED_MAX {
                limits.groups_not_paired += sign;
            } else {
                for (at, one) in paired.iter().enumerate() {
                    paired[at + 1..].iter().for_each(|other| meet(one, other, people.len(), i64::from(pool.days)));
                }
            }
        }
        OccasionKind::TillRun => {
            // The chance to fall into one run is that of the same minutes, not of the same day.
            let windows = OPEN_SECONDS / (2 * u64::from(RUN_GAP_SECONDS));
            let days = i64::from(pool.days).saturating_mul(i64::try_from(windows).unwrap_or(i64::MAX));
            for run in people.chunk_by(|one, next| next.detail - one.detail <= RUN_GAP_SECONDS) {
                if run.len() > PAIRED_MAX {
                    limits.groups_not_paired += sign;
                    continue;
                }
                for (at, one) in run.iter().enumerate() {
                    run[at + 1..].iter().take(RUN_REACH).for_each(|other| meet(one, other, run.len(), days));
                }
            }
        }
        OccasionKind::Tour if people.len() > PAIRED_MAX => limits.groups_not_paired += sign,
        OccasionKind::Tour => {
            for (at, one) in people.iter().enumerate() {
                people[at + 1..].iter().for_each(|other| meet(one, other, people.len(), i64::from(pool.days)));
            }
        }
        _ => {}
    }
    met.sort_unstable();
    met
}
