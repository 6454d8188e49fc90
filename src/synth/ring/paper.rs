//! How are bills made on paper and handed in? What forged bills and a clerk who looks away have in common.

use crate::synth::benefit::Paper;
use crate::synth::care::money;
use crate::synth::draw::fen;
use crate::synth::scene::{Scene, Who};
use crate::synth::world::places::PlaceKind;

/// How the bills come about.
pub(super) struct Desk {
    /// Hospitals whose name is used.
    pub houses: Vec<u32>,
    /// Middle of the sums, yuan.
    pub yuan: f64,
    /// First and last day.
    pub active: (i32, i32),
    /// Numbers follow each other.
    pub serial: bool,
    /// Who settles them; 0 for whoever is there.
    pub clerk: u64,
    /// Settled after the office has closed, as often as this.
    pub late: f64,
}

/// Great hospitals of other cities.
pub(super) fn far(scene: &mut Scene<'_>, county: usize, many: usize) -> Vec<u32> {
    let regions = &scene.world.regions;
    let city = regions.counties[county].city;
    let others = (0..regions.counties.len()).filter(|at| regions.counties[*at].city != city);
    let all: Vec<u32> = others.flat_map(|at| scene.world.places_of(at, |kind| kind == PlaceKind::Tertiary)).collect();
    scene.draw.some(&all, many)
}

/// Bills of everybody, and who received the money. Answers whose bills were settled.
pub(super) fn hand_in(scene: &mut Scene<'_>, members: &[u32], desk: &Desk) -> Vec<u32> {
    let account = scene.draw.key();
    let share = scene.draw.real(0.3, 1.0);
    scene.note("paid_to_one_account", share);
    scene.note("yuan", desk.yuan);
    let mut invoice = 10_000_000 + scene.draw.key() % 80_000_000;
    let mut handed_in = Vec::new();
    for person in members {
        for _ in 0..scene.draw.pick(&[1, 1, 1, 2]) {
            let code = scene.draw.pick(&["I63.900", "I25.103", "Z51.102"]);
            let (day, nights) = (scene.draw.day(desk.active.0, desk.active.1), scene.draw.day(7, 24));
            let house = scene.draw.pick(&desk.houses);
            let mut claim = scene.stay(*person, house, day, nights, code);
            let total = fen(scene.draw.spread(desk.yuan, 0.18));
            money::pay(scene.world, &mut scene.draw, &mut claim, total);
            let second = if scene.draw.chance(desk.late) {
                scene.draw.int(19 * 3_600, 23 * 3_600)
            } else {
                crate::synth::calendar::office_second(&mut scene.draw)
            };
            claim.settled = i64::from(claim.end + scene.draw.day(15, 110)) * 86_400 + second;
            if !scene.add(claim) {
                continue;
            }
            invoice = if desk.serial && scene.draw.chance(0.85) {
                invoice + 1 + scene.draw.key() % 4
            } else {
                10_000_000 + scene.draw.key() % 80_000_000
            };
            let any = crate::synth::benefit::ordinary::clerk(scene.world, *person, scene.draw.key());
            let clerk = if desk.clerk == 0 { any } else { desk.clerk };
            scene.planted.benefits.papers.insert(claim.visit, Paper { clerk, invoice });
            handed_in.push(*person);
        }
        if scene.draw.chance(share) {
            scene.link(Who::Account(account), Who::Person(*person), "payee", scene.world.window.first);
        }
    }
    scene.label(Who::Account(account), "organiser");
    for person in &handed_in {
        scene.label(Who::Person(*person), "patient");
    }
    handed_in
}
