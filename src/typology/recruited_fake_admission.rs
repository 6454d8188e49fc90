//! T02: who is recruited near home to be admitted on paper, or to hang in a bed?

use super::Typology;
use super::admission::suspicions;
use super::bench::{Bench, busiest_place};
use super::figures::Figures;
use super::lack::Sight;
use super::odds::{percent, ramp};
use super::sentence::{factor, said};
use super::suspicion::Suspicion;
use crate::model::{Factor, Sentence, Table};

/// Local recruited fake or «hung-bed» admission.
pub(crate) struct RecruitedFakeAdmission;

/// Log-odds before any reason: near home, honest groups are commoner.
const PRIOR: i32 = -500;

impl Typology for RecruitedFakeAdmission {
    fn slug(&self) -> &'static str {
        "recruited_fake_admission"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("本地拉人头虚假/挂床住院", "recruited local admissions")
    }

    fn prior(&self) -> i32 {
        PRIOR
    }

    fn question(&self) -> Sentence {
        said(
            "哪些本地人被拉拢成批虚假住院或挂床?".to_owned(),
            "Who is recruited near home to be admitted on paper, or to hang in a bed?".to_owned(),
        )
    }

    fn tables(&self) -> &'static [Table] {
        &[Table::SetlD]
    }

    fn sees_by(&self) -> &'static [Sight] {
        const BY: &[Sight] = &[
            Sight::ADMITTED_FOR,
            Sight::CASH,
            Sight::new(Table::FeeListD, "med_list_codg", "雷同的费用清单", "bills with the same lines"),
            Sight::new(Table::FeeListD, "psn_no", "费用清单的患者", "whose the fee lines are"),
            Sight::CONTACTS,
            Sight::AGENTS,
            Sight::BEDS,
        ];
        BY
    }

    fn mechanism(&self) -> bool {
        false
    }

    fn recognise<'a>(&self, bench: &Bench<'a>) -> Vec<Suspicion<'a>> {
        let mut found = suspicions(bench, self.slug(), false, PRIOR);
        for (suspicion, figures) in &mut found {
            suspicion.factors.extend(share_of_the_place(bench, suspicion));
            suspicion.factors.extend(what_it_does(bench, suspicion, figures));
        }
        found.into_iter().map(|(suspicion, _)| suspicion).collect()
    }
}

/// A good part of all the place's admissions.
fn share_of_the_place(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    let (place, count) = busiest_place(suspicion.settlements())?;
    let stays = usize::try_from(bench.place(place)?.stays).unwrap_or(usize::MAX);
    let share = percent(count, stays.max(count));
    let score = ramp(share, 10, 60, 40);
    let text = said(
        format!("其最常去的机构全部住院中约{share}%来自这一群人({count}次)"),
        format!("About {share}% of all stays at the place they use most are these people's ({count} of them)"),
    );
    (score > 0).then(|| factor("share_of_the_place", score, text, suspicion.rows_at(place)))
}

/// Everybody who is admitted there, each on a day of his own and few of them twice: a hospital of one kind has patients of one kind, and
/// one that is run by a charity takes nothing from them.
fn what_it_does(bench: &Bench, suspicion: &Suspicion, figures: &Figures) -> Option<Factor> {
    let (place, count) = busiest_place(suspicion.settlements())?;
    let stays = usize::try_from(bench.place(place)?.stays).unwrap_or(usize::MAX);
    let share = percent(count, stays.max(count));
    let score = if figures.batches == 0 {
        -ramp(share, 70, 95, 150) * ramp(100 - figures.returning, 60, 80, 100) / 100
    } else {
        0
    };
    let text = said(
        format!("该机构{share}%的住院都是这些人,各来各的,少有再来:可能就是这家机构的业务"),
        format!(
            "{share}% of all stays there are these people's, each came alone and few came back: it may be what the hospital does"
        ),
    );
    (score < 0).then(|| factor("what_it_does", score, text, suspicion.rows_at(place)))
}
