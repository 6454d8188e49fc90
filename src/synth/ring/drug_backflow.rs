//! T07: which boxes are sold twice? Patients collect more than they take, dealers carry it on, pharmacies sell it again.

use super::crew;
use crate::synth::calendar::{shop_second, workday};
use crate::synth::care::money;
use crate::synth::catalogue::DRUGS;
use crate::synth::claim::{Care, Claim, NONE, Traced};
use crate::synth::draw::fen;
use crate::synth::scene::{Move, Pack, Scene, Who};
use crate::synth::surround::{boxes, code};
use crate::synth::world::choice::Service;
use crate::synth::world::places::PlaceKind;

/// How the drugs flow.
struct Flow {
    sources: Vec<u32>,
    sinks: Vec<u32>,
    buyers: Vec<u32>,
    drugs: Vec<u16>,
    lag_days: (i32, i32),
    /// Share of boxes that turn up again.
    seen_again: f64,
    /// Share of the second sales that are settled, with the other ones paid by the buyer.
    settled_again: f64,
}

/// Plants one ring.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let n = crew::size(scene, 6, 200);
    let towns = 2 + scene.draw.below(6);
    let pool = scene.people(county, towns);
    let members = scene.recruit(&pool, n, |world, person| world.age(person, world.window.first) > 38);
    let crew = crew::crew(scene, &members);
    let active = crew::span(scene, 150.0, 700.0);
    let flow = flow(scene, county, &members);
    let every = scene.draw.day(7, 32);
    let care = scene.draw.pick(&[Care::Chronic, Care::Outpatient, Care::Outpatient]);
    let excess = scene.draw.real(1.5, 5.0);
    scene.note("days_between_collections", every);
    scene.note("lag_days", vec![flow.lag_days.0, flow.lag_days.1]);
    scene.note("seen_again", flow.seen_again);
    let mut events = Vec::new();
    let rounds = scene.draw.real(0.3, 1.0);
    for person in &members {
        let drug = scene.draw.pick(&flow.drugs);
        let mut day = active.0 + scene.draw.day(0, every);
        while day < active.1 {
            if scene.draw.chance(rounds) {
                let place = scene.draw.pick(&flow.sources);
                let at = scene.jitter(workday(day));
                let mut claim = scene.visit(*person, place, care, at);
                claim.drug = drug;
                claim.traced = Traced::Yes;
                let total = fen(DRUGS[usize::from(drug)].yuan * excess * scene.draw.real(0.8, 1.4) + 20.0);
                money::pay(scene.world, &mut scene.draw, &mut claim, total);
                crew.sign(&mut scene.draw, &mut claim);
                if scene.add(claim) {
                    events.push(*person);
                    sell_again(scene, &flow, &claim);
                }
            }
            day += every + scene.draw.day(-3, 3);
        }
    }
    crew::label_patients(scene, &events);
    let share = scene.care_mixed_in() * 0.4;
    scene.genuine(&members, &[], share);
}

fn flow(scene: &mut Scene<'_>, county: usize, members: &[u32]) -> Flow {
    let regions = &scene.world.regions;
    let far = regions.elsewhere(county, 20.0, 500.0);
    let local = scene.draw.chance(0.35) || far.is_empty();
    let there = if local { county } else { scene.draw.pick(&far) };
    let town = |scene: &mut Scene<'_>, county: usize| {
        let towns = scene.world.regions.counties[county].towns.clone();
        towns.start + scene.draw.below(towns.len())
    };
    let from = 2 + scene.draw.below(7);
    let mut sources = Vec::new();
    for _ in 0..from {
        let town = town(scene, county);
        let service = scene.draw.pick(&[Service::Clinic, Service::Hospital, Service::Pharmacy]);
        sources.push(scene.world.choices[town][service as usize].draw(&mut scene.draw));
    }
    let to = 1 + scene.draw.weighted(&[0.5, 0.3, 0.2]);
    let sinks = scene.world.places_of(there, |kind| kind == PlaceKind::Pharmacy || kind == PlaceKind::Clinic);
    let sinks: Vec<u32> = scene.draw.some(&sinks, to).into_iter().filter(|sink| !sources.contains(sink)).collect();
    for sink in &sinks {
        let pharmacy = scene.world.place(*sink).is_pharmacy();
        scene.label(Who::Place(*sink), if pharmacy { "pharmacy" } else { "institution" });
    }
    let reswiped = scene.draw.chance(0.3);
    let buyers = if reswiped { members.to_vec() } else { scene.people(there, 6) };
    scene.note("sold_again_on_members_cards", reswiped);
    if scene.draw.chance(0.5) {
        let dealer = scene.outside_phone();
        scene.label(Who::Phone(dealer), "dealer");
        for holder in sinks.iter().map(|sink| Who::Place(*sink)).chain(members.iter().take(4).map(|m| Who::Person(*m)))
        {
            scene.link(Who::Phone(dealer), holder, "contact", scene.world.window.first);
        }
    }
    let sought: Vec<u16> = (0_u16..).zip(&DRUGS).filter(|drug| drug.1.sought).map(|drug| drug.0).collect();
    let kinds = 1 + scene.draw.below(4);
    let lag = scene.draw.day(12, 90);
    Flow {
        sources,
        sinks,
        buyers,
        drugs: scene.draw.some(&sought, kinds),
        lag_days: (lag, lag + scene.draw.day(10, 90)),
        seen_again: scene.draw.real(0.35, 0.95),
        settled_again: scene.draw.real(0.4, 1.0),
    }
}

/// The second sale of the boxes of a claim.
fn sell_again(scene: &mut Scene<'_>, flow: &Flow, first: &Claim) {
    for number in 0..boxes(first.visit) {
        if flow.sinks.is_empty() || !scene.draw.chance(flow.seen_again) {
            continue;
        }
        let day = first.end + scene.draw.day(flow.lag_days.0, flow.lag_days.1);
        if !scene.world.window.holds(day + 1) {
            continue;
        }
        let place = scene.draw.pick(&flow.sinks);
        let at = i64::from(day) * 86_400 + shop_second(&mut scene.draw);
        let code = code(first.visit, number);
        let mut pack = Pack {
            code,
            at,
            place,
            person: NONE,
            visit: 0,
            settlement: 0,
            drug: first.drug,
            what: Move::Sold,
            split: false,
        };
        if scene.draw.chance(flow.settled_again) {
            let buyer = scene.draw.pick(&flow.buyers);
            let mut claim = scene.visit(buyer, place, Care::Outpatient, day);
            if claim.place == place {
                claim.settled = at;
                claim.drug = first.drug;
                claim.traced = Traced::No;
                let total = fen(DRUGS[usize::from(first.drug)].yuan * scene.draw.real(0.95, 1.2));
                money::pay(scene.world, &mut scene.draw, &mut claim, total);
                if scene.add(claim) {
                    (pack.person, pack.visit, pack.settlement) = (buyer, claim.visit, claim.key);
                }
            }
        }
        scene.planted.packs.push(pack);
    }
}
