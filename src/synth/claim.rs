//! What does one settled visit look like before it is written? A compact draft from which the rows of all tables follow.
//!
//! Identifiers are numbers (indices and keys); texts are made when a row is written. About a hundred bytes each, so ten
//! million fit in a gigabyte.

/// No person, place, doctor or phone.
pub(crate) const NONE: u32 = u32::MAX;

/// What kind of care was settled; stands for `med_type`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Care {
    /// 11
    Outpatient,
    /// 13
    Emergency,
    /// 1401
    Chronic,
    /// 1402
    Special,
    /// 21
    Inpatient,
    /// 22
    Injury,
    /// 28
    DayCase,
    /// 41
    Drugstore,
    /// 52
    Birth,
    /// 9107
    CheckUp,
}

impl Care {
    /// The code of `med_type`.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Care::Outpatient => "11",
            Care::Emergency => "13",
            Care::Chronic => "1401",
            Care::Special => "1402",
            Care::Inpatient => "21",
            Care::Injury => "22",
            Care::DayCase => "28",
            Care::Drugstore => "41",
            Care::Birth => "52",
            Care::CheckUp => "9107",
        }
    }

    /// Whether the patient lies in a bed.
    pub(crate) fn is_stay(self) -> bool {
        matches!(self, Care::Inpatient | Care::Injury | Care::Birth | Care::DayCase)
    }
}

/// Which of several rows about one settlement this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    /// The settlement itself.
    Normal,
    /// F: the same visit settled again after a refund.
    Settled,
    /// Superseded by a later version with the same `rid`.
    Stale,
    /// The same row sent again.
    Again,
    /// A row with `vali_flag` 0.
    Retracted,
    /// A: a new negative row that names the original.
    Refund,
    /// B: a negative row with the original's `setl_id`.
    SameId,
    /// D: a negative row that names the sender's message only.
    ByMessage,
    /// G: a negative row whose original lies outside the data.
    Orphan,
}

/// Whether boxes sold in this visit carry trace codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Traced {
    /// As the place usually does.
    AsUsual,
    /// Yes.
    Yes,
    /// Yes, and nobody delivered the boxes.
    Undelivered,
    /// No, or they are written apart.
    No,
}

/// One settled visit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Claim {
    /// Settled at, seconds of Asia/Shanghai wall time since 1970.
    pub settled: i64,
    /// Names the settlement.
    pub key: u64,
    /// Names the visit.
    pub visit: u64,
    /// Names the settlement that this row reverses; 0 for none.
    pub original: u64,
    /// Names the earlier visit of a referral; 0 for none.
    pub referred: u64,
    /// Fee basket: equal numbers give equal lines; 0 for one of its own.
    pub basket: u64,
    /// Total fee, fen.
    pub total: i64,
    /// Paid by the fund, fen.
    pub fund: i64,
    /// Paid from the personal account, fen.
    pub account: i64,
    /// Person.
    pub person: u32,
    /// Institution.
    pub place: u32,
    /// Doctor, or [`NONE`].
    pub doctor: u32,
    /// Number of the telephone left as contact, or [`NONE`].
    pub contact: u32,
    /// First day of care.
    pub begin: i32,
    /// Last day of care.
    pub end: i32,
    /// Index into the diagnoses, or `u16::MAX`.
    pub diagnosis: u16,
    /// Index into the drugs bought, or `u16::MAX` for any.
    pub drug: u16,
    /// Window or till of the place.
    pub till: u8,
    /// Kind of card shown.
    pub card: u8,
    /// Kind of care.
    pub care: Care,
    /// Which row about it.
    pub form: Form,
    /// Trace codes.
    pub traced: Traced,
}

impl Claim {
    /// What the person paid, fen.
    pub(crate) fn cash(&self) -> i64 {
        self.total - self.fund - self.account
    }

    /// Whether the row takes money back.
    pub(crate) fn is_reversal(&self) -> bool {
        matches!(self.form, Form::Refund | Form::SameId | Form::ByMessage | Form::Orphan)
    }
}
