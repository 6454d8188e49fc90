//! T09: whose prescriptions were issued where nobody saw the patient, and dispensed at one counter?
//!
//! Held against the other counters that dispense the same hospital's prescriptions: an export without visits accuses nobody.

use super::Typology;
use super::bench::{Bench, Cited, treated};
use super::circles::{circles, unlikely};
use super::lack::Sight;
use super::odds::{ln_ratio, number, percent, ramp};
use super::sentence::{factor, prior, said};
use super::suspicion::Suspicion;
use crate::model::{
    CareClass, Factor, OccasionKind, Party, PersonFile, Prescription, RowRef, Sentence, Table, supplies, was_seen,
};
use std::collections::{BTreeMap, BTreeSet};

/// Forged prescriptions for special drugs.
pub(crate) struct ForgedPrescription;

/// Days of supply for ten that passed from which on it is more than a prescription renewed early.
const LASTS_TENTHS: i64 = 14;
const PRIOR: i32 = -450;
const PEOPLE_MIN: usize = 4;
const KINDS: &[OccasionKind] = &[OccasionKind::PrescriptionChannel];
/// Days between a prescription and the bill of the counter.
const BILLED_WITHIN_DAYS: i32 = 3;
/// Settlements of outpatients from which on a hospital's visits are known; or a few, where so many prescriptions should have shown one.
const VISITS_MIN: usize = 50;
const FEW_VISITS_MIN: usize = 5;
const SLIPS_MIN: usize = 100;

type Slip<'a> = &'a (Prescription, RowRef);

impl Typology for ForgedPrescription {
    fn slug(&self) -> &'static str {
        "forged_prescription"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("双通道药店伪造处方", "forged prescriptions")
    }

    fn prior(&self) -> i32 {
        PRIOR
    }

    fn question(&self) -> Sentence {
        said(
            "哪些处方没有就诊却集中在同一药店配药?".to_owned(),
            "Whose prescriptions were issued where nobody saw the patient, and dispensed at one counter?".to_owned(),
        )
    }

    fn tables(&self) -> &'static [Table] {
        &[Table::SetlD, Table::RxD]
    }

    fn columns(&self) -> &'static [(Table, &'static str)] {
        &[(Table::RxD, "rx_fixmedins_code"), (Table::RxD, "dspn_fixmedins_code"), (Table::RxD, "prsc_time")]
    }

    fn sees_by(&self) -> &'static [Sight] {
        const BY: &[Sight] = &[
            Sight::new(Table::RxD, "dr_code", "开方医师", "who signed"),
            Sight::new(Table::MdtrtD, "mdtrt_id", "未结算的就诊", "visits that were not settled"),
            Sight::new(Table::MdtrtD, "endtime", "未结算的就诊何时结束", "when visits that were not settled ended"),
            Sight::DIAGNOSED,
            Sight::SUPPLY,
            Sight::CONTACTS,
        ];
        BY
    }

    fn recognise<'a>(&self, bench: &Bench<'a>) -> Vec<Suspicion<'a>> {
        let held = |person| bench.file(person).is_some_and(|file| unseen(file).next().is_some());
        circles(bench, KINDS, held).iter().filter_map(|people| suspect(bench, people, self.slug())).collect()
    }
}

/// Prescriptions of a person whom nobody saw.
fn unseen(file: &PersonFile) -> impl Iterator<Item = Slip<'_>> {
    file.prescriptions
        .iter()
        .filter(|(fact, _)| !fact.online && fact.place.is_some() && fact.counter.is_some() && !was_seen(file, fact))
}

fn suspect<'a>(bench: &Bench<'a>, people: &BTreeSet<Party>, slug: &'static str) -> Option<Suspicion<'a>> {
    if people.len() < PEOPLE_MIN {
        return None;
    }
    let files: Vec<&PersonFile> = people.iter().filter_map(|person| bench.file(*person)).collect();
    let slips: Vec<Slip> = files.iter().flat_map(|file| unseen(file)).collect();
    if !sees_patients(bench, &slips) {
        return None;
    }
    let mut suspicion = Suspicion { typology: slug, ..Suspicion::default() };
    for file in &files {
        let wanted: BTreeSet<_> = unseen(file).map(|(fact, _)| (fact.counter, fact.issued.day())).collect();
        let billed = |cited: &&Cited| {
            wanted.iter().any(|(counter, day)| {
                cited.0.place == *counter && (0..=BILLED_WITHIN_DAYS).contains(&cited.0.begin.since(*day))
            })
        };
        let bills: Vec<&Cited> = bench.settlements(file.person).filter(billed).collect();
        let strength = 200 + 60 * i32::try_from(wanted.len().min(15)).unwrap_or(0);
        suspicion.people.insert(file.person, (strength, bills));
    }
    let mut rows = suspicion.rows(bench);
    rows.extend(slips.iter().map(|(_, origin)| *origin));
    // One slip each may be the clerk's; slips without end are not.
    let again = ln_ratio(number(slips.len()), number(2 * people.len())).clamp(0, 150);
    let score = ln_ratio(number(people.len()), 2).min(300) * 6 / 10 + unlikely(bench, KINDS, people, 300) + again;
    let text = said(
        format!("{}人的{}张处方在开具医院查无就诊,却在同一药店配药", people.len(), slips.len()),
        format!(
            "{} prescriptions of {} people were dispensed at one counter, though the hospital that issued them has not seen them",
            slips.len(),
            people.len()
        ),
    );
    suspicion.factors = vec![prior(PRIOR), factor("never_seen", score, text, rows)];
    let more = [
        never_there(&files),
        unknown_doctor(bench, &slips),
        oversupply(&files),
        untreated(&files, &suspicion),
        one_hand(&slips),
    ];
    suspicion.factors.extend(more.into_iter().flatten());
    Some(suspicion)
}

/// Whether the hospitals that issued them are known to see patients at all: where visits to a hospital are not exported, nobody is seen
/// there. Were they exported in part, so would some of these patients' be.
fn sees_patients(bench: &Bench, slips: &[Slip]) -> bool {
    let issuers: BTreeSet<Party> = slips.iter().map(|(slip, _)| slip.place).collect();
    let visits = |place: &Party| bench.counter(*place).map_or(0, |usual| usual.settlements.saturating_sub(usual.stays));
    let seen: u32 = issuers.iter().map(visits).sum();
    let known = |seen| seen >= VISITS_MIN || seen >= FEW_VISITS_MIN && slips.len() >= SLIPS_MIN;
    usize::try_from(seen).is_ok_and(known)
}

/// Not seen when it was issued, nor ever.
fn never_there(files: &[&PersonFile]) -> Option<Factor> {
    let ever = |file: &&&PersonFile| {
        let issuers: BTreeSet<Party> = unseen(file).map(|(fact, _)| fact.place).collect();
        file.settlements.iter().any(|(fact, _)| issuers.contains(&fact.place))
            || file.visits.iter().any(|(visit, _)| issuers.contains(&visit.place))
    };
    let share = 100 - percent(files.iter().filter(ever).count(), files.len());
    let score = ramp(share, 40, 95, 120);
    let text = said(
        format!("{share}%的人从未到过开具处方的医院"),
        format!("{share}% of the people have never been to the hospital that issued them"),
    );
    (score > 0).then(|| factor("never_there", score, text, Vec::new()))
}

/// Signed by doctors whom the register does not know at that place.
fn unknown_doctor(bench: &Bench, slips: &[Slip]) -> Option<Factor> {
    if bench.references.doctors.is_empty() {
        return None;
    }
    let known = |slip: &Prescription| {
        let entries = bench.references.doctors.get(&slip.doctor);
        entries.is_some_and(|entries| {
            let day = slip.issued.day();
            entries.iter().any(|entry| entry.is_at(slip.place) && entry.begin <= day && day <= entry.end)
        })
    };
    let strangers = slips.iter().filter(|(slip, _)| slip.doctor.is_some() && !known(slip)).count();
    let share = percent(strangers, slips.len());
    let score = ramp(share, 10, 70, 250);
    let text = said(
        format!("{share}%的处方医师不在开具医院的登记之列"),
        format!("{share}% are signed by doctors whom the register does not know at that hospital"),
    );
    (score > 0).then(|| factor("unknown_doctor", score, text, Vec::new()))
}

/// More than lasts for the days that passed.
fn oversupply(files: &[&PersonFile]) -> Option<Factor> {
    let (mut over, mut all) = (0, 0);
    for file in files {
        let supplies = supplies(unseen(file));
        all += supplies.len();
        over += supplies.iter().filter(|supply| supply.lasts(LASTS_TENTHS)).count();
    }
    let share = percent(over, all);
    let score = ramp(share, 15, 70, 150);
    let text = said(
        format!("{share}%的人所配药量够用的天数超过实际天数四成以上"),
        format!("{share}% were given medicine for over 40% more days than passed"),
    );
    (all >= 3 && score > 0).then(|| factor("oversupply", score, text, Vec::new()))
}

/// Nobody treats the disease: no admission and no visit but the counter's.
fn untreated(files: &[&PersonFile], suspicion: &Suspicion) -> Option<Factor> {
    let (mut never, mut all) = (0, 0);
    for file in files {
        let ill: BTreeSet<u32> = suspicion.people[&file.person].1.iter().map(|(fact, _)| fact.diagnosis >> 8).collect();
        let ill: BTreeSet<u32> = ill.into_iter().filter(|one| *one != 0).collect();
        if ill.is_empty() {
            continue;
        }
        if let Some(treated) =
            treated(&ill, file.settlements.iter().filter(|(fact, _)| fact.class != CareClass::Drugstore))
        {
            all += 1;
            never += usize::from(!treated);
        }
    }
    let share = percent(never, all);
    let score = ramp(share, 50, 95, 150);
    let text = said(
        format!("{share}%的人除购药外从未因该病就医"),
        format!("{share}% of the people were never treated for the disease but at the counter"),
    );
    (all >= 3 && score > 0).then(|| factor("untreated", score, text, Vec::new()))
}

/// Signed by one or two.
fn one_hand(slips: &[Slip]) -> Option<Factor> {
    let mut signed: BTreeMap<Party, usize> = BTreeMap::new();
    slips
        .iter()
        .filter(|(slip, _)| slip.doctor.is_some())
        .for_each(|(slip, _)| *signed.entry(slip.doctor).or_default() += 1);
    let mut counts: Vec<usize> = signed.values().copied().collect();
    counts.sort_unstable_by(|left, right| right.cmp(left));
    let share = percent(counts.iter().take(2).sum(), slips.len());
    let score = ramp(share, 50, 95, 80);
    let text = said(format!("{share}%由两名医师签署"), format!("{share}% are signed by two doctors"));
    (slips.len() >= 6 && score > 0).then(|| factor("one_hand", score, text, Vec::new()))
}
