//! Which words does medring use, and what do they mean?
//!
//! This room coins every noun; the other rooms, the columns, the page, the report and the README use the same ones.
//!
//! | word | meaning | not |
//! |---|---|---|
//! | [`Row`] | one row of an input table as it arrived: fact, source, key, version | record, event |
//! | fact | what a row says ([`Settlement`], [`Visit`], [`Trace`] …), once the newest version has won and reversals are netted | – |
//! | [`Party`] | anybody or anything that can take part: person, doctor, institution, phone, agent … | entity, vertex |
//! | [`Occasion`] | something several parties shared, and how rare that is | hyperedge |
//! | [`Tie`] | what two parties have in common: their shared occasions, weighed by how unlikely chance is | edge, link |
//! | piece | parties connected by ties | component |
//! | community | parties of a piece held together more than to the rest | cluster |
//! | [`Dossier`] | everything known about one piece, laid on one table for the recognisers | – |
//! | [`Finding`] | what a typology says about a community, before it has an id and a rank | – |
//! | [`Ring`] | a finding with id, rank and lineage | gang, group |
//! | epoch | one committed batch | version, tick |
//!
//! Nothing here knows of files, clocks, sockets or random numbers.

mod batch;
mod benefit;
mod circuits;
mod contradiction;
mod counter;
mod day;
mod diagnosis;
mod dossier;
mod fact;
mod outcome;
mod party;
mod presence;
mod reference;
mod ring;

pub use batch::{Batch, Names};
pub use benefit::{Allowance, Assessment, CareVisit, Enrolment, Entitlement, Prescription};
pub use circuits::{Leg, circuits};
pub use contradiction::{
    DEAR_REFILLS_MIN, KnownOnlyAt, Supply, after_death, after_hours, cared_for_while_away, dear_refill,
    fetched_in_excess, fetched_twice, joined_expecting, known_only_at, on_borrowed_devices, supplies, was_seen,
};
pub use counter::{
    BEAT_VISITS_MIN, Frequency, Sale, SaleCounts, Visits, at_counter, empties_account, from_account, is_visit,
};
pub use day::{Day, Stamp};
pub use diagnosis::{Explains, diagnosis_code, explains};
pub use dossier::{
    Dossier, Judgement, Occasion, OccasionKind, PersonFile, PlaceBaseline, StayCounts, Tie, absences, may_be_missed,
    pair_number, place_number,
};
pub use fact::{
    CareClass, Diagnosis, FeeLine, Filing, Goods, Identifier, IdentifierRole, Person, Row, RowRef, Settlement, Table,
    Trace, TraceKind, Visit, icd_category,
};
pub use outcome::{Outcome, Reason};
pub use party::{Party, PartyKind, hash_text, hash_words};
pub use presence::{
    AT_ONCE_SECONDS, HANDED_ON_DAYS, Schedule, hand_overs, is_handed_on, is_referred, is_session, is_ward_move,
    lies_there, visit, ward_turns,
};
pub use reference::{
    DoctorEntry, Learned, ListedRegions, PlaceEntry, PlaceKind, References, Region, RegionDistance, Regions, Seats,
};
pub use ring::{Amount, Counter, Factor, Finding, Member, Ring, Role, Sentence, TypologyScore};
