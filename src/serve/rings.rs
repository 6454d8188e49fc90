//! Which suspected leads are there, and why is each one of them?

use super::access::Asking;
use super::parties::{Naming, PartyRef, Text, asked, region};
use super::shared::Shared;
use super::trouble::{Refusal, Trouble, question};
use super::view::{Listed, View};
use crate::model::{Factor, Member, Party, PartyKind, Role, Sentence};
use crate::report::masked_sentence;
use crate::store::History;
use crate::store::lineage::EventKind;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::{IntoParams, ToSchema};

/// Rings of one answer, and what it lists without being asked.
const LIMIT: (usize, usize) = (500, 50);

/// Which rings, in which order.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct RingsAsked {
    /// The state of this epoch, or of this day or moment of Beijing: `7`, `2026-11-20`, `2026-11-20T08:30`.
    as_of: Option<String>,
    /// What last happened: `born`, `grown`, `shrunk`, `merged`, `split`, `revived`, `migrated`.
    event: Option<String>,
    /// Only what happened after this epoch.
    since: Option<u64>,
    /// A typology, such as `card_pool`.
    typology: Option<String>,
    /// A region that one of the places lies in, by name or code as answers show it.
    region: Option<String>,
    /// At least this score.
    score_min: Option<f64>,
    /// At least this much fund money, yuan.
    fund_min: Option<i64>,
    /// At least this many insured persons.
    persons_min: Option<usize>,
    /// A part of an id, a code of a place, a name of a typology or a sentence.
    q: Option<String>,
    /// `rank` (default), `fund`, `total`, `persons`, `first`, `last`; `-` before it turns the order round.
    sort: Option<String>,
    /// From this one on.
    offset: Option<usize>,
    /// At most this many, up to 500; 50 by default.
    limit: Option<usize>,
}

/// Rings.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RingsAnswer {
    /// The epoch that the answer is about.
    epoch: u64,
    /// All rings of the epoch.
    all: usize,
    /// Rings that fit the question.
    total: usize,
    /// From which one on they are listed.
    offset: usize,
    /// Fund money of the rings that fit, fen; leads can overlap.
    fund_fen: i64,
    /// The rings.
    rings: Vec<RingRow>,
    /// How many rings each typology has, before the question.
    typologies: Vec<Counted>,
    /// How many rings each event was the last of, after `since`, before the question.
    events: Vec<Counted>,
    /// How many rings have a place in each region, before the question.
    regions: Vec<Counted>,
}

/// A word and how often.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Counted {
    /// The word.
    pub(super) name: String,
    /// How often.
    pub(super) count: usize,
}

/// A ring in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RingRow {
    /// Its id.
    pub(super) id: String,
    /// From 1.
    pub(super) rank: u32,
    /// The typology that fits best.
    typology: String,
    /// Log-odds, unsaturated.
    score: f64,
    /// Rings of at least this score that chance alone would give.
    expected_by_chance: f64,
    /// The strongest reason.
    sentence: Text,
    /// The three strongest reasons: code and log-odds.
    reasons: Vec<Weighed>,
    /// The strongest reason against, if any.
    against: Option<Weighed>,
    /// Insured persons.
    persons: usize,
    /// Doctors.
    doctors: usize,
    /// Medical institutions.
    institutions: usize,
    /// Pharmacies.
    pharmacies: usize,
    /// Telephones, accounts, agents and the like.
    others: usize,
    /// Fund money, fen, net of reversals.
    fund_fen: i64,
    /// All fees, fen, net of reversals.
    total_fen: i64,
    /// First day of its occasions.
    first_day: String,
    /// Last day of its occasions.
    last_day: String,
    /// Regions of its places.
    regions: Vec<String>,
    /// The last thing that happened to it.
    event: Option<String>,
    /// In which epoch.
    event_epoch: Option<u64>,
    /// Shared occasions in each of 26 equal parts of the time that all leads span, oldest first.
    curve: Vec<u32>,
}

/// A code with its log-odds.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Weighed {
    code: String,
    score: f64,
    text: Text,
}

/// A ring with everything but its graph and its rows.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RingAnswer {
    /// The epoch that the answer is about.
    epoch: u64,
    /// The last epoch.
    latest: u64,
    /// As in the list.
    ring: RingRow,
    /// All typologies that fit: name and log-odds.
    typologies: Vec<Weighed>,
    /// What remains of the score without reasons.
    base: f64,
    /// Reasons for, strongest first.
    factors: Vec<FactorRow>,
    /// Innocent explanations and what they took off.
    counter_evidence: Vec<Weighed>,
    /// Members, the many patients last.
    members: Vec<MemberRow>,
    /// What happened to it, oldest first.
    events: Vec<EventRow>,
    /// Its versions, oldest first.
    versions: Vec<VersionRow>,
}

/// A reason.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FactorRow {
    code: String,
    score: f64,
    text: Text,
    /// Source rows that show it.
    facts: usize,
}

/// A member.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MemberRow {
    pub(super) party: PartyRef,
    /// What it does in the ring.
    pub(super) role: String,
    /// Log-odds of its belonging.
    pub(super) strength: f64,
    /// Why this role.
    pub(super) why: Text,
    /// Ties to members and contexts.
    pub(super) ties: usize,
    /// Other rings it is in.
    also: Vec<String>,
}

/// Something that happened to a ring.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EventRow {
    epoch: u64,
    kind: String,
    joined: u32,
    left: u32,
    /// Rings it came from.
    from: Vec<String>,
    /// Rings it went into.
    to: Vec<String>,
}

/// A ring's state from one epoch to another.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct VersionRow {
    from: u64,
    /// The last epoch in which it was so.
    until: Option<u64>,
    rank: u32,
    typology: String,
    score: f64,
    members: u32,
    total_fen: i64,
    fund_fen: i64,
}

/// The rings.
#[utoipa::path(get, path = "/v1/rings", params(RingsAsked), responses(
    (status = 200, body = RingsAnswer), (status = 400, body = Refusal)))]
pub(super) async fn rings(
    asking: Asking,
    query: Result<Query<RingsAsked>, QueryRejection>,
) -> Result<Json<RingsAnswer>, Trouble> {
    let asked = asked(query)?;
    asking.work(move |shared| list(shared, &asked).map(Json)).await
}

fn list(shared: &Asking, asked: &RingsAsked) -> Result<RingsAnswer, Trouble> {
    let view = shared.view_at(shared.epoch_at(asked.as_of.as_deref())?)?;
    let filter = Filter::of(asked)?;
    let mut fitting: Vec<&Listed> =
        view.rings.iter().map(AsRef::as_ref).filter(|one| filter.fits(one, &view)).collect();
    sort(&mut fitting, asked.sort.as_deref().unwrap_or("rank"))?;
    let offset = asked.offset.unwrap_or(0);
    let limit = asked.limit.unwrap_or(LIMIT.1).min(LIMIT.0);
    let mut typologies: BTreeMap<&str, usize> = BTreeMap::new();
    let mut events: BTreeMap<&str, usize> = BTreeMap::new();
    let mut regions: BTreeMap<String, usize> = BTreeMap::new();
    for one in &view.rings {
        *typologies.entry(&one.ring.finding.typology).or_default() += 1;
        for region in regions_of(one, &view) {
            *regions.entry(region).or_default() += 1;
        }
        if let Some((_, event)) = one.event.as_ref().filter(|(at, _)| *at > asked.since.unwrap_or(0)) {
            *events.entry(event.kind.word()).or_default() += 1;
        }
    }
    let counted = |(name, count): (&str, usize)| Counted { name: name.to_owned(), count };
    Ok(RingsAnswer {
        epoch: view.epoch,
        all: view.rings.len(),
        total: fitting.len(),
        offset,
        fund_fen: fitting.iter().map(|one| one.ring.finding.amount.fund_fen).sum(),
        rings: fitting.iter().skip(offset).take(limit).map(|one| row(one, &view)).collect(),
        typologies: typologies.into_iter().map(counted).collect(),
        events: events.into_iter().map(counted).collect(),
        regions: regions.iter().map(|(name, count)| counted((name, *count))).collect(),
    })
}

struct Filter<'a> {
    asked: &'a RingsAsked,
    words: Option<String>,
    event: Option<EventKind>,
}

impl<'a> Filter<'a> {
    fn of(asked: &'a RingsAsked) -> Result<Filter<'a>, Trouble> {
        let event = match asked.event.as_deref().filter(|word| !word.is_empty()) {
            Some(word) => {
                let found = EventKind::ALL.into_iter().find(|kind| kind.word() == word);
                Some(found.ok_or_else(|| question("event", "没有这种变化", "there is no such event"))?)
            }
            None => None,
        };
        let words = asked.q.as_deref().map(|text| text.trim().to_lowercase()).filter(|text| !text.is_empty());
        Ok(Filter { asked, words, event })
    }

    fn fits(&self, one: &Listed, view: &View) -> bool {
        let (asked, finding) = (self.asked, &one.ring.finding);
        let persons = one.counts.get(&PartyKind::Person).copied().unwrap_or(0);
        let happened = one.event.as_ref().is_some_and(|(at, event)| {
            *at > asked.since.unwrap_or(0) && self.event.is_none_or(|kind| kind == event.kind)
        });
        (happened || (self.event.is_none() && asked.since.is_none()))
            && asked.typology.as_ref().is_none_or(|name| name.is_empty() || *name == finding.typology)
            && asked.region.as_ref().is_none_or(|name| name.is_empty() || regions_of(one, view).contains(name))
            && asked.score_min.is_none_or(|least| f64::from(finding.score) >= least * 100.0)
            && asked.fund_min.is_none_or(|yuan| finding.amount.fund_fen >= yuan.saturating_mul(100))
            && asked.persons_min.is_none_or(|least| persons >= least)
            && self.words.as_ref().is_none_or(|words| says(one, words, view))
    }
}

/// Whether a ring mentions words in what the page shows; masked identifiers only, so that a search reveals none.
fn says(one: &Listed, words: &str, view: &View) -> bool {
    let name = crate::report::caption::typology(&one.ring.finding.typology);
    let parties: Vec<Party> = one.ring.finding.members.iter().map(|member| member.party).collect();
    let said = strongest(one).map(|factor| masked_sentence(&factor.text, &parties, &view.names));
    let sentence = said.unwrap_or_default();
    let texts = [&one.ring.id, &one.ring.finding.typology, &name.zh, &name.en, &sentence.zh, &sentence.en];
    let shown = |member: &Member| crate::report::masked(member.party, &view.names).to_lowercase().contains(words);
    texts.iter().any(|text| text.to_lowercase().contains(words)) || one.ring.finding.members.iter().any(shown)
}

fn sort(rings: &mut [&Listed], wanted: &str) -> Result<(), Trouble> {
    let (back, word) = match wanted.strip_prefix('-') {
        Some(word) => (true, word),
        None => (false, wanted),
    };
    let key: fn(&Listed) -> i64 = match word {
        "rank" => |one| i64::from(one.ring.rank),
        "fund" => |one| -one.ring.finding.amount.fund_fen,
        "total" => |one| -one.ring.finding.amount.total_fen,
        "persons" => |one| -i64::try_from(one.counts.get(&PartyKind::Person).copied().unwrap_or(0)).unwrap_or(0),
        "last" => |one| -i64::from(one.ring.finding.last_day.0),
        "first" => |one| i64::from(one.ring.finding.first_day.0),
        _ => {
            return Err(question(
                "sort",
                "可用 rank fund total persons first last",
                "rank, fund, total, persons, first or last",
            ));
        }
    };
    rings.sort_by_key(|one| (if back { -key(one) } else { key(one) }, one.ring.rank));
    Ok(())
}

fn strongest(one: &Listed) -> Option<&Factor> {
    one.ring.finding.factors.iter().max_by_key(|factor| (factor.score, Reverse(&factor.code)))
}

fn regions_of(one: &Listed, view: &View) -> BTreeSet<String> {
    one.ring.finding.members.iter().filter_map(|member| region(view, member.party)).collect()
}

fn odds(hundredths: i32) -> f64 {
    f64::from(hundredths) / 100.0
}

/// A ring as a list shows it.
pub(super) fn row(one: &Listed, view: &View) -> RingRow {
    let finding = &one.ring.finding;
    let parties: Vec<Party> = finding.members.iter().take(200).map(|member| member.party).collect();
    let text = |text: &Sentence| Text::from(masked_sentence(text, &parties, &view.names));
    let weighed = |code: &str, score: i32, said: &Sentence| Weighed {
        code: code.to_owned(),
        score: odds(score),
        text: text(said),
    };
    let mut factors: Vec<&Factor> = finding.factors.iter().collect();
    factors.sort_by_key(|factor| (Reverse(factor.score), &factor.code));
    let count = |kind: PartyKind| one.counts.get(&kind).copied().unwrap_or(0);
    let main = [PartyKind::Person, PartyKind::Doctor, PartyKind::Institution, PartyKind::Pharmacy];
    RingRow {
        id: one.ring.id.clone(),
        rank: one.ring.rank,
        typology: finding.typology.clone(),
        score: odds(finding.score),
        expected_by_chance: f64::from(one.ring.expected_by_chance_milli) / 1_000.0,
        sentence: strongest(one).map(|factor| text(&factor.text)).unwrap_or_default(),
        reasons: factors.iter().take(3).map(|one| weighed(&one.code, one.score, &one.text)).collect(),
        against: finding
            .counter_evidence
            .iter()
            .filter(|counter| counter.score < 0)
            .min_by_key(|counter| (counter.score, &counter.code))
            .map(|counter| weighed(&counter.code, counter.score, &counter.text)),
        persons: count(main[0]),
        doctors: count(main[1]),
        institutions: count(main[2]),
        pharmacies: count(main[3]),
        others: one.counts.values().sum::<usize>() - main.into_iter().map(count).sum::<usize>(),
        fund_fen: finding.amount.fund_fen,
        total_fen: finding.amount.total_fen,
        first_day: finding.first_day.to_string(),
        last_day: finding.last_day.to_string(),
        regions: regions_of(one, view).into_iter().collect(),
        event: one.event.as_ref().map(|(_, event)| event.kind.word().to_owned()),
        event_epoch: one.event.as_ref().map(|(at, _)| *at),
        curve: one.curve.clone(),
    }
}

/// As of when.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct AsOf {
    /// The state of this epoch, or of this day or moment of Beijing: `7`, `2026-11-20`, `2026-11-20T08:30`.
    pub(super) as_of: Option<String>,
}

/// One ring.
#[utoipa::path(get, path = "/v1/rings/{id}", params(("id" = String, Path, description = "R-…"), AsOf), responses(
    (status = 200, body = RingAnswer), (status = 404, body = Refusal)))]
pub(super) async fn ring(
    asking: Asking,
    Path(id): Path<String>,
    query: Result<Query<AsOf>, QueryRejection>,
) -> Result<Json<RingAnswer>, Trouble> {
    let asked = asked(query)?;
    asking.work(move |shared| one(shared, &id, &asked).map(Json)).await
}

fn one(shared: &Asking, id: &str, asked: &AsOf) -> Result<RingAnswer, Trouble> {
    let view = shared.view_at(shared.epoch_at(asked.as_of.as_deref())?)?;
    let listed = view.ring(id).ok_or_else(|| Trouble::NoSuchRing(id.to_owned()))?;
    let finding = &listed.ring.finding;
    let history = shared.read(|workspace| Ok(workspace.history(id)?))?;
    let parties: Vec<Party> = finding.members.iter().take(200).map(|member| member.party).collect();
    let text = |text: &Sentence| Text::from(masked_sentence(text, &parties, &view.names));
    let sum: i32 = finding.factors.iter().map(|factor| factor.score).sum::<i32>()
        + finding.counter_evidence.iter().map(|counter| counter.score).sum::<i32>();
    let typology = |name: &str| Text::from(crate::report::caption::typology(name));
    let (events, versions) = past(history);
    Ok(RingAnswer {
        epoch: view.epoch,
        latest: shared.shared.view().epoch,
        ring: row(listed, &view),
        typologies: finding
            .typologies
            .iter()
            .map(|one| Weighed { code: one.name.clone(), score: odds(one.score), text: typology(&one.name) })
            .collect(),
        base: odds(finding.score - sum),
        factors: finding
            .factors
            .iter()
            .map(|factor| FactorRow {
                code: factor.code.clone(),
                score: odds(factor.score),
                text: text(&factor.text),
                facts: factor.facts.len(),
            })
            .collect(),
        counter_evidence: finding
            .counter_evidence
            .iter()
            .map(|one| Weighed { code: one.code.clone(), score: odds(one.score), text: text(&one.text) })
            .collect(),
        members: members(shared, listed, &view, &text),
        events,
        versions,
    })
}

/// The members of a ring, the many patients last.
pub(super) fn member_rows(asking: &Asking, listed: &Listed, view: &View) -> Vec<MemberRow> {
    let parties: Vec<Party> = listed.ring.finding.members.iter().take(200).map(|member| member.party).collect();
    members(asking, listed, view, &|text| Text::from(masked_sentence(text, &parties, &view.names)))
}

fn members(shared: &Shared, listed: &Listed, view: &View, text: &dyn Fn(&Sentence) -> Text) -> Vec<MemberRow> {
    let mut ties: BTreeMap<Party, usize> = BTreeMap::new();
    for party in listed.ties.iter().flat_map(|tie| [tie.a, tie.b]) {
        *ties.entry(party).or_default() += 1;
    }
    let naming = Naming { shared, view, names: &view.names };
    let seen = |member: &&Member| !member.party.kind().is_context();
    let mut members: Vec<&Member> = listed.ring.finding.members.iter().filter(seen).collect();
    // The many patients come last, or nobody would see the doctors and institutions behind them.
    members.sort_by_key(|member| member.role == Role::Patient);
    members
        .into_iter()
        .map(|member| MemberRow {
            party: naming.party(member.party),
            role: member.role.word().to_owned(),
            strength: odds(member.strength),
            why: text(&member.why),
            ties: ties.get(&member.party).copied().unwrap_or(0),
            also: view.ring_ids(member.party).into_iter().filter(|id| *id != listed.ring.id).collect(),
        })
        .collect()
}

fn past(history: History) -> (Vec<EventRow>, Vec<VersionRow>) {
    let events = history.events.into_iter().map(|(epoch, event)| EventRow {
        epoch,
        kind: event.kind.word().to_owned(),
        joined: event.joined,
        left: event.left,
        from: event.from,
        to: event.to,
    });
    let versions = history.versions.into_iter().map(|version| VersionRow {
        from: version.from,
        until: version.to.map(|to| to.saturating_sub(1)),
        rank: version.rank,
        typology: version.typology,
        score: odds(version.score),
        members: version.members,
        total_fen: version.total_fen,
        fund_fen: version.fund_fen,
    });
    (events.collect(), versions.collect())
}
