//! T07: whose medicine is bought back and sold again?
//!
//! A box sold to a patient at one place and again at another, weeks later: somebody carried it. One such box is an accident;
//! many boxes of many people ending at the same few counters are a flow.

use super::Typology;
use super::bench::{Bench, bought_with, few_items};
use super::circles::joined_by;
use super::excess::supply_exceeded;
use super::lack::Sight;
use super::odds::{ln_ratio, median, number, percent, ramp};
use super::sentence::{counted, factor, prior, said};
use super::suspicion::Suspicion;
use crate::model::{Factor, OccasionKind, Party, RowRef, Sentence, Table, Trace, TraceKind};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Diverted-drug resale chain.
pub(crate) struct DrugBackflow;

const PRIOR: i32 = -450;
/// Households that had several boxes sold again: fewer are a family that sells what it does not need.
const CARRIERS_MIN: usize = 6;
/// So many boxes of one person are no household's leftovers: then so many households are enough.
const MANY_BOXES: usize = 10;
const TRADERS_MIN: usize = 3;
/// Scans go wrong box by box, everywhere: people with one box count when at least one in so many has several.
const ONE_BOX_EACH_MAX: usize = 8;
/// Shops belong to one crew when one in so many of the buyers of the smaller buys at both,
const SOURCE_ONE_IN: usize = 2;
/// and crews are apart when at most one in so many buys with two.
const IN_TWO_ONE_IN: usize = 5;
/// A medicine is traded when so many people had it sold again,
const TRADED_MIN: usize = 3;
/// and one in so many of all who had any.
const TRADED_ONE_IN: usize = 20;
/// Boxes of one person that add weight: who resells on his own makes no ring larger.
const BOXES_MAX: usize = 12;
const KINDS: &[OccasionKind] = &[OccasionKind::TraceRepeat];
/// A box sold more often than this carries a cloned or wrong code.
const SALES_MAX: usize = 3;

/// A box of a person that was sold again.
struct Flow {
    person: Party,
    first: (Trace, RowRef),
    again: (Trace, RowRef),
}

/// Which medicine it is.
const MEDICINE: Sight = Sight::new(Table::DrugTracD, "med_list_codg", "药品名目", "which medicine a box holds");

impl Typology for DrugBackflow {
    fn slug(&self) -> &'static str {
        "drug_backflow"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("回流药链", "drug backflow")
    }

    fn prior(&self) -> i32 {
        PRIOR
    }

    fn question(&self) -> Sentence {
        said(
            "哪些人的药被回收后在别处再次销售?".to_owned(),
            "Whose medicine is bought back and sold again elsewhere?".to_owned(),
        )
    }

    fn tables(&self) -> &'static [Table] {
        &[Table::SetlD, Table::DrugTracD]
    }

    fn columns(&self) -> &'static [(Table, &'static str)] {
        &[(Table::DrugTracD, "psn_no")]
    }

    fn sees_by(&self) -> &'static [Sight] {
        &[MEDICINE, Sight::SUPPLY]
    }

    fn recognise<'a>(&self, bench: &Bench<'a>) -> Vec<Suspicion<'a>> {
        // Several recruiters who feed the same counters are one flow, unless each has shops of its own to buy at.
        let crews = sinks(bench).into_iter().flat_map(|(sinks, people)| {
            let crews = by_source(bench, &sinks, people).into_iter();
            crews.map(move |people| (sinks.clone(), people))
        });
        crews.filter_map(|(sinks, people)| suspect(bench, &sinks, &people, self.slug())).collect()
    }
}

/// Places that sell again, those with shared suppliers together, and who supplies them.
fn sinks(bench: &Bench) -> Vec<(BTreeSet<Party>, BTreeSet<Party>)> {
    let mut suppliers: BTreeMap<Party, BTreeSet<Party>> = BTreeMap::new();
    for tie in bench.ties(KINDS) {
        let (person, sink) = if bench.file(tie.a).is_some() { (tie.a, tie.b) } else { (tie.b, tie.a) };
        suppliers.entry(sink).or_default().insert(person);
    }
    let mut groups: Vec<(BTreeSet<Party>, BTreeSet<Party>)> = Vec::new();
    for (sink, people) in suppliers {
        let mut joined = (BTreeSet::from([sink]), people);
        groups.retain(|(sinks, known)| {
            let both = known.intersection(&joined.1).count();
            let same = both >= 2 && both * 5 >= known.len().min(joined.1.len());
            if same {
                joined.0.extend(sinks);
                joined.1.extend(known);
            }
            !same
        });
        groups.push(joined);
    }
    groups
}

/// The people who feed some counters by where they buy, when few buy where others do; all of them otherwise. Who buys where two crews do
/// goes with the one at whose shops he bought most.
fn by_source(bench: &Bench, sinks: &BTreeSet<Party>, people: BTreeSet<Party>) -> Vec<BTreeSet<Party>> {
    let mut bought: BTreeMap<Party, BTreeMap<Party, usize>> = BTreeMap::new();
    for flow in people.iter().flat_map(|person| flows(bench, *person, sinks)) {
        *bought.entry(flow.first.0.place).or_default().entry(flow.person).or_default() += 1;
    }
    let buyers = |boxes: &BTreeMap<Party, usize>| boxes.keys().copied().collect();
    let mut crews = joined_by(bought.values().map(buyers).collect(), SOURCE_ONE_IN);
    crews.retain(|crew| crew.len() >= CARRIERS_MIN);
    let in_two = people.iter().filter(|person| crews.iter().filter(|crew| crew.contains(person)).count() > 1).count();
    if crews.len() < 2 || in_two * IN_TWO_ONE_IN > people.len() {
        return vec![people];
    }
    // A shop is of the crew that most of its buyers are of.
    let of_crew = |boxes: &BTreeMap<Party, usize>| {
        let here = |crew: &BTreeSet<Party>| boxes.keys().filter(|person| crew.contains(person)).count();
        (0..crews.len()).max_by_key(|at| (here(&crews[*at]), Reverse(*at))).unwrap_or(0)
    };
    let mut by_crew: BTreeMap<Party, Vec<usize>> = BTreeMap::new();
    for boxes in bought.values() {
        let at = of_crew(boxes);
        for (person, count) in boxes {
            by_crew.entry(*person).or_insert_with(|| vec![0; crews.len()])[at] += count;
        }
    }
    let mut parted = vec![BTreeSet::new(); crews.len()];
    for (person, counts) in by_crew {
        let at = (0..counts.len()).max_by_key(|at| (counts[*at], Reverse(*at))).unwrap_or(0);
        parted[at].insert(person);
    }
    parted
}

fn suspect<'a>(
    bench: &Bench<'a>,
    sinks: &BTreeSet<Party>,
    people: &BTreeSet<Party>,
    slug: &'static str,
) -> Option<Suspicion<'a>> {
    let flows = carried(bench, people.iter().flat_map(|person| flows(bench, *person, sinks)).collect())?;
    let mut suspicion = Suspicion {
        typology: slug,
        places: flows.iter().map(|flow| flow.again.0.place).collect(),
        ..Suspicion::default()
    };
    for flow in &flows {
        let bought = bench.settlements(flow.person).filter(|cited| bought_with(cited, &flow.first.0));
        let (strength, settlements) = suspicion.people.entry(flow.person).or_insert((0, Vec::new()));
        *strength = (*strength + 150).min(1_500);
        settlements.extend(bought.take(1));
        suspicion.days.extend([flow.first.0.at.day(), flow.again.0.at.day()]);
    }
    for (_, settlements) in suspicion.people.values_mut() {
        settlements.sort_unstable();
        settlements.dedup();
    }
    let rows = suspicion.rows(bench);
    suspicion.factors = vec![prior(PRIOR), volume(&flows, &suspicion, rows)];
    suspicion.factors.extend(
        [
            lag(&flows),
            funnel(&flows, &suspicion.places),
            target(&flows),
            once(&flows),
            supply_exceeded(bench, &suspicion),
        ]
        .into_iter()
        .flatten(),
    );
    Some(suspicion)
}

/// The boxes of a person that were sold again at one of the sinks. Stores of one owner pass stock on: that is no flow.
fn flows(bench: &Bench, person: Party, sinks: &BTreeSet<Party>) -> Vec<Flow> {
    let mut sales: BTreeMap<u64, Vec<(Trace, RowRef)>> = BTreeMap::new();
    for (trace, origin) in bench.file(person).into_iter().flat_map(|file| &file.traces) {
        if trace.kind == TraceKind::Sold {
            sales.entry(trace.code).or_default().push((*trace, *origin));
        }
    }
    let mut flows = Vec::new();
    for sold in sales.values_mut().filter(|sold| sold.len() <= SALES_MAX) {
        sold.sort_unstable_by_key(|(trace, origin)| (trace.at, trace.place, trace.person, trace.kind, *origin));
        for pair in sold.windows(2) {
            let (first, again) = (pair[0], pair[1]);
            let elsewhere = first.0.place != again.0.place && !bench.sisters(first.0.place, again.0.place);
            if first.0.person == person && elsewhere && sinks.contains(&again.0.place) {
                flows.push(Flow { person, first, again });
            }
        }
    }
    flows
}

/// The boxes that a ring had sold again, without those of accidents; `None` where too few people did it again.
fn carried(bench: &Bench, flows: Vec<Flow>) -> Option<Vec<Flow>> {
    let mut flows = traded(flows);
    let boxes = boxes(&flows);
    let several: BTreeSet<Party> = boxes.iter().filter(|(_, count)| **count >= 2).map(|(person, _)| *person).collect();
    let many: BTreeSet<Party> =
        boxes.iter().filter(|(_, count)| **count >= MANY_BOXES).map(|(person, _)| *person).collect();
    if bench.households(several.iter()) < CARRIERS_MIN && bench.households(many.iter()) < TRADERS_MIN {
        return None;
    }
    if several.len() * ONE_BOX_EACH_MAX < boxes.len() - several.len() {
        flows.retain(|flow| several.contains(&flow.person));
    }
    Some(flows)
}

/// A buyer asks for the medicines that he can sell. Where most boxes are of such, those of other medicines are accidents, or are
/// sold on by their owners.
fn traded(mut flows: Vec<Flow>) -> Vec<Flow> {
    let mut carriers: BTreeMap<u64, BTreeSet<Party>> = BTreeMap::new();
    for flow in &flows {
        carriers.entry(flow.first.0.item).or_default().insert(flow.person);
    }
    let people: BTreeSet<Party> = flows.iter().map(|flow| flow.person).collect();
    carriers.retain(|item, of| *item != 0 && of.len() >= TRADED_MIN && of.len() * TRADED_ONE_IN >= people.len());
    let is = |flow: &Flow| carriers.contains_key(&flow.first.0.item);
    if flows.iter().filter(|flow| is(flow)).count() * 2 >= flows.len() {
        flows.retain(is);
    }
    flows
}

/// Boxes by person.
fn boxes(flows: &[Flow]) -> BTreeMap<Party, usize> {
    let mut boxes: BTreeMap<Party, BTreeSet<u64>> = BTreeMap::new();
    for flow in flows {
        boxes.entry(flow.person).or_default().insert(flow.first.0.code);
    }
    boxes.into_iter().map(|(person, codes)| (person, codes.len())).collect()
}

/// How much of how many.
fn volume(flows: &[Flow], suspicion: &Suspicion, mut rows: Vec<RowRef>) -> Factor {
    let (boxes, people) = (flows.len(), suspicion.people.len());
    let weighed: usize = self::boxes(flows).into_values().map(|count| count.min(BOXES_MAX)).sum();
    let score = ln_ratio(number(weighed), 2).min(400) + ln_ratio(number(people), 2).min(300) / 2;
    let text = said(
        format!("{people}人购买的{boxes}盒药,其追溯码后来又在{}个机构销售", suspicion.places.len()),
        format!(
            "{boxes} boxes bought by {people} people were sold again, by trace code, at {}",
            counted(suspicion.places.len(), "place", "places")
        ),
    );
    rows.extend(flows.iter().flat_map(|flow| [flow.first.1, flow.again.1]));
    factor("boxes_sold_again", score, text, rows)
}

/// Long enough to be carried, short enough to be traded.
fn lag(flows: &[Flow]) -> Option<Factor> {
    let mut gaps: Vec<i64> =
        flows.iter().map(|flow| i64::from(flow.again.0.at.day().since(flow.first.0.at.day()))).collect();
    let carried = percent(gaps.iter().filter(|gap| (10..=240).contains(*gap)).count(), gaps.len());
    let middle = median(&mut gaps);
    let score = ramp(carried, 40, 90, 120);
    let text = said(
        format!("两次销售相隔中位{middle}天,{carried}%在十天到八个月之间"),
        format!("The two sales lie {middle} days apart (median), {carried}% between ten days and eight months"),
    );
    (score > 0).then(|| factor("carried_between", score, text, Vec::new()))
}

/// Many sources, few counters.
fn funnel(flows: &[Flow], sinks: &BTreeSet<Party>) -> Option<Factor> {
    let sources: BTreeSet<Party> = flows.iter().map(|flow| flow.first.0.place).collect();
    let score = (ln_ratio(number(sources.len()), number(sinks.len())) * 8 / 10).clamp(0, 150);
    let text = said(
        format!("{}个机构售出的药汇集到{}个机构再售", sources.len(), sinks.len()),
        format!("Boxes sold at {} come together at {}", counted(sources.len(), "place", "places"), sinks.len()),
    );
    (score > 0).then(|| factor("many_to_few", score, text, Vec::new()))
}

/// The same few medicines.
fn target(flows: &[Flow]) -> Option<Factor> {
    let share = few_items(flows.iter().map(|flow| &flow.first.0));
    let score = ramp(share, 40, 95, 60);
    let text = said(format!("{share}%为同样的几种药"), format!("{share}% are the same few medicines"));
    (flows.len() >= 6 && score > 0).then(|| factor("few_medicines", score, text, Vec::new()))
}

/// One box each is what a wrong scan or a moved stock looks like; who sells his medicine does it again.
fn once(flows: &[Flow]) -> Option<Factor> {
    let boxes = boxes(flows);
    let share = percent(boxes.values().filter(|count| **count == 1).count(), boxes.len());
    let score = -ramp(share, 60, 95, 250);
    let text = said(
        format!("{share}%的人只有一盒药被再售,也可能是误扫或调拨"),
        format!("{share}% of the people had one box sold again only: perhaps wrong scans or moved stock"),
    );
    (score < 0).then(|| factor("one_box_each", score, text, Vec::new()))
}
