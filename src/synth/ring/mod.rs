//! Which ways of cheating are planted? One file per typology; a new one is a file and a line in [`TYPOLOGIES`].

mod card_pool;
mod clinic_card_swiping;
mod crew;
mod cross_region_day_trip;
mod drug_backflow;
mod fake_chronic_entitlement;
mod florida;
mod forged_invoice;
mod forged_prescription;
mod ghost_doctor;
mod identity_misuse;
mod insider_collusion;
mod long_stay_farm;
mod ltc_collusion;
mod membership_mill;
mod online_rx_mill;
mod paper;
mod phantom_dialysis;
mod phantom_supply;
mod pharmacy_cash_out;
mod recruited_fake_admission;
mod relay_admission;
mod shell_employer;
mod special_drug_resale;
mod twins;

use super::Parameters;
use super::scene::{Planted, Scene};
use super::world::World;

/// A way of cheating: prefix of its rings, slug, what plants one ring.
type Typology = (&'static str, &'static str, fn(&mut Scene<'_>));

/// All of them, in the order in which they are planted.
const TYPOLOGIES: [Typology; 7] = [
    ("T01", "cross_region_day_trip", cross_region_day_trip::plant),
    ("T02", "recruited_fake_admission", recruited_fake_admission::plant),
    ("T03", "membership_mill", membership_mill::plant),
    ("T06", "card_pool", card_pool::plant),
    ("T07", "drug_backflow", drug_backflow::plant),
    ("T16", "relay_admission", relay_admission::plant),
    ("FL1993", "unclassified", florida::plant),
];

/// Planted with the whole catalogue, or by name: cohorts that bill so often that one ring of them changes what a city is like, rings
/// at counters, seals without their owners, and the guilty twins (GT) of two look-alikes.
const COHORTS: [Typology; 8] = [
    ("T05", "long_stay_farm", long_stay_farm::plant),
    ("T17", "phantom_dialysis", phantom_dialysis::plant),
    ("T08", "pharmacy_cash_out", pharmacy_cash_out::plant),
    ("T04", "clinic_card_swiping", clinic_card_swiping::plant),
    ("T18", "phantom_supply", phantom_supply::plant),
    ("T19", "ghost_doctor", ghost_doctor::plant),
    ("GT08", "recruited_fake_admission", twins::nursing_home),
    ("GT19", "cross_region_day_trip", twins::charity_bus),
];

/// Those that need the tables beside care itself; planted in worlds that have them.
const BENEFITS: [Typology; 9] = [
    ("T09", "forged_prescription", forged_prescription::plant),
    ("T10", "fake_chronic_entitlement", fake_chronic_entitlement::plant),
    ("T11", "special_drug_resale", special_drug_resale::plant),
    ("T12", "identity_misuse", identity_misuse::plant),
    ("T13", "forged_invoice", forged_invoice::plant),
    ("T14", "shell_employer", shell_employer::plant),
    ("T15", "ltc_collusion", ltc_collusion::plant),
    ("T20", "online_rx_mill", online_rx_mill::plant),
    ("T22", "insider_collusion", insider_collusion::plant),
];

/// Whether `word` names a typology: `T01`, its slug, or `florida`.
pub(crate) fn known(word: &str) -> bool {
    TYPOLOGIES.iter().chain(&COHORTS).chain(&BENEFITS).any(|typology| named(typology, word))
}

/// The names of all typologies.
pub(crate) fn names() -> String {
    let all = TYPOLOGIES.iter().chain(&COHORTS).chain(&BENEFITS);
    all.filter(|typology| !typology.0.starts_with("GT")).map(|typology| typology.1).collect::<Vec<_>>().join(", ")
}

fn named(typology: &Typology, word: &str) -> bool {
    word.eq_ignore_ascii_case(typology.0) || word == typology.1 || (word == "florida" && typology.0 == "FL1993")
}

/// Plants the rings in turn, one typology after the other, until as many as asked for are there.
pub(crate) fn plant(world: &World, parameters: &Parameters, planted: &mut Planted) {
    let wanted = &parameters.typologies;
    let benefits: &[Typology] = if parameters.benefits { &BENEFITS } else { &[] };
    let cohorts: &[Typology] = if parameters.benefits || !wanted.is_empty() { &COHORTS } else { &[] };
    let chosen: Vec<&Typology> = benefits
        .iter()
        .chain(&TYPOLOGIES)
        .chain(cohorts)
        .filter(|typology| wanted.is_empty() || wanted.iter().any(|word| named(typology, word)))
        .collect();
    let florida_only = chosen.len() == 1;
    for number in 0..parameters.rings {
        let round = number / chosen.len().max(1);
        let Some(typology) = chosen.get(number % chosen.len().max(1)) else { return };
        if typology.0 == "FL1993" && round > 0 && !florida_only {
            continue;
        }
        let group = format!("{}-{:04}", typology.0, round + 1);
        let mut scene = Scene::new(world, parameters, planted, group, typology.1);
        (typology.2)(&mut scene);
        scene.close();
    }
}
