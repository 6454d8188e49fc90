//! T06: whose cards travel together? One hand swipes many cards in the same order, at several tills in a day.

use super::crew;
use crate::synth::calendar::workday;
use crate::synth::care::money;
use crate::synth::catalogue::DRUGS;
use crate::synth::claim::Care;
use crate::synth::draw::fen;
use crate::synth::scene::{Scene, Who};
use crate::synth::world::choice::Service;
use crate::synth::world::places::PlaceKind;

/// How the cards are swiped.
struct Manner {
    stops: Vec<u32>,
    drugs: Vec<u16>,
    limit: f64,
    gap_seconds: (i64, i64),
    card: u8,
    /// Share of the cards taken along to a stop.
    along: f64,
    /// Registered as chronic care rather than as ordinary purchases.
    chronic: bool,
    /// Everybody gets the same.
    same: bool,
}

/// Plants one ring.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let n = crew::size(scene, 4, 110);
    let towns = scene.world.regions.city(county).counties.clone();
    let mut pool: Vec<u32> = Vec::new();
    for _ in 0..3 {
        let from = if scene.draw.chance(0.5) { county } else { towns.start + scene.draw.below(towns.len()) };
        pool.extend(scene.people(from, 3));
    }
    let mut cards = scene.recruit(&pool, n, |world, person| world.age(person, world.window.first) > 18);
    let crew = crew::crew(scene, &cards);
    let active = crew::span(scene, 90.0, 700.0);
    let turn = crew::turning_day(scene, active);
    let (before, after) = (manner(scene, county), manner(scene, county));
    let every = scene.draw.pick(&[13, 14, 15, 28, 30, 31]);
    let (few, many) = (scene.draw.day(2, 5), scene.draw.day(4, 9));
    scene.note("days_between_rounds", every);
    let mut day = active.0;
    let mut events = Vec::new();
    while day < active.1 {
        let how = if day > turn { &after } else { &before };
        let visits = usize::try_from(scene.draw.day(few, many.max(few))).unwrap_or(3);
        let route = scene.draw.some(&how.stops, visits);
        // Some cards stay at home; so no round has quite the cards of the last.
        let rotate = scene.parameters.rotate;
        let out: Vec<u32> = cards.iter().copied().filter(|_| rotate == 0.0 || !scene.draw.chance(rotate)).collect();
        for (at, stop) in route.iter().enumerate() {
            let hour = 8 * 3600 + 2_400 * i64::try_from(at).unwrap_or(0) + scene.draw.int(0, 1_800);
            swipe(scene, how, &crew, &out, (*stop, day, hour), &mut events);
        }
        if scene.draw.chance(0.2) && cards.len() > 2 {
            let (a, b) = (scene.draw.below(cards.len()), scene.draw.below(cards.len()));
            cards.swap(a, b);
        }
        day = workday(day + every + scene.draw.day(-2, 3));
    }
    crew::label_patients(scene, &events);
    let share = scene.care_mixed_in() * 0.4;
    scene.genuine(&cards, &[], share);
}

fn manner(scene: &mut Scene<'_>, county: usize) -> Manner {
    let chronic = scene.draw.chance(0.35);
    let mut stops = Vec::new();
    let towns = scene.world.regions.counties[county].towns.clone();
    let wanted = scene.draw.int(2, 15);
    for _ in 0..wanted {
        let town = towns.start + scene.draw.below(towns.len());
        let service = if scene.draw.chance(0.55) { Service::Pharmacy } else { Service::Clinic };
        stops.push(scene.world.choices[town][service as usize].draw(&mut scene.draw));
    }
    stops.sort_unstable();
    stops.dedup();
    for stop in &stops {
        let pharmacy = scene.world.place(*stop).kind == PlaceKind::Pharmacy;
        if scene.draw.chance(0.15) {
            scene.label(Who::Place(*stop), if pharmacy { "pharmacy" } else { "institution" });
        }
    }
    let kinds = 1 + scene.draw.below(4);
    let sought: Vec<u16> = (0_u16..).zip(&DRUGS).filter(|drug| drug.1.sought).map(|drug| drug.0).collect();
    Manner {
        stops,
        drugs: scene.draw.some(&sought, kinds),
        limit: scene.draw.wide(300.0, 1_500.0),
        gap_seconds: (25, scene.draw.int(60, 420)),
        card: scene.draw.pick(&[3, 3, 2, 1]),
        along: scene.draw.real(0.55, 1.0),
        chronic,
        same: scene.draw.chance(0.5),
    }
}

fn swipe(
    scene: &mut Scene<'_>,
    how: &Manner,
    crew: &crew::Crew,
    cards: &[u32],
    stop: (u32, i32, i64),
    events: &mut Vec<u32>,
) {
    let (place, day, mut second) = stop;
    let care = if how.chronic { Care::Chronic } else { Care::Outpatient };
    let till = u8::try_from(scene.draw.below(usize::from(scene.world.place(place).tills))).unwrap_or(0);
    let basket = scene.draw.key();
    for card in cards {
        if !scene.draw.chance(how.along) {
            continue;
        }
        let at = scene.jitter(day);
        let mut claim = scene.visit(*card, place, care, at);
        if claim.place != place {
            continue;
        }
        second += scene.draw.int(how.gap_seconds.0, how.gap_seconds.1);
        claim.settled = i64::from(at) * 86_400 + second.min(79_000);
        claim.till = till;
        claim.drug = scene.draw.pick(&how.drugs);
        if scene.draw.chance(0.8) {
            claim.card = how.card;
        }
        if how.same {
            claim.basket = basket;
        }
        let total = fen(how.limit * if how.same { 0.96 } else { scene.draw.real(0.7, 0.995) });
        money::pay(scene.world, &mut scene.draw, &mut claim, total);
        crew.sign(&mut scene.draw, &mut claim);
        if scene.add(claim) {
            events.push(*card);
        }
    }
}
