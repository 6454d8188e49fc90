//! Where do the figures of a report come from? The rings of two epochs, their lineage, the tallies between, and the cases.

use super::changes::{both, changes, corrections, count};
use super::{
    Figure, OverdueCase, Period, QualityLine, ReasonLine, RegionLine, Report, StageLine, TopRing, TypologyLine,
};
use crate::engine::{EngineError, book_at, members};
use crate::model::{Names, Outcome, Party, PartyKind, References, Ring, Sentence};
use crate::report::{caption, masked_sentence};
use crate::store::{Case, ChangeKind, Workspace};
use std::collections::{BTreeMap, BTreeSet};

/// Rings of a report with their sentence.
const TOP: usize = 20;

/// A stage of cases, as the site has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageName {
    /// What programs call it.
    pub id: String,
    /// What people call it.
    pub name: Sentence,
    /// Its clock, hours; 0 is none.
    pub hours: u32,
}

/// Whether a ring of an epoch may be told.
pub type Sees<'a> = dyn Fn(u64, &Ring) -> bool + 'a;

/// What a report is asked about.
pub struct Asked<'a> {
    /// The week or month.
    pub period: Period,
    /// The epoch to look at instead of the last one of the period.
    pub as_of: Option<u64>,
    /// The stages of cases, in order.
    pub stages: &'a [StageName],
    /// The cases to count.
    pub cases: &'a [Case],
    /// The rings to count; all without it.
    pub seen: Option<&'a Sees<'a>>,
}

/// Gathers a report.
///
/// # Errors
/// When the workspace does not answer, or `as_of` is yet to come.
pub fn gather(workspace: &Workspace, asked: &Asked<'_>) -> Result<Report, EngineError> {
    let (begin, end) = asked.period.bounds();
    let epochs = workspace.epochs()?;
    let until =
        |moment: i64| epochs.iter().filter(|one| one.committed_at < moment).map(|one| one.epoch).max().unwrap_or(0);
    let epoch = asked.as_of.unwrap_or_else(|| until(end));
    let before = until(begin).min(epoch);
    let rings = |at: u64| -> Result<Vec<Ring>, EngineError> {
        let mut rings = workspace.rings(Some(at))?;
        rings.retain(|ring| asked.seen.is_none_or(|seen| seen(at, ring)));
        Ok(rings)
    };
    let (now, old) = (rings(epoch)?, rings(before)?);
    let references = book_at(workspace, epoch)?.references();
    let names = workspace.names(&BTreeSet::new(), &members(&now))?;
    let known: BTreeSet<&str> = now.iter().chain(&old).map(|ring| ring.id.as_str()).collect();
    let mut events = workspace.events(before)?;
    // A ring that came and went within the period is told as well, where everything may be seen.
    events.retain(|(at, event)| *at <= epoch && (asked.seen.is_none() || known.contains(event.ring.as_str())));
    let standing: BTreeSet<&str> = now.iter().map(|ring| ring.id.as_str()).collect();
    let was: BTreeSet<&str> = old.iter().map(|ring| ring.id.as_str()).collect();
    let moment = moment(end, &epochs.iter().map(|one| one.committed_at).collect::<Vec<_>>(), asked.cases);
    let then: Vec<Then<'_>> = asked.cases.iter().filter_map(|case| Then::of(case, moment)).collect();
    let (stages, overdue) = stages(asked.stages, &then, moment);
    let (first_day, last_day) = asked.period.days();
    let (quality, reasons) = quality(workspace, before, epoch)?;
    let told = Told { names: &names, references: &references, was: &was };
    Ok(Report {
        schema_version: 1,
        period: asked.period.to_string(),
        rhythm: asked.period.rhythm(),
        first_day: first_day.to_string(),
        last_day: last_day.to_string(),
        epoch,
        epoch_before: before,
        moment,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        masked: true,
        totals: totals(&now, &old),
        changes: changes(&events, &standing),
        top: now.iter().take(TOP).map(|ring| told.ring(ring)).collect(),
        rings: now.len(),
        regions: told.regions(&now),
        typologies: typologies(&now, &was, &then),
        stages,
        overdue,
        quality,
        reasons,
        batches: epochs.iter().filter(|one| one.epoch > before && one.epoch <= epoch).count(),
        corrections: corrections(&old, &now),
    })
}

/// The end of the period, or the last thing that the workspace recorded where that is earlier: no clock is asked.
fn moment(end: i64, batches: &[i64], cases: &[Case]) -> i64 {
    let steps = cases.iter().flat_map(|case| {
        let steps = case.steps.iter().flat_map(|step| [Some(step.at), step.content.decided_at]);
        steps.flatten().chain([case.head.opened_at]).chain(case.receipts.iter().map(|one| one.at))
    });
    batches.iter().copied().chain(steps).max().unwrap_or(0).min(end)
}

/// A case as it stood at a moment.
struct Then<'a> {
    case: &'a Case,
    stage: &'a str,
    since: i64,
    verdict: Option<&'a str>,
}

impl<'a> Then<'a> {
    fn of(case: &'a Case, moment: i64) -> Option<Then<'a>> {
        if case.head.opened_at > moment {
            return None;
        }
        let made = case.steps.iter().filter(|step| step.content.state == "made");
        let dated = made.map(|step| (step.content.decided_at.unwrap_or(step.at), &step.content));
        let first = case.steps.first().map_or(case.head.stage.as_str(), |step| step.content.from.as_str());
        let mut then = Then { case, stage: first, since: case.head.opened_at, verdict: None };
        for (at, step) in dated.filter(|(at, _)| *at <= moment) {
            then = match &step.change {
                // It is counted where it went.
                Some(change) if change.kind == ChangeKind::GoneInto => return None,
                Some(change) => Then { case, stage: &step.to, since: change.since.unwrap_or(at), verdict: None },
                None => Then { case, stage: &step.to, since: at, verdict: step.verdict.as_deref() },
            };
        }
        Some(then)
    }
}

fn stages(names: &[StageName], cases: &[Then<'_>], moment: i64) -> (Vec<StageLine>, Vec<OverdueCase>) {
    let (mut lines, mut overdue) = (Vec::new(), Vec::new());
    for stage in names {
        let within: Vec<&Then<'_>> = cases.iter().filter(|then| then.stage == stage.id).collect();
        let over = |then: &Then<'_>| moment - then.since - i64::from(stage.hours) * 3_600;
        let late = within
            .iter()
            .filter(|then| stage.hours > 0 && over(then) >= 0 && !then.case.received(then.stage, then.since, moment));
        let late: Vec<OverdueCase> = late
            .map(|then| OverdueCase {
                case: then.case.head.id.clone(),
                stage: stage.id.clone(),
                name: stage.name.clone(),
                hours_over: over(then).div_euclid(3_600),
            })
            .collect();
        let (stage, name) = (stage.id.clone(), stage.name.clone());
        lines.push(StageLine { stage, name, cases: within.len(), overdue: late.len() });
        overdue.extend(late);
    }
    overdue.sort_by(|one, other| (-one.hours_over, &one.case).cmp(&(-other.hours_over, &other.case)));
    (lines, overdue)
}

fn totals(now: &[Ring], old: &[Ring]) -> Vec<Figure> {
    let parties = |rings: &[Ring], kind: PartyKind| {
        let members = rings.iter().flat_map(|ring| &ring.finding.members).map(|member| member.party);
        members.filter(|party| party.kind() == kind).collect::<BTreeSet<Party>>().len()
    };
    let whole = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
    let money = |rings: &[Ring]| rings.iter().map(|ring| ring.finding.amount.fund_fen).sum::<i64>();
    let figure = |code, zh: &str, en: &str, now: i64, before: i64, money| Figure {
        code,
        name: both(zh, en),
        now,
        before,
        money,
    };
    let distinct = |code, zh: &str, en: &str, kind| {
        figure(code, zh, en, whole(parties(now, kind)), whole(parties(old, kind)), false)
    };
    vec![
        figure("rings", "疑似线索", "suspected leads", whole(now.len()), whole(old.len()), false),
        distinct("persons", "涉及参保人(去重)", "insured persons, each once", PartyKind::Person),
        distinct("places", "涉及机构与药店(去重)", "institutions and pharmacies, each once", PartyKind::Institution),
        distinct("doctors", "涉及医师(去重)", "doctors, each once", PartyKind::Doctor),
        figure(
            "fund_fen",
            "所涉基金支付(线索间可能重叠)",
            "fund money involved; leads may overlap",
            money(now),
            money(old),
            true,
        ),
    ]
}

fn typologies(now: &[Ring], was: &BTreeSet<&str>, cases: &[Then<'_>]) -> Vec<TypologyLine> {
    let mut lines: BTreeMap<&str, TypologyLine> = BTreeMap::new();
    let line = |slug: &str| TypologyLine {
        typology: slug.to_owned(),
        name: caption::typology(slug),
        rings: 0,
        new: 0,
        confirmed: 0,
        refuted: 0,
        false_positive_rate: None,
    };
    for ring in now {
        let slug = ring.finding.typology.as_str();
        let line = lines.entry(slug).or_insert_with(|| line(slug));
        line.rings += 1;
        line.new += usize::from(!was.contains(ring.id.as_str()));
    }
    for then in cases {
        for ring in &then.case.rings {
            let slug = ring.facts.typology.as_str();
            match then.verdict {
                Some("confirmed") => lines.entry(slug).or_insert_with(|| line(slug)).confirmed += 1,
                Some("refuted") => lines.entry(slug).or_insert_with(|| line(slug)).refuted += 1,
                _ => {}
            }
        }
    }
    for line in lines.values_mut() {
        let float = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        let decided = line.confirmed + line.refuted;
        line.false_positive_rate = (decided > 0).then(|| float(line.refuted) / float(decided));
    }
    let mut lines: Vec<TypologyLine> = lines.into_values().collect();
    lines.sort_by(|one, other| (other.rings, &one.typology).cmp(&(one.rings, &other.typology)));
    lines
}

/// What is needed to tell of a ring.
struct Told<'a> {
    names: &'a Names,
    references: &'a References,
    was: &'a BTreeSet<&'a str>,
}

impl Told<'_> {
    fn ring(&self, ring: &Ring) -> TopRing {
        let finding = &ring.finding;
        let parties: Vec<Party> = finding.members.iter().map(|member| member.party).collect();
        let masked = |text: &Sentence| masked_sentence(text, &parties, self.names);
        TopRing {
            ring: ring.id.clone(),
            rank: ring.rank,
            typology: finding.typology.clone(),
            name: caption::typology(&finding.typology),
            score: f64::from(finding.score) / 100.0,
            expected_by_chance: f64::from(ring.expected_by_chance_milli) / 1_000.0,
            sentence: crate::report::section::strongest(ring).map(|factor| masked(&factor.text)).unwrap_or_default(),
            against: finding.counter_evidence.first().map(|counter| masked(&counter.text)),
            persons: count(ring, PartyKind::Person),
            places: count(ring, PartyKind::Institution),
            regions: self.places(ring).into_iter().collect(),
            fund_fen: finding.amount.fund_fen,
            first_day: finding.first_day.to_string(),
            last_day: finding.last_day.to_string(),
            new: !self.was.contains(ring.id.as_str()),
        }
    }

    /// The regions of a ring's places, by name where there is one.
    fn places(&self, ring: &Ring) -> BTreeSet<String> {
        let entries = ring.finding.members.iter().filter_map(|member| self.references.places.get(&member.party));
        let named = |code: u32| {
            let region = self.references.regions.by_code.get(&code).map(|region| region.name.clone());
            region.filter(|name| !name.is_empty()).unwrap_or_else(|| code.to_string())
        };
        entries.filter(|entry| entry.area != 0).map(|entry| named(entry.area)).collect()
    }

    fn regions(&self, rings: &[Ring]) -> Vec<RegionLine> {
        let mut lines: BTreeMap<String, RegionLine> = BTreeMap::new();
        for ring in rings {
            for region in self.places(ring) {
                let line = RegionLine { region: region.clone(), rings: 0, new: 0, fund_fen: 0 };
                let line = lines.entry(region).or_insert(line);
                line.rings += 1;
                line.new += usize::from(!self.was.contains(ring.id.as_str()));
                line.fund_fen += ring.finding.amount.fund_fen;
            }
        }
        let mut lines: Vec<RegionLine> = lines.into_values().collect();
        lines.sort_by(|one, other| {
            (other.rings, other.fund_fen, &one.region).cmp(&(one.rings, one.fund_fen, &other.region))
        });
        lines
    }
}

/// The conservation table of the epochs after one, up to another.
fn quality(workspace: &Workspace, after: u64, to: u64) -> Result<(Vec<QualityLine>, Vec<ReasonLine>), EngineError> {
    let mut tables: BTreeMap<&str, QualityLine> = BTreeMap::new();
    let mut reasons: BTreeMap<(&str, &str), ReasonLine> = BTreeMap::new();
    for epoch in after + 1..=to {
        for tally in workspace.tallies(Some(epoch))? {
            let name = tally.table.name();
            let fresh = || QualityLine { table: name.to_owned(), ..QualityLine::default() };
            let line = tables.entry(name).or_insert_with(fresh);
            line.read += tally.rows;
            *match tally.outcome {
                Outcome::Accepted => &mut line.accepted,
                Outcome::Corrected => &mut line.corrected,
                Outcome::Stale => &mut line.stale,
                Outcome::Duplicate => &mut line.duplicate,
                Outcome::Retracted => &mut line.retracted,
                Outcome::Quarantined => &mut line.quarantined,
            } += tally.rows;
            if let Some(reason) = tally.reason {
                let (zh, en) = reason.sentence();
                let (table, code) = (name.to_owned(), reason.code().to_owned());
                let fresh = || ReasonLine { table, code, name: both(zh, en), rows: 0 };
                reasons.entry((name, reason.code())).or_insert_with(fresh).rows += tally.rows;
            }
        }
    }
    Ok((tables.into_values().collect(), reasons.into_values().collect()))
}
