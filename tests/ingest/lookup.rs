//! The texts behind hashes are found again, from every format, as evidence shows them.

use super::formats::{settlements_as_csv, settlements_as_parquet};
use super::{Folder, HEADER, ROW};
use medring::ingest::ReadOptions;
use medring::model::{Names, Party, PartyKind, RowRef, Table};
use std::collections::BTreeSet;

/// A row of every table with the id that evidence shows.
const TABLES: [(&str, &str, &str); 17] = [
    (
        "mdtrt_d.csv",
        "mdtrt_id,psn_no,fixmedins_code,med_type,begntime,tel\nM1,P1,H34010400001,21,2024-03-01,13812345678\n",
        "mdtrt_d:M1",
    ),
    ("setl_diag_list_d.csv", "mdtrt_id,diag_code\nM1,I10\n", "setl_diag_list_d:M1"),
    (
        "fee_list_d.csv",
        "mdtrt_id,bkkp_sn,med_list_codg,cnt,det_item_fee_sumamt,fee_ocur_time\nM1,F1,X1,1,1,2024-03-01\n",
        "fee_list_d:M1|F1",
    ),
    (
        "drug_trac_d.csv",
        "drug_trac_codg,evt_type,fixmedins_code,sel_retn_time\n8123456789,sel,P34010400001,2024-03-01\n",
        "drug_trac_d:8123456789",
    ),
    ("psn_info_b.csv", "psn_no,insu_admdvs,tel,emp_no,emp_name\nP1,340123,139-0000-0001,E1,某厂\n", "psn_info_b:P1"),
    ("fixmedins_b.csv", "fixmedins_code,fix_blng_admdvs\nH34010400001,340104\n", "fixmedins_b:H34010400001"),
    ("dr_b.csv", "dr_code,prac_fixmedins_code\nD1,H34010400001\n", "dr_b:D1"),
    (
        "x_ident.csv",
        "ident_type,ident_value,holder_type,holder_id,role\nbankacct,622200,psn,P1,payee\n",
        "x_ident:bankacct|622200|P1",
    ),
    (
        "out_appy_d.csv",
        "trt_dcla_detl_sn,psn_no,insu_admdvs,rloc_admdvs,agnter_name,agnter_certno,begndate\nT1,P1,340123,310104,李四,C1,2024-01-01\n",
        "out_appy_d:T1",
    ),
    (
        "rx_d.csv",
        "hi_rxno,psn_no,rx_fixmedins_code,dspn_fixmedins_code,dr_code,prsc_time,med_list_codg\nRX1,P1,H34010400001,P34010400001,D1,2024-01-01 09:00:00,X1\n",
        "rx_d:RX1",
    ),
    (
        "psn_insu_d.csv",
        "psn_no,insu_admdvs,insutype,emp_no,psn_insu_date\nP1,340123,310,E1,2020-01-01\n",
        "psn_insu_d:P1|310|2020-01-01",
    ),
    (
        "opsp_reg_d.csv",
        "trt_dcla_detl_sn,psn_no,dise,begndate,appr_dr_code\nQ1,P1,M03900,2024-01-01,D1\n",
        "opsp_reg_d:Q1",
    ),
    (
        "x_matn_alwn_d.csv",
        "psn_no,emp_no,insu_admdvs,alwn_amt,pay_date,agnter_name,agnter_certno\nP1,E1,340123,9000,2024-01-01,李四,C1\n",
        "x_matn_alwn_d:P1|2024-01-01",
    ),
    (
        "x_ltc_eval.csv",
        "eval_id,psn_no,eval_org,assessor_code,eval_time\nV1,P1,H34010400001,A1,2024-01-01\n",
        "x_ltc_eval:V1",
    ),
    (
        "x_ltc_serv.csv",
        "serv_id,psn_no,org,caregiver_code,checkin_time,checkout_time,fund_amt,device_id\nL1,P1,H34010400001,N1,2024-01-01 09:00:00,2024-01-01 10:00:00,58.5,DEV1\n",
        "x_ltc_serv:L1",
    ),
    ("admdvs_b.csv", "admdvs\n340123\n340104\n310104\n", "admdvs_b:340123"),
    ("setl_d.csv", "", "setl_d:S1"),
];

#[test]
fn every_table_has_its_evidence_id() {
    let folder = Folder::new();
    for (name, text, _) in TABLES {
        folder.add(name, if text.is_empty() { format!("{HEADER}\n{ROW}\n") } else { text.to_owned() });
    }
    let (batch, tally) = folder.read_with(&ReadOptions { keep_names: true, ..ReadOptions::default() });
    assert_eq!(tally.quarantined(), 0, "{tally:?}");
    let source = folder.open().expect("tables");
    let all: BTreeSet<RowRef> = batch.names.rows.keys().copied().collect();
    assert_eq!(source.lookup(&all).expect("readable"), batch.names);
    let shown: BTreeSet<&str> = batch.names.rows.values().map(String::as_str).collect();
    for (_, _, id) in TABLES {
        assert!(shown.contains(id), "{id} is not in {shown:?}");
    }
    let parties = &batch.names.parties;
    for (kind, text) in [
        (PartyKind::Person, "P1"),
        (PartyKind::Phone, "13812345678"),
        (PartyKind::Phone, "13900000001"),
        (PartyKind::Employer, "E1"),
        (PartyKind::Account, "622200"),
        (PartyKind::Agent, "C1"),
        (PartyKind::Doctor, "D1"),
        (PartyKind::Institution, "H34010400001"),
    ] {
        assert_eq!(parties.get(&Party::of(kind, text)).map(String::as_str), Some(text));
    }
    for absent in [
        Party::of(PartyKind::Agent, "李四"),
        Party::of(PartyKind::Agent, "622200"),
        Party::of(PartyKind::Employer, "某厂"),
    ] {
        assert!(!parties.contains_key(&absent), "{absent:?} takes no part in any row");
    }
}

#[test]
fn single_rows_are_found_in_large_files() {
    let count = 20_000;
    let (text, parquet) = (
        Folder::with("setl_d.csv", settlements_as_csv(count)),
        Folder::with("setl_d.parquet", settlements_as_parquet(count, 3_000)),
    );
    let wanted: BTreeSet<RowRef> =
        [1, 2, 2_999, 3_000, 3_001, 12_345, 20_000].map(|row| RowRef::new(Table::SetlD, 0, row)).into();
    let expected: Vec<String> = wanted.iter().map(|origin| format!("setl_d:S{:05}", origin.row() - 1)).collect();
    let mut answers: Vec<Names> = Vec::new();
    for folder in [&text, &parquet] {
        let names = folder.open().expect("tables").lookup(&wanted).expect("readable");
        assert_eq!(names.rows.values().cloned().collect::<Vec<_>>(), expected);
        answers.push(names);
    }
    assert_eq!(answers[0], answers[1]);
    assert!(answers[0].parties.len() >= 10);
    let nowhere = BTreeSet::from([
        RowRef::new(Table::SetlD, 7, 1),
        RowRef::new(Table::MdtrtD, 0, 1),
        RowRef::new(Table::SetlD, 0, 99_999),
    ]);
    assert_eq!(text.open().expect("tables").lookup(&nowhere).expect("readable"), Names::default());
}
