//! Who runs a ring? Recruiters, their telephones, agents and accounts, and how many people they bring.

use crate::synth::claim::{Claim, NONE};
use crate::synth::draw::{Draw, days};
use crate::synth::scene::{Scene, Who};
use crate::synth::world::World;
use crate::synth::world::places::PlaceKind;

/// Those behind a ring, as far as they leave a trace.
pub(super) struct Crew {
    /// Telephones left as contact.
    phones: Vec<u32>,
    /// How often such a telephone is left.
    contact_share: f64,
    /// Identity under which filings are made; 0 for none.
    pub agent: u64,
    /// Account that receives money; 0 for none.
    account: u64,
    /// Clerk who enters the filings.
    pub clerk: u64,
}

/// Chooses who stands behind a ring: a member, somebody outside with a telephone, an agent, an account, or nobody seen.
pub(super) fn crew(scene: &mut Scene<'_>, members: &[u32]) -> Crew {
    let kind = scene.draw.weighted(&[0.3, 0.5, 0.2]);
    let contact_share = if kind == 2 { 0.0 } else { scene.draw.real(0.15, 0.9) };
    let mut crew = Crew { phones: Vec::new(), contact_share, agent: 0, account: 0, clerk: scene.draw.key() % 40 };
    let heads = 1 + usize::from(members.len() > 25 && scene.draw.chance(0.5));
    for head in 0..heads {
        if kind == 0 && head < members.len() {
            crew.phones.push(scene.world.person(members[head]).phone);
            scene.label(Who::Person(members[head]), "recruiter");
        } else if kind == 1 {
            let phone = scene.outside_phone();
            crew.phones.push(phone);
            scene.label(Who::Phone(phone), if head == 0 { "organiser" } else { "recruiter" });
        }
    }
    if scene.draw.chance(0.4) {
        crew.account = scene.draw.key();
        scene.label(Who::Account(crew.account), "organiser");
        let share = scene.draw.real(0.2, 0.8);
        for person in members {
            if scene.draw.chance(share) {
                scene.link(Who::Account(crew.account), Who::Person(*person), "payee", scene.world.window.first);
            }
        }
    }
    scene.note("organiser_seen_as", ["member", "telephone", "nothing"][kind]);
    scene.note("organiser_has_account", crew.account != 0);
    crew
}

impl Crew {
    /// Leaves one of the crew's telephones as contact, as often as this crew does.
    pub(super) fn sign(&self, draw: &mut Draw, claim: &mut Claim) {
        if !self.phones.is_empty() && draw.chance(self.contact_share) {
            claim.contact = draw.pick(&self.phones);
        }
    }

    /// The crew's telephone, or [`NONE`].
    pub(super) fn phone(&self) -> u32 {
        self.phones.first().copied().unwrap_or(NONE)
    }

    /// The account, 0 for none.
    pub(super) fn account(&self) -> u64 {
        self.account
    }
}

/// How many people, from a very small ring to what a world of this size bears.
pub(super) fn size(scene: &mut Scene<'_>, low: i64, high: i64) -> usize {
    let world = i64::try_from(scene.world.people.persons.len()).unwrap_or(0);
    let high = high.min((world / 1_100).max(14)).max(low);
    let n = if scene.draw.chance(0.12) { scene.draw.int(low, low + 3) } else { scene.draw.wide_int(low, high) };
    scene.note("members", n);
    usize::try_from(n).unwrap_or(6)
}

/// Adults of any age, the old more often.
pub(super) fn adult(world: &World, person: u32) -> bool {
    let age = world.age(person, world.window.first);
    (24..88).contains(&age) && !(age < 45 && person.is_multiple_of(2))
}

/// An institution that would take part: mostly private, sometimes a township or county hospital.
pub(super) fn complicit(scene: &mut Scene<'_>, county: usize) -> u32 {
    let kinds: &[PlaceKind] = match scene.draw.weighted(&[0.66, 0.2, 0.08, 0.06]) {
        0 => &[PlaceKind::Private],
        1 => &[PlaceKind::Township],
        2 => &[PlaceKind::County],
        _ => &[PlaceKind::Tcm],
    };
    let mut places = scene.world.places_of(county, |kind| kinds.contains(&kind));
    if places.is_empty() {
        places = scene.world.places_of(county, |kind| kind == PlaceKind::Private || kind == PlaceKind::County);
    }
    scene.draw.pick(&places)
}

/// First and last day of a ring's activity: some months, or as long as the window.
pub(super) fn span(scene: &mut Scene<'_>, low: f64, high: f64) -> (i32, i32) {
    let window = scene.world.window;
    let length = days(scene.draw.wide(low, high)).min(window.days() - 20);
    let first = window.first + scene.draw.day(5, (window.days() - length - 5).max(6));
    scene.note("active_days", length);
    (first, first + length)
}

/// The day of an inspection after which an adaptive ring changes its ways; far in the future for the others.
pub(super) fn turning_day(scene: &mut Scene<'_>, active: (i32, i32)) -> i32 {
    let adaptive = scene.draw.chance(0.25);
    scene.note("adaptive", adaptive);
    if adaptive { scene.draw.day(active.0 + (active.1 - active.0) / 3, active.1) } else { i32::MAX }
}

/// Chooses who takes part in a batch: some of the members, a share of them replaced by others.
pub(super) fn batch(scene: &mut Scene<'_>, members: &[u32], seats: usize, turn: usize) -> Vec<u32> {
    let rotate = scene.parameters.rotate;
    let seats = seats.min(members.len());
    let start = if members.len() > seats * 2 { turn * seats % members.len() } else { 0 };
    let mut chosen: Vec<u32> = (0..seats).map(|at| members[(start + at) % members.len()]).collect();
    for seat in &mut chosen {
        if scene.draw.chance(rotate.max(0.06)) {
            *seat = scene.draw.pick(members);
        }
    }
    chosen.sort_unstable();
    chosen.dedup();
    scene.draw.shuffle(&mut chosen);
    chosen
}

/// Names patients: those with many claims are professionals.
pub(super) fn label_patients(scene: &mut Scene<'_>, events: &[u32]) {
    let mut sorted = events.to_vec();
    sorted.sort_unstable();
    let mut counts: Vec<(u32, usize)> = Vec::new();
    for person in sorted {
        match counts.last_mut() {
            Some(last) if last.0 == person => last.1 += 1,
            _ => counts.push((person, 1)),
        }
    }
    let most = counts.iter().map(|count| count.1).max().unwrap_or(0);
    let mean = events.len() as f64 / counts.len().max(1) as f64;
    for (person, count) in counts {
        if scene.has(Who::Person(person), "recruiter") {
            continue;
        }
        let professional = most >= 4 && count as f64 > 1.8 * mean;
        scene.label(Who::Person(person), if professional { "professional_patient" } else { "patient" });
    }
}

/// Four common diagnoses that are easily claimed.
pub(super) const EASY: [&str; 10] =
    ["M51.202", "M47.201", "I67.801", "M81.901", "K29.500", "J06.900", "J20.900", "I10.x00", "M17.900", "E11.900"];
