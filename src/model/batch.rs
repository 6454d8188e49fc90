//! What travels from the readers to the dataflow? Rows of every table, and, when asked for, the texts behind the hashes.

use super::{
    Allowance, Assessment, CareVisit, Diagnosis, DoctorEntry, Enrolment, Entitlement, FeeLine, Filing, Identifier,
    Party, Person, PlaceEntry, Prescription, Region, Row, RowRef, Settlement, Trace, Visit,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Rows of all tables that arrive together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Batch {
    /// `admdvs_b`.
    pub regions: Vec<Row<Region>>,
    /// `fixmedins_b`.
    pub places: Vec<Row<PlaceEntry>>,
    /// `dr_b`.
    pub doctors: Vec<Row<DoctorEntry>>,
    /// `psn_info_b`.
    pub persons: Vec<Row<Person>>,
    /// `x_ident`, and what the reader derives from `tel`, `addr`, `coner_tel`, `agnter_*`, `bankacct`.
    pub identifiers: Vec<Row<Identifier>>,
    /// `out_appy_d`.
    pub filings: Vec<Row<Filing>>,
    /// `setl_d`.
    pub settlements: Vec<Row<Settlement>>,
    /// `mdtrt_d`.
    pub visits: Vec<Row<Visit>>,
    /// `setl_diag_list_d`.
    pub diagnoses: Vec<Row<Diagnosis>>,
    /// `fee_list_d`.
    pub fee_lines: Vec<Row<FeeLine>>,
    /// `drug_trac_d`.
    pub traces: Vec<Row<Trace>>,
    /// `rx_d`.
    pub prescriptions: Vec<Row<Prescription>>,
    /// `psn_insu_d`.
    pub enrolments: Vec<Row<Enrolment>>,
    /// `opsp_reg_d`.
    pub entitlements: Vec<Row<Entitlement>>,
    /// `x_matn_alwn_d`.
    pub allowances: Vec<Row<Allowance>>,
    /// `x_ltc_eval`.
    pub assessments: Vec<Row<Assessment>>,
    /// `x_ltc_serv`.
    pub care_visits: Vec<Row<CareVisit>>,
    /// Texts behind the hashes of these rows; empty unless the reader was asked to keep them.
    pub names: Names,
}

impl Batch {
    /// Rows of all tables.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.regions.len()
            + self.places.len()
            + self.doctors.len()
            + self.persons.len()
            + self.identifiers.len()
            + self.filings.len()
            + self.settlements.len()
            + self.visits.len()
            + self.diagnoses.len()
            + self.fee_lines.len()
            + self.traces.len()
            + self.prescriptions.len()
            + self.enrolments.len()
            + self.entitlements.len()
            + self.allowances.len()
            + self.assessments.len()
            + self.care_visits.len()
    }
}

/// The texts behind hashes: what an investigator would search for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Names {
    /// The id of a row as evidence shows it, table name included: `setl_d:S0001`.
    pub rows: BTreeMap<RowRef, String>,
    /// The raw identifier of a party: a `psn_no`, a `fixmedins_code`, a telephone number.
    pub parties: BTreeMap<Party, String>,
}
