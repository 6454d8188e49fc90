//! What do the tables beside care itself say? Prescriptions, qualifications, insurance spells, allowances, long-term care.
//!
//! Like the facts of `fact.rs`: money is integer fen, days are [`Day`], identifiers are hashes, 0 and [`Party::NONE`] are «empty».

use super::{Day, Party, Stamp};
use serde::{Deserialize, Serialize};

/// A row of `rx_d`: one medicine of a prescription, issued at one place and dispensed at another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct Prescription {
    /// `psn_no`.
    pub person: Party,
    /// Where it was issued, `rx_fixmedins_code`.
    pub place: Party,
    /// Where it was dispensed, `dspn_fixmedins_code`; [`Party::NONE`] when not yet.
    pub counter: Party,
    /// `dr_code`.
    pub doctor: Party,
    /// Hash of `hi_rxno`, else of `rxno`.
    pub id: u64,
    /// Hash of `mdtrt_id`; 0 when empty.
    pub visit: u64,
    /// `prsc_time`.
    pub issued: Stamp,
    /// `dspn_time`; `Stamp(i64::MIN)` when not dispensed.
    pub dispensed: Stamp,
    /// Hash of `med_list_codg`.
    pub item: u64,
    /// `cnt`, ten-thousandths.
    pub count: i64,
    /// `days` that it lasts; 0 when unknown.
    pub days: u16,
    /// `intn_hosp_flag`: issued by an internet hospital.
    pub online: bool,
}

/// A row of `opsp_reg_d`: the right to have a chronic or special disease treated on better terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct Entitlement {
    /// `psn_no`.
    pub person: Party,
    /// `dise`: the code's first letter and three digits (as `icd_category`) in the upper half, its hash in the lower.
    pub disease: u64,
    /// Who diagnosed, `diag_fixmedins_code`.
    pub place: Party,
    /// Who approved, `appr_dr_code`.
    pub doctor: Party,
    /// `tel` of whoever saw to it.
    pub contact: Party,
    /// `begndate`.
    pub begin: Day,
    /// `enddate`; `Day(i32::MAX)` when open.
    pub end: Day,
    /// `lmt_amt`, fen; 0 when there is none.
    pub limit_fen: i64,
}

/// A row of `psn_insu_d`: a spell of insurance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct Enrolment {
    /// `psn_no`.
    pub person: Party,
    /// `emp_no`.
    pub employer: Party,
    /// `insu_admdvs` as a number.
    pub home: u32,
    /// `clct_base`, fen a month; 0 when unknown.
    pub base_fen: i64,
    /// `psn_insu_date`.
    pub begin: Day,
    /// `paus_insu_date`; `Day(i32::MAX)` while insured.
    pub end: Day,
    /// `insutype` as a number, such as 310; 0 unknown.
    pub kind: u16,
    /// `psn_insu_stas`: 0 never, 1 insured, 2 paused, 4 ended.
    pub state: u8,
    /// `insutype_retr_flag` set: retired.
    pub retired: bool,
}

/// A row of `x_matn_alwn_d`: money in place of wages around a birth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct Allowance {
    /// `psn_no`.
    pub person: Party,
    /// `emp_no`.
    pub employer: Party,
    /// `agnter_certno`, else the agent's telephone, else name.
    pub agent: Party,
    /// `agnter_tel`.
    pub agent_phone: Party,
    /// `bankacct`.
    pub account: Party,
    /// `insu_admdvs` as a number.
    pub home: u32,
    /// `birctrl_matn_date`; `Day(i32::MIN)` when unknown.
    pub birth: Day,
    /// `clct_base`, fen a month; 0 when unknown.
    pub base_fen: i64,
    /// `alwn_days`.
    pub days: u16,
    /// `alwn_amt`, fen.
    pub amount_fen: i64,
    /// `pay_date`.
    pub paid: Day,
}

/// A row of `x_ltc_eval`: how much long-term care somebody needs, as assessed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct Assessment {
    /// `psn_no`.
    pub person: Party,
    /// `eval_org`.
    pub place: Party,
    /// `assessor_code`, as an agent.
    pub assessor: Party,
    /// `second_assessor`, as an agent.
    pub second: Party,
    /// `eval_time`.
    pub at: Stamp,
    /// `level`.
    pub level: u8,
    /// `adl_score`.
    pub score: u8,
    /// `eval_mode` is not at home.
    pub remote: bool,
}

/// A row of `x_ltc_serv`: one visit of a caregiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct CareVisit {
    /// `psn_no`.
    pub person: Party,
    /// The station, `org`.
    pub place: Party,
    /// `caregiver_code`, as an agent.
    pub carer: Party,
    /// `device_id`.
    pub device: Party,
    /// `checkin_time`.
    pub begin: Stamp,
    /// `checkout_time`.
    pub end: Stamp,
    /// `checkin_lon`, hundred-thousandths of a degree; 0 when unknown.
    pub longitude: u32,
    /// `checkin_lat`, hundred-thousandths of a degree; 0 when unknown.
    pub latitude: u32,
    /// `fund_amt`, fen.
    pub amount_fen: i64,
}

impl CareVisit {
    /// Hundred-thousandths of a degree that are about a kilometre: whose homes lie nearer may be neighbours.
    pub const KILOMETRE: u32 = 1_000;
    /// Seconds in two homes that are no inexact clock.
    const IN_BOTH_SECONDS: i64 = 600;

    /// Whether two visits (begin and end, seconds) run at the same time: for a third of the shorter, and longer than a clock is wrong. A
    /// tight roster makes the end of one lie in the beginning of the next.
    #[must_use]
    pub fn run_at_once(one: (i64, i64), other: (i64, i64)) -> bool {
        let both = one.1.min(other.1) - one.0.max(other.0);
        both >= CareVisit::IN_BOTH_SECONDS && both * 3 >= (one.1 - one.0).min(other.1 - other.0)
    }

    /// Where it was signed in, to the east and to the north in hundred-thousandths of a degree; `None` when unknown.
    #[must_use]
    pub fn signed_in_at(&self) -> Option<(u32, u32)> {
        (self.longitude != 0 && self.latitude != 0).then_some((self.longitude, self.latitude))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tight_roster_overlaps_a_little_and_somebody_in_two_homes_by_a_third() {
        let hour = |minute: i64| (minute * 60, (minute + 60) * 60);
        assert_eq!(
            [5, 15, 25, 60].map(|minutes| CareVisit::run_at_once(hour(0), hour(60 - minutes))),
            [false, false, true, true]
        );
        assert!(!CareVisit::run_at_once(hour(0), hour(60)));
    }
}
