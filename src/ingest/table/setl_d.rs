//! What does a row of `setl_d` say? The minimum input: who was treated where, when, and who paid what.

use super::{Record, link};
use crate::ingest::cell::Kind;
use crate::ingest::column::{Cells, columns};
use crate::ingest::moment::Moment;
use crate::ingest::scene::{Fault, Scene};
use crate::model::{
    Batch, Day, Identifier, IdentifierRole, Party, PartyKind, Reason, Row, Settlement, Stamp, hash_words,
};

const VOID: Kind = Kind::Contains(&[("作废", 1), ("冲销", 1), ("撤销", 1), ("void", 1), ("cancel", 1)]);

columns! {
    SettlementId: Kind::Text, Required, ["setl_id"];
    Rid: Kind::Text, Strict, ["rid"];
    Original: Kind::Text, Strict, ["init_setl_id"];
    Message: Kind::Text, Strict, ["medins_setl_id"];
    Visit: Kind::Text, Strict, ["mdtrt_id"];
    Person: Kind::Party(PartyKind::Person), Required, ["psn_no"];
    Home: Kind::Region, Required, ["insu_admdvs"];
    Place: Kind::Party(PartyKind::Institution), Required, ["fixmedins_code"];
    PlaceRegion: Kind::RegionInCode, Loose, ["fixmedins_code"];
    Area: Kind::Region, Strict, ["fix_blng_admdvs", "mdtrtarea_admdvs", "medins_admdvs"];
    Begin: Kind::Time, Required, ["begndate", "begntime"];
    End: Kind::Time, Required, ["enddate", "endtime"];
    Settled: Kind::Time, Required, ["setl_time"];
    MedType: Kind::MedType, Required, ["med_type"];
    SettledBy: Kind::Number, Loose, ["setl_type"];
    Card: Kind::Number, Loose, ["mdtrt_cert_type"];
    Disease: Kind::Icd, Loose, ["dise_no", "dise_codg"];
    Total: Kind::Decimal(2), Required, ["medfee_sumamt"];
    Fund: Kind::Decimal(2), Required, ["fund_pay_sumamt"];
    Pooled: Kind::Decimal(2), Strict, ["hifp_pay"];
    CivilServant: Kind::Decimal(2), Strict, ["cvlserv_pay"];
    Enterprise: Kind::Decimal(2), Strict, ["hifes_pay"];
    Serious: Kind::Decimal(2), Strict, ["hifmi_pay"];
    Large: Kind::Decimal(2), Strict, ["hifob_pay"];
    Disabled: Kind::Decimal(2), Strict, ["hifdm_pay"];
    Assistance: Kind::Decimal(2), Strict, ["maf_pay"];
    OtherFund: Kind::Decimal(2), Strict, ["othfund_pay"];
    Account: Kind::Decimal(2), Strict, ["acct_pay"];
    Family: Kind::Decimal(2), Strict, ["acct_mulaid_pay"];
    Cash: Kind::Decimal(2), Strict, ["cash_payamt", "psn_cash_pay"];
    Balance: Kind::Decimal(2), Loose, ["balc"];
    // With what the account paid: no cash.
    OutOfPocket: Kind::Decimal(2), Loose, ["psn_pay", "psn_part_amt"];
    Hospital: Kind::Decimal(2), Strict, ["hosp_part_amt"];
    Refund: Kind::Number, Loose, ["refd_setl_flag"];
    Clerk: Kind::Party(PartyKind::Agent), Strict, ["opter_id"];
    Invoice: Kind::Serial, Loose, ["invono"];
    Doctor: Kind::Party(PartyKind::Doctor), Strict, ["atddr_no", "dr_code", "chfpdr_code", "bilg_dr_codg", "bilg_dr_code"];
    Insurance: Kind::Code, Loose, ["insutype"];
    PersonType: Kind::Code, Loose, ["psn_type"];
    HospitalLevel: Kind::Code, Loose, ["hosp_lv"];
    Valid: Kind::Number, Loose, ["vali_flag"];
    Deleted: Kind::Number, Loose, ["deleted"];
    Void: VOID, Loose, ["setl_stas", "stas", "status"];
    Version: Kind::Time, Version, ["updt_time", "exch_updt_time", "crte_time"];
}

const FUND_ITEMS: [At; 8] =
    [At::Pooled, At::CivilServant, At::Enterprise, At::Serious, At::Large, At::Disabled, At::Assistance, At::OtherFund];
/// How far sums may be off, fen.
const TOLERANCE_FEN: i64 = 5;

impl Record for Settlement {
    fn row(scene: &Scene<'_>) -> Result<Row<Settlement>, Fault> {
        let cells = scene.cells;
        let home = cells.region(At::Home);
        let area = area(scene)?;
        let class = cells.class(At::MedType).ok_or(Fault::new(Reason::E06, At::MedType))?;
        let span = span(cells)?;
        if span.end < span.begin {
            return Err(Fault::new(Reason::E03, At::End));
        }
        let total_fen = cells.decimal(At::Total).unwrap_or(0);
        let fund_fen = cells.decimal(At::Fund).unwrap_or(0);
        let refund =
            cells.number(At::Refund).is_some_and(|flag| flag != 0) || total_fen < 0 || (total_fen == 0 && fund_fen < 0);
        let id = cells.hash(At::SettlementId);
        let key =
            if cells.has(At::Rid) { hash_words(&[cells.hash(At::Rid)]) } else { hash_words(&[id, u64::from(refund)]) };
        scene.within_window(span.settled.day());
        if !sums_match(scene, total_fen, fund_fen) {
            scene.note(Reason::E12);
        }
        let settled_by = cells.small(At::SettledBy, 3);
        let (by_hand, elsewhere) = (settled_by == Settlement::BY_HAND, home / 100 != area / 100);
        let fact = Settlement {
            person: cells.party(At::Person),
            place: scene.place(cells.party(At::Place)),
            id,
            original: cells.hash(At::Original),
            message: cells.hash(At::Message),
            visit: if cells.has(At::Visit) { cells.hash(At::Visit) } else { id },
            doctor: cells.party(At::Doctor),
            basket: 0,
            settled: span.settled,
            total_fen,
            fund_fen,
            cash_fen: cash(scene, total_fen, fund_fen).unwrap_or(i64::MIN),
            account_fen: cells.decimal(At::Account).unwrap_or(i64::MIN),
            begin: span.begin,
            end: span.end,
            home,
            area,
            till: till(cells.hash(At::Clerk)),
            diagnosis: cells.icd(At::Disease),
            class,
            card: cells.small(At::Card, 3) | if drained(cells) { Settlement::DRAINED } else { 0 },
            settled_by,
            invoice: if by_hand || elsewhere { cells.number(At::Invoice).unwrap_or(0) } else { 0 },
            refund,
            time_only: span.time_only,
        };
        let clock = |at| matches!(cells.moment(at), Some(Moment::TimeOnly(_)));
        if [At::Begin, At::End, At::Settled].into_iter().any(clock) {
            // Flagged, not dropped: the day is that of the row's other dates.
            scene.note(Reason::E02);
        }
        let live = cells.live(At::Valid, At::Deleted, At::Void);
        Ok(Row {
            key,
            version: cells.version(At::Version),
            content: cells.content,
            origin: Default::default(),
            live,
            fact,
        })
    }

    fn rows(batch: &mut Batch) -> &mut Vec<Row<Settlement>> {
        &mut batch.settlements
    }

    /// Who settled a paper bill. The tills of bills settled online stand behind everybody: they are kept in the row only.
    fn links(row: &Row<Settlement>, scene: &Scene<'_>, links: &mut Vec<Row<Identifier>>) {
        if row.fact.settled_by == Settlement::BY_HAND {
            let clerk = scene.cells.party(At::Clerk);
            link(row, 1, clerk, row.fact.person, IdentifierRole::Submitter, links);
        }
    }

    fn names(row: &Row<Settlement>, party: Party) -> bool {
        party.kind() != PartyKind::Agent || row.fact.settled_by == Settlement::BY_HAND
    }
}

/// Where the place lies: its own column, else `fixmedins_b`, else the six digits in its code.
fn area(scene: &Scene<'_>) -> Result<u32, Fault> {
    let area = match scene.cells.region(At::Area) {
        0 => scene.known.areas.get(&scene.cells.party(At::Place)).copied().unwrap_or(0),
        area => area,
    };
    if area != 0 {
        return Ok(area);
    }
    match scene.cells.region(At::PlaceRegion) {
        0 => Err(Fault::new(Reason::E01, At::Area)),
        area => Ok(area),
    }
}

/// Of what it paid, so much is left in an emptied account at most: one in so many.
const LEFT_ONE_IN: i64 = 10;

/// Whether the account paid and is all but empty.
fn drained(cells: &Cells) -> bool {
    let paid = cells.decimal(At::Account).unwrap_or(0);
    let left = cells.decimal(At::Balance);
    paid >= Settlement::GOOD_SUM_FEN && left.is_some_and(|left| left.saturating_mul(LEFT_ONE_IN) <= paid)
}

struct Span {
    begin: Day,
    end: Day,
    settled: Stamp,
    time_only: bool,
}

/// No settlement is older: an earlier date is the zero of a spreadsheet (1899-12-30, 1900-01-01).
const FIRST: Day = Day(-25_202); // 1901-01-01

/// The three dates; one that holds a time of day only takes its day from the others.
fn span(cells: &Cells) -> Result<Span, Fault> {
    let (begin, end) = (cells.day(At::Begin), cells.day(At::End));
    let settled = cells.stamp(At::Settled);
    for (day, at) in [(begin, At::Begin), (end, At::End), (settled.map(Stamp::day), At::Settled)] {
        if day.is_some_and(|day| day < FIRST) {
            return Err(Fault::new(Reason::E02, at));
        }
    }
    let last = end.or(begin).or(settled.map(Stamp::day)).ok_or(Fault::new(Reason::E02, At::End))?;
    let clock = match cells.moment(At::Settled) {
        Some(Moment::TimeOnly(seconds)) => seconds,
        _ => 0,
    };
    Ok(Span {
        begin: begin.unwrap_or(last),
        end: last,
        settled: settled.unwrap_or(Stamp(Stamp::midnight(last).0 + clock)),
        time_only: begin.is_none() || end.is_none() || settled.is_none(),
    })
}

/// Whether the fund's items add up to the fund's total, and all payers to the fee, as far as the columns are there.
fn sums_match(scene: &Scene<'_>, total_fen: i64, fund_fen: i64) -> bool {
    let cells = scene.cells;
    if cells.has(At::Pooled) {
        let items = FUND_ITEMS.iter().filter_map(|at| cells.decimal(*at)).fold(0_i64, i64::saturating_add);
        if items.abs_diff(fund_fen) > TOLERANCE_FEN.unsigned_abs() {
            return false;
        }
    }
    let (Some(others), Some(cash)) = (paid_by_others(scene, fund_fen), cells.decimal(At::Cash)) else { return true };
    others.saturating_add(cash).abs_diff(total_fen) <= TOLERANCE_FEN.unsigned_abs()
}

/// What everybody but the patient's purse paid; `None` where the account's share is not exported.
fn paid_by_others(scene: &Scene<'_>, fund_fen: i64) -> Option<i64> {
    let cells = scene.cells;
    let account = cells.decimal(At::Account)?;
    let account = if scene.plan.settings.fund_includes_account { 0 } else { account };
    let others = [account, cells.decimal(At::Family).unwrap_or(0), cells.decimal(At::Hospital).unwrap_or(0)];
    Some(others.into_iter().fold(fund_fen, i64::saturating_add))
}

/// What the patient paid in cash: its own column; where that is not there or empty, what the others left.
fn cash(scene: &Scene<'_>, total_fen: i64, fund_fen: i64) -> Option<i64> {
    if let Some(cash) = scene.cells.decimal(At::Cash) {
        return Some(cash);
    }
    paid_by_others(scene, fund_fen).map(|others| total_fen.saturating_sub(others))
}

/// A clerk's or till's hash cut to 32 bits, never 0 for a clerk who is there.
fn till(hash: u64) -> u32 {
    if hash == 0 { 0 } else { u32::try_from(hash >> 32).unwrap_or(1).max(1) }
}
