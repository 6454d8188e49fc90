//! T14: which employers take on women who are expecting, for the allowance?
//!
//! A firm of any size has births; hardly one has births of people who joined while expecting and left when they were paid.

use super::Typology;
use super::bench::{Bench, Cited};
use super::circles::{circles, unlikely};
use super::lack::Sight;
use super::odds::{ln_ratio, median, number, percent, ramp};
use super::sentence::{factor, prior, said};
use super::suspicion::Suspicion;
use crate::model::{
    Allowance, CareClass, Day, Enrolment, Factor, Member, OccasionKind, Party, PersonFile, Role, RowRef, Sentence,
    Table, joined_expecting,
};
use std::collections::{BTreeMap, BTreeSet};

/// Shell employers and maternity allowances.
pub(crate) struct ShellEmployer;

const PRIOR: i32 = -450;
const PEOPLE_MIN: usize = 3;
const KINDS: &[OccasionKind] = &[OccasionKind::EmployerBirth];
/// Who leaves within so many days of being paid came for the money.
const LEFT_DAYS: i32 = 120;
/// Long enough to be registered, too short to have been hired without it showing.
const JOINED_DAYS: std::ops::RangeInclusive<i32> = 30..=220;

/// An allowance with the spell in which the mother joined.
struct Claim<'a> {
    file: &'a PersonFile,
    paid: &'a (Allowance, RowRef),
    joined: &'a (Enrolment, RowRef),
}

impl Typology for ShellEmployer {
    fn slug(&self) -> &'static str {
        "shell_employer"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("空壳单位骗生育津贴", "shell employer")
    }

    fn prior(&self) -> i32 {
        PRIOR
    }

    fn question(&self) -> Sentence {
        said(
            "哪些单位疑似为骗取生育津贴而挂靠孕妇参保?".to_owned(),
            "Which employers perhaps take on women who are expecting, for the allowance?".to_owned(),
        )
    }

    fn tables(&self) -> &'static [Table] {
        &[Table::SetlD, Table::XMatnAlwnD, Table::PsnInsuD]
    }

    fn columns(&self) -> &'static [(Table, &'static str)] {
        &[(Table::XMatnAlwnD, "emp_no"), (Table::PsnInsuD, "emp_no"), (Table::XMatnAlwnD, "birctrl_matn_date")]
    }

    fn sees_by(&self) -> &'static [Sight] {
        const BY: &[Sight] = &[
            Sight::new(Table::PsnInsuD, "clct_base", "缴费基数", "wages"),
            Sight::new(Table::XMatnAlwnD, "agnter_certno", "津贴代办人", "who applied for the allowances"),
            Sight::new(Table::PsnInsuD, "paus_insu_date", "停保", "the end of insurance"),
        ];
        BY
    }

    fn recognise<'a>(&self, bench: &Bench<'a>) -> Vec<Suspicion<'a>> {
        let claimed = |person| bench.file(person).is_some_and(|file| !claims(file).is_empty());
        circles(bench, KINDS, claimed).iter().filter_map(|people| suspect(bench, people, self.slug())).collect()
    }
}

fn claims(file: &PersonFile) -> Vec<Claim<'_>> {
    let joined = |paid: &'_ (Allowance, RowRef)| joined_expecting(file, &paid.0);
    file.allowances.iter().filter_map(|paid| Some(Claim { file, paid, joined: joined(paid)? })).collect()
}

fn suspect<'a>(bench: &Bench<'a>, people: &BTreeSet<Party>, slug: &'static str) -> Option<Suspicion<'a>> {
    let claims: Vec<Claim> = people.iter().filter_map(|person| bench.file(*person)).flat_map(claims).collect();
    if people.len() < PEOPLE_MIN {
        return None;
    }
    let mut suspicion = Suspicion { typology: slug, places_are_named_only: true, ..Suspicion::default() };
    let mut rows = Vec::new();
    for claim in &claims {
        let near = |cited: &&Cited| {
            cited.0.class == CareClass::Maternity && cited.0.begin.since(claim.paid.0.birth).abs() <= 15
        };
        let births: Vec<&Cited> = bench.settlements(claim.file.person).filter(near).collect();
        suspicion.people.insert(claim.file.person, (600, births));
        suspicion.days.extend([claim.joined.0.begin, claim.paid.0.paid]);
        suspicion.more.total_fen += claim.paid.0.amount_fen;
        suspicion.more.fund_fen += claim.paid.0.amount_fen;
        rows.extend([claim.paid.1, claim.joined.1]);
    }
    rows.extend(suspicion.rows(bench));
    employers(&claims, &mut suspicion);
    let score = ln_ratio(number(people.len()), 2).min(300) * 6 / 10 + unlikely(bench, KINDS, people, 300);
    let employers = suspicion.others.len();
    let text = said(
        format!("{}人在怀孕后才由{employers}家单位参保并领取生育津贴,远多于同规模单位", people.len()),
        format!(
            "{} people joined {employers} employers while expecting and were paid allowances, far more than staff of that size has",
            people.len()
        ),
    );
    suspicion.factors = vec![prior(PRIOR), factor("births_of_staff", score, text, rows)];
    suspicion.factors.extend([joined(&claims), left(&claims), jump(&claims)].into_iter().flatten());
    Some(suspicion)
}

fn employers(claims: &[Claim], suspicion: &mut Suspicion) {
    let mut births: BTreeMap<Party, usize> = BTreeMap::new();
    claims.iter().for_each(|claim| *births.entry(claim.paid.0.employer).or_default() += 1);
    for (party, count) in births {
        let why = said(
            format!("疑似线索:{count}人怀孕后才由该单位参保"),
            format!("Suspected lead: {count} people joined it while expecting"),
        );
        let strength = 200 + ln_ratio(number(count), 1);
        suspicion.others.push(Member { party, role: Role::Employer, strength, why });
    }
}

/// How long before the birth.
fn joined(claims: &[Claim]) -> Option<Factor> {
    let mut days: Vec<i64> =
        claims.iter().map(|claim| i64::from(claim.paid.0.birth.since(claim.joined.0.begin))).collect();
    let inside = days.iter().filter(|days| JOINED_DAYS.contains(&i32::try_from(**days).unwrap_or(0))).count();
    let share = percent(inside, days.len());
    let middle = median(&mut days);
    let score = ramp(share, 50, 95, 100);
    let text = said(
        format!("参保到分娩中位{middle}天,{share}%在一至七个月之间"),
        format!("They joined {middle} days before the birth (median), {share}% between one and seven months"),
    );
    (score > 0).then(|| factor("joined_before_birth", score, text, Vec::new()))
}

/// Gone once paid, where insurance ends on record at all.
fn left(claims: &[Claim]) -> Option<Factor> {
    let mut spells = claims.iter().flat_map(|claim| &claim.file.enrolments);
    if spells.all(|(spell, _)| spell.end == Day(i32::MAX)) {
        return None;
    }
    let gone = |claim: &&Claim| {
        let end = claim.joined.0.end;
        end != Day(i32::MAX) && end.since(claim.paid.0.paid) <= LEFT_DAYS
    };
    let share = percent(claims.iter().filter(gone).count(), claims.len());
    let score = ramp(share, 20, 80, 200) - ramp(100 - share, 60, 100, 200);
    let text = said(
        format!("{share}%在领取津贴后{LEFT_DAYS}天内停保"),
        format!("{share}% left within {LEFT_DAYS} days of being paid"),
    );
    (score != 0).then(|| factor("left_when_paid", score, text, Vec::new()))
}

/// Not an employee before, or at a third of the wage.
fn jump(claims: &[Claim]) -> Option<Factor> {
    let rose = |claim: &&Claim| {
        let base = claim.paid.0.base_fen.max(claim.joined.0.base_fen);
        let before = claim.file.enrolments.iter().rfind(|(spell, _)| spell.begin < claim.joined.0.begin);
        before.is_some_and(|(spell, _)| {
            let idle = spell.base_fen == 0 && !spell.employer.is_some();
            idle || spell.base_fen > 0 && base >= spell.base_fen * 3
        })
    };
    let share = percent(claims.iter().filter(rose).count(), claims.len());
    let score = ramp(share, 30, 90, 120);
    let text = said(
        format!("{share}%此前并非职工,或缴费基数骤增三倍以上"),
        format!("{share}% were no employees before, or their wage rose threefold"),
    );
    (score > 0).then(|| factor("wage_jump", score, text, Vec::new()))
}
