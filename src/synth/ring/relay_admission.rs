//! T16: who is handed from bed to bed? Patients rotate among hospitals under one controller, one stay cut into several.

use super::crew::{self, EASY};
use crate::synth::care::money;
use crate::synth::draw::{fen, whole};
use crate::synth::scene::{Scene, Who};
use crate::synth::world::places::PlaceKind;

/// Plants one ring.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let houses = houses(scene, county);
    let n = crew::size(scene, 6, 160);
    let villages = 2 + scene.draw.below(6);
    let pool: Vec<u32> = (0..villages).flat_map(|_| scene.village(county, 60 + 4 * n)).collect();
    let members = scene.recruit(&pool, n, |world, person| world.age(person, world.window.first) > 50);
    let crew = crew::crew(scene, &members);
    let active = crew::span(scene, 150.0, 715.0);
    let mut doctors = Vec::new();
    for house in &houses {
        scene.label(Who::Place(*house), "institution");
        let staff = 1 + scene.draw.below(3);
        let chosen = scene.doctors(*house, staff);
        for doctor in &chosen {
            scene.label(Who::Doctor(*doctor), "doctor");
        }
        doctors.push(chosen);
    }
    let hop = scene.draw.pick(&[0, 0, 1, 2, 3]);
    let length = scene.draw.pick(&[(6, 10), (9, 14), (12, 15), (25, 30)]);
    let legs = scene.draw.day(2, 9);
    let told = scene.draw.pick(&[0.0, 0.3, 0.9]);
    let yuan = scene.draw.wide(3_000.0, 12_000.0);
    let cash = scene.draw.pick(&[0.0, 0.1, 0.5, 1.0]);
    let cohort = scene.draw.pick(&[1, 2, 4, 8]);
    scene.note("gap_days_at_most", hop);
    scene.note("legs", legs);
    scene.note("houses", houses.len());
    scene.note("handed_on_together", cohort);
    let mut events = Vec::new();
    for group in members.chunks(cohort) {
        let code = scene.draw.pick(&EASY);
        let mut start = active.0 + scene.draw.day(0, (active.1 - active.0) / 2);
        let mut house = scene.draw.below(houses.len());
        let mut before = vec![0_u64; group.len()];
        for _ in 0..legs {
            let nights = scene.draw.day(length.0, length.1);
            for (seat, person) in group.iter().enumerate() {
                if scene.draw.chance(0.06 + 0.3 * scene.parameters.rotate) {
                    continue;
                }
                let admitted = scene.jitter(start + i32::from(seat % 4 == 3));
                let mut claim = scene.stay(*person, houses[house], admitted, nights, code);
                if !doctors[house].is_empty() && scene.draw.chance(0.8) {
                    claim.doctor = scene.draw.pick(&doctors[house]);
                }
                if scene.draw.chance(told) {
                    claim.referred = before[seat];
                }
                let total = fen(yuan * scene.draw.real(0.85, 1.15));
                money::pay(scene.world, &mut scene.draw, &mut claim, total);
                let usual = claim.cash() as f64;
                money::pay_but(&mut claim, total, whole(usual * cash));
                crew.sign(&mut scene.draw, &mut claim);
                if scene.add(claim) {
                    before[seat] = claim.visit;
                    events.push(*person);
                }
            }
            start += nights + scene.draw.day(0, hop) + i32::from(group.len() > 3);
            house = (house + 1) % houses.len();
            if start > active.1 {
                break;
            }
        }
    }
    crew::label_patients(scene, &events);
    let share = scene.care_mixed_in() * 0.4;
    scene.genuine(&members, &houses, share);
}

/// Two to six hospitals of one controller, or of nobody in common when the city has no such group.
fn houses(scene: &mut Scene<'_>, county: usize) -> Vec<u32> {
    let counties = scene.world.regions.city(county).counties.clone();
    let mut private: Vec<(u64, u32)> = counties
        .flat_map(|at| scene.world.places_of(at, |kind| kind == PlaceKind::Private))
        .map(|place| (scene.world.place(place).owner, place))
        .collect();
    private.sort_unstable();
    let groups: Vec<Vec<u32>> = private
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|group| group.len() > 1)
        .map(|group| group.iter().map(|house| house.1).collect())
        .collect();
    let hidden = scene.draw.chance(0.25);
    scene.note("controller_hidden", hidden || groups.is_empty());
    if hidden || groups.is_empty() {
        let all: Vec<u32> = private.iter().map(|house| house.1).collect();
        let wanted = 2 + scene.draw.below(3);
        return scene.draw.some(&all, wanted);
    }
    let mut houses = groups[scene.draw.below(groups.len())].clone();
    let wanted = 2 + scene.draw.below(5);
    scene.draw.shuffle(&mut houses);
    houses.truncate(wanted);
    houses
}
