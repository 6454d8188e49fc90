//! What stands in the tables beside care itself? Drafts of prescriptions, qualifications, spells, allowances, long-term care, and
//! what makes a bill a paper bill.
//!
//! `ordinary` fills them for everybody; rings and look-alikes add theirs. Only worlds that ask for it have these tables.

pub(crate) mod ordinary;

use std::collections::BTreeMap;

/// A row of `rx_d`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Script {
    /// Names the prescription.
    pub key: u64,
    /// In which visit; 0 for none.
    pub visit: u64,
    /// Person.
    pub person: u32,
    /// Where it was issued.
    pub place: u32,
    /// Where it was dispensed.
    pub counter: u32,
    /// Doctor of the register, or `NONE`.
    pub doctor: u32,
    /// Names a doctor whom no register knows, where there is no other.
    pub stranger: u64,
    /// When, seconds.
    pub issued: i64,
    /// When it was dispensed, seconds.
    pub dispensed: i64,
    /// Drug.
    pub drug: u16,
    /// Days it lasts.
    pub days: i32,
    /// Over the internet.
    pub online: bool,
}

/// A row of `opsp_reg_d`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Right {
    /// Names the approval.
    pub key: u64,
    /// Person.
    pub person: u32,
    /// `dise`.
    pub disease: &'static str,
    /// Who diagnosed.
    pub place: u32,
    /// Who approved.
    pub doctor: u32,
    /// Telephone left, or `NONE`.
    pub phone: u32,
    /// First day.
    pub begin: i32,
}

/// A row of `psn_insu_d`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spell {
    /// Person.
    pub person: u32,
    /// Name of the employer; 0 for none.
    pub employer: u64,
    /// Wage that is insured, fen a month.
    pub base: i64,
    /// First day.
    pub begin: i32,
    /// Last day, if it ended.
    pub end: Option<i32>,
}

/// A row of `x_matn_alwn_d`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paid {
    /// Person.
    pub person: u32,
    /// Name of the employer.
    pub employer: u64,
    /// Day of birth of the child.
    pub birth: i32,
    /// Wage that is insured, fen a month.
    pub base: i64,
    /// Days paid for.
    pub days: i32,
    /// Day of payment.
    pub paid: i32,
    /// Payee account; 0 for the own one.
    pub account: u64,
    /// Agent; 0 for none.
    pub agent: u64,
}

/// A row of `x_ltc_eval`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Assessed {
    /// Names the assessment.
    pub key: u64,
    /// Person.
    pub person: u32,
    /// The station.
    pub place: u32,
    /// Who assessed.
    pub assessor: u64,
    /// Day.
    pub day: i32,
    /// Level, 2 to 6.
    pub level: u64,
}

/// A row of `x_ltc_serv`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cared {
    /// Names the visit.
    pub key: u64,
    /// Person.
    pub person: u32,
    /// The station.
    pub place: u32,
    /// Who came.
    pub carer: u64,
    /// Signed in on.
    pub device: u64,
    /// Check-in, seconds.
    pub begin: i64,
    /// Check-out, seconds.
    pub end: i64,
}

/// What makes a bill a paper bill.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Paper {
    /// The clerk who settled it.
    pub clerk: u64,
    /// Number of the bill.
    pub invoice: u64,
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Benefits {
    /// Prescriptions.
    pub scripts: Vec<Script>,
    /// Qualifications.
    pub rights: Vec<Right>,
    /// Insurance spells of people whose spells tell a story.
    pub spells: Vec<Spell>,
    /// Maternity allowances.
    pub paid: Vec<Paid>,
    /// Assessments.
    pub assessed: Vec<Assessed>,
    /// Care visits.
    pub cared: Vec<Cared>,
    /// Paper bills by visit.
    pub papers: BTreeMap<u64, Paper>,
    /// Days of death.
    pub deaths: BTreeMap<u32, i32>,
    /// Names of employers that differ from the usual one.
    pub employers: BTreeMap<u32, u64>,
}
