//! Every reason why a row is set aside or remarked on, and where it is told.

use super::{Folder, HEADER, ROW, quarantined, row_with, settlement_with, warned};
use medring::ingest::ReadOptions;
use medring::model::{Reason, RowRef, Table};
use std::collections::BTreeMap;

const REGIONS: &str = "admdvs,admdvs_name,prnt_admdvs,admdvs_lv\n340100,合肥市,340000,2\n340123,肥西县,340100,3\n340104,蜀山区,340100,3\n";

#[test]
fn unreadable_values_have_their_reasons() {
    for (column, value, reason) in [
        ("psn_no", "", Reason::E01),
        ("setl_id", "null", Reason::E01),
        ("medfee_sumamt", " ", Reason::E01),
        ("begndate", "2024-02-30", Reason::E02),
        ("setl_time", "soon", Reason::E02),
        ("enddate", "2024-02-01", Reason::E03),
        ("medfee_sumamt", "1.2e3", Reason::E04),
        ("fund_pay_sumamt", "1,0", Reason::E04),
        ("fund_pay_sumamt", "12.345", Reason::E04),
        ("insu_admdvs", "3401", Reason::E05),
        ("fix_blng_admdvs", "合肥", Reason::E05),
        ("med_type", "77", Reason::E06),
        ("psn_no", "3.40123E+17", Reason::E17),
    ] {
        let value = if value.contains(',') { format!("\"{value}\"") } else { value.to_owned() };
        let (batch, tally) = settlement_with(column, &value).read();
        assert_eq!(quarantined(&tally, Table::SetlD, reason), 1, "{column} {value}: {tally:?}");
        assert_eq!((batch.settlements.len(), tally.read(), tally.quarantined()), (0, 1, 1));
    }
}

#[test]
fn regions_are_checked_when_there_is_a_list() {
    let folder = Folder::with("setl_d.csv", format!("{HEADER}\n{ROW}\n{}\n", row_with("insu_admdvs", "999999")));
    assert_eq!(folder.read().0.settlements.len(), 2);
    folder.add("admdvs_b.csv", REGIONS);
    let rejects = Folder::new();
    let options = ReadOptions { reject_dir: Some(rejects.path().to_owned()), ..ReadOptions::default() };
    let source = folder.open().expect("tables");
    let (_, decided) = medring::engine::take_stock(&source, &options).expect("stock is taken");
    assert_eq!(decided.set_aside.values().collect::<Vec<_>>(), [&Reason::E05]);
    source.reject(rejects.path(), &decided.set_aside).expect("rejects are written");
    let told = std::fs::read_to_string(rejects.path().join("setl_d.csv")).expect("there is one");
    assert!(told.lines().last().is_some_and(|row| row.starts_with("E05") && row.contains(",2,insu_admdvs,")), "{told}");
    assert_eq!(folder.open().expect("tables").regions().pool(340_123), 340_100);
}

#[test]
fn broken_records_are_set_aside_alone() {
    for broken in
        ["S2,P2", "\"S2,P2", "S2,P2,340123,H34010400001,340104,2024-03-01,2024-03-05,2024-03-05,11,1,1,0,M,more"]
    {
        let (batch, tally) = Folder::with("setl_d.csv", format!("{HEADER}\n{ROW}\n{broken}\n{ROW}\n")).read();
        assert_eq!((batch.settlements.len(), quarantined(&tally, Table::SetlD, Reason::E17)), (2, 1), "{broken}");
        assert_eq!(batch.settlements[1].origin.row(), 3);
    }
}

#[test]
fn warnings_keep_the_row() {
    let header = format!("{HEADER},hifp_pay,othfund_pay,acct_pay,cash_payamt");
    for (tail, warnings) in [
        ("900.00,100.00,34.50,200.00", 0),
        ("900.00,100.04,34.50,200.00", 0),
        ("900.00,90.00,34.50,200.00", 1),
        ("1000.00,,34.50,100.00", 1),
    ] {
        let (batch, tally) = Folder::with("setl_d.csv", format!("{header}\n{ROW},{tail}\n")).read();
        assert_eq!((batch.settlements.len(), warned(&tally, Table::SetlD, Reason::E12)), (1, warnings), "{tail}");
    }
    let folder = Folder::with("setl_d.csv", format!("{HEADER}\n{ROW}\n"));
    folder.add("fixmedins_b.csv", "fixmedins_code,fix_blng_admdvs\nH34010400009,340104\n");
    assert_eq!(warned(&folder.read().1, Table::SetlD, Reason::E11), 1);
    folder.add("dataset.toml", "window = [\"2024-04-01\", \"2024-04-30\"]\n");
    assert_eq!(warned(&folder.read().1, Table::SetlD, Reason::E13), 1);
}

#[test]
fn reject_files_tell_where_and_why() {
    let bad = row_with("psn_no", "").replace("S1,", "S2,");
    let folder = Folder::with("setl_d.csv", format!("{HEADER}\n{ROW}\n{bad}\n{}\n", row_with("med_type", "777777")));
    let rejects = folder.path().join("rejects");
    let options = ReadOptions { reject_dir: Some(rejects.clone()), ..ReadOptions::default() };
    let tally = folder.read_with(&options).1;
    assert_eq!(super::names(&rejects), ["setl_d.csv"]);
    let firsts = &tally.tables[&Table::SetlD].firsts;
    let told = |reason: Reason| (firsts[&reason].row, firsts[&reason].column.as_str());
    assert_eq!((told(Reason::E01), told(Reason::E06)), ((2, "psn_no"), (3, "med_type")));
    assert!(firsts[&Reason::E01].file.ends_with("setl_d.csv"));
    let rows = records(&rejects.join("setl_d.csv"));
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0][0], "code");
    assert_eq!(
        (rows[1][0].as_str(), rows[1][3].as_str(), rows[1][4].as_str(), rows[1][7].as_str()),
        ("E01", "2", "psn_no", bad.as_str())
    );
    assert_eq!((rows[2][0].as_str(), rows[2][3].as_str(), rows[2][5].as_str()), ("E06", "3", "7***7"));
    assert!(rows[1][2].ends_with("setl_d.csv") && !rows[1][6].is_empty());

    let later = BTreeMap::from([(RowRef::new(Table::SetlD, 0, 1), Reason::E07)]);
    folder.open().expect("tables").reject(&rejects, &later).expect("rejects can be added");
    let rows = records(&rejects.join("setl_d.csv"));
    assert_eq!((rows.len(), rows[3][0].as_str(), rows[3][7].as_str()), (4, "E07", ROW));

    folder.add("setl_d.csv", format!("{HEADER}\n{ROW}\n"));
    folder.read_with(&options);
    assert!(super::names(&rejects).is_empty(), "a clean run leaves no rejects of an earlier one");
}

fn records(path: &std::path::Path) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).expect("the file is there");
    reader.records().map(|record| record.expect("a record").iter().map(str::to_owned).collect()).collect()
}

#[test]
fn every_row_is_counted_once() {
    let mut text = format!("{HEADER}\n");
    for number in 0..1_000 {
        let fee = if number % 7 == 0 { "x" } else { "5" };
        text.push_str(&row_with("medfee_sumamt", fee).replace("S1,", &format!("S{number},")));
        text.push_str(if number % 11 == 0 { "\n\n" } else { "\n" });
    }
    let (batch, tally) = Folder::with("setl_d.csv", text).read();
    let table = &tally.tables[&Table::SetlD];
    assert_eq!((table.read, table.passed, table.quarantined_rows()), (1_000, 857, 143));
    assert_eq!(batch.settlements.len(), 857);
    assert_eq!(batch.settlements[0].origin.row(), 2);
    assert_eq!(batch.settlements[856].origin.row(), 1_000);
}
