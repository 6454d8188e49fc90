//! What can a source row say? One plain struct per table of the input schema, already parsed, hashed and unit-checked.
//!
//! Money is integer fen, counts are ten-thousandths, days are [`Day`], identifiers are hashes ([`Party`] or `u64`; 0 is
//! «empty»). Which of several versions of a row counts, and what a reversal takes back, is decided later, in `flow`.

use super::{Day, Party, Stamp};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The tables of the input schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[repr(u8)]
#[expect(missing_docs, reason = "each variant is the table of the same name in the input schema")]
pub enum Table {
    SetlD = 0,
    MdtrtD = 1,
    SetlDiagListD = 2,
    FeeListD = 3,
    DrugTracD = 4,
    RxD = 5,
    PsnInfoB = 6,
    PsnInsuD = 7,
    FixmedinsB = 8,
    DrB = 9,
    XIdent = 10,
    OutAppyD = 11,
    OpspRegD = 12,
    XMatnAlwnD = 13,
    XLtcEval = 14,
    XLtcServ = 15,
    AdmdvsB = 16,
}

impl Table {
    /// All tables, in the order of their numbers.
    pub const ALL: [Table; 17] = [
        Table::SetlD,
        Table::MdtrtD,
        Table::SetlDiagListD,
        Table::FeeListD,
        Table::DrugTracD,
        Table::RxD,
        Table::PsnInfoB,
        Table::PsnInsuD,
        Table::FixmedinsB,
        Table::DrB,
        Table::XIdent,
        Table::OutAppyD,
        Table::OpspRegD,
        Table::XMatnAlwnD,
        Table::XLtcEval,
        Table::XLtcServ,
        Table::AdmdvsB,
    ];

    /// The table's name in files, columns and evidence references.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Table::SetlD => "setl_d",
            Table::MdtrtD => "mdtrt_d",
            Table::SetlDiagListD => "setl_diag_list_d",
            Table::FeeListD => "fee_list_d",
            Table::DrugTracD => "drug_trac_d",
            Table::RxD => "rx_d",
            Table::PsnInfoB => "psn_info_b",
            Table::PsnInsuD => "psn_insu_d",
            Table::FixmedinsB => "fixmedins_b",
            Table::DrB => "dr_b",
            Table::XIdent => "x_ident",
            Table::OutAppyD => "out_appy_d",
            Table::OpspRegD => "opsp_reg_d",
            Table::XMatnAlwnD => "x_matn_alwn_d",
            Table::XLtcEval => "x_ltc_eval",
            Table::XLtcServ => "x_ltc_serv",
            Table::AdmdvsB => "admdvs_b",
        }
    }

    /// The table with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Table> {
        Table::ALL.into_iter().find(|table| table.name() == name)
    }
}

/// Where a row was said: 8 bits table, 20 bits file (its number in the list of files read), 36 bits row (from 1,
/// header not counted).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct RowRef(pub u64);

impl RowRef {
    /// Packs table, file number and row number.
    #[must_use]
    pub fn new(table: Table, file: u32, row: u64) -> RowRef {
        RowRef((table as u64) << 56 | (u64::from(file) & 0xf_ffff) << 36 | (row & 0xf_ffff_ffff))
    }

    /// The table.
    #[must_use]
    pub fn table(self) -> Table {
        Table::ALL[usize::try_from(self.0 >> 56).unwrap_or(0).min(16)]
    }

    /// The file's number.
    #[must_use]
    pub fn file(self) -> u32 {
        u32::try_from(self.0 >> 36 & 0xf_ffff).unwrap_or(0)
    }

    /// The row, from 1.
    #[must_use]
    pub fn row(self) -> u64 {
        self.0 & 0xf_ffff_ffff
    }
}

impl fmt::Debug for RowRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.table().name(), self.file(), self.row())
    }
}

/// One input row: its fact with source, key and version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Row<F> {
    /// Hash of the row's key (SCHEMA, «Keys»).
    pub key: u64,
    /// `updt_time`, else `exch_updt_time`, else `crte_time`; `Stamp(i64::MIN)` when the row carries none.
    pub version: Stamp,
    /// Hash of all known columns but the version columns: equal means duplicate.
    pub content: u64,
    /// Where it was said.
    pub origin: RowRef,
    /// `false`: the row takes back the row with the same key (`vali_flag` not 1, `deleted` 1, status 作废).
    pub live: bool,
    /// What it says.
    pub fact: F,
}

impl<F> Row<F> {
    /// What decides between rows of one key: the version, or, for rows that carry none, the batch in which they came.
    #[must_use]
    pub fn arrival(&self, epoch: u64) -> (Stamp, u64) {
        (self.version, if self.version == Stamp(i64::MIN) { epoch } else { 0 })
    }
}

/// What kind of care a `med_type` means (SCHEMA §4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[repr(u8)]
pub enum CareClass {
    /// Ordinary and emergency outpatient care.
    Outpatient = 0,
    /// Outpatient care of a registered chronic or special disease.
    Chronic = 1,
    /// An admission.
    Inpatient = 2,
    /// Day surgery.
    DayCase = 3,
    /// A purchase at a retail pharmacy.
    Drugstore = 4,
    /// Maternity.
    Maternity = 5,
    /// Long-term care.
    LongTermCare = 6,
    /// Anything else: check-ups, family planning.
    #[default]
    Other = 7,
}

/// A row of `setl_d`; after netting, a live settlement with what its visit, diagnoses and fee lines add.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct Settlement {
    /// `psn_no`.
    pub person: Party,
    /// `fixmedins_code`.
    pub place: Party,
    /// Hash of `setl_id`.
    pub id: u64,
    /// Hash of `init_setl_id`; 0 when empty.
    pub original: u64,
    /// Hash of `medins_setl_id`; 0 when empty.
    pub message: u64,
    /// Hash of `mdtrt_id` (else of `setl_id`).
    pub visit: u64,
    /// Attending or billing doctor, from this row or from the visit; [`Party::NONE`] when unknown.
    pub doctor: Party,
    /// Order-free signature of the fee lines of the visit; 0 when there are none.
    pub basket: u64,
    /// `setl_time`.
    pub settled: Stamp,
    /// `medfee_sumamt`, fen, signed.
    pub total_fen: i64,
    /// `fund_pay_sumamt`, fen, signed.
    pub fund_fen: i64,
    /// What the person paid in cash (`cash_payamt`, else `psn_cash_pay`, else what the other payers left), fen; `i64::MIN` when absent.
    pub cash_fen: i64,
    /// `acct_pay`, fen; `i64::MIN` when absent.
    pub account_fen: i64,
    /// `begndate`.
    pub begin: Day,
    /// `enddate`.
    pub end: Day,
    /// `insu_admdvs` as a number.
    pub home: u32,
    /// `fix_blng_admdvs` as a number.
    pub area: u32,
    /// Hash of `opter_id` (till or clerk), cut to 32 bits; 0 when empty.
    pub till: u32,
    /// Main diagnosis, from the diagnosis list or `dise_no`, as [`icd_category`]; 0 when unknown.
    pub diagnosis: u32,
    /// Kind of care.
    pub class: CareClass,
    /// `mdtrt_cert_type`: 1 electronic, 2 identity card, 3 social-security card, 0 unknown ([`Settlement::shown`]); and
    /// [`Settlement::DRAINED`].
    pub card: u8,
    /// `setl_type`: 1 manual, 2 online, 3 assistance, 0 unknown.
    pub settled_by: u8,
    /// The digits that `invono` ends with, of a bill settled by hand ([`Settlement::BY_HAND`]) or of another city; 0 otherwise.
    pub invoice: u64,
    /// `refd_setl_flag` set, or amounts negative: the row reverses another.
    pub refund: bool,
    /// `setl_time` held a time of day only; `settled` is then `enddate` plus that time.
    pub time_only: bool,
}

impl Settlement {
    /// [`Settlement::settled_by`] of a paper bill that was handed in and settled by a clerk of the agency.
    pub const BY_HAND: u8 = 1;
    /// Bills whose numbers agree but for so many last bits come from one booklet.
    pub const BOOKLET_BITS: u32 = 7;
    /// Set in [`Settlement::card`] where the account paid a good sum, and what is left in it (`balc`) is a tenth of that at most. It is
    /// kept there because the settlements of older workspaces have no place of their own for it.
    pub const DRAINED: u8 = 0x80;
    /// An account that pays less than this is not worth emptying, fen.
    pub const GOOD_SUM_FEN: i64 = 20_000;

    /// What was shown: [`Settlement::card`] without the flag.
    #[must_use]
    pub fn shown(&self) -> u8 {
        self.card & !Settlement::DRAINED
    }

    /// Whether the account was left all but empty.
    #[must_use]
    pub fn is_drained(&self) -> bool {
        self.card & Settlement::DRAINED != 0
    }

    /// Nights between admission and discharge; 0 for outpatient care.
    #[must_use]
    pub fn nights(&self) -> i32 {
        self.end.since(self.begin)
    }

    /// What makes two bills the same: their total, to the fen, which copies keep even where day counts differ (above zero), and their
    /// lines, where fee lines are known (below zero).
    pub fn bills(&self) -> impl Iterator<Item = i32> {
        let total = i32::try_from(self.total_fen).unwrap_or(i32::MAX);
        let lines = i32::try_from(self.basket % (1 << 31)).map_or(i32::MIN, |lines| -1 - lines);
        [(self.total_fen > 0).then_some(total), (self.basket != 0).then_some(lines)].into_iter().flatten()
    }

    /// At most three percent of the bill paid in cash.
    #[must_use]
    pub fn without_cash(&self) -> bool {
        self.cash().is_some_and(|cash| cash * 33 <= self.total_fen)
    }

    /// Cash paid, when the export has it.
    #[must_use]
    pub fn cash(&self) -> Option<i64> {
        (self.cash_fen != i64::MIN).then_some(self.cash_fen)
    }
}

/// A row of `mdtrt_d`: a visit, possibly still open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct Visit {
    /// `psn_no`.
    pub person: Party,
    /// `fixmedins_code`.
    pub place: Party,
    /// Hash of `mdtrt_id`.
    pub id: u64,
    /// `atddr_no`, else `chfpdr_code`.
    pub doctor: Party,
    /// Contact telephone `tel`.
    pub contact: Party,
    /// Hash of `refl_old_mdtrt_id`; 0 when empty, [`Visit::UNTOLD`] when the export leaves the column out.
    pub referred_from: u64,
    /// Hash of ward department and bed; 0 when empty.
    pub bed: u64,
    /// `begntime`.
    pub begin: Stamp,
    /// `endtime`; `Stamp(i64::MIN)` while in hospital.
    pub end: Stamp,
    /// `dscg_maindiag_code`, else `dise_no`, as [`icd_category`].
    pub diagnosis: u32,
    /// Kind of care.
    pub class: CareClass,
    /// `dscg_way`: 1 by order, 2 transfer, 3 to community, 4 against advice, 5 death, 9 other, 0 unknown.
    pub discharge: u8,
}

impl Visit {
    /// [`Visit::referred_from`] where no transfer could be told: the lack of one is no evidence.
    pub const UNTOLD: u64 = u64::MAX;
    /// `dscg_way` of a transfer.
    const DISCHARGED_ELSEWHERE: u8 = 2;

    /// Whether the patient was sent on to another hospital.
    #[must_use]
    pub fn is_sent_on(&self) -> bool {
        self.discharge == Visit::DISCHARGED_ELSEWHERE
    }

    /// Whether an earlier visit is on record as the one that referred the patient here; `None` when that is not exported.
    #[must_use]
    pub fn is_referred_here(&self) -> Option<bool> {
        (self.referred_from != Visit::UNTOLD).then_some(self.referred_from != 0)
    }
}

/// A row of `setl_diag_list_d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct Diagnosis {
    /// `psn_no`; [`Party::NONE`] when the export leaves it out.
    pub person: Party,
    /// Hash of `mdtrt_id`.
    pub visit: u64,
    /// `diag_code` as [`icd_category`].
    pub code: u32,
    /// `maindiag_flag`, or first in order.
    pub main: bool,
    /// `diag_srt_no`.
    pub order: u16,
}

/// A row of `fee_list_d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct FeeLine {
    /// `psn_no`; [`Party::NONE`] when the export leaves it out.
    pub person: Party,
    /// Hash of `mdtrt_id`.
    pub visit: u64,
    /// Hash of the line this one refunds (`mdtrt_id` and `init_feedetl_sn`); 0 when it refunds none.
    pub original: u64,
    /// Hash of `med_list_codg`, else `hilist_code`, else `medins_list_codg`.
    pub item: u64,
    /// `bilg_dr_codg`, else `orders_dr_code`.
    pub doctor: Party,
    /// `cnt`, ten-thousandths, signed.
    pub count: i64,
    /// `det_item_fee_sumamt`, fen, signed.
    pub amount_fen: i64,
    /// `fee_ocur_time`.
    pub at: Stamp,
    /// What is charged: first letter class of the item code: b'X' western drug, b'Z' Chinese patent drug, b'T' herbs, b'C'
    /// consumable, b'S' service, 0 unknown.
    pub kind: u8,
}

/// What the fee lines of a visit bill.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct Goods {
    /// The largest count of one service, on one line or on several that are the same: on a bill for a month of dialysis, the sessions.
    pub services: u16,
    /// The largest count of one consumable.
    pub consumables: u16,
    /// The dearest line of consumables, yuan.
    pub dearest_yuan: u32,
}

/// What happened to a traced box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[repr(u8)]
pub enum TraceKind {
    /// Sold to a person (3505A).
    #[default]
    Sold = 0,
    /// Sale returned (3506A).
    Returned = 1,
    /// Purchased from a supplier (3503A).
    Purchased = 2,
    /// Purchase returned (3504A).
    PurchaseReturned = 3,
    /// Stock-taking or stock change (3501A, 3502A).
    Stock = 4,
}

/// A row of `drug_trac_d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct Trace {
    /// Hash of `drug_trac_codg`.
    pub code: u64,
    /// `fixmedins_code`.
    pub place: Party,
    /// `psn_no`; [`Party::NONE`] for purchases and self-paying buyers.
    pub person: Party,
    /// Hash of `med_list_codg`.
    pub item: u64,
    /// Hash of `mdtrt_id` (else `mdtrt_sn`); 0 when empty.
    pub visit: u64,
    /// `sel_retn_time`.
    pub at: Stamp,
    /// `finl_trns_pric`, fen.
    pub price_fen: i64,
    /// What happened.
    pub kind: TraceKind,
    /// `trdn_flag`: sold in parts, so that repeats are legal.
    pub split: bool,
    /// `mdtrt_setl_type` 2: the buyer paid himself.
    pub self_paid: bool,
}

/// A row of `psn_info_b`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct Person {
    /// `psn_no`.
    pub person: Party,
    /// `tel`.
    pub phone: Party,
    /// `addr`, else `resd_addr`.
    pub address: Party,
    /// `emp_no`, else `emp_name`.
    pub employer: Party,
    /// Hash of the family name's token (first character of `psn_name`); 0 when empty or opaque.
    pub surname: u64,
    /// `insu_admdvs` as a number.
    pub home: u32,
    /// `brdy`; `Day(i32::MIN)` when absent or absurd.
    pub birth: Day,
    /// `die_date`; `Day(i32::MIN)` when alive or unknown.
    pub death: Day,
    /// `gend`: 1 male, 2 female, 0 unknown.
    pub gender: u8,
    /// First two digits of `psn_type` (11 employed, 12 retired, 14 and 15 resident); 0 unknown.
    pub person_type: u8,
    /// `sp_psn_type` names hardship (五保, 低保 …).
    pub hardship: bool,
}

/// How an identifier belongs to its holder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[repr(u8)]
pub enum IdentifierRole {
    /// The holder's own.
    #[default]
    Own = 0,
    /// Given as contact (`coner_*`).
    Contact = 1,
    /// Acted for the holder (`agnter_*`).
    Agent = 2,
    /// Received the holder's money.
    Payee = 3,
    /// Entered the holder's papers (`opter_id`).
    Submitter = 4,
}

/// A row of `x_ident`, or a link that the reader derives from a national column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct Identifier {
    /// Phone, address, account, agent or device.
    pub identifier: Party,
    /// The person, doctor or institution that holds it.
    pub holder: Party,
    /// First day of validity; `Day(i32::MIN)` when open.
    pub begin: Day,
    /// How it belongs to the holder.
    pub role: IdentifierRole,
}

/// A row of `out_appy_d`: care outside the home region, filed in advance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct Filing {
    /// `psn_no`.
    pub person: Party,
    /// `agnter_certno`, else the agent's telephone.
    pub agent: Party,
    /// `agnter_tel`.
    pub agent_phone: Party,
    /// `bankacct`.
    pub account: Party,
    /// Hash of `opter_id`; 0 when empty.
    pub clerk: u64,
    /// `insu_admdvs`.
    pub home: u32,
    /// `rloc_admdvs`.
    pub area: u32,
    /// `rloc_rea` as a number: 2 retired elsewhere, 7 works elsewhere, 8 lives elsewhere, 6 referral or temporary; 0 unknown.
    pub reason: u8,
    /// `begndate`.
    pub begin: Day,
    /// `enddate`; `Day(i32::MAX)` when open.
    pub end: Day,
    /// Day of `crte_time`; `Day(i32::MIN)` when unknown: many may begin on one day that were filed on several.
    pub filed: Day,
}

/// The first four significant characters of an ICD-10 code (medical-insurance edition 2.0) packed into a number, upper
/// case, dots and the filler `x` left out: `M51.202` and `m51.2x00` both give `M512`. 0 for an empty code.
#[must_use]
pub fn icd_category(code: &str) -> u32 {
    let mut packed = 0_u32;
    let mut length = 0;
    for byte in code.bytes() {
        let byte = byte.to_ascii_uppercase();
        if byte == b'.' || byte == b' ' {
            continue;
        }
        if !byte.is_ascii_alphanumeric() || (byte == b'X' && length >= 3) {
            break;
        }
        packed = packed << 8 | u32::from(byte);
        length += 1;
        if length == 4 {
            break;
        }
    }
    if length == 0 { 0 } else { packed << (8 * (4 - length)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn icd_categories_ignore_dots_case_and_fillers() {
        assert_eq!(icd_category("M51.202"), icd_category("m51.2x00"));
        assert_eq!(icd_category("M51"), u32::from_be_bytes(*b"M51\0"));
        assert_eq!(icd_category("I10.x00"), u32::from_be_bytes(*b"I10\0"));
        assert_eq!(icd_category(""), 0);
    }

    #[test]
    fn row_references_round_trip() {
        let origin = RowRef::new(Table::AdmdvsB, 1_000_000, 68_000_000_000);
        assert_eq!((origin.table(), origin.file(), origin.row()), (Table::AdmdvsB, 1_000_000, 68_000_000_000));
    }
}
