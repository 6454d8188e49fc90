//! T01: who is driven to a far hospital, and how often? Groups from one home area, admitted and discharged together.

use super::crew::{self, Crew, EASY};
use crate::synth::calendar::workday;
use crate::synth::care::money;
use crate::synth::draw::fen;
use crate::synth::scene::{Scene, Who};

/// How this ring fakes a stay; changes after an inspection when the ring adapts.
struct Manner {
    places: Vec<u32>,
    doctors: Vec<Vec<u32>>,
    codes: Vec<&'static str>,
    nights: (i32, i32),
    yuan: f64,
}

/// Plants one ring.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let home = scene.home_county(true);
    let far = scene.world.regions.elsewhere(home, 30.0, 420.0);
    let there = if far.is_empty() { home } else { scene.draw.pick(&far) };
    let one_time = scene.draw.chance(0.35);
    let n = crew::size(scene, 6, if one_time { 240 } else { 120 });
    let towns = usize::try_from(scene.draw.int(1, 4)).unwrap_or(1);
    let towns = if scene.draw.chance(0.15) { 40 } else { towns };
    let pool = scene.people(home, towns);
    let members = scene.recruit(&pool, n, crew::adult);
    let crew = crew::crew(scene, &members);
    let active = crew::span(scene, 120.0, 700.0);
    let turn = crew::turning_day(scene, active);
    let mut manner = manner(scene, there);
    let mut changed = false;
    let van = scene.draw.pick(&[(5, 7), (5, 7), (14, 22), (28, 50)]);
    let every = scene.draw.day(12, 56);
    let filed = scene.draw.chance(0.65);
    let cash = scene.draw.pick(&[0.0, 0.0, 0.03, 1.0]);
    let window_minutes = scene.draw.int(1, 25);
    scene.note("one_time_recruits", one_time);
    scene.note("cash_share_of_usual", cash);
    scene.note("days_between_batches", every);
    let (mut day, mut round, mut events) = (active.0, 0, Vec::new());
    while day < active.1 {
        if day > turn && !changed {
            manner = self::manner(scene, there);
            changed = true;
        }
        let seats = usize::try_from(scene.draw.int(van.0, van.1)).unwrap_or(6);
        let passengers = if one_time {
            let from = (round * seats).min(members.len());
            members[from..members.len().min(from + seats)].to_vec()
        } else {
            crew::batch(scene, &members, seats, round)
        };
        trip(scene, &crew, &manner, (&passengers, day, cash, window_minutes), filed, &mut events);
        round += 1;
        day = workday(day + every + scene.draw.day(-4, 6));
        if one_time && round * seats > members.len() * 2 {
            break;
        }
    }
    crew::label_patients(scene, &events);
    let places = manner.places.clone();
    let share = scene.care_mixed_in();
    scene.genuine(&members, &places, share);
}

fn manner(scene: &mut Scene<'_>, there: usize) -> Manner {
    let houses = 1 + scene.draw.weighted(&[0.6, 0.25, 0.15]);
    let mut places: Vec<u32> = (0..houses).map(|_| crew::complicit(scene, there)).collect();
    places.dedup();
    let mut doctors = Vec::new();
    for place in &places {
        scene.label(Who::Place(*place), "institution");
        let n = usize::try_from(scene.draw.int(1, 3)).unwrap_or(1);
        let chosen = scene.doctors(*place, n);
        for doctor in &chosen {
            scene.label(Who::Doctor(*doctor), "doctor");
        }
        doctors.push(chosen);
    }
    let kinds = usize::try_from(scene.draw.int(1, 4)).unwrap_or(2);
    let codes = scene.draw.some(&EASY, kinds);
    let low = scene.draw.pick(&[0, 1, 1, 2, 3]);
    let nights = (low, low + scene.draw.pick(&[0, 1, 2, 4]));
    let yuan = if nights.1 <= 1 { scene.draw.wide(1_000.0, 3_500.0) } else { scene.draw.wide(2_000.0, 9_000.0) };
    Manner { places, doctors, codes, nights, yuan }
}

/// One batch: people, day, share of the usual cash, minutes at the window.
type Batch<'a> = (&'a [u32], i32, f64, i64);

fn trip(scene: &mut Scene<'_>, crew: &Crew, how: &Manner, batch: Batch<'_>, filed: bool, events: &mut Vec<u32>) {
    let (passengers, day, cash, minutes) = batch;
    let house = scene.draw.below(how.places.len());
    let place = how.places[house];
    let nights = scene.draw.day(how.nights.0, how.nights.1);
    let cloned = scene.draw.chance(0.45);
    let basket = scene.draw.key();
    let narrow = scene.draw.real(0.02, 0.14);
    let hour = scene.draw.int(8 * 3600, 16 * 3600);
    let (till, code) = (0, scene.draw.pick(&how.codes));
    let filer = if crew.phone() == crate::synth::claim::NONE && crew.account() == 0 { 0 } else { crew.agent };
    for person in passengers {
        let late = i32::from(scene.draw.chance(0.08));
        let admitted = scene.jitter(day + late);
        let stays = (nights + i32::from(scene.draw.chance(0.1))).max(0);
        let code = if scene.draw.chance(0.7) { code } else { scene.draw.pick(&how.codes) };
        let mut claim = scene.stay(*person, place, admitted, stays, code);
        claim.settled = i64::from(claim.end) * 86_400 + hour + scene.draw.int(0, minutes * 60);
        claim.till = till;
        if !how.doctors[house].is_empty() && scene.draw.chance(0.88) {
            claim.doctor = scene.draw.pick(&how.doctors[house]);
        }
        let yuan = how.yuan * (1.0 + narrow * scene.draw.normal()).clamp(0.6, 1.5);
        let total = if cloned { fen(how.yuan) } else { fen(yuan) };
        claim.basket = if cloned { basket } else { 0 };
        money::pay(scene.world, &mut scene.draw, &mut claim, total);
        let usual = claim.cash() as f64;
        money::pay_but(&mut claim, total, crate::synth::draw::whole(usual * cash));
        crew.sign(&mut scene.draw, &mut claim);
        if scene.add(claim) {
            if filed && scene.draw.chance(0.9) && !events.contains(person) {
                let days = (admitted - scene.draw.day(0, 3), admitted + 180);
                let county = scene.world.place(place).county;
                let (phone, account, clerk) = (crew.phone(), crew.account(), crew.clerk);
                let filing = scene.file(*person, county, "06", days);
                (filing.agent, filing.phone, filing.account, filing.clerk) = (filer, phone, account, clerk);
            }
            events.push(*person);
        }
    }
}
