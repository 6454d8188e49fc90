//! Names, questions and tables of the typologies.

use medring::model::Table;
use medring::typology::{Gone, Lack, LeftOut, not_run, registry, unseen};
use std::collections::BTreeSet;

#[test]
fn names_are_unique_and_questions_are_asked_in_both_languages() {
    let names: BTreeSet<&str> = registry().iter().map(|one| one.slug()).collect();
    assert_eq!(names.len(), registry().len());
    assert!(registry().iter().all(|one| !one.question().zh.is_empty() && !one.question().en.is_empty()));
}

#[test]
fn one_table_is_enough_where_it_says_enough() {
    let absent = [
        ("drug_backflow", Table::DrugTracD),
        ("forged_prescription", Table::RxD),
        ("fake_chronic_entitlement", Table::OpspRegD),
        ("identity_misuse", Table::PsnInfoB),
        ("shell_employer", Table::XMatnAlwnD),
        ("ltc_collusion", Table::XLtcServ),
        ("online_rx_mill", Table::RxD),
        ("phantom_supply", Table::DrugTracD),
        ("ghost_doctor", Table::DrB),
    ];
    let alone = LeftOut::from([(Table::SetlD, Default::default())]);
    assert_eq!(not_run(&alone), absent.map(|(slug, table)| (slug, Lack::Table(table))));
    assert!(not_run(&whole()).is_empty());
    assert!(unseen(&whole()).is_empty());
}

#[test]
fn what_a_missing_column_hides_is_said() {
    let mut left_out = whole();
    left_out.insert(Table::PsnInfoB, [("die_date".to_owned(), Gone::Absent)].into());
    left_out.insert(Table::RxD, [("dr_code".to_owned(), Gone::Blank)].into());
    let idle = not_run(&left_out);
    assert!(idle.contains(&("online_rx_mill", Lack::Column(Table::RxD, "dr_code", Gone::Blank))), "{idle:?}");
    let hidden: Vec<_> = unseen(&left_out).into_iter().map(|(slug, lack, _)| (slug, lack)).collect();
    assert!(
        hidden.contains(&("identity_misuse", Lack::Column(Table::PsnInfoB, "die_date", Gone::Absent))),
        "{hidden:?}"
    );
    assert!(hidden.iter().all(|(slug, _)| *slug != "online_rx_mill"), "who does not run sees nothing at all");
}

fn whole() -> LeftOut {
    Table::ALL.into_iter().map(|table| (table, Default::default())).collect()
}
