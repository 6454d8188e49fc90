//! T22: which paper bills does one clerk settle while the office is closed?
//!
//! Held against the other clerks of the same city: an agency that books at night does so for everybody.

use super::bench::Bench;
use super::circles::{circles, unlikely};
use super::lack::Sight;
use super::odds::{ln_ratio, number, percent, ramp};
use super::sentence::{factor, prior, said};
use super::suspicion::Suspicion;
use super::{Typology, paper_bills};
use crate::model::{Factor, Member, OccasionKind, Party, Role, Sentence, Table, after_hours};
use std::collections::BTreeSet;

/// Insiders at the agency.
pub(crate) struct InsiderCollusion;

const PRIOR: i32 = -450;
const PEOPLE_MIN: usize = 3;
/// Percent of the bills that a clerk must have settled to be a member.
const CLERK_SHARE_MIN: i32 = 30;
const KINDS: &[OccasionKind] = &[OccasionKind::AfterHours];

impl Typology for InsiderCollusion {
    fn slug(&self) -> &'static str {
        "insider_collusion"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("内外勾结", "insider collusion")
    }

    fn prior(&self) -> i32 {
        PRIOR
    }

    fn question(&self) -> Sentence {
        said(
            "哪些手工报销由同一经办人在下班后办理?".to_owned(),
            "Which paper bills does one clerk settle while the office is closed?".to_owned(),
        )
    }

    fn tables(&self) -> &'static [Table] {
        &[Table::SetlD]
    }

    fn columns(&self) -> &'static [(Table, &'static str)] {
        &[(Table::SetlD, "setl_type"), (Table::SetlD, "opter_id")]
    }

    fn sees_by(&self) -> &'static [Sight] {
        const BY: &[Sight] = &[
            Sight::SERIALS,
            Sight::CONTACTS,
            Sight::new(Table::XIdent, "ident_value", "共用收款账户", "shared payees"),
        ];
        BY
    }

    fn recognise<'a>(&self, bench: &Bench<'a>) -> Vec<Suspicion<'a>> {
        let handed_in = |person| paper_bills::of(bench, person).next().is_some();
        circles(bench, KINDS, handed_in).iter().filter_map(|people| suspect(bench, people, self.slug())).collect()
    }
}

fn suspect<'a>(bench: &Bench<'a>, people: &BTreeSet<Party>, slug: &'static str) -> Option<Suspicion<'a>> {
    let mut suspicion = paper_bills::suspicion(bench, people, slug, |_| true);
    let all = suspicion.settlements().count();
    let closed = suspicion.settlements().filter(|(fact, _)| after_hours(fact)).count();
    if people.len() < PEOPLE_MIN || closed < PEOPLE_MIN {
        return None;
    }
    let score = ramp(percent(closed, all), 10, 60, 250)
        + ln_ratio(number(people.len()), 2).min(250) / 2
        + unlikely(bench, KINDS, people, 150);
    let text = said(
        format!("{}人的{all}笔手工报销中,{closed}笔在下班后办理,多于同城其他经办人", people.len()),
        format!(
            "{closed} of {all} paper bills of {} people were settled while the office is closed, more than by other clerks of the city",
            people.len()
        ),
    );
    suspicion.factors = vec![prior(PRIOR), factor("after_hours", score, text, suspicion.rows(bench))];
    let by_one = one_clerk(bench, &mut suspicion, all);
    suspicion.factors.extend(by_one);
    // Somebody makes the bills that an insider takes in.
    let more = [
        paper_bills::serial(bench, &suspicion),
        paper_bills::own_accounts(bench, &suspicion),
        paper_bills::one_account(bench, &suspicion),
        paper_bills::alike_sums(&suspicion),
        paper_bills::never_treated(bench, &suspicion),
    ];
    suspicion.factors.extend(more.into_iter().flatten());
    Some(suspicion)
}

/// The same clerk for nearly all; named as a member.
fn one_clerk(bench: &Bench, suspicion: &mut Suspicion, all: usize) -> Option<Factor> {
    let clerks = paper_bills::clerks(bench, suspicion);
    for (clerk, rows) in clerks.iter().filter(|(_, rows)| percent(rows.len(), all) >= CLERK_SHARE_MIN) {
        let share = percent(rows.len(), all);
        let why = said(
            format!("疑似线索:办理了其中{}笔({share}%)", rows.len()),
            format!("Suspected lead: settled {} of them ({share}%)", rows.len()),
        );
        suspicion.others.push(Member { party: *clerk, role: Role::Insider, strength: share * 5, why });
    }
    let most = clerks.values().map(BTreeSet::len).max()?;
    let share = percent(most, all);
    let text = said(format!("{share}%由同一经办人办理"), format!("{share}% were settled by one clerk"));
    let score = ramp(share, 40, 90, 120);
    (score > 0).then(|| factor("one_clerk", score, text, Vec::new()))
}
