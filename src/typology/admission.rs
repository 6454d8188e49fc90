//! What speaks for fake admissions, near or far? The cohorts of a piece, and the reasons that T01 and T02 share: the same
//! people again and again, one or two doctors, one length of stay, one fee, no cash, complaints that can be had at will,
//! presence in two places at once.

use super::batches::cohorts;
use super::bench::{Bench, Cited, Group, by_place};
use super::circles::{occasions, weight};
use super::crews::{SAME_PLACES_PERCENT, by_manner, in_common};
use super::excess::beds_exceeded;
use super::figures::{Figures, figures};
use super::goods::operated_without_lens;
use super::membership::{Habits, members};
use super::odds::{lift, lift_between, ln_ratio, number, percent, ramp};
use super::price::{is_token, one_price, whatever_the_bill};
use super::sentence::{counted, factor, prior, said, yuan};
use super::suspicion::Suspicion;
use super::usual::Rate;
use crate::model::{Factor, Occasion, OccasionKind, Party, RowRef, Sentence, Settlement, Tie, place_number};
use std::collections::{BTreeMap, BTreeSet};

/// Two groups at one place are one crew when a stay of one is this much likelier among the other's than elsewhere.
const ALIKE_MIN: i32 = 200;
/// Near home a hospital has fewer kinds of patients to tell apart.
const ALIKE_NEAR_MIN: i32 = 80;

/// The two commonest complaints of an ordinary small ward, in thousandths of its diagnoses.
const TWO_DIAGNOSES: Rate = Rate::stated(500);

/// The doubt when fewer than usual have a complaint that can be had at will. People are recruited for complaints that need no
/// finding: where nobody has one, somebody would have had to forge a finding for each of them.
const RECRUITED: i32 = -150;
/// Long stays and relays take any illness.
pub(crate) const ANY_ILLNESS: i32 = -30;

/// So many people and more are no circle of friends.
const FRIENDS_MAX: i32 = 11;
/// So many more where no three of them came on one day.
const STRANGERS_MORE: i32 = 4;
/// Patients whom one doctor sends on the same way are so many; more people on one round weigh more.
const ROUND_PEOPLE: usize = 12;
/// What empty beds add at most: a fifth of how unlikely they are, in full where there are seven times as many as usual.
const EMPTY_BEDS_MAX: i32 = 200;
/// People who paid the same token, at least, and percent of the group.
const TOKEN_PEOPLE_MIN: usize = 6;
const TOKEN_SHARE_MIN: i32 = 30;
/// Fewer people are a family and its neighbours.
const PEOPLE_MIN: usize = 4;

/// The cohorts whose stays lie mostly outside (or inside) the home pool, with the shared reasons.
pub(crate) fn suspicions<'a>(
    bench: &Bench<'a>,
    slug: &'static str,
    outside: bool,
    odds: i32,
) -> Vec<(Suspicion<'a>, Figures)> {
    let mut found = Vec::new();
    let crowds = bench.crowds.get_or_init(|| cohorts(bench).iter().map(|cohort| members(bench, cohort)).collect());
    for people in alike(bench, crowds.clone(), outside) {
        if people.len() < PEOPLE_MIN {
            continue;
        }
        let stays = || people.values().flat_map(|(_, stays): &(i32, Vec<&Cited>)| stays.iter());
        let away = percent(stays().filter(|(fact, _)| bench.away(fact)).count(), stays().count());
        if (away >= 50) != outside {
            continue;
        }
        let figures = figures(bench, &people);
        let mut suspicion = Suspicion { typology: slug, people, ..Suspicion::default() };
        let mut rows = suspicion.rows(bench);
        rows.extend(&figures.around);
        suspicion.factors.push(prior(odds));
        suspicion.factors.push(batches(&figures, rows));
        suspicion.factors.extend(habits(bench, &figures, RECRUITED));
        suspicion.factors.extend(presence(bench, &figures, &suspicion.people));
        suspicion.factors.extend(circle_of_friends(&figures));
        suspicion.factors.extend(same_places(bench, &suspicion));
        suspicion.factors.extend(nothing_to_pay(bench, &suspicion));
        suspicion.factors.extend(one_token(bench, &suspicion));
        suspicion.factors.extend(beds_exceeded(bench, &suspicion));
        suspicion.factors.extend(operated_without_lens(bench, &suspicion));
        found.push((suspicion, figures));
    }
    found
}

/// Joins groups at one place whose stays are alike: one crew that the days alone did not hold together. From far away, different
/// identifiers behind them are different buses; near home, one hospital pays several recruiters.
fn alike<'a>(bench: &Bench<'a>, mut groups: Vec<Group<'a>>, outside: bool) -> Vec<Group<'a>> {
    groups.retain(|group| !group.is_empty());
    let mut joined: Vec<(Group<'a>, BTreeSet<Party>)> = Vec::new();
    for group in groups {
        let hubs = hubs_of(bench, &group);
        let mut stays: Vec<Settlement> =
            group.values().flat_map(|(_, stays)| stays.iter().map(|(fact, _)| *fact)).collect();
        if !outside {
            // Each recruiter may have a doctor of his own.
            stays.iter_mut().for_each(|stay| stay.doctor = Party::NONE);
        }
        let places = places(&group);
        let same = joined.iter_mut().find(|(known, known_hubs)| {
            let (here, at_least) = if outside {
                (place(&group) == place(known), ALIKE_MIN)
            } else {
                (!places.is_disjoint(&self::places(known)), ALIKE_NEAR_MIN)
            };
            let apart = outside && !hubs.is_empty() && !known_hubs.is_empty() && hubs.is_disjoint(known_hubs);
            let one_hand = !hubs.is_disjoint(known_hubs);
            let one_way = || !rounds_of_their_own(&group, known) && by_manner(&together(&group, known)).len() < 2;
            here && !apart && likeness(known, &stays) >= at_least && (one_hand || one_way())
        });
        match same {
            Some((known, known_hubs)) => {
                for (person, (strength, mut stays)) in group {
                    let held = known.entry(person).or_insert((strength, Vec::new()));
                    held.1.append(&mut stays);
                    held.1.sort_unstable_by_key(|(fact, origin)| (fact.begin, fact.settled, *origin));
                    held.1.dedup();
                }
                known_hubs.extend(hubs);
            }
            None => joined.push((group, hubs)),
        }
    }
    joined.into_iter().map(|(group, _)| group).collect()
}

/// The stays of two groups by person.
fn together<'a>(one: &Group<'a>, other: &Group<'a>) -> BTreeMap<Party, Vec<&'a Cited>> {
    let mut all: BTreeMap<Party, Vec<&Cited>> = BTreeMap::new();
    for (person, (_, stays)) in one.iter().chain(other) {
        all.entry(*person).or_default().extend(stays);
    }
    all
}

/// Whether two groups go mostly to different places.
fn rounds_of_their_own(one: &Group, other: &Group) -> bool {
    in_common(&visited(one), &visited(other)) < SAME_PLACES_PERCENT
}

/// How like a group's stays some others are, on average.
fn likeness(group: &Group, stays: &[Settlement]) -> i32 {
    let habits = Habits::of(group.values().flat_map(|(_, stays)| stays.iter().map(|(fact, _)| fact)));
    let sum: i32 = stays.iter().map(|stay| habits.like(stay, 0)).sum();
    sum / i32::try_from(stays.len()).unwrap_or(1).max(1)
}

/// Where at least a fifth of a group's stays were.
fn places(group: &Group) -> BTreeSet<Party> {
    let at = visited(group);
    let all: usize = at.values().sum();
    at.into_iter().filter(|(_, count)| count * 5 >= all).map(|(place, _)| place).collect()
}

/// A group's stays by place.
fn visited(group: &Group) -> BTreeMap<Party, usize> {
    by_place(group.values().flat_map(|(_, stays)| stays).copied())
}

/// Where most of a group's stays were, and from which home area.
fn place(group: &Group) -> Option<(Party, u32)> {
    let mut at: BTreeMap<(Party, u32), usize> = BTreeMap::new();
    group
        .values()
        .flat_map(|(_, stays)| stays.iter())
        .for_each(|(fact, _)| *at.entry((fact.place, fact.home)).or_default() += 1);
    at.into_iter().max_by_key(|(key, count)| (*count, *key)).map(|(key, _)| key)
}

/// Identifiers behind several of a group.
fn hubs_of(bench: &Bench, group: &Group) -> BTreeSet<Party> {
    let behind =
        |holders: &BTreeMap<Party, Vec<RowRef>>| holders.keys().filter(|person| group.contains_key(person)).count();
    bench.hubs.values().filter(|hub| behind(&hub.holders) >= PEOPLE_MIN).map(|hub| hub.party).collect()
}

/// The occasions of some kinds that tie a suspicion's people, each with whom it ties.
type Tied = BTreeMap<(Party, Occasion), BTreeSet<Party>>;

/// What ties a suspicion's people by occasions of these kinds, whom, and how many percent of all they are.
fn tied_by(bench: &Bench, suspicion: &Suspicion, kinds: &'static [OccasionKind]) -> (Tied, BTreeSet<Party>, i32) {
    let people: BTreeSet<Party> = suspicion.people.keys().copied().collect();
    let tied = occasions(bench, kinds, &people);
    let held: BTreeSet<Party> = tied.values().flatten().copied().collect();
    let share = percent(held.len(), people.len());
    (tied, held, share)
}

/// The same hospitals, one after the other.
fn same_places(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    const KINDS: &[OccasionKind] = &[OccasionKind::SamePlaces];
    let (tied, together, share) = tied_by(bench, suspicion, KINDS);
    let many = ln_ratio(number(together.len()), number(ROUND_PEOPLE)).clamp(0, 200);
    let score = (weight(&tied, 200) + many) * ramp(share, 20, 60, 100) / 100;
    let text = said(
        format!("{}人({share}%)先后住进同样的机构(共{}对),远多于同一参保地其他患者", together.len(), tied.len()),
        format!(
            "{} people ({share}%) were admitted to the same institutions one after the other ({} of them), far more than other patients from their home area",
            together.len(),
            counted(tied.len(), "pair", "pairs")
        ),
    );
    (score > 0).then(|| factor("same_places", score, text, Vec::new()))
}

/// The hospital takes nothing from them, as the city's others do. That they pay less than its other patients is said already.
fn nothing_to_pay(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    const KINDS: &[OccasionKind] = &[OccasionKind::FreeStay];
    let (tied, free, share) = tied_by(bench, suspicion, KINDS);
    let said_already: i32 =
        suspicion.factors.iter().filter(|reason| reason.code == "without_cash").map(|reason| reason.score.max(0)).sum();
    let score = weight(&tied, 200) * ramp(share, 20, 60, 100) / 100 - said_already;
    let text = said(
        format!("{}人({share}%)在此住院几乎不用自付,本市其他医院远非如此", free.len()),
        format!(
            "{} people ({share}%) had next to nothing to pay for their stays here, far more than at the city's other hospitals",
            free.len()
        ),
    );
    let at: BTreeSet<i32> = tied.keys().map(|(_, one)| one.day.0).collect();
    let here =
        suspicion.settlements().filter(|(fact, _)| fact.without_cash() && at.contains(&place_number(fact.place)));
    let rows: Vec<RowRef> = here.flat_map(|stay| bench.rows(stay)).collect();
    (score > 0).then(|| factor("nothing_to_pay", score, text, rows))
}

/// They pay one and the same token, to the fen, whatever the bill.
fn one_token(bench: &Bench, suspicion: &Suspicion) -> Vec<Factor> {
    const KINDS: &[OccasionKind] = &[OccasionKind::Package];
    let (tied, ..) = tied_by(bench, suspicion, KINDS);
    let tokens: BTreeSet<(Party, i64)> = tied.keys().map(|(_, one)| (one.place, i64::from(one.day.0))).collect();
    let paid =
        |cited: &Cited| cited.0.cash().is_some_and(|cash| is_token(cash) && tokens.contains(&(cited.0.place, cash)));
    let mut payers = Suspicion { typology: suspicion.typology, ..Suspicion::default() };
    for (person, (strength, stays)) in &suspicion.people {
        let stays: Vec<&Cited> = stays.iter().copied().filter(|stay| paid(stay)).collect();
        if !stays.is_empty() {
            payers.people.insert(*person, (*strength, stays));
        }
    }
    let share = percent(payers.people.len(), suspicion.people.len());
    if payers.people.len() < TOKEN_PEOPLE_MIN || share < TOKEN_SHARE_MIN {
        return Vec::new();
    }
    let prices = payers.settlements().filter_map(|(fact, _)| fact.cash()).collect();
    let rows = payers.rows(bench);
    let reasons = [Some(one_price("token_price", &payers, &prices)), whatever_the_bill(&payers)];
    reasons.into_iter().flatten().map(|reason| Factor { facts: rows.clone(), ..reason }).collect()
}

/// A few people are friends or neighbours who fall ill together more often than a ring of that size is worth its doctor.
fn circle_of_friends(figures: &Figures) -> Option<Factor> {
    let people = figures.people;
    // Who never came together may have no more in common than a village doctor's telephone.
    let friends = FRIENDS_MAX + if figures.batches == 0 { STRANGERS_MORE } else { 0 };
    let score = -ramp(friends - i32::try_from(people).unwrap_or(friends), 0, 6, 120);
    let text = said(
        format!("只有{people}人,也可能是相约就医的亲友邻居"),
        format!("Only {people} people: friends or neighbours may go together"),
    );
    (score < 0).then(|| factor("few_people", score, text, Vec::new()))
}

/// How many came how often together. Cites every row behind the ring's stays.
fn batches(figures: &Figures, rows: Vec<RowRef>) -> Factor {
    let Figures { people, stays, there, batches, batched, batched_by_chance: chance, returning, .. } = figures;
    // Who comes often falls into batches by chance: full weight from twice as many as that.
    let beyond = ((batched - chance) * 200 / (*batched).max(1)).clamp(0, 100);
    let score = (ln_ratio(number(*batches) + 1, 1) / 2 + ln_ratio(number(*people), 5) * 3 / 10) * beyond / 100;
    let (counted_zh, counted_en) = (
        format!("计入线索{stays}次,{returning}%的人不止一次"),
        format!("{stays} are counted here, more than one of {returning}% of the people"),
    );
    let text = if *batches == 0 {
        said(
            format!("{people}人在这些机构共住院{there}次,没有三人以上同日入院的;{counted_zh}"),
            format!(
                "{people} people had {there} stays at these places, never three of them admitted on one day; {counted_en}"
            ),
        )
    } else {
        said(
            format!(
                "{people}人在这些机构共住院{there}次,其中{batched}%分{batches}批同日入院(各自前来约{chance}%);{counted_zh}"
            ),
            format!(
                "{people} people had {there} stays at these places, {batched}% of them in {} admitted on one day (about {chance}% if all came on their own); {counted_en}",
                counted(*batches, "batch", "batches")
            ),
        )
    };
    factor("batches", score, text, rows)
}

/// Shared habits, each one a sentence beside what is usual among the places' other patients; those that say nothing are
/// left out. `no_complaint` is the greatest doubt when nobody was admitted at discretion.
pub(crate) fn habits(bench: &Bench, figures: &Figures, no_complaint: i32) -> Vec<Factor> {
    let bills = bills(figures, no_complaint);
    let mut habits: Vec<Factor> = conduct(bench, figures).into_iter().chain(bills).flatten().collect();
    for habit in &mut habits {
        habit.facts = figures.shown.get(habit.code.as_str()).cloned().unwrap_or_default();
    }
    habits
}

/// One habit, when it is known and says something.
fn habit(known: bool, code: &str, score: i32, usual: Rate, zh: &str, en: &str) -> Option<Factor> {
    habit_beside(known, code, score, &usual.said(), (zh, en))
}

/// The same, with a remark of its own about the others.
fn habit_beside(known: bool, code: &str, score: i32, beside: &Sentence, (zh, en): (&str, &str)) -> Option<Factor> {
    let text = said(format!("{zh}{}", beside.zh), format!("{en}{}", beside.en));
    (known && score != 0).then(|| factor(code, score, text, Vec::new()))
}

/// How they come: again and again, to whom, for how long.
fn conduct(bench: &Bench, figures: &Figures) -> [Option<Factor>; 4] {
    let Figures { people, stays, returning, doctors, nights, usual_nights, soon_again, usual, .. } = figures;
    [
        habit(
            true,
            "same_people_again",
            lift(*returning, *people, usual.returning.milli, 150, 200),
            usual.returning,
            &format!("{returning}%的成员有不止一次计入的住院"),
            &format!("{returning}% of the members have more than one of the stays counted here"),
        ),
        habit_beside(
            bench.known.doctors && *stays >= 6,
            "same_doctors",
            lift(*doctors, *stays, usual.doctors.milli, 100, 120),
            &usual.doctors.said_of("在该机构签署最多(含本组)的两名医师签署其他患者约", |seen| {
                format!("the two who sign most there, for this group or others, sign about {seen}% of the other patients' stays")
            }),
            (
                &format!("{doctors}%的住院由同样的一两名医师签署"),
                &format!("{doctors}% of the stays are signed by the same one or two doctors"),
            ),
        ),
        habit(
            true,
            "same_nights",
            lift(*nights, *stays, usual.nights.milli, 80, 80),
            usual.nights,
            &format!("{nights}%的住院天数相近({usual_nights}晚,相差不过一晚)"),
            &format!("{nights}% of the stays last {usual_nights} nights, give or take one"),
        ),
        habit(
            *returning >= 20,
            "soon_again",
            lift(*soon_again, figures.returns, usual.soon_again.milli, 80, 100),
            usual.soon_again,
            &format!("{soon_again}%的再次住院距上次出院不足一个月"),
            &format!("{soon_again}% of the returns come within a month of discharge"),
        ),
    ]
}

/// What is billed: how much, for what, how it is paid.
fn bills(figures: &Figures, no_complaint: i32) -> [Option<Factor>; 5] {
    let Figures { stays, near_fee, without_cash, at_will, two_diagnoses, cloned, usual, .. } = figures;
    let fee = yuan(figures.fee_fen);
    let (commonest, same) = &figures.commonest;
    let among = if commonest.is_empty() {
        Sentence::default()
    } else {
        said(format!(",{same}%同为{commonest}"), format!(", {same}% are {commonest}"))
    };
    let diagnosed = figures.diagnosed * 2 > *stays;
    [
        habit(
            true,
            "narrow_fee",
            lift(*near_fee, *stays, usual.near_fee.milli, 100, 130),
            usual.near_fee,
            &format!("{near_fee}%的费用集中在{fee}元上下两成之内"),
            &format!("{near_fee}% of the bills lie within a fifth of ¥{fee}"),
        ),
        habit(
            figures.known_cash * 2 > *stays,
            "without_cash",
            lift(*without_cash, *stays, usual.without_cash.milli, 100, 150),
            usual.without_cash,
            &format!("{without_cash}%的住院几乎不付现金(不超过费用的3%)"),
            &format!("{without_cash}% of the stays were paid almost without cash (at most 3% of the bill)"),
        ),
        habit(
            diagnosed,
            "admitted_at_will",
            lift_between(*at_will, figures.diagnosed, usual.at_will.milli, 120, (no_complaint, 120)),
            usual.at_will,
            &format!("{at_will}%的诊断属可住可不住(颈腰椎、糖尿病、眩晕等){}", among.zh),
            &format!(
                "{at_will}% of the diagnoses are admitted at discretion (spine, diabetes, dizziness …){}",
                among.en
            ),
        ),
        habit(
            diagnosed,
            "same_diagnoses",
            lift(*two_diagnoses, figures.diagnosed, TWO_DIAGNOSES.milli, 150, 100).max(0),
            TWO_DIAGNOSES,
            &format!("{two_diagnoses}%的诊断集中于两种可住可不住的病"),
            &format!("{two_diagnoses}% of the diagnoses are the same two complaints"),
        ),
        habit(
            // Without diagnoses the same items may be the same treatment.
            figures.with_basket * 2 > *stays && diagnosed,
            "cloned_bill",
            lift(*cloned, figures.with_basket, usual.cloned.milli, 60, 150),
            usual.cloned,
            &format!("{cloned}%的费用清单的项目与数量同他人完全一样"),
            &format!("{cloned}% of the bills hold the same items in the same quantities as another patient's"),
        ),
    ]
}

/// What it adds that more of a place's patients were away than of any other place's: who was away is found by it, so that their own
/// share says nothing beyond [`lift`].
fn empty_beds(bench: &Bench, people: &BTreeMap<Party, (i32, Vec<&Cited>)>) -> i32 {
    const KINDS: &[OccasionKind] = &[OccasionKind::Absence];
    let of_ring = |tie: &&Tie| people.contains_key(&tie.a) || people.contains_key(&tie.b);
    let absences = |tie: &Tie| tie.occasions.iter().filter(|one| one.kind == OccasionKind::Absence).count();
    let (mut sum, mut count) = (0_u64, 0_u64);
    for tie in bench.ties(KINDS).filter(of_ring).filter(|tie| absences(tie) == tie.occasions.len()) {
        sum += u64::from(tie.weight);
        count += number(tie.occasions.len());
    }
    let lift = i32::try_from(sum / count.max(1)).unwrap_or(i32::MAX);
    let tied: BTreeSet<Party> = people.keys().copied().collect();
    weight(&occasions(bench, KINDS, &tied), EMPTY_BEDS_MAX) * ramp(lift, 100, 200, 100) / 100
}

/// In two places at once.
pub(crate) fn presence(
    bench: &Bench,
    figures: &Figures,
    people: &BTreeMap<Party, (i32, Vec<&Cited>)>,
) -> Option<Factor> {
    let contradicted = &figures.contradicted;
    let stays: BTreeSet<RowRef> = contradicted.iter().map(|(stay, _)| *stay).collect();
    let (share, usual) = (percent(stays.len(), figures.stays), figures.usual.absent);
    let score = lift(share, figures.stays, usual.milli, 120, 300).max(0) + empty_beds(bench, people);
    let beside = usual.said();
    if stays.len() < 2 || score == 0 {
        return None;
    }
    let persons = people
        .values()
        .filter(|(_, stays)| stays.iter().any(|(_, origin)| contradicted.iter().any(|(stay, _)| stay == origin)))
        .count();
    let text = said(
        format!(
            "{persons}人住院期间在别处结算{}次,占住院{share}%{}:本人不可能同时在两地,除非由他人持卡代办",
            contradicted.len(),
            beside.zh
        ),
        format!(
            "{persons} people settled elsewhere while in hospital, {} times, in {share}% of the stays{}: nobody is in two places, though somebody else may have carried the card",
            contradicted.len(),
            beside.en
        ),
    );
    Some(factor(
        "impossible_presence",
        score,
        text,
        contradicted.iter().flat_map(|(stay, other)| [*stay, *other]).collect(),
    ))
}
