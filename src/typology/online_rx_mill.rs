//! T20: which internet doctor prescribes faster than patients can speak, for a few counters?
//!
//! Patients who come on their own come apart, live where they like and fetch their medicine next door.

use super::Typology;
use super::bench::{Bench, Cited};
use super::circles::{circles, unlikely};
use super::excess::supply_exceeded;
use super::lack::Sight;
use super::odds::{even, ln_ratio, number, percent, ramp};
use super::sentence::{counted, factor, prior, said};
use super::suspicion::Suspicion;
use crate::model::{Factor, Member, OccasionKind, Party, PersonFile, Prescription, Role, RowRef, Sentence, Table};
use std::collections::{BTreeMap, BTreeSet};

/// A mill of online prescriptions.
pub(crate) struct OnlineRxMill;

const PRIOR: i32 = -450;
const PEOPLE_MIN: usize = 6;
/// Days between a prescription and the bill of the counter.
const BILLED_WITHIN_DAYS: i32 = 3;
/// Percent of the prescriptions that make a doctor a member.
const DOCTOR_SHARE_MIN: i32 = 15;
const KINDS: &[OccasionKind] = &[OccasionKind::OnlineRun];

type Slip<'a> = &'a (Prescription, RowRef);

/// Which medicine it is.
const MEDICINE: Sight = Sight::new(Table::RxD, "med_list_codg", "所开药品", "what was prescribed");

impl Typology for OnlineRxMill {
    fn slug(&self) -> &'static str {
        "online_rx_mill"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("互联网处方工厂", "online prescription mill")
    }

    fn prior(&self) -> i32 {
        PRIOR
    }

    fn question(&self) -> Sentence {
        said(
            "哪些互联网医生开方快到无法问诊,又集中到少数药店?".to_owned(),
            "Which internet doctor prescribes faster than patients can speak, for a few counters?".to_owned(),
        )
    }

    fn tables(&self) -> &'static [Table] {
        &[Table::SetlD, Table::RxD]
    }

    fn columns(&self) -> &'static [(Table, &'static str)] {
        &[(Table::RxD, "dr_code"), (Table::RxD, "prsc_time"), (Table::RxD, "intn_hosp_flag")]
    }

    fn sees_by(&self) -> &'static [Sight] {
        &[MEDICINE, Sight::SUPPLY]
    }

    fn more_than(&self) -> &'static [&'static str] {
        &["clinic_card_swiping", "card_pool", "pharmacy_cash_out"]
    }

    fn recognise<'a>(&self, bench: &Bench<'a>) -> Vec<Suspicion<'a>> {
        let online =
            |person| bench.file(person).is_some_and(|file| file.prescriptions.iter().any(|(fact, _)| fact.online));
        circles(bench, KINDS, online).iter().filter_map(|people| suspect(bench, people, self.slug())).collect()
    }
}

fn suspect<'a>(bench: &Bench<'a>, people: &BTreeSet<Party>, slug: &'static str) -> Option<Suspicion<'a>> {
    if people.len() < PEOPLE_MIN {
        return None;
    }
    let places = issuers(bench, people);
    let files: Vec<&PersonFile> = people.iter().filter_map(|person| bench.file(*person)).collect();
    let ours = |slip: &Slip| slip.0.online && places.contains(&slip.0.place);
    let slips: Vec<Slip> = files.iter().flat_map(|file| &file.prescriptions).filter(ours).collect();
    let mut suspicion = Suspicion { typology: slug, places: places.clone(), ..Suspicion::default() };
    for file in &files {
        let held: Vec<Slip> = file.prescriptions.iter().filter(ours).collect();
        let billed = |cited: &&Cited| {
            held.iter().any(|(slip, _)| {
                let (fact, day) = (&cited.0, slip.issued.day());
                fact.place == slip.place && fact.begin == day
                    || fact.place == slip.counter && (0..=BILLED_WITHIN_DAYS).contains(&fact.begin.since(day))
            })
        };
        let bills: Vec<&Cited> = bench.settlements(file.person).filter(billed).collect();
        suspicion.people.insert(file.person, (400, bills));
    }
    let mut rows = suspicion.rows(bench);
    rows.extend(slips.iter().map(|(_, origin)| *origin));
    let days: BTreeSet<_> = slips.iter().map(|(slip, _)| slip.issued.day()).collect();
    let score = ln_ratio(number(people.len()), 3).min(300) * 5 / 10 + unlikely(bench, KINDS, people, 250);
    let text = said(
        format!("{}人在{}天得到{}张互联网处方,同一医生常不足一分钟开出下一张", people.len(), days.len(), slips.len()),
        format!(
            "{} online prescriptions for {} people on {} days, many within a minute of the doctor's last one",
            slips.len(),
            people.len(),
            days.len()
        ),
    );
    suspicion.factors = vec![prior(PRIOR), factor("within_a_minute", score, text, rows)];
    suspicion.factors.extend(
        [counters(&slips, people.len()), homes(bench, people), items(&slips), supply_exceeded(bench, &suspicion)]
            .into_iter()
            .flatten(),
    );
    suspicion.others = doctors(&slips);
    Some(suspicion)
}

/// The internet hospitals that the runs happened at.
fn issuers(bench: &Bench, people: &BTreeSet<Party>) -> BTreeSet<Party> {
    let tied = bench.ties(KINDS).filter(|tie| people.contains(&tie.a) || people.contains(&tie.b));
    tied.flat_map(|tie| &tie.occasions).filter(|one| KINDS.contains(&one.kind)).map(|one| one.place).collect()
}

/// Everybody fetches at the same few.
fn counters(slips: &[Slip], people: usize) -> Option<Factor> {
    let mut at: BTreeMap<Party, usize> = BTreeMap::new();
    slips
        .iter()
        .filter(|(slip, _)| slip.counter.is_some())
        .for_each(|(slip, _)| *at.entry(slip.counter).or_default() += 1);
    let (spread, usual) = (even(at.values()), i32::try_from(people).unwrap_or(i32::MAX).min(100) * 100);
    let score = (ln_ratio(u64::try_from(usual).unwrap_or(0), u64::try_from(spread.max(100)).unwrap_or(100)) * 8 / 10)
        .clamp(-100, 250);
    let text = said(
        format!("{people}人集中在{}家药店取药", at.len()),
        format!("The {people} people fetched the medicine at {}", counted(at.len(), "counter", "counters")),
    );
    (!at.is_empty()).then(|| factor("few_counters", score, text, Vec::new()))
}

/// From all over.
fn homes(bench: &Bench, people: &BTreeSet<Party>) -> Option<Factor> {
    let records = people.iter().filter_map(|person| bench.file(*person)?.record);
    let homes: BTreeSet<u32> = records.map(|(record, _)| record.home).collect();
    let score = ln_ratio(number(homes.len()), 2).clamp(0, 120);
    let text = said(
        format!("参保地分散在{}个区县", homes.len()),
        format!("They are insured in {} different counties", homes.len()),
    );
    (homes.len() >= 3).then(|| factor("from_all_over", score, text, Vec::new()))
}

/// All the same medicine.
fn items(slips: &[Slip]) -> Option<Factor> {
    let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
    slips.iter().filter(|(slip, _)| slip.item != 0).for_each(|(slip, _)| *counts.entry(slip.item).or_default() += 1);
    let mut most: Vec<usize> = counts.values().copied().collect();
    most.sort_unstable_by(|left, right| right.cmp(left));
    let share = percent(most.iter().take(3).sum(), slips.len());
    let score = ramp(share, 40, 95, 100);
    let text = said(format!("{share}%为相同的三种药"), format!("{share}% are the same three medicines"));
    (slips.len() >= 6 && score > 0).then(|| factor("few_medicines", score, text, Vec::new()))
}

fn doctors(slips: &[Slip]) -> Vec<Member> {
    let mut signed: BTreeMap<Party, usize> = BTreeMap::new();
    slips.iter().for_each(|(slip, _)| *signed.entry(slip.doctor).or_default() += 1);
    let member = |(party, count): (Party, usize)| {
        let share = percent(count, slips.len());
        let why = said(
            format!("疑似线索:开具了其中{count}张处方({share}%)"),
            format!("Suspected lead: signed {count} of the prescriptions ({share}%)"),
        );
        (share >= DOCTOR_SHARE_MIN).then_some(Member { party, role: Role::Doctor, strength: share * 4, why })
    };
    signed.into_iter().filter_map(member).collect()
}
