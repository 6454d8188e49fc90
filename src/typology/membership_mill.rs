//! T03: who are the members of a hospital that sells «packages»? They pay one and the same sum in cash whatever the bill, come
//! back year after year, and are admitted nowhere else.

use super::Typology;
use super::admission::{ANY_ILLNESS, habits, presence};
use super::bench::{Bench, Cited, Hub, busiest_place};
use super::excess::beds_exceeded;
use super::figures::{BATCH_PEOPLE_MIN, figures};
use super::lack::Sight;
use super::odds::{median, percent, ramp};
use super::price::{TOKEN_YUAN, is_token, one_price, whatever_the_bill};
use super::recruits::recruits;
use super::sentence::{factor, prior, said, yuan};
use super::suspicion::Suspicion;
use crate::model::{CareClass, Day, Factor, OccasionKind, Party, Sentence, Table, hand_overs};
use petgraph::unionfind::UnionFind;
use std::collections::{BTreeMap, BTreeSet};

/// Membership «package» admission mill.
pub(crate) struct MembershipMill;

const PRIOR: i32 = -500;
/// What a mill does not promise: its price is paid in cash, bills need not be copied, a package is one or two stays a year.
/// Where these are missing, nothing speaks for the place.
const NOT_PROMISED: &[&str] = &["without_cash", "cloned_bill", "same_people_again", "soon_again"];
const PEOPLE_MIN: usize = 6;
/// One in so many of the smaller place's members is at both places of a mill that moved, or of one with two houses and one price list.
const MOVED_ONE_IN: usize = 3;
const LISTED_ONE_IN: usize = 8;
/// People behind the telephone of a mill's own recruiter.
const SENT_MIN: usize = 4;
const KINDS: &[OccasionKind] = &[OccasionKind::Package];

impl Typology for MembershipMill {
    fn slug(&self) -> &'static str {
        "membership_mill"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("会员制/包干住院", "membership admission mill")
    }

    fn prior(&self) -> i32 {
        PRIOR
    }

    fn question(&self) -> Sentence {
        said(
            "哪些人以固定自付额反复「包干」住院?".to_owned(),
            "Who comes back for «package» stays at one fixed price, whatever the bill?".to_owned(),
        )
    }

    fn tables(&self) -> &'static [Table] {
        &[Table::SetlD]
    }

    fn sees_by(&self) -> &'static [Sight] {
        const BY: &[Sight] = &[
            Sight::new(Table::SetlD, "cash_payamt", "统一的自付金额", "the one price in cash").or("acct_pay"),
            Sight::CONTACTS,
            Sight::BEDS,
        ];
        BY
    }

    fn recognise<'a>(&self, bench: &Bench<'a>) -> Vec<Suspicion<'a>> {
        let parted = mills(bench).into_values().flat_map(|sums| by_price(bench, sums));
        parted.filter_map(|sums| suspect(bench, &sums, self.slug())).collect()
    }
}

/// People tied by the sum they paid at a place.
type Sums = BTreeMap<(Party, i64), BTreeSet<Party>>;

/// The sums paid at each place, unless they are tokens, and who is tied by them. Places that share a third of the people of the smaller are one mill
/// that moved, and so are those with one price list and an eighth.
fn mills(bench: &Bench) -> BTreeMap<Party, Sums> {
    let mut by_place: BTreeMap<Party, Sums> = BTreeMap::new();
    for tie in bench.ties(KINDS) {
        let person = if bench.file(tie.a).is_some() { tie.a } else { tie.b };
        let packages = tie.occasions.iter().filter(|one| one.kind == OccasionKind::Package);
        for one in packages.filter(|one| !is_token(i64::from(one.day.0))) {
            by_place.entry(one.place).or_default().entry((one.place, i64::from(one.day.0))).or_default().insert(person);
        }
    }
    let places: Vec<Party> = by_place.keys().copied().collect();
    for (at, place) in places.iter().enumerate() {
        for later in &places[at + 1..] {
            let (Some(here), Some(there)) = (by_place.get(place), by_place.get(later)) else { continue };
            if are_one(bench, here, there) {
                let moved = by_place.remove(later).unwrap_or_default();
                by_place.entry(*place).or_default().extend(moved);
            }
        }
    }
    by_place
}

/// The sums of a mill by price, where two sell at one place: nobody ever paid the price of another, and the recruiters of one never sent
/// anybody who did. A single mill has a price list, and whoever comes back pays what is due for the illness.
fn by_price(bench: &Bench, sums: Sums) -> Vec<Sums> {
    let mut people: BTreeMap<i64, BTreeSet<Party>> = BTreeMap::new();
    for ((_, fen), paid) in &sums {
        people.entry(*fen).or_default().extend(paid);
    }
    let prices: Vec<i64> = people.keys().copied().collect();
    let mut classes = UnionFind::<usize>::new(prices.len());
    for (at, one) in people.values().enumerate() {
        for (later, _) in people.values().enumerate().skip(at + 1).filter(|(_, other)| !one.is_disjoint(other)) {
            classes.union(at, later);
        }
    }
    let mut mills: BTreeMap<usize, BTreeSet<Party>> = BTreeMap::new();
    for (at, paid) in people.values().enumerate() {
        mills.entry(classes.find(at)).or_default().extend(paid);
    }
    let class_of = |fen: i64| prices.binary_search(&fen).map_or(0, |at| classes.find(at));
    let sent = |hub: &Hub, mill: &BTreeSet<Party>| hub.holders.keys().filter(|person| mill.contains(person)).count();
    let recruiters = || bench.hubs.values().filter(|hub| !hub.proteges.is_empty());
    let has_own = |mill: &BTreeSet<Party>| recruiters().any(|hub| sent(hub, mill) >= SENT_MIN);
    let in_two = recruiters().any(|hub| mills.values().filter(|mill| sent(hub, mill) > 1).count() > 1);
    if mills.len() < 2 || in_two || !mills.values().all(|mill| mill.len() >= PEOPLE_MIN && has_own(mill)) {
        return vec![sums];
    }
    let mut parted: BTreeMap<usize, Sums> = BTreeMap::new();
    for (key, paid) in sums {
        parted.entry(class_of(key.1)).or_default().insert(key, paid);
    }
    parted.into_values().collect()
}

/// Whether the members of two places are one mill's.
fn are_one(bench: &Bench, one: &Sums, other: &Sums) -> bool {
    let people = |sums: &Sums| -> BTreeSet<Party> { sums.values().flatten().copied().collect() };
    let (here, there) = (people(one), people(other));
    let smaller = here.len().min(there.len());
    let prices = |sums: &Sums| -> BTreeSet<i64> { sums.keys().map(|(_, fen)| *fen).collect() };
    let one_list = !prices(one).is_disjoint(&prices(other));
    // Also those who paid another price at the other place.
    let admitted = |people: &BTreeSet<Party>, sums: &Sums| {
        let at =
            |person: &&Party| bench.stays(**person).any(|(fact, _)| sums.keys().any(|(place, _)| *place == fact.place));
        people.iter().filter(at).count()
    };
    let both = || admitted(&here, other).min(admitted(&there, one));
    here.intersection(&there).count() * MOVED_ONE_IN >= smaller
        || one_list && both() >= 2.max(smaller.div_ceil(LISTED_ONE_IN))
}

fn suspect<'a>(bench: &Bench<'a>, sums: &Sums, slug: &'static str) -> Option<Suspicion<'a>> {
    let mut suspicion = Suspicion { typology: slug, ..Suspicion::default() };
    for person in sums.values().flatten().collect::<BTreeSet<_>>() {
        let paid = |cited: &&Cited| cited.0.cash().is_some_and(|cash| sums.contains_key(&(cited.0.place, cash)));
        let stays: Vec<&Cited> = bench.stays(*person).filter(paid).collect();
        let places: BTreeSet<Party> = sums.keys().map(|(place, _)| *place).collect();
        let there = bench.stays(*person).filter(|cited| places.contains(&cited.0.place)).count();
        let count = i32::try_from(stays.len()).unwrap_or(i32::MAX);
        let ordinary = i32::try_from(there - stays.len()).unwrap_or(0);
        let strength = 120 + (count - 1).min(6) * 100 - (ordinary * 80).min(300);
        if strength > 0 && !stays.is_empty() {
            suspicion.people.insert(*person, (strength, stays));
        }
    }
    let payers = suspicion.clone();
    recruits(bench, &mut suspicion, |cited| {
        cited.0.class == CareClass::Inpatient && sums.keys().any(|(place, _)| *place == cited.0.place)
    });
    if suspicion.people.len() < PEOPLE_MIN {
        return None;
    }
    let prices = sums.keys().map(|(_, fen)| *fen).collect();
    let price = Factor { facts: payers.rows(bench), ..one_price("package_price", &payers, &prices) };
    suspicion.factors = vec![prior(PRIOR), price];
    let reasons = [
        sent_along(bench, &suspicion, &payers),
        whatever_the_bill(&payers),
        loyal(bench, &payers),
        all_pay(bench, &payers),
        once(bench, &payers),
        brought(bench, &suspicion),
        passed_on(&suspicion),
    ];
    suspicion.factors.extend(reasons.into_iter().flatten());
    let figures = figures(bench, &suspicion.people);
    suspicion.cite_beside(&figures.around);
    let beside = |reason: &Factor| reason.score < 0 && NOT_PROMISED.contains(&reason.code.as_str());
    suspicion.factors.extend(habits(bench, &figures, ANY_ILLNESS).into_iter().filter(|reason| !beside(reason)));
    suspicion.factors.extend(presence(bench, &figures, &suspicion.people));
    suspicion.factors.extend(beds_exceeded(bench, &suspicion));
    Some(suspicion)
}

/// Sent by the recruiter of those who paid the price, to the same place.
fn sent_along(bench: &Bench, suspicion: &Suspicion, payers: &Suspicion) -> Option<Factor> {
    let others = suspicion.people.iter().filter(|(person, _)| !payers.people.contains_key(person));
    let stays: Vec<&Cited> = others.clone().flat_map(|(_, (_, stays))| stays.iter().copied()).collect();
    let people = others.count();
    let text = said(
        format!("另有{people}人经同一介绍人的电话或账户到此住院{}次,自付的是其他金额", stays.len()),
        format!(
            "{people} further people behind the recruiter's telephone or account had {} stays there and paid other sums",
            stays.len()
        ),
    );
    let score = i32::try_from(people).unwrap_or(0).min(3) * 10;
    (people > 0)
        .then(|| factor("sent_along", score, text, stays.into_iter().flat_map(|stay| bench.rows(stay)).collect()))
}

/// Nowhere else.
fn loyal(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    let (mut inside, mut all) = (0, 0);
    for (person, (_, stays)) in &suspicion.people {
        inside += stays.len();
        all += bench.stays(*person).count();
    }
    let share = percent(inside, all);
    let score = ramp(share, 55, 95, 180) - ramp(100 - share, 55, 85, 100);
    let text = said(
        format!("成员{share}%的住院都是包干价({inside}/{all})"),
        format!("{share}% of the members' stays ({inside} of {all}) were at the package price"),
    );
    (score != 0).then(|| factor("nowhere_else", score, text, Vec::new()))
}

/// The place lives on packages.
fn all_pay(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    let (place, count) = busiest_place(suspicion.settlements())?;
    let stays = usize::try_from(bench.place(place)?.stays).unwrap_or(usize::MAX);
    let share = percent(count, stays.max(count));
    let score = ramp(share, 3, 40, 40);
    let text = said(
        format!("其最常去的机构约{share}%的住院为这些人的包干价住院({count}次)"),
        format!(
            "About {share}% of the stays at the place they use most ({count} of them) are these people's at a package price"
        ),
    );
    (score > 0).then(|| factor("share_of_the_place", score, text, suspicion.rows_at(place)))
}

/// One price for all is also a hospital's honest flat rate: then most people pay it once, when they are ill.
fn once(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    let places: BTreeSet<Party> = suspicion.settlements().map(|(fact, _)| fact.place).collect();
    let visits = |person: &Party| bench.stays(*person).filter(|(fact, _)| places.contains(&fact.place)).count();
    let once = suspicion.people.keys().filter(|person| visits(person) == 1).count();
    let share = percent(once, suspicion.people.len());
    let score = -ramp(share, 45, 85, 250);
    let text = said(
        format!("{share}%的人在该机构只住过一次院,也可能是医院的统一收费"),
        format!("{share}% of the people were there once only: it may be the hospital's flat rate"),
    );
    (score < 0).then(|| factor("flat_rate", score, text, Vec::new()))
}

/// Members come by themselves from around the place and pay for the package: who is brought from far away by the batch pays the price
/// of a day trip, and who is fetched from the villages a token of what he is thought to pay.
fn brought(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    let mut days: BTreeMap<(Party, Day), usize> = BTreeMap::new();
    suspicion.settlements().for_each(|(fact, _)| *days.entry((fact.place, fact.begin)).or_default() += 1);
    let all = suspicion.settlements().count();
    let far = percent(suspicion.settlements().filter(|(fact, _)| bench.away(fact)).count(), all);
    let batched = percent(days.into_values().filter(|people| *people >= BATCH_PEOPLE_MIN).sum(), all);
    let paid = yuan(median(&mut suspicion.settlements().filter_map(|(fact, _)| fact.cash()).collect::<Vec<i64>>()));
    let token = 100 - ramp(i32::try_from(paid).unwrap_or(i32::MAX), TOKEN_YUAN.0, TOKEN_YUAN.1, 100);
    let score = -ramp(far, 50, 80, 300).max(token * 6) * ramp(batched, 25, 60, 100) / 100;
    let text = said(
        format!("{far}%的住院在外地,{batched}%成批同日入院,自付{paid}元:更像拉来的人,而非会员"),
        format!(
            "{far}% of the stays are far from home, {batched}% come in batches, at ¥{paid}: rather people brought there than members"
        ),
    );
    (score < 0).then(|| factor("brought_in_batches", score, text, Vec::new()))
}

/// Members keep to their place until it moves: who is handed on from place to place is passed around.
fn passed_on(suspicion: &Suspicion) -> Option<Factor> {
    let hops = suspicion.people.values().map(|(_, stays)| hand_overs(stays.iter().copied()).len()).sum();
    let share = percent(hops, suspicion.settlements().count());
    let score = -ramp(share, 15, 50, 250);
    let text = said(
        format!("{share}%的住院紧接在别院出院之后:更像被转来转去,而非会员"),
        format!(
            "{share}% of the stays follow a discharge elsewhere within days: rather people passed around than members"
        ),
    );
    (score < 0).then(|| factor("passed_on", score, text, Vec::new()))
}
