//! How does a ring around known members come with the facts that put each of them there?

use super::EngineError;
use super::detect::Recognise;
use super::facts::Facts;
use crate::community::expand::expand;
use crate::model::{
    Finding, Names, Occasion, Party, PartyKind, PersonFile, References, Role, RowRef, Sentence, Settlement, Tie,
};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Facts that an added party lists at most.
pub const FACTS_MAX: usize = 50;

/// A party of the ring, with why.
#[derive(Clone, Debug)]
pub struct Added {
    /// Who.
    pub party: Party,
    /// Whether it was given.
    pub seed: bool,
    /// What it does in the ring, when a recogniser says so.
    pub role: Option<Role>,
    /// Log-odds in hundredths; without a recogniser, the weight of the tie.
    pub strength: i32,
    /// The typology of the finding that holds it.
    pub typology: Option<String>,
    /// With whom, or through which context, it is tied most strongly.
    pub with: Option<Party>,
    /// Why.
    pub why: Sentence,
    /// The rows that show it, at most [`FACTS_MAX`], sorted.
    pub facts: Vec<RowRef>,
}

/// The ring around the seeds.
pub struct Expanded {
    /// Seeds first, then by strength.
    pub added: Vec<Added>,
    /// Seeds of which nothing is known.
    pub unknown: Vec<Party>,
    /// Texts behind parties and facts.
    pub names: Names,
    /// The references.
    pub references: References,
}

/// Grows the ring around seeds.
///
/// # Errors
/// When the facts cannot be read, the user interrupts, or a worker is lost.
pub fn grow(
    facts: &Facts,
    seeds: &BTreeSet<Party>,
    workers: usize,
    recognise: Recognise,
    stop: &Arc<AtomicBool>,
) -> Result<Expanded, EngineError> {
    let references = facts.references()?;
    let standing = facts.standing(&references, workers, recognise, stop)?;
    let ties: Vec<&Tie> = standing.ties().collect();
    let findings: Vec<&Finding> = standing.found().map(|found| &found.finding).collect();
    let grown = expand(&ties, &findings, seeds);
    let people: BTreeSet<Party> =
        grown.iter().map(|one| one.party).filter(|party| party.kind() == PartyKind::Person).collect();
    let files = facts.files(Some(people.clone()), stop)?;
    let files: BTreeMap<Party, PersonFile> = people.iter().map(|person| (*person, files.file(*person))).collect();
    let unknown = grown.iter().filter(|one| one.seed && one.member.is_none() && one.tie.is_none());
    let unknown = unknown.map(|one| one.party).collect();
    let added: Vec<Added> = grown
        .iter()
        .map(|one| {
            let with = one.tie.map(|tie| if tie.a == one.party { tie.b } else { tie.a });
            let weight = one.tie.map_or(0, |tie| i32::try_from(tie.weight).unwrap_or(i32::MAX));
            let mut rows = rows_of_tie(one.party, one.tie, &files);
            if let Some((finding, _)) = one.member {
                rows.extend(rows_of_finding(one.party, finding, &files));
            }
            Added {
                party: one.party,
                seed: one.seed,
                role: one.member.map(|(_, member)| member.role),
                strength: one.member.map_or(weight, |(_, member)| member.strength),
                typology: one.member.map(|(finding, _)| finding.typology.clone()),
                with,
                why: why(one.member.map(|(_, member)| &member.why), one.tie, with),
                facts: rows.into_iter().take(FACTS_MAX).collect(),
            }
        })
        .collect();
    let rows = added.iter().flat_map(|one| one.facts.iter().copied()).collect();
    let parties = added.iter().flat_map(|one| [Some(one.party), one.with]).flatten().collect();
    let names = facts.names(&rows, &parties)?;
    Ok(Expanded { added, unknown, names, references })
}

/// The rows of a party's people that stand behind the occasions of a tie.
fn rows_of_tie(party: Party, tie: Option<&Tie>, files: &BTreeMap<Party, PersonFile>) -> BTreeSet<RowRef> {
    let mut rows = BTreeSet::new();
    let Some(tie) = tie else { return rows };
    for (person, other) in [(tie.a, tie.b), (tie.b, tie.a)] {
        let Some(file) = files.get(&person) else { continue };
        let held = file.identifiers.iter().filter(|(fact, _)| fact.identifier == other || fact.identifier == party);
        rows.extend(held.map(|(_, origin)| *origin));
        let there = |fact: &Settlement, occasion: &Occasion| {
            let on = fact.begin == occasion.day || fact.end == occasion.day || fact.settled.day() == occasion.day;
            on && (fact.place == occasion.place || !occasion.place.is_some())
        };
        let part = |fact: &Settlement| tie.occasions.iter().any(|occasion| there(fact, occasion));
        rows.extend(file.settlements.iter().filter(|(fact, _)| part(fact)).map(|(_, origin)| *origin));
    }
    rows
}

/// The rows that a finding cites and that are about a party.
fn rows_of_finding(party: Party, finding: &Finding, files: &BTreeMap<Party, PersonFile>) -> BTreeSet<RowRef> {
    let cited: BTreeSet<RowRef> = finding.factors.iter().flat_map(|factor| factor.facts.iter().copied()).collect();
    let mut rows = BTreeSet::new();
    for file in files.values() {
        let own = file.person == party;
        let about = |fact: &Settlement| own || fact.place == party || fact.doctor == party;
        rows.extend(file.settlements.iter().filter(|(fact, _)| about(fact)).map(|(_, origin)| *origin));
        let held = file.identifiers.iter().filter(|(fact, _)| own || fact.identifier == party);
        rows.extend(held.map(|(_, origin)| *origin));
        let visits = file.visits.iter().filter(|(fact, _)| own || fact.place == party || fact.doctor == party);
        rows.extend(visits.map(|(_, origin)| *origin));
    }
    rows.intersection(&cited).copied().collect()
}

/// What the recogniser says of the member, and what the tie stands on.
fn why(member: Option<&Sentence>, tie: Option<&Tie>, with: Option<Party>) -> Sentence {
    let mut why = member.cloned().unwrap_or_default();
    let Some(tie) = tie else { return why };
    let said = said_of(tie, with.is_some_and(|with| with.kind().is_context()));
    for (text, more, join) in [(&mut why.zh, said.zh, "；"), (&mut why.en, said.en, "; ")] {
        if !text.is_empty() {
            text.push_str(join);
        }
        text.push_str(&more);
    }
    why
}

fn said_of(tie: &Tie, context: bool) -> Sentence {
    use crate::model::OccasionKind::{
        Absence, AfterDeath, AfterHours, Along, Approval, Arrival, CareRecord, Circuit, ClonedBill, CoStay,
        DistantAccount, Drained, EmployerBirth, EmptiedDay, Filing, FreeStay, Frequent, InvoiceRun, LeftSeat, Line,
        OftenBack, OnlineRun, Package, PrescriptionChannel, Relay, SamePlaces, SessionGoods, SharedIdentifier,
        SoldTwice, StrictBeat, SurplusSession, TillRun, Tour, TraceRepeat, TwoHomes, TwoHospitals, TwoSeats,
        UnsuppliedSale, WardTurn,
    };
    let words = [
        (Arrival, "次同日从同一异地来院", "arrivals on one day from one distant home"),
        (CoStay, "次同日入院", "admissions on one day"),
        (TillRun, "次几分钟内先后结算", "settlements within minutes of each other"),
        (Tour, "天走同样几家药店或门诊", "days on which they went to the same counters"),
        (SharedIdentifier, "个共用号码或代办人", "shared phone, account, agent or device"),
        (Filing, "次由同一代办人备案", "filings by one agent"),
        (TraceRepeat, "次同一追溯码药品再售", "boxes sold again"),
        (ClonedBill, "份相同账单", "equal bills"),
        (PrescriptionChannel, "次同一医生处方同一药店配药", "prescriptions of one doctor at one counter"),
        (Relay, "次同路转院", "transfers along one way"),
        (Circuit, "条循环转院路线", "ways of a circle in which people are passed around"),
        (Package, "次相同自付金额", "equal sums paid"),
        (Absence, "次住院期间在别处结算", "stays with a settlement elsewhere"),
        (Approval, "次同日由同一医生认定", "approvals by one doctor on one day"),
        (InvoiceRun, "组连号票据", "runs of paper bills with neighbouring numbers"),
        (AfterHours, "次下班后由同一经办人手工结算", "paper bills settled by one clerk after hours"),
        (OnlineRun, "次一分钟内由同一互联网医生开方", "online prescriptions within a minute"),
        (AfterDeath, "次死亡后结算", "places settled at after death"),
        (EmployerBirth, "次怀孕后入职并领取津贴", "employers joined while expecting"),
        (CareRecord, "名护理员的矛盾服务记录", "caregivers with contradictory records"),
        (TwoHospitals, "次同病同时在两院取药", "purchases for one disease at two hospitals at once"),
        (WardTurn, "次长期住院后同日返院", "returns to a ward on one day after long stays"),
        (SurplusSession, "家透析机构的超额透析", "dialysis centres with more sessions than a schedule"),
        (SessionGoods, "家透析机构未用耗材的透析", "dialysis centres with sessions that used up nothing"),
        (DistantAccount, "家药店划空外地个人账户", "counters at which distant accounts were emptied"),
        (
            EmptiedDay,
            "天与他人同日同店划空外地个人账户",
            "days on which many distant accounts were emptied at one counter",
        ),
        (Frequent, "个机构长期频繁就诊", "places visited for as long and as often as hardly anybody does"),
        (StrictBeat, "个机构严格定期就诊", "places visited at a strict interval"),
        (
            SamePlaces,
            "对机构先后都住过院(同一参保地多人如此)",
            "pairs of institutions they were both admitted to, as many from their home area",
        ),
        (
            OftenBack,
            "家机构反复住院(同一参保地多数人如此)",
            "institutions they came back to again and again, as most from their home area did",
        ),
        (UnsuppliedSale, "个机构销售无进货记录的药品", "places that sold boxes nobody delivered"),
        (LeftSeat, "天由已离职的医生签署", "days on which a doctor signed who had left the institution"),
        (TwoHomes, "天由同时在两户服务的护理员护理", "days on which one caregiver was in two homes at once"),
        (TwoSeats, "天由同时在两家机构签署的医生签署", "days on which one doctor signed at two institutions at once"),
        (Line, "天在冷清窗口数分钟内排队结算", "days in a line of people at a quiet till"),
        (Drained, "家药店反复刷空个人账户", "counters at which accounts were left empty again and again"),
        (
            FreeStay,
            "家机构住院几乎不自付(远多于本市其他机构)",
            "institutions that left nothing to pay, as few of the city's others do",
        ),
        (Along, "天与同样的人同到冷清门诊", "days on which they came to a quiet clinic with the same others"),
        (SoldTwice, "个机构重复销售同一追溯码药品", "places that sold boxes they had sold before"),
    ];
    let (mut zh, mut en) = (Vec::new(), Vec::new());
    for (kind, word_zh, word_en) in words {
        let held = tie.occasions.iter().filter(|occasion| occasion.kind == kind);
        let times = match kind {
            // Days, whatever else of the kind fell on them.
            Along | LeftSeat | Line | Tour | TwoHomes | TwoSeats => {
                held.map(|one| one.day).collect::<BTreeSet<_>>().len()
            }
            _ => held.count(),
        };
        if times > 0 {
            zh.push(format!("{times}{word_zh}"));
            en.push(format!("{word_en} ({times})"));
        }
    }
    let places: BTreeSet<Party> =
        tie.occasions.iter().map(|occasion| occasion.place).filter(|place| place.is_some()).collect();
    let weight = f64::from(tie.weight) / 100.0;
    let (rest_zh, rest_en) = if context {
        ("与其他成员同在一处境", "shared with other members")
    } else {
        ("与另一成员", "with another member")
    };
    Sentence {
        zh: format!("{rest_zh}: {}, {}个机构, 偶然可能性 −ln p = {weight:.1}", zh.join("、"), places.len()),
        en: format!("{rest_en}: {}, {}, −ln p of chance {weight:.1}", en.join(", "), in_places(places.len())),
    }
}

fn in_places(number: usize) -> String {
    if number == 1 { "at one place".to_owned() } else { format!("at {number} places") }
}
