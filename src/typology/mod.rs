//! Which ways of cheating explain a piece of the tie graph, and which honest reasons do?
//!
//! ```text
//! dossier ─► bench ─► one recogniser per typology ─► suspicions ─► roles, counter-evidence (look-alikes) ─► findings
//! ```
//!
//! The ties say only «not by chance»; which non-chance it is — a ring, a family, a cohort of patients, a charity's bus — is
//! decided here, with reasons that add up as log-odds. Pure functions of the dossier: no files, no clock, no chance.
//!
//! A new typology is one file, one line in [`registry`], one test and one data set.

mod admission;
mod batches;
mod bench;
mod card_pool;
mod circles;
mod clinic_card_swiping;
mod companions;
mod crews;
mod cross_region_day_trip;
mod drawers;
mod drug_backflow;
mod excess;
mod fake_chronic_entitlement;
mod figures;
mod forged_invoice;
mod forged_prescription;
mod ghost_doctor;
mod goods;
mod handovers;
mod identity_misuse;
mod insider_collusion;
mod judgement;
mod lack;
mod lines;
mod long_stay_farm;
mod lookalike;
mod ltc_collusion;
mod manners;
mod membership;
mod membership_mill;
mod odds;
mod online_rx_mill;
mod paper_bills;
mod phantom_dialysis;
mod phantom_supply;
mod pharmacy_cash_out;
mod price;
mod recruited_fake_admission;
mod recruits;
mod relay_admission;
mod roles;
mod sentence;
mod shell_employer;
mod sold;
mod special_drug_resale;
mod suspicion;
mod unclassified;
mod usual;

pub use bench::{Bench, Cited, Hub, Known};
pub use judgement::judge;
pub use lack::{Gone, Lack, LeftOut, Sight, not_run, unseen};
pub use sentence::{counted, holds_of_everybody, taught_in};
pub use suspicion::Suspicion;

use crate::model::{Sentence, Table};

/// Findings of at least this score are reported by default: log-odds in hundredths, four to one. In unseen worlds of three makers
/// four of five findings between 1.0 and 1.5 were wrong, and one of thirty above 3 (`benches/runs`).
pub const REPORT_SCORE_MIN: i32 = 140;

/// One way of cheating.
pub trait Typology: Sync {
    /// The name in output files.
    fn slug(&self) -> &'static str;
    /// What it is called on the page, in Chinese and in English.
    fn name(&self) -> (&'static str, &'static str);
    /// What it takes a group that does not meet by chance to be, before it looks: log-odds in hundredths.
    fn prior(&self) -> i32;
    /// What it asks.
    fn question(&self) -> Sentence;
    /// Tables without which it cannot run.
    fn tables(&self) -> &'static [Table];
    /// Columns of them, and of others, without which it finds nothing.
    fn columns(&self) -> &'static [(Table, &'static str)] {
        &[]
    }
    /// Columns without which it sees less.
    fn sees_by(&self) -> &'static [Sight] {
        &[]
    }
    /// Whether it names a mechanism of its own; findings without one give way to those with one about the same people.
    fn mechanism(&self) -> bool {
        true
    }
    /// Typologies whose signs its people show as well, because its scheme is one of theirs and something more.
    fn more_than(&self) -> &'static [&'static str] {
        &[]
    }
    /// What it suspects in a piece.
    fn recognise<'a>(&self, bench: &Bench<'a>) -> Vec<Suspicion<'a>>;
}

/// All typologies, in the order of the catalogue.
#[must_use]
pub fn registry() -> &'static [&'static dyn Typology] {
    &[
        &cross_region_day_trip::CrossRegionDayTrip,
        &recruited_fake_admission::RecruitedFakeAdmission,
        &membership_mill::MembershipMill,
        &clinic_card_swiping::ClinicCardSwiping,
        &long_stay_farm::LongStayFarm,
        &card_pool::CardPool,
        &drug_backflow::DrugBackflow,
        &pharmacy_cash_out::PharmacyCashOut,
        &forged_prescription::ForgedPrescription,
        &fake_chronic_entitlement::FakeChronicEntitlement,
        &special_drug_resale::SpecialDrugResale,
        &identity_misuse::IdentityMisuse,
        &forged_invoice::ForgedInvoice,
        &shell_employer::ShellEmployer,
        &ltc_collusion::LtcCollusion,
        &relay_admission::RelayAdmission,
        &online_rx_mill::OnlineRxMill,
        &insider_collusion::InsiderCollusion,
        &phantom_dialysis::PhantomDialysis,
        &phantom_supply::PhantomSupply,
        &ghost_doctor::GhostDoctor,
        &unclassified::Unclassified,
    ]
}

/// The codes of all look-alikes, each with its name in Chinese and in English.
pub fn look_alikes() -> impl Iterator<Item = (&'static str, (&'static str, &'static str))> {
    lookalike::registry().iter().map(|one| (one.code(), one.name()))
}
