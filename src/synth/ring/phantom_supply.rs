//! T18: medicine billed that was never there, on cards that are kept at the place or belong to its staff and their relatives.

use super::crew;
use crate::synth::calendar::workday;
use crate::synth::care::money;
use crate::synth::catalogue::DRUGS;
use crate::synth::claim::{Care, Traced};
use crate::synth::draw::fen;
use crate::synth::scene::{Scene, Who};
use crate::synth::surround;
use crate::synth::world::places::PlaceKind;

/// Plants one ring.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let kinds: &[PlaceKind] = match scene.draw.weighted(&[0.4, 0.3, 0.3]) {
        0 => &[PlaceKind::Pharmacy],
        1 => &[PlaceKind::Clinic],
        _ => &[PlaceKind::Township, PlaceKind::Private],
    };
    let sends = |place: &u32| scene.world.place(*place).traces && surround::misses(scene.world, *place) < 100;
    let of = |at| scene.world.places_of(at, |kind| kinds.contains(&kind));
    let mut places = of(county);
    // Who sends no trace codes, or reports no deliveries, gives nothing away: then it is a place of the next county that does.
    if !places.iter().any(sends) {
        places.extend(scene.world.regions.city(county).counties.clone().flat_map(of));
    }
    if places.iter().any(sends) {
        places.retain(sends);
    }
    let place = scene.draw.pick(&places);
    let pharmacy = scene.world.place(place).is_pharmacy();
    scene.label(Who::Place(place), if pharmacy { "pharmacy" } else { "institution" });
    let n = crew::size(scene, 7, 160);
    let towns = 1 + scene.draw.below(3);
    let pool = scene.people(county, towns);
    let members = scene.recruit(&pool, n, crew::adult);
    let crew = crew::crew(scene, &members);
    let active = crew::span(scene, 120.0, 650.0);
    let (drugs, never_there) = (1 + scene.draw.below(6), scene.draw.real(0.55, 1.0));
    let drugs: Vec<u16> = (0..drugs).map(|_| draw_drug(scene)).collect();
    scene.note("share_never_delivered", never_there);
    let care = if pharmacy { Care::Drugstore } else { scene.draw.pick(&[Care::Outpatient, Care::Chronic]) };
    let sessions = scene.draw.int(10, 60);
    // Kept cards are billed in a row; others come when they are told to.
    let kept = scene.draw.chance(0.55);
    let gap = scene.draw.wide(30.0, 300.0);
    scene.note("cards_kept", kept);
    let seats = 3 + scene.draw.below(members.len().min(20));
    let mut events = Vec::new();
    for session in 0..sessions {
        let day = workday(scene.draw.day(active.0, active.1));
        let turn = usize::try_from(session).unwrap_or(0);
        let mut second = i64::from(scene.draw.day(8, 19)) * 3_600;
        for person in crew::batch(scene, &members, seats, turn) {
            let mut claim = scene.visit(person, place, care, day);
            if claim.place != place {
                continue;
            }
            if kept {
                second += crate::synth::draw::whole(gap * scene.draw.spread(1.0, 0.3));
                claim.settled = i64::from(day) * 86_400 + second.clamp(0, 86_300);
            }
            claim.drug = scene.draw.pick(&drugs);
            claim.traced = if scene.draw.chance(never_there) { Traced::Undelivered } else { Traced::Yes };
            let yuan = DRUGS[usize::from(claim.drug)].yuan * scene.draw.real(1.0, 4.0);
            money::pay(scene.world, &mut scene.draw, &mut claim, fen(yuan.min(2_500.0)));
            crew.sign(&mut scene.draw, &mut claim);
            if scene.add(claim) {
                events.push(person);
            }
        }
    }
    crew::label_patients(scene, &events);
    let share = scene.care_mixed_in() * 0.3;
    scene.genuine(&members, &[place], share);
}

fn draw_drug(scene: &mut Scene<'_>) -> u16 {
    u16::try_from(scene.draw.below(DRUGS.len())).unwrap_or(0)
}
