//! T10: whose right to chronic-disease treatment was approved in a batch, for an illness that shows nowhere else?
//!
//! A screening campaign approves many on one day too; but its patients were ill before, and what they fetch differs.

use super::Typology;
use super::bench::{Bench, Cited, by_place};
use super::circles::{alike, circles, occasions, unlikely};
use super::lack::Sight;
use super::odds::{ln_ratio, median, number, percent, ramp};
use super::sentence::{factor, prior, said, yuan};
use super::suspicion::Suspicion;
use crate::model::{CareClass, Day, Entitlement, Factor, Member, OccasionKind, Party, Role, RowRef, Sentence, Table};
use std::collections::{BTreeMap, BTreeSet};

/// Chronic or special-disease qualifications approved without the disease.
pub(crate) struct FakeChronicEntitlement;

const PRIOR: i32 = -500;
const PEOPLE_MIN: usize = 5;
/// Percent of the approvals that make a doctor or an institution a member.
const APPROVER_SHARE_MIN: i32 = 30;
/// Percent of the people who must have been approved in a batch.
const BATCHED_MIN: i32 = 40;
/// Days of data before an approval that make an absent history tell something.
const LOOKED_BACK_DAYS: i32 = 30;
const KINDS: &[OccasionKind] = &[OccasionKind::Approval];

type Right<'a> = &'a (Entitlement, RowRef);

impl Typology for FakeChronicEntitlement {
    fn slug(&self) -> &'static str {
        "fake_chronic_entitlement"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("虚假门诊慢特病资格", "fake chronic entitlement")
    }

    fn prior(&self) -> i32 {
        PRIOR
    }

    fn question(&self) -> Sentence {
        said(
            "哪些门诊慢特病资格成批认定,却查无相应病史?".to_owned(),
            "Whose right to chronic-disease treatment was approved in a batch, for an illness that shows nowhere else?"
                .to_owned(),
        )
    }

    fn tables(&self) -> &'static [Table] {
        &[Table::SetlD, Table::OpspRegD]
    }

    fn sees_by(&self) -> &'static [Sight] {
        const BY: &[Sight] = &[
            Sight::new(Table::OpspRegD, "appr_dr_code", "认定医师", "who approved"),
            Sight::new(Table::OpspRegD, "diag_fixmedins_code", "认定机构", "where it was approved"),
            Sight::new(Table::SetlDiagListD, "diag_code", "认定前后的病种", "illness before and after"),
            Sight::new(Table::OpspRegD, "tel", "认定时留下的联系电话", "telephones given with approvals"),
            Sight::CONTACTS,
        ];
        BY
    }

    fn recognise<'a>(&self, bench: &Bench<'a>) -> Vec<Suspicion<'a>> {
        let approved = |person| bench.file(person).is_some_and(|file| !file.entitlements.is_empty());
        circles(bench, KINDS, approved).iter().filter_map(|people| suspect(bench, people, self.slug())).collect()
    }
}

fn suspect<'a>(bench: &Bench<'a>, people: &BTreeSet<Party>, slug: &'static str) -> Option<Suspicion<'a>> {
    let diseases = common(bench, people);
    let rights: Vec<Right> = people
        .iter()
        .filter_map(|person| bench.file(*person))
        .filter_map(|file| file.entitlements.iter().find(|(right, _)| diseases.contains(&right.disease)))
        .collect();
    if rights.len() < PEOPLE_MIN {
        return None;
    }
    let mut suspicion = Suspicion { typology: slug, ..Suspicion::default() };
    for (right, _) in &rights {
        let refill = |cited: &&Cited| cited.0.class == CareClass::Chronic && cited.0.begin >= right.begin;
        let bills: Vec<&Cited> = bench.settlements(right.person).filter(refill).collect();
        suspicion.people.insert(right.person, (400, bills));
        suspicion.days.insert(right.begin);
    }
    let mut rows = suspicion.rows(bench);
    rows.extend(rights.iter().map(|(_, origin)| *origin));
    let batches = occasions(bench, KINDS, people);
    let mut batched: BTreeSet<Party> = batches.values().flatten().copied().collect();
    batched.extend(together(&rights));
    if percent(batched.len(), people.len()) < BATCHED_MIN {
        return None;
    }
    let days = suspicion.days.len();
    let score = ln_ratio(number(rights.len()), 3).min(300) * 5 / 10 + unlikely(bench, KINDS, people, 200);
    let text = said(
        format!("{}人的慢特病资格在{days}个日子认定,其中{}人由同一医生成批认定", rights.len(), batched.len()),
        format!(
            "{} people were approved on {days} days, {} of them in batches of one doctor",
            rights.len(),
            batched.len()
        ),
    );
    suspicion.factors = vec![prior(PRIOR), factor("approved_in_batches", score, text, rows)];
    let more = [no_history(bench, &rights, &suspicion), alike_bills(&suspicion), few_sites(&suspicion)];
    suspicion.factors.extend(more.into_iter().flatten());
    suspicion.others = approvers(&rights);
    Some(suspicion)
}

/// Who was approved by one doctor on one day with others of them, though the day alone be no surprise.
fn together(rights: &[Right]) -> impl Iterator<Item = Party> {
    let mut days: BTreeMap<(Party, Day), BTreeSet<Party>> = BTreeMap::new();
    for (right, _) in rights.iter().filter(|(right, _)| right.doctor.is_some()) {
        days.entry((right.doctor, right.begin)).or_default().insert(right.person);
    }
    days.into_values().filter(|people| people.len() >= 2).flatten()
}

/// The diseases that at least a fifth of the people were approved for.
fn common(bench: &Bench, people: &BTreeSet<Party>) -> BTreeSet<u64> {
    let mut counts: BTreeMap<u64, usize> = BTreeMap::new();
    for file in people.iter().filter_map(|person| bench.file(*person)) {
        let diseases: BTreeSet<u64> = file.entitlements.iter().map(|(right, _)| right.disease).collect();
        diseases.into_iter().for_each(|disease| *counts.entry(disease).or_default() += 1);
    }
    counts.into_iter().filter(|(_, count)| count * 5 >= people.len()).map(|(disease, _)| disease).collect()
}

/// Treated for what they were approved for only afterwards.
fn no_history(bench: &Bench, rights: &[Right], suspicion: &Suspicion) -> Option<Factor> {
    let (mut none, mut all) = (0, 0);
    let all_days = bench.dossier.persons.iter().flat_map(|file| &file.settlements).map(|(fact, _)| fact.begin);
    let first = all_days.min()?;
    for (right, _) in rights.iter().filter(|(right, _)| right.begin.since(first) >= LOOKED_BACK_DAYS) {
        let bills = &suspicion.people[&right.person].1;
        let ill: BTreeSet<u32> = bills.iter().map(|(fact, _)| fact.diagnosis >> 8).filter(|one| *one != 0).collect();
        if ill.is_empty() {
            continue;
        }
        all += 1;
        let before = |(fact, _): &&Cited| fact.begin < right.begin && ill.contains(&(fact.diagnosis >> 8));
        none += usize::from(!bench.settlements(right.person).any(|cited| before(&cited)));
    }
    let share = percent(none, all);
    let score = ramp(share, 50, 95, 180) - ramp(100 - share, 40, 90, 200);
    let text = said(
        format!("{share}%的人在认定之前从无该病的就医记录"),
        format!("{share}% of the people had no record of the disease before it was approved"),
    );
    (all >= 3 && score != 0).then(|| factor("no_history", score, text, Vec::new()))
}

/// Everybody fetches the same.
fn alike_bills(suspicion: &Suspicion) -> Option<Factor> {
    let mut sums: Vec<i64> = suspicion.settlements().map(|(fact, _)| fact.total_fen).collect();
    let share = alike(sums.clone());
    let middle = median(&mut sums);
    let score = ramp(share, 40, 85, 250);
    let text = said(
        format!("认定后的门诊账单中位{}元,{share}%相差不过五分之一", yuan(middle)),
        format!("Bills since then are ¥{} (median), {share}% within a fifth of it", yuan(middle)),
    );
    (sums.len() >= 10 && score > 0).then(|| factor("alike_bills", score, text, Vec::new()))
}

/// A few places for all.
fn few_sites(suspicion: &Suspicion) -> Option<Factor> {
    let at = by_place(suspicion.settlements());
    let mut counts: Vec<usize> = at.values().copied().collect();
    counts.sort_unstable_by(|left, right| right.cmp(left));
    let share = percent(counts.iter().take(4).sum(), counts.iter().sum());
    let score = ramp(share, 60, 95, 80);
    let text = said(format!("{share}%的费用集中在四家机构"), format!("{share}% of the bills are from four places"));
    (counts.len() >= 2 && score > 0).then(|| factor("few_sites", score, text, Vec::new()))
}

/// Who approved most.
fn approvers(rights: &[Right]) -> Vec<Member> {
    let mut counts: BTreeMap<(Role, Party), usize> = BTreeMap::new();
    for (right, _) in rights {
        *counts.entry((Role::Doctor, right.doctor)).or_default() += 1;
        *counts.entry((Role::Institution, right.place)).or_default() += 1;
    }
    let member = |((role, party), count): ((Role, Party), usize)| {
        let share = percent(count, rights.len());
        let why = said(
            format!("疑似线索:认定了{count}人的资格({share}%)"),
            format!("Suspected lead: approved {count} of the people ({share}%)"),
        );
        (party.is_some() && share >= APPROVER_SHARE_MIN).then_some(Member { party, role, strength: share * 4, why })
    };
    counts.into_iter().filter_map(member).collect()
}
