//! What does the page say about one ring? Plain values for the template: texts, counts, pictures, bars.

use super::caption;
use super::drawing::{self, Drawing};
use super::line::{hundredths, thousandths};
use super::mask::Masks;
use super::naming::shown_kind;
use super::{Edition, RingActivity, timeline};
use crate::model::{Factor, Member, Party, PartyKind, Ring, Role, Sentence, Tie};
use serde::Serialize;

/// Pictures are drawn for this many rings from the top.
pub(super) const PICTURES: u32 = 100;
const MEMBERS: usize = 200;
const MEMBERS_WITHOUT_PICTURE: usize = 40;
const FACTS: usize = 60;
const FACTS_WITHOUT_PICTURE: usize = 12;

/// One ring on the page.
#[derive(Serialize)]
pub(super) struct Section {
    id: String,
    rank: u32,
    typology: String,
    name: Sentence,
    also: Vec<Sentence>,
    score: String,
    chance: String,
    persons: usize,
    doctors: usize,
    institutions: usize,
    pharmacies: usize,
    others: usize,
    fund: String,
    total: String,
    /// What reversals without an original would take off; none where all found theirs.
    orphans: Option<String>,
    first_day: String,
    last_day: String,
    sentence: Sentence,
    pictured: bool,
    graph: Option<Graph>,
    timeline: Option<String>,
    steps: Vec<Step>,
    factors: Vec<Reason>,
    counters: Vec<Against>,
    members: Vec<Row>,
    members_more: usize,
}

#[derive(Serialize)]
struct Graph {
    svg: String,
    nodes: usize,
    nodes_all: usize,
    ties: usize,
    ties_all: usize,
    alone: bool,
}

/// One bar of the waterfall; `left` and `width` in percent.
#[derive(Serialize)]
struct Step {
    class: &'static str,
    text: Option<Sentence>,
    score: String,
    left: String,
    width: String,
}

#[derive(Serialize)]
struct Reason {
    code: String,
    score: String,
    text: Sentence,
    facts: Vec<String>,
    facts_all: usize,
    facts_more: usize,
}

#[derive(Serialize)]
struct Against {
    code: String,
    name: Sentence,
    score: String,
    text: Sentence,
}

#[derive(Serialize)]
struct Row {
    kind: Sentence,
    id: String,
    role: Sentence,
    strength: String,
    why: Sentence,
}

/// Everything the page says about a ring.
pub(super) fn section(
    edition: &Edition,
    ring: &Ring,
    ties: &[&Tie],
    activity: &[&RingActivity],
    masks: &Masks,
) -> Section {
    let finding = &ring.finding;
    let pictured = ring.rank <= PICTURES;
    let kind = |member: &Member| shown_kind(member.party, edition.references);
    let count = |wanted: PartyKind| finding.members.iter().filter(|member| kind(member) == wanted).count();
    let mut members: Vec<&Member> = finding.members.iter().filter(|member| !member.party.kind().is_context()).collect();
    // The many patients come last, or nobody would see the doctors and institutions behind them.
    members.sort_by_key(|member| member.role == Role::Patient);
    let (persons, doctors) = (count(PartyKind::Person), count(PartyKind::Doctor));
    let (institutions, pharmacies) = (count(PartyKind::Institution), count(PartyKind::Pharmacy));
    let shown = if pictured { MEMBERS } else { MEMBERS_WITHOUT_PICTURE };
    let parties: Vec<Party> = members.iter().take(60).map(|member| member.party).collect();
    let masked = |text: &Sentence| Sentence {
        zh: masks.sentence(&text.zh, parties.iter().copied()),
        en: masks.sentence(&text.en, parties.iter().copied()),
    };
    let drawing = if pictured { drawing::draw(ring, ties, activity, edition.references, masks) } else { None };
    Section {
        id: ring.id.clone(),
        rank: ring.rank,
        typology: finding.typology.clone(),
        name: caption::typology(&finding.typology),
        also: finding
            .typologies
            .iter()
            .filter(|other| other.name != finding.typology)
            .map(|other| caption::typology(&other.name))
            .collect(),
        score: hundredths(finding.score),
        chance: thousandths(ring.expected_by_chance_milli),
        persons,
        doctors,
        institutions,
        pharmacies,
        others: members.len() - persons - doctors - institutions - pharmacies,
        fund: yuan(finding.amount.fund_fen),
        total: yuan(finding.amount.total_fen),
        orphans: (finding.amount.orphan_fen > 0).then(|| yuan(finding.amount.orphan_fen)),
        first_day: finding.first_day.to_string(),
        last_day: finding.last_day.to_string(),
        sentence: strongest(ring).map(|factor| masked(&factor.text)).unwrap_or_default(),
        pictured,
        graph: drawing.map(Graph::from),
        timeline: if pictured { timeline::draw(activity, masks) } else { None },
        steps: waterfall(ring, &masked),
        factors: finding.factors.iter().map(|one| reason(one, pictured, masks, &masked)).collect(),
        counters: finding
            .counter_evidence
            .iter()
            .map(|counter| Against {
                code: counter.code.clone(),
                name: caption::look_alike(&counter.code),
                score: hundredths(counter.score),
                text: masked(&counter.text),
            })
            .collect(),
        members: members.iter().take(shown).map(|member| row(edition, member, masks, &masked)).collect(),
        members_more: members.len().saturating_sub(shown),
    }
}

pub(super) fn strongest(ring: &Ring) -> Option<&Factor> {
    ring.finding.factors.iter().max_by_key(|factor| (factor.score, std::cmp::Reverse(&factor.code)))
}

fn reason(factor: &Factor, pictured: bool, masks: &Masks, masked: &dyn Fn(&Sentence) -> Sentence) -> Reason {
    let shown = if pictured { FACTS } else { FACTS_WITHOUT_PICTURE };
    Reason {
        code: factor.code.clone(),
        score: hundredths(factor.score),
        text: masked(&factor.text),
        facts: factor.facts.iter().take(shown).map(|row| masks.row(*row)).collect(),
        facts_all: factor.facts.len(),
        facts_more: factor.facts.len().saturating_sub(shown),
    }
}

fn row(edition: &Edition, member: &Member, masks: &Masks, masked: &dyn Fn(&Sentence) -> Sentence) -> Row {
    Row {
        kind: caption::kind(shown_kind(member.party, edition.references)),
        id: masks.party(member.party),
        role: caption::role(member.role),
        strength: hundredths(member.strength),
        why: masked(&member.why),
    }
}

/// Base, then every reason for and against, then the score: each bar starts where the one before it ended.
fn waterfall(ring: &Ring, masked: &dyn Fn(&Sentence) -> Sentence) -> Vec<Step> {
    let finding = &ring.finding;
    let factors = finding.factors.iter().map(|factor| (i64::from(factor.score), &factor.text));
    let counters = finding.counter_evidence.iter().map(|counter| (i64::from(counter.score), &counter.text));
    let parts: Vec<(i64, &Sentence)> = factors.chain(counters).filter(|part| part.0 != 0).collect();
    let score = i64::from(finding.score);
    let base = score - parts.iter().map(|part| part.0).sum::<i64>();
    let mut bars: Vec<(&'static str, i64, i64, Option<Sentence>)> = Vec::new();
    let mut at = base;
    if base != 0 {
        bars.push(("base", 0, base, None));
    }
    for (value, text) in parts {
        bars.push((if value > 0 { "plus" } else { "minus" }, at, at + value, Some(masked(text))));
        at += value;
    }
    bars.push(("result", 0, score, None));
    let low = bars.iter().map(|bar| bar.1.min(bar.2)).min().unwrap_or(0).min(0);
    let high = bars.iter().map(|bar| bar.1.max(bar.2)).max().unwrap_or(0).max(1);
    let percent = |value: i64| {
        let tenths = value * 1000 / (high - low);
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    bars.into_iter()
        .map(|(class, from, to, text)| Step {
            class,
            text,
            score: hundredths(i32::try_from(to - from).unwrap_or(i32::MAX)),
            left: percent(from.min(to) - low),
            width: percent((to - from).abs()),
        })
        .collect()
}

impl From<Drawing> for Graph {
    fn from(drawing: Drawing) -> Graph {
        Graph {
            svg: drawing.svg,
            nodes: drawing.nodes,
            nodes_all: drawing.nodes_all,
            ties: drawing.ties,
            ties_all: drawing.ties_all,
            alone: drawing.alone,
        }
    }
}

/// Fen as yuan with thousands separators: `¥1,234,567`. Fen are cut off, since sums of a ring are far above them.
#[must_use]
pub fn yuan(fen: i64) -> String {
    let sign = if fen <= -100 { "−" } else { "" };
    format!("{sign}¥{}", grouped(fen.unsigned_abs() / 100))
}

/// A count with thousands separators.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
