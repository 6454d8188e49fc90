//! T13: whose hospital bills, handed in on paper, were made by one hand?
//!
//! Bills from far hospitals are settled by hand, for the seriously ill and now and then. Bills of different people with
//! neighbouring numbers, or paid to one account, come from one desk.

use super::bench::Bench;
use super::circles::{circles, unlikely};
use super::lack::Sight;
use super::odds::{ln_ratio, number};
use super::sentence::{factor, prior, said};
use super::suspicion::Suspicion;
use super::{Typology, paper_bills};
use crate::model::{CareClass, OccasionKind, Party, Sentence, Table};
use std::collections::BTreeSet;

/// Forged bills, reimbursed by hand.
pub(crate) struct ForgedInvoice;

const PRIOR: i32 = -450;
const PEOPLE_MIN: usize = 4;
const KINDS: &[OccasionKind] = &[OccasionKind::InvoiceRun];

impl Typology for ForgedInvoice {
    fn slug(&self) -> &'static str {
        "forged_invoice"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("假票据手工报销", "forged invoices")
    }

    fn prior(&self) -> i32 {
        PRIOR
    }

    fn question(&self) -> Sentence {
        said(
            "哪些人的手工报销票据疑似出自同一来源?".to_owned(),
            "Whose hospital bills, handed in on paper, were perhaps made by one hand?".to_owned(),
        )
    }

    fn tables(&self) -> &'static [Table] {
        &[Table::SetlD]
    }

    fn columns(&self) -> &'static [(Table, &'static str)] {
        &[(Table::SetlD, "setl_type")]
    }

    fn sees_by(&self) -> &'static [Sight] {
        const BY: &[Sight] = &[
            Sight::SERIALS,
            Sight::DIAGNOSED,
            Sight::new(Table::MdtrtD, "dscg_maindiag_code", "出院诊断", "diagnoses at discharge"),
            Sight::CONTACTS,
            Sight::new(Table::XIdent, "ident_value", "共用收款账户和代办人", "shared payees and agents"),
        ];
        BY
    }

    fn recognise<'a>(&self, bench: &Bench<'a>) -> Vec<Suspicion<'a>> {
        let admitted = |person| paper_bills::of(bench, person).any(|(fact, _)| fact.class == CareClass::Inpatient);
        circles(bench, KINDS, admitted).iter().filter_map(|people| suspect(bench, people, self.slug())).collect()
    }
}

fn suspect<'a>(bench: &Bench<'a>, people: &BTreeSet<Party>, slug: &'static str) -> Option<Suspicion<'a>> {
    if people.len() < PEOPLE_MIN {
        return None;
    }
    let mut suspicion = paper_bills::suspicion(bench, people, slug, |(fact, _)| fact.class == CareClass::Inpatient);
    let bills = suspicion.settlements().count();
    let score = ln_ratio(number(people.len()), 2).min(300) * 6 / 10 + unlikely(bench, KINDS, people, 150);
    let text = said(
        format!("{}人共{bills}张手工报销住院票据", people.len()),
        format!("{bills} hospital bills of {} people were handed in on paper", people.len()),
    );
    suspicion.factors = vec![prior(PRIOR), factor("paper_bills", score, text, suspicion.rows(bench))];
    suspicion.factors.push(paper_bills::few_hospitals(bench, &suspicion));
    let more = [
        paper_bills::own_accounts(bench, &suspicion),
        paper_bills::one_account(bench, &suspicion),
        paper_bills::serial(bench, &suspicion),
        paper_bills::alike_sums(&suspicion),
        paper_bills::never_treated(bench, &suspicion),
    ];
    suspicion.factors.extend(more.into_iter().flatten());
    Some(suspicion)
}
