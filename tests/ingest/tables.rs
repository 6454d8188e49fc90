//! Each of the other tables says what the schema says, derived links included.

use super::{Folder, HEADER, ROW, quarantined, warned};
use medring::model::{
    CareClass, Day, IdentifierRole, Party, PartyKind, PlaceEntry, PlaceKind, Reason, Stamp, Table, TraceKind, Visit,
    hash_text, hash_words, icd_category,
};

#[test]
fn visits_and_their_contacts() {
    let text = "mdtrt_id,psn_no,fixmedins_code,med_type,begntime,endtime,tel,atddr_no,refl_old_mdtrt_id,adm_bed,adm_dept_codg,dscg_way,dscg_maindiag_code\n\
        M1,P1,H34010400001,21,2024-03-01 08:00:00,,138-1234-5678,D1,M0,12,A01,9,M51.2x00\n\
        M2,P2,H34010400001,21,2024-03-01 08:00:00,2024-03-04 09:00:00,110,,,,,1,\n\
        M3,P3,H34010400001,21,2024-03-05,2024-03-04,,,,,,1,\n";
    let (batch, tally) = Folder::with("mdtrt_d.csv", text).read();
    assert_eq!((batch.visits.len(), quarantined(&tally, Table::MdtrtD, Reason::E03)), (2, 1));
    let (open, closed) = (batch.visits[0].fact, batch.visits[1].fact);
    assert_eq!((open.end, closed.end.day()), (Stamp(i64::MIN), Day(19_786)));
    assert_eq!((open.diagnosis, open.discharge, open.class), (icd_category("M512"), 9, CareClass::Inpatient));
    assert_eq!((open.referred_from, open.doctor), (hash_text("M0"), Party::of(PartyKind::Doctor, "D1")));
    assert!(open.bed != 0 && closed.bed == 0);
    assert_eq!((open.contact, closed.contact), (Party::of(PartyKind::Phone, "13812345678"), Party::NONE));
    assert_eq!(batch.identifiers.len(), 1);
    let link = batch.identifiers[0];
    assert_eq!(
        (link.fact.identifier, link.fact.holder, link.fact.role),
        (open.contact, open.person, IdentifierRole::Contact)
    );
    assert_eq!((link.origin, link.live, link.version), (batch.visits[0].origin, true, batch.visits[0].version));
    assert_eq!(tally.derived_identifiers, 1);
}

#[test]
fn diagnoses() {
    let text = "mdtrt_id,inout_diag_type,diag_srt_no,diag_code,maindiag_flag\nM1,1,1,I10.x00,1\nM1,1,2,E11.900,0\nM1,1,1,I10.x00,1\n";
    let (batch, _) = Folder::with("setl_diag_list_d.csv", text).read();
    let facts: Vec<_> = batch.diagnoses.iter().map(|row| (row.fact.code, row.fact.main, row.fact.order)).collect();
    assert_eq!(facts[..2], [(icd_category("I10"), true, 1), (icd_category("E119"), false, 2)]);
    assert_eq!(batch.diagnoses[0].key, batch.diagnoses[2].key);
    assert_ne!(batch.diagnoses[0].key, batch.diagnoses[1].key);
}

#[test]
fn fee_lines_and_their_refunds() {
    let text = "mdtrt_id,feedetl_sn,init_feedetl_sn,med_list_codg,cnt,pric,det_item_fee_sumamt,fee_ocur_time,bilg_dr_code\n\
        M1,F1,,XA01ABD075A002010100483,2.0000,3.456789,6.91,2024-03-01 09:00:00,D1\n\
        M1,F2,F1,XA01ABD075A002010100483,-1,3.456789,-3.46,2024-03-02 09:00:00,D1\n\
        M1,F3,,002501010010000,1,5,99.00,2024-03-02 09:00:00,D1\n\
        M1,F4,,C0101,1,1e3,1,2024-03-02,D1\n";
    let (batch, tally) = Folder::with("fee_list_d.csv", text).read();
    assert_eq!((batch.fee_lines.len(), quarantined(&tally, Table::FeeListD, Reason::E04)), (3, 1));
    let lines: Vec<_> = batch.fee_lines.iter().map(|row| row.fact).collect();
    assert_eq!((lines[0].count, lines[0].amount_fen, lines[0].kind), (20_000, 691, b'X'));
    assert_eq!((lines[1].count, lines[1].amount_fen, lines[1].original), (-10_000, -346, batch.fee_lines[0].key));
    assert_eq!((lines[2].kind, lines[2].doctor), (b'S', Party::of(PartyKind::Doctor, "D1")));
    assert_eq!(warned(&tally, Table::FeeListD, Reason::E12), 1);
}

#[test]
fn trace_codes() {
    let row = |code: &str, event: &str| format!("{code},{event},P34010400001,P1,2024-03-01 09:00:00,12.345,0,1,M1\n");
    let mut text = "drug_trac_codg,evt_type,fixmedins_code,psn_no,sel_retn_time,finl_trns_pric,trdn_flag,mdtrt_setl_type,mdtrt_id\n".to_owned();
    for event in ["sel", "sel_retn", "purc", "purc_retn", "inv", "3505A"] {
        text.push_str(&row("81234567890123456789", event));
    }
    for code in ["无码", "123456", "00000000000000000000", ""] {
        text.push_str(&row(code, "sel"));
    }
    let (batch, tally) = Folder::with("drug_trac_d.csv", text).read();
    let kinds: Vec<_> = batch.traces.iter().map(|row| row.fact.kind).collect();
    use TraceKind::{PurchaseReturned, Purchased, Returned, Sold, Stock};
    assert_eq!(kinds, [Sold, Returned, Purchased, PurchaseReturned, Stock, Sold]);
    assert_eq!((batch.traces[0].key, batch.traces[0].fact.price_fen), (batch.traces[5].key, 1_235));
    assert_eq!(quarantined(&tally, Table::DrugTracD, Reason::E01), 4);
}

#[test]
fn persons_with_telephone_and_address() {
    let text = "psn_no,insu_admdvs,psn_name,gend,brdy,die_date,tel,addr,emp_no,emp_name,psn_type,sp_psn_type,vali_flag\n\
        P1,340123,张三,1,1950-06-01,,13812345678,肥西县 桃花镇 1 号,E1,某厂,1101,低保户,1\n\
        P2,340123,QUJDREVGR0hJSktMTU5PUFFS,9,1174-01-01,2024-02-01,,,,某厂,1501,,0\n";
    let (batch, tally) = Folder::with("psn_info_b.csv", text).read();
    let (one, two) = (batch.persons[0].fact, batch.persons[1].fact);
    assert_eq!((one.surname, one.gender, one.person_type, one.hardship), (hash_text("张"), 1, 11, true));
    assert_eq!((two.surname, two.gender, two.person_type, two.hardship), (0, 0, 15, false));
    assert_eq!((two.birth, two.death), (Day(i32::MIN), Day(19_754)));
    assert_eq!(
        (one.employer, two.employer),
        (Party::of(PartyKind::Employer, "E1"), Party::of(PartyKind::Employer, "某厂"))
    );
    assert_eq!(warned(&tally, Table::PsnInfoB, Reason::E15), 1);
    let links: Vec<_> = batch.identifiers.iter().map(|row| (row.fact.identifier, row.fact.role, row.live)).collect();
    assert_eq!(links, [(one.phone, IdentifierRole::Own, true), (one.address, IdentifierRole::Own, true)]);
    assert_eq!(one.address, Party::of(PartyKind::Address, "肥西县桃花镇1号"));
    assert!(!batch.persons[1].live);
}

#[test]
fn places_and_doctors() {
    let text = "fixmedins_code,fixmedins_name,fixmedins_type,medins_type,medins_natu,fix_blng_admdvs,bed_cnt,actl_ctrler,uscc\n\
        H34010400001,某某医院,1,综合医院,公立,340104,500,,U1\nP34010400002,某某大药房,2,,民营,340104,,王五,U2\n\
        H34010400003,安心护理院,1,,民营,,60,王五,U3\nH34010400004,某某社区卫生服务中心,1,,公立,340104,,,\n\
        H34010400005,血液透析中心,1,,民营,340104,,,\nP34010400006,某某,,,,340104,,,\n";
    let folder = Folder::with("fixmedins_b.csv", text);
    folder.add("dr_b.csv", "dr_code,prac_fixmedins_code,begndate\nD1,H34010400001,2020-01-01\nD1,H34010400003,\n");
    let (batch, _) = folder.read();
    let kinds: Vec<_> = batch.places.iter().map(|row| row.fact.kind).collect();
    use PlaceKind::{Community, Dialysis, Hospital, LongStay, Pharmacy};
    assert_eq!(kinds, [Hospital, Pharmacy, LongStay, Community, Dialysis, Pharmacy]);
    let places: Vec<_> = batch.places.iter().map(|row| row.fact.clone()).collect();
    assert_eq!((places[0].beds, places[0].private, places[1].private), (500, false, true));
    assert!(
        places[1].is_sister(&places[2]) && !places[0].is_sister(&places[1]),
        "one controller, whatever the licence"
    );
    let chain = PlaceEntry { controller: places[0].controller | 7 << 40, ..places[0].clone() };
    assert!(places[0].is_sister(&chain), "one licence, whatever the controller");
    assert!(!places[3].is_sister(&places[4]), "nobody known is nobody in common");
    assert_eq!(places[2].area, 340_104);
    assert_eq!((batch.doctors.len(), batch.doctors[1].fact.begin), (2, Day(i32::MIN)));
}

#[test]
fn identifiers_of_every_type() {
    let mut text = "ident_type,ident_value,holder_type,holder_id,role,begn\n".to_owned();
    let types = [
        ("phone", "+86 13812345678", PartyKind::Phone, "13812345678"),
        ("phone", "tok:9f", PartyKind::Phone, "tok:9f"),
        ("addr", "合肥市 1 号", PartyKind::Address, "合肥市1号"),
        ("bankacct", "6222000000000000000", PartyKind::Account, "6222000000000000000"),
        ("wechat", "wx1", PartyKind::Account, "wx1"),
        ("device", "dev1", PartyKind::Device, "dev1"),
        ("agent_certno", "34012319900101123X", PartyKind::Agent, "34012319900101123X"),
        ("vehicle", "皖A12345", PartyKind::Device, "皖A12345"),
        ("ip", "10.0.0.1", PartyKind::Device, "10.0.0.1"),
        ("ec_token", "t1", PartyKind::Device, "t1"),
    ];
    for (kind, value, _, _) in types {
        text.push_str(&format!("{kind},{value},psn,P1,self,2024-01-01\n"));
    }
    text.push_str("phone,13812345679,fixmedins,H34010400001,contact,\nphone,110,psn,P1,self,\nfax,1,psn,P1,self,\n");
    let (batch, tally) = Folder::with("x_ident.csv", text).read();
    for (row, (_, _, kind, value)) in batch.identifiers.iter().zip(types) {
        assert_eq!(
            (row.fact.identifier, row.fact.holder),
            (Party::of(kind, value), Party::of(PartyKind::Person, "P1"))
        );
    }
    let last = batch.identifiers[types.len()].fact;
    assert_eq!(
        (last.holder, last.role, last.begin),
        (Party::of(PartyKind::Institution, "H34010400001"), IdentifierRole::Contact, Day(i32::MIN))
    );
    assert_eq!(quarantined(&tally, Table::XIdent, Reason::E01), 2);
}

#[test]
fn filings_and_their_agents() {
    let text = "trt_dcla_detl_sn,psn_no,insu_admdvs,rloc_admdvs,rloc_rea,agnter_name,agnter_certno,agnter_tel,bankacct,begndate,enddate,crte_time,opter_id\n\
        T1,P1,340123,310104,06,李四,340123199001011234,13900000001,6222001,2024-01-01,,2023-12-30 10:00:00,O1\n\
        T2,P2,340123,310104,02,李四,,,,2024-01-01,2024-12-31,,\n";
    let (batch, _) = Folder::with("out_appy_d.csv", text).read();
    let (one, two) = (batch.filings[0].fact, batch.filings[1].fact);
    assert_eq!((one.reason, one.end, one.filed), (6, Day(i32::MAX), Day(19_721)));
    assert_eq!(
        (one.agent, two.agent),
        (Party::of(PartyKind::Agent, "340123199001011234"), Party::of(PartyKind::Agent, "李四"))
    );
    assert_eq!((two.reason, two.end, two.filed), (2, Day(20_088), Day(i32::MIN)));
    let links: Vec<_> =
        batch.identifiers.iter().map(|row| (row.fact.identifier.kind(), row.fact.role, row.key)).collect();
    use IdentifierRole::{Agent, Payee};
    let key = |serial: &str, column: u64| hash_words(&[hash_words(&[hash_text(serial)]), column]);
    assert_eq!(
        links,
        [
            (PartyKind::Agent, Agent, key("T1", 1)),
            (PartyKind::Phone, Agent, key("T1", 2)),
            (PartyKind::Account, Payee, key("T1", 3)),
            (PartyKind::Agent, Agent, key("T2", 1)),
        ]
    );
}

#[test]
fn prescriptions_and_qualifications() {
    let folder = Folder::with(
        "rx_d.csv",
        "hi_rxno,mdtrt_id,psn_no,rx_fixmedins_code,dspn_fixmedins_code,dr_code,prsc_time,dspn_time,med_list_codg,cnt,days,intn_hosp_flag\n\
         RX1,M1,P1,H1,P1,D1,2024-03-01 09:00:00,2024-03-02 10:00:00,X1,2,28,1\n\
         RX2,,P1,H1,P1,D1,2024-03-03 09:00:00,2024-03-02 10:00:00,X1,2,28,0\n",
    );
    folder.add(
        "opsp_reg_d.csv",
        "trt_dcla_detl_sn,psn_no,dise,begndate,enddate,diag_fixmedins_code,appr_dr_code,tel,lmt_amt\n\
         Q1,P1,M03900,2024-01-01,2026-12-31,H1,D1,13900000001,2000\n\
         Q2,P1,M03900,2024-01-01,2023-12-31,H1,D1,,\n",
    );
    let (batch, tally) = folder.read();
    let one = batch.prescriptions[0].fact;
    assert_eq!((batch.prescriptions.len(), quarantined(&tally, Table::RxD, Reason::E03)), (1, 1));
    assert_eq!(
        (one.place, one.counter),
        (Party::of(PartyKind::Institution, "H1"), Party::of(PartyKind::Institution, "P1"))
    );
    assert_eq!((one.count, one.days, one.online, one.dispensed.day().0 - one.issued.day().0), (20_000, 28, true, 1));
    assert_eq!(batch.prescriptions[0].key, hash_words(&[hash_text("RX1"), hash_text("X1")]));
    let right = batch.entitlements[0].fact;
    assert_eq!((batch.entitlements.len(), quarantined(&tally, Table::OpspRegD, Reason::E03)), (1, 1));
    assert_eq!(u32::try_from(right.disease >> 32).unwrap(), icd_category("I10"));
    assert_eq!((right.limit_fen, right.doctor), (200_000, Party::of(PartyKind::Doctor, "D1")));
    let contact = batch.identifiers[0].fact;
    assert_eq!((contact.identifier.kind(), contact.role), (PartyKind::Phone, IdentifierRole::Contact));
}

#[test]
fn spells_allowances_and_care() {
    let folder = Folder::with(
        "psn_insu_d.csv",
        "psn_no,insu_admdvs,insutype,emp_no,clct_base,psn_insu_date,paus_insu_date,psn_insu_stas,insutype_retr_flag\n\
         P1,340123,310,E1,6000.5,2023-01-01,,1,0\n",
    );
    folder.add(
        "x_matn_alwn_d.csv",
        "psn_no,emp_no,insu_admdvs,birctrl_matn_date,clct_base,alwn_days,alwn_amt,pay_date,bankacct,agnter_name,agnter_certno,agnter_tel\n\
         P1,E1,340123,2024-01-01,9000,158,47400,2024-03-01,62220001,李四,C1,13900000002\n",
    );
    folder.add(
        "x_ltc_eval.csv",
        "eval_id,psn_no,eval_org,assessor_code,second_assessor,eval_time,eval_mode,level,adl_score\n\
         V1,P1,H1,A1,A2,2024-01-01 10:00:00,video,6,15\n",
    );
    folder.add(
        "x_ltc_serv.jsonl",
        r#"{"serv_id":"L1","psn_no":"P1","org":"H1","caregiver_code":"N1","checkin_time":"2024-01-01 09:00:00","checkout_time":"2024-01-01 10:00:00","checkin_lon":113.37952,"checkin_lat":27.64589,"fund_amt":58.5,"device_id":"DEV1"}"#,
    );
    let (batch, tally) = folder.read();
    assert_eq!(tally.quarantined(), 0, "{tally:?}");
    let spell = batch.enrolments[0].fact;
    assert_eq!((spell.employer, spell.base_fen), (Party::of(PartyKind::Employer, "E1"), 600_050));
    assert_eq!((spell.kind, spell.end, spell.state, spell.retired), (310, Day(i32::MAX), 1, false));
    let paid = batch.allowances[0].fact;
    assert_eq!((paid.employer, paid.agent), (spell.employer, Party::of(PartyKind::Agent, "C1")));
    assert_eq!((paid.amount_fen, paid.days, paid.paid.0 - paid.birth.0), (4_740_000, 158, 60));
    let links: Vec<_> = batch.identifiers.iter().map(|row| (row.fact.identifier.kind(), row.fact.role)).collect();
    use IdentifierRole::{Agent, Payee};
    assert_eq!(links, [(PartyKind::Agent, Agent), (PartyKind::Phone, Agent), (PartyKind::Account, Payee)]);
    let assessed = batch.assessments[0].fact;
    assert_eq!((assessed.second, assessed.level, assessed.remote), (Party::of(PartyKind::Agent, "A2"), 6, true));
    let visit = batch.care_visits[0].fact;
    assert_eq!((visit.carer, visit.device), (Party::of(PartyKind::Agent, "N1"), Party::of(PartyKind::Device, "DEV1")));
    assert_eq!((visit.longitude, visit.latitude, visit.amount_fen), (11_337_952, 2_764_589, 5_850));
    assert_eq!(visit.end.0 - visit.begin.0, 3_600);
}

#[test]
fn a_paper_bill_names_its_clerk_and_keeps_its_number() {
    let header = format!("{HEADER},setl_type,opter_id,invono");
    let rows = format!("{header}\n{ROW},1,340123JB1,No.00012345\n");
    let (batch, _) = Folder::with("setl_d.csv", rows).read();
    let clerk = batch.identifiers[0].fact;
    assert_eq!((clerk.identifier, clerk.role), (Party::of(PartyKind::Agent, "340123JB1"), IdentifierRole::Submitter));
    assert_eq!((batch.settlements[0].fact.invoice, batch.settlements[0].fact.settled_by), (12_345, 1));
    let (batch, _) = Folder::with("setl_d.csv", format!("{header}\n{ROW},2,340123JB1,12345\n")).read();
    assert_eq!((batch.identifiers.len(), batch.settlements[0].fact.invoice), (0, 0));
}

#[test]
fn a_column_that_is_not_there_says_nothing() {
    let head = "mdtrt_id,psn_no,fixmedins_code,med_type,begntime";
    let row = "M1,P1,H34010400001,21,2024-03-01 08:00:00";
    let visit = |text: String| Folder::with("mdtrt_d.csv", text).read().0.visits[0].fact;
    let told = visit(format!("{head},refl_old_mdtrt_id\n{row},\n"));
    assert_eq!((told.referred_from, told.is_referred_here()), (0, Some(false)));
    let untold = visit(format!("{head}\n{row}\n"));
    assert_eq!((untold.referred_from, untold.is_referred_here()), (Visit::UNTOLD, None));

    // What was paid in cash is what the others left, where their shares are there.
    let settlement = |names: &str, shares: &str| {
        let text = format!("{HEADER}{names}\n{ROW}{shares}\n");
        Folder::with("setl_d.csv", text).settlement().fact
    };
    assert_eq!(settlement(",acct_pay", ",34.50").cash(), Some(20_000));
    assert_eq!(settlement(",acct_pay,cash_payamt", ",34.50,").cash(), Some(20_000));
    assert_eq!(settlement(",acct_pay,cash_payamt", ",34.50,7.00").cash(), Some(700));
    assert_eq!(settlement("", "").cash(), None);
}

#[test]
fn codes_of_chronic_diseases_are_no_diseases_of_the_joints() {
    let disease = |code: &str| {
        let text = format!("{HEADER},dise_no\n{ROW},{code}\n");
        Folder::with("setl_d.csv", text).settlement().fact.diagnosis
    };
    for (code, category) in
        [("M07803", "N18"), ("M03900", "I10"), ("M00500", "C80"), ("M51.202", "M51.2"), ("M51202", "M51.2")]
    {
        assert_eq!(disease(code), icd_category(category), "{code}");
    }
}

#[test]
fn an_account_is_drained_when_it_paid_a_good_sum_and_little_is_left() {
    let drained = |paid: &str, left: &str| {
        let text = format!("{HEADER},acct_pay,balc\n{ROW},{paid},{left}\n");
        Folder::with("setl_d.csv", text).settlement().fact.is_drained()
    };
    assert!(drained("234.50", "3.20"));
    assert!(!drained("234.50", "130.00"), "more than a tenth is left");
    assert!(!drained("34.50", "0.00"), "not worth it");
    assert!(!drained("234.50", ""), "nobody knows");
}
