//! Under which kind and id does a party or a row appear in files?

use crate::model::{Names, OccasionKind, Party, PartyKind, References, RowRef};

/// The kind shown: a place is an institution or, where the references say so, a pharmacy.
#[must_use]
pub fn shown_kind(party: Party, references: &References) -> PartyKind {
    match party.kind() {
        PartyKind::Institution if references.is_pharmacy(party) => PartyKind::Pharmacy,
        kind => kind,
    }
}

/// The identifier an investigator would search for; for a party without a known text, `#` and its hash.
#[must_use]
pub fn shown_id(party: Party, names: &Names) -> String {
    names.parties.get(&party).cloned().unwrap_or_else(|| format!("#{:015x}", party.0 >> 4))
}

/// A row as `table:id`; for a row without a known text, table, file and row number.
#[must_use]
pub fn shown_row(row: RowRef, names: &Names) -> String {
    names.rows.get(&row).cloned().unwrap_or_else(|| format!("{row:?}"))
}

/// The word for a kind of occasion in files.
#[must_use]
pub fn occasion_word(kind: OccasionKind) -> &'static str {
    match kind {
        OccasionKind::Arrival => "arrival",
        OccasionKind::CoStay => "co_stay",
        OccasionKind::TillRun => "till_run",
        OccasionKind::SharedIdentifier => "shared_identifier",
        OccasionKind::Filing => "filing",
        OccasionKind::TraceRepeat => "trace_repeat",
        OccasionKind::ClonedBill => "cloned_bill",
        OccasionKind::PrescriptionChannel => "prescription_channel",
        OccasionKind::Relay => "relay",
        OccasionKind::Package => "package",
        OccasionKind::Absence => "absence",
        OccasionKind::Approval => "approval",
        OccasionKind::InvoiceRun => "invoice_run",
        OccasionKind::AfterHours => "after_hours",
        OccasionKind::OnlineRun => "online_run",
        OccasionKind::AfterDeath => "after_death",
        OccasionKind::EmployerBirth => "employer_birth",
        OccasionKind::CareRecord => "care_record",
        OccasionKind::TwoHospitals => "two_hospitals",
        OccasionKind::WardTurn => "ward_turn",
        OccasionKind::SurplusSession => "surplus_session",
        OccasionKind::SessionGoods => "session_goods",
        OccasionKind::DistantAccount => "distant_account",
        OccasionKind::EmptiedDay => "emptied_day",
        OccasionKind::Frequent => "frequent",
        OccasionKind::StrictBeat => "strict_beat",
        OccasionKind::UnsuppliedSale => "unsupplied_sale",
        OccasionKind::SoldTwice => "sold_twice",
        OccasionKind::TwoSeats => "two_seats",
        OccasionKind::TwoHomes => "two_homes",
        OccasionKind::LeftSeat => "left_seat",
        OccasionKind::OftenBack => "often_back",
        OccasionKind::SamePlaces => "same_places",
        OccasionKind::Circuit => "circuit",
        OccasionKind::Tour => "tour",
        OccasionKind::Line => "line",
        OccasionKind::Drained => "drained",
        OccasionKind::Along => "along",
        OccasionKind::FreeStay => "free_stay",
    }
}
