//! T14: firms on paper that insure women who are expecting, until the allowance is paid.

use super::crew;
use crate::synth::benefit::{Paid, Spell};
use crate::synth::claim::Care;
use crate::synth::draw::fen;
use crate::synth::scene::{Scene, Who};
use crate::synth::world::choice::Service;

/// Plants one ring.
pub(super) fn plant(scene: &mut Scene<'_>) {
    let county = scene.home_county(false);
    let n = crew::size(scene, 6, 50);
    let pool = scene.people(county, 30);
    let members = scene.recruit(&pool, n, |world, person| {
        !world.person(person).male && (21..41).contains(&world.age(person, world.window.first))
    });
    let crew = crew::crew(scene, &members);
    // Firms that have neither agent nor account in common are rings of their own.
    let most = if crew.agent == 0 && crew.account() == 0 { 1 } else { 4 };
    let firms: Vec<u64> = (0..1 + scene.draw.below(most)).map(|_| scene.draw.key()).collect();
    let yuan = scene.draw.wide(8_000.0, 20_000.0);
    let stays_on = scene.draw.real(0.0, 0.3);
    let window = scene.world.window;
    scene.note("employers", firms.len());
    scene.note("wage", yuan);
    for firm in &firms {
        scene.label(Who::Employer(*firm), "employer");
    }
    let account_share = scene.draw.real(0.2, 0.8);
    for person in &members {
        let firm = scene.draw.pick(&firms);
        let birth = window.first + scene.draw.day(150, window.days() - 140);
        let joined = birth - scene.draw.day(45, 210);
        let town = scene.world.person(*person).lives as usize;
        let place = scene.world.choices[town][Service::Ward as usize].draw(&mut scene.draw);
        let nights = scene.draw.day(3, 6);
        let mut claim = scene.stay(*person, place, birth, nights, "O80.900");
        claim.care = Care::Birth;
        if !scene.add(claim) {
            continue;
        }
        let base = fen(yuan * scene.draw.real(0.95, 1.05));
        let paid = birth + scene.draw.day(30, 100);
        let end = (!scene.draw.chance(stays_on)).then(|| paid + scene.draw.day(10, 90));
        let before = joined - scene.draw.day(200, 1_400);
        let days = scene.draw.pick(&[98, 128, 158]);
        let account = if scene.draw.chance(account_share) { crew.account() } else { 0 };
        let agent = if scene.draw.chance(0.8) { crew.agent } else { 0 };
        let benefits = &mut scene.planted.benefits;
        benefits.spells.push(Spell { person: *person, employer: 0, base: 0, begin: before, end: Some(joined - 1) });
        benefits.spells.push(Spell { person: *person, employer: firm, base, begin: joined, end });
        benefits.employers.insert(*person, firm);
        benefits.paid.push(Paid { person: *person, employer: firm, birth, base, days, paid, account, agent });
        scene.label(Who::Person(*person), "patient");
    }
    // Somebody must run the firm on paper.
    let pool = scene.people(county, 30);
    for firm in firms {
        let front = 1 + scene.draw.below(4);
        for person in scene.recruit(&pool, front, crew::adult) {
            let begin = window.first - scene.draw.day(30, 500);
            let spell = Spell { person, employer: firm, base: fen(4_200.0), begin, end: None };
            scene.planted.benefits.spells.push(spell);
            scene.planted.benefits.employers.insert(person, firm);
        }
    }
}
