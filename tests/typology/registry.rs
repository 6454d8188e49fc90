//! Names, questions and tables of the typologies.

use medring::model::Table;
use medring::typology::{not_run, registry};
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
    assert_eq!(not_run(&BTreeSet::from([Table::SetlD])), absent);
    assert!(not_run(&Table::ALL.into_iter().collect()).is_empty());
}
