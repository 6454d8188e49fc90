//! T18: which places bill medicine that nobody ever delivered to them, and on whose cards?
//!
//! A place with gaps in its reports sells such boxes to everybody. Here they go to the same people time and again, whose other
//! boxes are few; their cards are often kept at the place and billed one after the other.

use super::Typology;
use super::bench::{Bench, Cited, bought_with, few_items};
use super::circles::{circles, unlikely};
use super::lack::Sight;
use super::odds::{even, lift, ln_ratio, number, percent, ramp};
use super::sentence::{counted, factor, prior, said};
use super::sold::{Sold, rows, sold};
use super::suspicion::Suspicion;
use crate::model::{Day, Factor, OccasionKind, Party, RowRef, Sentence, Table, Trace, TraceKind};
use std::collections::{BTreeMap, BTreeSet};

/// Sales without supply.
pub(crate) struct PhantomSupply;

const PRIOR: i32 = -450;
const PEOPLE_MIN: usize = 5;
/// Cards billed at a place that make it one of the ring's.
const HOLDERS_MIN: usize = 3;
/// What it takes off that the boxes are spread over many places.
const HERE_AND_THERE: i32 = 250;
/// What it takes back that nothing but codes repeats.
const ONE_BOX_FOR_ALL: i32 = -130;
/// What it adds at most that one card follows another.
const IN_A_ROW_MAX: i32 = 150;
/// And at most so much more where they are of all kinds of medicine.
const WHATEVER_IS_ASKED_FOR: i32 = 120;
const KINDS: &[OccasionKind] = &[OccasionKind::UnsuppliedSale, OccasionKind::SoldTwice];

/// A sale, with its row.
type Sale = (Trace, RowRef);

/// Which medicine it is.
const MEDICINE: Sight = Sight::new(Table::DrugTracD, "med_list_codg", "药品名目", "which medicine a box holds");

impl Typology for PhantomSupply {
    fn slug(&self) -> &'static str {
        "phantom_supply"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("虚增药耗", "phantom supply")
    }

    fn prior(&self) -> i32 {
        PRIOR
    }

    fn question(&self) -> Sentence {
        said(
            "哪些机构在结算从未进货的药品?".to_owned(),
            "Which places bill medicine that nobody delivered to them?".to_owned(),
        )
    }

    fn tables(&self) -> &'static [Table] {
        &[Table::SetlD, Table::DrugTracD]
    }

    fn columns(&self) -> &'static [(Table, &'static str)] {
        &[(Table::DrugTracD, "psn_no")]
    }

    fn sees_by(&self) -> &'static [Sight] {
        &[MEDICINE]
    }

    fn recognise<'a>(&self, bench: &Bench<'a>) -> Vec<Suspicion<'a>> {
        // Everybody whose boxes the place forgot to report has some: those tied to it have little else.
        let tied: BTreeSet<Party> = bench.ties(KINDS).flat_map(|tie| [tie.a, tie.b]).collect();
        circles(bench, KINDS, |person| tied.contains(&person))
            .iter()
            .filter_map(|people| suspect(bench, people, self.slug()))
            .collect()
    }
}

/// The boxes sold to somebody that nobody delivered, or, where the place's deliveries tell nothing, that it had sold before. A box sold
/// again elsewhere was there once: that is another way of cheating.
fn undelivered(bench: &Bench, person: Party, reported: bool) -> Vec<Sale> {
    let mut sales: BTreeMap<u64, Vec<Sale>> = BTreeMap::new();
    for (trace, origin) in bench.file(person).into_iter().flat_map(|file| &file.traces) {
        if trace.kind == TraceKind::Sold {
            sales.entry(trace.code).or_default().push((*trace, *origin));
        }
    }
    let at_one_place = |sales: &&Vec<Sale>| sales.windows(2).all(|pair| pair[0].0.place == pair[1].0.place);
    let missing = |sales: &&Vec<Sale>| reported || sales.len() >= 2;
    let of_person =
        sales.values().filter(at_one_place).filter(missing).flatten().filter(|(sale, _)| sale.person == person);
    of_person.copied().collect()
}

fn suspect<'a>(bench: &Bench<'a>, people: &BTreeSet<Party>, slug: &'static str) -> Option<Suspicion<'a>> {
    let mut at: BTreeMap<Party, BTreeSet<Party>> = BTreeMap::new();
    let reported: BTreeSet<Party> =
        bench.ties(&[OccasionKind::UnsuppliedSale]).flat_map(|tie| [tie.a, tie.b]).collect();
    let boxes: BTreeMap<Party, Vec<Sale>> =
        people.iter().map(|person| (*person, undelivered(bench, *person, reported.contains(person)))).collect();
    for (person, sales) in &boxes {
        sales.iter().for_each(|(sale, _)| {
            at.entry(sale.place).or_default().insert(*person);
        });
    }
    let places: BTreeSet<Party> =
        at.into_iter().filter(|(_, held)| held.len() >= HOLDERS_MIN).map(|(place, _)| place).collect();
    // Neighbours who buy at one place share the village's telephone whether boxes were delivered or not.
    let mut suspicion =
        Suspicion { typology: slug, places: places.clone(), identifiers_tell_nothing: true, ..Suspicion::default() };
    let (mut sales, mut visits) = (Vec::new(), BTreeMap::new());
    for (person, theirs) in &boxes {
        let theirs: Vec<&Sale> = theirs.iter().filter(|(sale, _)| places.contains(&sale.place)).collect();
        let billed = |cited: &&Cited| theirs.iter().any(|(sale, _)| bought_with(cited, sale));
        let bills: Vec<&Cited> = bench.settlements(*person).filter(billed).collect();
        if !bills.is_empty() {
            let there = bench.settlements(*person).filter(|(fact, _)| places.contains(&fact.place)).count();
            visits.insert(*person, (bills.len(), there));
            suspicion.people.insert(*person, (200 + ln_ratio(number(theirs.len()), 1).min(250), bills));
            sales.extend(theirs.into_iter().copied());
        }
    }
    if suspicion.people.len() < PEOPLE_MIN {
        return None;
    }
    let sold = sold(bench, suspicion.settlements());
    suspicion.factors = vec![prior(PRIOR), never_delivered(bench, &suspicion, people, &sales)];
    let in_a_row = in_a_row(&suspicion);
    let only_codes = suspicion.people.keys().all(|person| !reported.contains(person));
    suspicion.factors.extend(one_box_for_all(only_codes, &sales, in_a_row.as_ref().map_or(0, |row| row.score)));
    let more = [
        nothing_else(&visits),
        here_and_there(&sales),
        again(&suspicion),
        few_medicines(&sales),
        in_a_row,
        quiet(&sold),
    ];
    suspicion.factors.extend(more.into_iter().flatten());
    Some(suspicion)
}

/// How much of how many, beside the other places.
fn never_delivered(bench: &Bench, suspicion: &Suspicion, people: &BTreeSet<Party>, sales: &[Sale]) -> Factor {
    let (boxes, holders) = (sales.len(), suspicion.people.len());
    let score = unlikely(bench, KINDS, people, 300) + ln_ratio(number(holders), 4).clamp(0, 150);
    let places = suspicion.places.len();
    let text = said(
        format!("{holders}人在{places}个机构结算的{boxes}盒药,其追溯码从无进货或盘存记录,或同码重复销售"),
        format!(
            "{boxes} boxes billed to {holders} people at {} were, by trace code, never bought in nor counted in stock, or sold there before",
            counted(places, "place", "places")
        ),
    );
    factor("never_delivered", score, text, sales.iter().map(|(_, origin)| *origin).collect())
}

/// Where only codes repeat, a clerk who scans one box for all does that too, whatever is asked for: it breaks a rule, and nobody is paid
/// for it. But who comes to him in line are not the same people on day after day.
fn one_box_for_all(only_codes: bool, sales: &[Sale], in_a_row: i32) -> Option<Factor> {
    let various = 100 - few_items(sales.iter().map(|(sale, _)| sale));
    let careless = ONE_BOX_FOR_ALL - ramp(various, 20, 60, WHATEVER_IS_ASKED_FOR);
    let score = careless * (2 * IN_A_ROW_MAX - in_a_row) / (2 * IN_A_ROW_MAX);
    let text = said(
        format!("只有追溯码重复、没有缺少进货的证据({various}%不属最常见的五种药):也可能是窗口图省事,用同一盒反复扫码"),
        format!(
            "Only the codes repeat, no delivery is known to be missing ({various}% are not of the five commonest medicines): a clerk may scan one box for all"
        ),
    );
    only_codes.then(|| factor("one_box_for_all", score, text, Vec::new()))
}

/// Gaps in reports strike every purchase alike.
fn nothing_else(visits: &BTreeMap<Party, (usize, usize)>) -> Option<Factor> {
    let (billed, there) = visits.values().fold((0, 0), |sum, held| (sum.0 + held.0, sum.1 + held.1));
    let share = percent(billed, there);
    let score = ramp(share, 30, 85, 120) - ramp(100 - share, 70, 95, 200);
    let text = said(
        format!("这些人在此的结算中{share}%含未进货药品"),
        format!("{share}% of what these people settled there holds such a box"),
    );
    (score != 0).then(|| factor("little_else", score, text, Vec::new()))
}

/// Reports have gaps everywhere; who bills what was never there does so at one place, or at the owner's other one.
fn here_and_there(sales: &[Sale]) -> Option<Factor> {
    let mut at: BTreeMap<Party, usize> = BTreeMap::new();
    sales.iter().for_each(|(sale, _)| *at.entry(sale.place).or_default() += 1);
    let score = -ramp(even(at.values()), 200, 450, HERE_AND_THERE);
    let text = said(
        format!("这些药盒分散在{}个机构:各处的追溯上报都会有遗漏", at.len()),
        format!("The boxes are spread over {} places: reports have gaps everywhere", at.len()),
    );
    (score < 0).then(|| factor("here_and_there", score, text, Vec::new()))
}

/// Once is a missing report; time and again is a way of billing.
fn again(suspicion: &Suspicion) -> Option<Factor> {
    let days = |bills: &Vec<&Cited>| bills.iter().map(|(fact, _)| fact.settled.day()).collect::<BTreeSet<Day>>().len();
    let often = suspicion.people.values().filter(|(_, bills)| days(bills) >= 2).count();
    let share = percent(often, suspicion.people.len());
    let score = ramp(share, 20, 80, 150) - ramp(100 - share, 70, 100, 150);
    let text = said(
        format!("{share}%的人多日出现此类结算"),
        format!("{share}% of the people were billed such boxes on several days"),
    );
    (score != 0).then(|| factor("on_several_days", score, text, Vec::new()))
}

/// The same few medicines.
fn few_medicines(sales: &[Sale]) -> Option<Factor> {
    let share = few_items(sales.iter().map(|(sale, _)| sale));
    let score = ramp(share, 50, 95, 60);
    let text = said(format!("{share}%为同样的几种药"), format!("{share}% are the same few medicines"));
    (sales.len() >= 10 && score > 0).then(|| factor("few_medicines", score, text, Vec::new()))
}

/// Cards kept at the counter are billed one after the other.
fn in_a_row(suspicion: &Suspicion) -> Option<Factor> {
    let (share, expected_milli, ..) = rows(suspicion);
    // A clinic that enters its bills in the evening has rows of its own, of everybody who came.
    let score = ramp(share, 25, 65, IN_A_ROW_MAX);
    let text = said(
        format!("{share}%的账单十分钟内紧接另一人的账单(各自前来则约{}%)", expected_milli / 10),
        format!(
            "{share}% of the bills follow somebody else's within ten minutes (about {}% if all came on their own)",
            expected_milli / 10
        ),
    );
    (score > 0).then(|| factor("in_a_row", score, text, Vec::new()))
}

/// When the place sees nobody else.
fn quiet(sold: &Sold) -> Option<Factor> {
    let quiet = sold.quiet;
    let score = lift(quiet.own, quiet.known, quiet.usual, 60, 130).max(0);
    let text = said(
        format!("{}%发生在该机构冷清时段(其他顾客{}%)", quiet.own, quiet.usual / 10),
        format!("{}% fall into hours that are quiet there ({}% of the other customers)", quiet.own, quiet.usual / 10),
    );
    (score > 0).then(|| factor("quiet_hours", score, text, Vec::new()))
}
