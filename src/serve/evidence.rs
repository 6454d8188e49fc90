//! Which source rows show it? The rows that a ring's reasons cite, each with where it was read.
//!
//! Rows are found by reference in the workspace's segments, and kept for the next question, also over batches: a row that is cited
//! never changes.

use super::access::Asking;
use super::parties::{Naming, PartyRef, asked, names};
use super::shared::Shared;
use super::trouble::{Refusal, Trouble};
use super::view::{Listed, View};
use crate::model::{Batch, CareClass, Day, Names, Party, Row, RowRef};
use crate::report::{RingActivity, class_word};
use crate::store::ReadAt;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use utoipa::{IntoParams, ToSchema};

/// Rows of one answer, and what it lists without being asked.
const LIMIT: (usize, usize) = (1_000, 100);

/// What a row says, as far as it is shown.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    pub(super) day: Option<Day>,
    pub(super) end: Option<Day>,
    pub(super) class: Option<CareClass>,
    pub(super) parties: BTreeSet<Party>,
    pub(super) total_fen: Option<i64>,
    pub(super) fund_fen: Option<i64>,
}

/// The rows of a ring.
pub(super) struct Evidence {
    /// Which rows.
    pub(super) cited: BTreeSet<RowRef>,
    /// By day.
    rows: Vec<(RowRef, Said)>,
    sources: BTreeMap<RowRef, ReadAt>,
    pub(super) names: Names,
    /// The settlements and visits among them.
    pub(super) activity: Vec<RingActivity>,
}

impl Evidence {
    /// The evidence of a ring, from the view or found now.
    pub(super) fn of(shared: &Shared, view: &View, listed: &Listed) -> Result<Arc<Evidence>, Trouble> {
        let factors = &listed.ring.finding.factors;
        let cited: BTreeSet<RowRef> = factors.iter().flat_map(|factor| factor.facts.iter().copied()).collect();
        view.evidence(&listed.ring.id, &cited, || Evidence::find(shared, view, cited.clone()))
    }

    fn find(shared: &Shared, view: &View, cited: BTreeSet<RowRef>) -> Result<Evidence, Trouble> {
        let (batch, sources) =
            shared.read(|workspace| Ok((workspace.facts(&cited)?, workspace.sources_of(&cited)?)))?;
        let mut said: BTreeMap<RowRef, Said> = cited.iter().map(|row| (*row, Said::default())).collect();
        let mut activity = Vec::new();
        tell(&batch, &mut said);
        let visits = batch.visits.iter().map(|row| (row.origin, row.fact.person, row.fact.place, row.fact.doctor));
        let settled = batch.settlements.iter();
        let settled = settled.map(|row| (row.origin, row.fact.person, row.fact.place, row.fact.doctor));
        for (fact, person, place, doctor) in settled.chain(visits) {
            let Some(said) = said.get(&fact) else { continue };
            let (Some(day), Some(class)) = (said.day, said.class) else { continue };
            activity.push(RingActivity {
                ring: 0,
                day,
                end: said.end.unwrap_or(day),
                person,
                place,
                doctor,
                fact,
                total_fen: said.total_fen.unwrap_or(0),
                fund_fen: said.fund_fen.unwrap_or(0),
                class,
            });
        }
        for one in said.values_mut() {
            one.parties.retain(|party| party.is_some() && !party.kind().is_context());
            one.day = one.day.filter(|day| known(*day));
            one.end = one.end.filter(|day| known(*day));
        }
        let parties = said.values().flat_map(|said| said.parties.iter().copied()).collect();
        let names = names(shared, view, &cited, &parties)?;
        let mut rows: Vec<(RowRef, Said)> = said.into_iter().collect();
        rows.sort_by_key(|(row, said)| (said.day.unwrap_or(Day(i32::MAX)), *row));
        activity.retain(|one| known(one.day));
        activity.sort();
        Ok(Evidence { cited, rows, sources, names, activity })
    }
}

/// What each fact says, added to what its row is said to say.
fn tell(batch: &Batch, said: &mut BTreeMap<RowRef, Said>) {
    each(&batch.settlements, said, |fact, said| {
        (said.day, said.end, said.class) = (Some(fact.begin), Some(fact.end), Some(fact.class));
        (said.total_fen, said.fund_fen) = (Some(fact.total_fen), Some(fact.fund_fen));
        said.parties.extend([fact.person, fact.place, fact.doctor]);
    });
    each(&batch.visits, said, |fact, said| {
        (said.day, said.class) = (Some(fact.begin.day()), Some(fact.class));
        said.end = (fact.end.0 != i64::MIN).then(|| fact.end.day());
        said.parties.extend([fact.person, fact.place, fact.doctor]);
    });
    each(&batch.identifiers, said, |fact, said| {
        said.day = said.day.or(Some(fact.begin));
        said.parties.extend([fact.holder, fact.identifier]);
    });
    each(&batch.filings, said, |fact, said| {
        said.day = Some(if fact.filed == Day(i32::MIN) { fact.begin } else { fact.filed });
        said.parties.extend([fact.person, fact.agent]);
    });
    each(&batch.traces, said, |fact, said| {
        (said.day, said.total_fen) = (Some(fact.at.day()), Some(fact.price_fen));
        said.parties.extend([fact.person, fact.place]);
    });
    each(&batch.fee_lines, said, |fact, said| {
        (said.day, said.total_fen) = (Some(fact.at.day()), Some(fact.amount_fen));
        said.parties.extend([fact.person, fact.doctor]);
    });
    each(&batch.diagnoses, said, |fact, said| said.parties.extend([fact.person]));
    each(&batch.persons, said, |fact, said| said.parties.extend([fact.person]));
    each(&batch.prescriptions, said, |fact, said| {
        said.day = Some(fact.issued.day());
        said.parties.extend([fact.person, fact.place, fact.counter, fact.doctor]);
    });
    each(&batch.enrolments, said, |fact, said| {
        (said.day, said.end) = (Some(fact.begin), Some(fact.end));
        said.parties.extend([fact.person, fact.employer]);
    });
    each(&batch.entitlements, said, |fact, said| {
        (said.day, said.end) = (Some(fact.begin), Some(fact.end));
        said.parties.extend([fact.person, fact.place, fact.doctor, fact.contact]);
    });
    each(&batch.allowances, said, |fact, said| {
        (said.day, said.total_fen) = (Some(fact.paid), Some(fact.amount_fen));
        said.parties.extend([fact.person, fact.employer, fact.agent, fact.account]);
    });
    each(&batch.assessments, said, |fact, said| {
        said.day = Some(fact.at.day());
        said.parties.extend([fact.person, fact.place, fact.assessor, fact.second]);
    });
    each(&batch.care_visits, said, |fact, said| {
        (said.day, said.fund_fen) = (Some(fact.begin.day()), Some(fact.amount_fen));
        said.parties.extend([fact.person, fact.place, fact.carer, fact.device]);
    });
}

fn each<F>(rows: &[Row<F>], said: &mut BTreeMap<RowRef, Said>, mut tell: impl FnMut(&F, &mut Said)) {
    for row in rows {
        if let Some(said) = said.get_mut(&row.origin) {
            tell(&row.fact, said);
        }
    }
}

/// Neither open nor unknown.
fn known(day: Day) -> bool {
    day.0 != i32::MIN && day.0 != i32::MAX
}

/// Which rows.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct FactsAsked {
    /// The state of this epoch, or of this day or moment of Beijing: `7`, `2026-11-20`, `2026-11-20T08:30`.
    as_of: Option<String>,
    /// Only rows that this reason cites.
    factor: Option<String>,
    /// Only rows about this party.
    party: Option<String>,
    /// From this one on.
    offset: Option<usize>,
    /// At most this many, up to 1,000; 100 by default.
    limit: Option<usize>,
}

/// Source rows.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FactsAnswer {
    epoch: u64,
    /// Rows that fit.
    total: usize,
    offset: usize,
    facts: Vec<FactRow>,
}

/// A source row.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FactRow {
    /// The id to search for, `table:id`; personal identifiers in it are masked.
    pub(super) row: String,
    pub(super) table: String,
    pub(super) day: Option<String>,
    pub(super) end: Option<String>,
    /// Kind of care.
    pub(super) class: Option<String>,
    /// Whom it names.
    pub(super) parties: Vec<PartyRef>,
    pub(super) total_fen: Option<i64>,
    pub(super) fund_fen: Option<i64>,
    /// The reasons that cite it.
    pub(super) factors: Vec<String>,
    /// The file it was read from.
    pub(super) file: Option<String>,
    /// The row of the file, from 1.
    pub(super) file_row: Option<u64>,
    /// The epoch that brought it.
    pub(super) read_in: Option<u64>,
}

/// The rows that a ring's reasons cite, by day.
#[utoipa::path(get, path = "/v1/rings/{id}/facts", params(("id" = String, Path, description = "R-…"), FactsAsked),
    responses((status = 200, body = FactsAnswer), (status = 404, body = Refusal)))]
pub(super) async fn facts(
    asking: Asking,
    Path(id): Path<String>,
    query: Result<Query<FactsAsked>, QueryRejection>,
) -> Result<Json<FactsAnswer>, Trouble> {
    let asked = asked(query)?;
    asking.work(move |shared| list(shared, &id, &asked).map(Json)).await
}

fn list(shared: &Asking, id: &str, asked: &FactsAsked) -> Result<FactsAnswer, Trouble> {
    let view = shared.view_at(shared.epoch_at(asked.as_of.as_deref())?)?;
    let listed = view.ring(id).ok_or_else(|| Trouble::NoSuchRing(id.to_owned()))?;
    let evidence = Evidence::of(shared, &view, listed)?;
    let citing = citing(listed);
    let about = match asked.party.as_deref().filter(|token| !token.is_empty()) {
        Some(token) => Some(super::parties::party(shared, token)?),
        None => None,
    };
    let factor = asked.factor.as_deref().filter(|code| !code.is_empty());
    let fits = |row: &RowRef, said: &Said| {
        factor.is_none_or(|code| citing.get(row).is_some_and(|codes| codes.contains(&code)))
            && about.is_none_or(|party| said.parties.contains(&party))
    };
    let fitting: Vec<&(RowRef, Said)> = evidence.rows.iter().filter(|(row, said)| fits(row, said)).collect();
    let naming = Naming { shared, view: &view, names: &evidence.names };
    let (offset, limit) = (asked.offset.unwrap_or(0), asked.limit.unwrap_or(LIMIT.1).min(LIMIT.0));
    let shown = fitting.iter().skip(offset).take(limit);
    let shown = shown.map(|(row, said)| fact_row(&evidence, &naming, *row, said, citing.get(row)));
    Ok(FactsAnswer { epoch: view.epoch, total: fitting.len(), offset, facts: shown.collect() })
}

/// All rows that a ring's reasons cite, by day.
pub(super) fn all_rows(asking: &Asking, view: &View, listed: &Listed) -> Result<Vec<(RowRef, FactRow)>, Trouble> {
    let evidence = Evidence::of(asking, view, listed)?;
    let naming = Naming { shared: asking, view, names: &evidence.names };
    let citing = citing(listed);
    let row = |(row, said): &(RowRef, Said)| (*row, fact_row(&evidence, &naming, *row, said, citing.get(row)));
    Ok(evidence.rows.iter().map(row).collect())
}

/// The reasons that cite each row.
fn citing(listed: &Listed) -> BTreeMap<RowRef, Vec<&str>> {
    let mut citing: BTreeMap<RowRef, Vec<&str>> = BTreeMap::new();
    for factor in &listed.ring.finding.factors {
        factor.facts.iter().for_each(|row| citing.entry(*row).or_default().push(&factor.code));
    }
    citing
}

fn fact_row(evidence: &Evidence, naming: &Naming, row: RowRef, said: &Said, codes: Option<&Vec<&str>>) -> FactRow {
    let source = evidence.sources.get(&row);
    FactRow {
        row: naming.row(row),
        table: row.table().name().to_owned(),
        day: said.day.map(|day| day.to_string()),
        end: said.end.map(|day| day.to_string()),
        class: said.class.map(|class| class_word(class).to_owned()),
        parties: by_kind(&said.parties).into_iter().map(|party| naming.party(party)).collect(),
        total_fen: said.total_fen,
        fund_fen: said.fund_fen,
        factors: codes.into_iter().flatten().map(|code| (*code).to_owned()).collect(),
        file: source.map(|at| file_name(&at.file)),
        file_row: source.map(|at| at.row),
        read_in: source.map(|at| at.epoch),
    }
}

/// Persons first, then whom they went to, then what they share.
fn by_kind(parties: &BTreeSet<Party>) -> Vec<Party> {
    let mut order: Vec<Party> = parties.iter().copied().collect();
    order.sort_by_key(|party| (party.kind(), *party));
    order
}

/// The last two parts of a path: folders above are the machine's business.
fn file_name(path: &str) -> String {
    let parts: Vec<&str> = path.split(['/', '\\']).collect();
    parts[parts.len().saturating_sub(2)..].join("/")
}
