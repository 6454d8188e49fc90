//! Every trap that real exports set (input schema, section 0).

use super::{Folder, HEADER, ROW, row_with, settlement_with, warned};
use medring::model::{CareClass, Day, Party, PartyKind, Reason, Stamp, Table, hash_text};

fn clean() -> medring::model::Row<medring::model::Settlement> {
    Folder::with("setl_d.csv", format!("{HEADER}\n{ROW}\n")).settlement()
}

#[test]
fn the_smallest_table_says_what_it_says() {
    let row = clean();
    let fact = row.fact;
    assert_eq!(fact.person, Party::of(PartyKind::Person, "34010000000000000000000001"));
    assert_eq!(fact.place, Party::of(PartyKind::Institution, "H34010400001"));
    assert_eq!((fact.id, fact.visit), (hash_text("S1"), hash_text("M1")));
    assert_eq!((fact.home, fact.area), (340_123, 340_104));
    assert_eq!((fact.begin, fact.end), (Day(19_783), Day(19_787)));
    assert_eq!(fact.settled, Stamp(19_787 * 86_400 + 10 * 3_600 + 11 * 60 + 12));
    assert_eq!((fact.total_fen, fact.fund_fen), (123_450, 100_000));
    assert_eq!((fact.cash_fen, fact.account_fen), (i64::MIN, i64::MIN));
    assert_eq!(fact.class, CareClass::Inpatient);
    assert!(row.live && !fact.refund && !fact.time_only);
    assert_eq!(row.version, Stamp(i64::MIN));
    assert_eq!((row.origin.table(), row.origin.file(), row.origin.row()), (Table::SetlD, 0, 1));
}

#[test]
fn blanks_around_headers_and_values_come_off() {
    let dirty =
        |text: &str, blank: &str| text.split(',').map(|field| format!("{field}{blank}")).collect::<Vec<_>>().join(",");
    for blank in ["\t", "\u{a0}", "\u{3000}", "  "] {
        let text = format!("\u{feff}{}\r\n{}\r\n", dirty(HEADER, blank), dirty(ROW, blank));
        assert_eq!(Folder::with("setl_d.csv", text).settlement(), clean(), "{blank:?}");
    }
}

#[test]
fn upper_case_and_prefixed_headers_match() {
    for header in
        [HEADER.to_uppercase(), HEADER.split(',').map(|name| format!("setl_d.{name}")).collect::<Vec<_>>().join(",")]
    {
        assert_eq!(Folder::with("SETL_D.CSV", format!("{header}\n{ROW}\n")).settlement(), clean());
    }
}

#[test]
fn column_order_and_unknown_columns_do_not_matter() {
    let turn = |text: &str| text.split(',').rev().collect::<Vec<_>>().join(",");
    let text = format!("x1,{},x2\n1,{},2\n", turn(HEADER), turn(ROW));
    let folder = Folder::with("setl_d.csv", text);
    assert_eq!(folder.settlement(), clean());
    let unknown = &folder.read().1.tables[&Table::SetlD].unknown_columns;
    assert_eq!(unknown.iter().map(String::as_str).collect::<Vec<_>>(), ["x1", "x2"]);
}

#[test]
fn columns_that_nobody_filled_are_told_and_so_are_those_named_twice() {
    let (first, second) = (ROW, row_with("setl_id", "S2"));
    let text = format!("{HEADER},dr_code,opter_id,invono,invono\n{first},,,,7\n{second}, ,O1,null,\n");
    let tally = Folder::with("setl_d.csv", text).read().1;
    let told = &tally.tables[&Table::SetlD];
    assert!(told.blank_columns.iter().all(|name| !["opter_id", "invono", "psn_no"].contains(&name.as_str())));
    assert!(told.blank_columns.contains("atddr_no"), "dr_code is another name of it: {told:?}");
    assert!(told.missing_columns.is_disjoint(&told.blank_columns));
    assert_eq!(told.repeated_columns.iter().map(String::as_str).collect::<Vec<_>>(), ["invono"]);
}

#[test]
fn every_spelling_of_null_is_empty() {
    for null in ["", "null", "NULL", "\\N", "nan", "NaN", "None"] {
        let row = settlement_with("mdtrt_id", null).settlement();
        assert_eq!(row.fact.visit, row.fact.id, "{null}");
    }
}

#[test]
fn codes_written_as_floats_are_codes() {
    let row = settlement_with("med_type", "2101.0").settlement();
    assert_eq!(row, clean());
    assert_eq!(settlement_with("insu_admdvs", "340123.0").settlement(), clean());
}

#[test]
fn leading_zeros_of_small_codes_do_not_matter() {
    let with = |value: &str| {
        Folder::with(
            "setl_d.csv",
            format!("{HEADER},hosp_lv,mdtrt_cert_type,setl_type\n{ROW},{value},{value},{value}\n"),
        )
        .settlement()
    };
    assert_eq!(with("1"), with("01"));
    assert_eq!(with("01").fact.card, 1);
    assert_eq!(with("001").fact.settled_by, 1);
    assert_ne!(with("1").content, with("2").content);
    for (flag, refund) in [("000", false), ("001", true), ("1", true), ("0", false), ("", false)] {
        assert_eq!(settlement_with("refd_setl_flag", flag).settlement().fact.refund, refund, "{flag}");
    }
}

#[test]
fn forty_character_identifiers_stay_whole() {
    let (long, other) = ("520100G0000000000000000000000000000000A1", "520100G0000000000000000000000000000000A2");
    let (one, two) = (settlement_with("setl_id", long).settlement(), settlement_with("setl_id", other).settlement());
    assert_eq!(one.fact.id, hash_text(long));
    assert_ne!(one.key, two.key);
}

#[test]
fn times_of_day_in_date_columns_flag_the_row() {
    let row = settlement_with("setl_time", "10:11:12").settlement();
    assert!(row.fact.time_only);
    assert_eq!(row.fact.settled, clean().fact.settled);
    let row = settlement_with("begndate", "08:00:00").settlement();
    assert!(row.fact.time_only);
    assert_eq!(row.fact.begin, clean().fact.end);
    let told = |column, value| warned(&settlement_with(column, value).read().1, Table::SetlD, Reason::E02);
    assert_eq!((told("begndate", "08:00:00"), told("begndate", "2024-01-02"), told("setl_time", "")), (1, 0, 0));
}

#[test]
fn all_date_forms_are_one_row() {
    for time in [
        "20240305101112",
        "2024-03-05 10:11:12.000",
        "2024-03-05T10:11:12+08:00",
        "2024/3/5 10:11:12",
        "2024-03-05T02:11:12Z",
    ] {
        assert_eq!(settlement_with("setl_time", time).settlement(), clean(), "{time}");
    }
}

#[test]
fn gb18030_is_found_out() {
    let header = format!("{HEADER},psn_name");
    let (bytes, _, _) = encoding_rs::GB18030.encode("张三");
    let mut text = format!("{header}\n{ROW},").into_bytes();
    text.extend_from_slice(&bytes);
    text.extend_from_slice(b"\n");
    assert_eq!(Folder::with("setl_d.csv", text).settlement(), clean());
    let (place, _, _) = encoding_rs::GB18030.encode("合肥市第一医院");
    let mut gb = format!("{HEADER}\n").into_bytes();
    let row = row_with("fixmedins_code", "@");
    let (before, after) = row.split_once('@').expect("the mark is there");
    gb.extend_from_slice(before.as_bytes());
    gb.extend_from_slice(&place);
    gb.extend_from_slice(after.as_bytes());
    assert_eq!(
        Folder::with("setl_d.csv", gb).settlement().fact.place,
        Party::of(PartyKind::Institution, "合肥市第一医院")
    );
}

#[test]
fn ciphertext_is_an_opaque_token() {
    let with = |cipher: &[u8]| {
        let row = row_with("fixmedins_code", "@");
        let (before, after) = row.split_once('@').expect("the mark is there");
        let bytes = [format!("{HEADER}\n{before}").as_bytes(), cipher, after.as_bytes(), b"\n"].concat();
        let folder = Folder::with("setl_d.csv", bytes);
        assert_eq!(warned(&folder.read().1, Table::SetlD, Reason::E15), 1);
        folder.settlement()
    };
    let (one, same, other) = (with(b"\xff\xfe\x90\x81"), with(b"\xff\xfe\x90\x81"), with(b"\xff\xfe\x90\x82"));
    assert_eq!(one, same);
    assert_ne!(one.fact.place, other.fact.place);
}

#[test]
fn rows_that_take_back_are_not_live() {
    for (column, value, live) in [
        ("vali_flag", "1", true),
        ("vali_flag", "0", false),
        ("vali_flag", "2", false),
        ("vali_flag", "", true),
        ("deleted", "1", false),
        ("deleted", "0", true),
        ("stas", "作废", false),
        ("stas", "正常", true),
    ] {
        let row = Folder::with("setl_d.csv", format!("{HEADER},{column}\n{ROW},{value}\n")).settlement();
        assert_eq!(row.live, live, "{column} {value}");
        assert_eq!(row.key, clean().key);
    }
}

#[test]
fn aliases_stand_in_and_fall_back_row_by_row() {
    for (name, alias) in [
        ("fix_blng_admdvs", "mdtrtarea_admdvs"),
        ("fix_blng_admdvs", "medins_admdvs"),
        ("begndate", "begntime"),
        ("enddate", "endtime"),
    ] {
        let header = HEADER.replace(name, alias);
        assert_eq!(Folder::with("setl_d.csv", format!("{header}\n{ROW}\n")).settlement(), clean(), "{alias}");
    }
    let header = format!("{HEADER},cash_payamt,psn_cash_pay,updt_time,crte_time");
    let text = format!("{header}\n{ROW},1.00,2.00,2024-04-01,2024-03-01\n{ROW},,2.00,,2024-03-01\n");
    let (batch, _) = Folder::with("setl_d.csv", text).read();
    let seen: Vec<_> = batch.settlements.iter().map(|row| (row.fact.cash(), row.version.day())).collect();
    assert_eq!(seen, [(Some(100), Day(19_814)), (Some(200), Day(19_783))]);
}

#[test]
fn the_area_falls_back_to_the_register_and_the_code() {
    let header = HEADER.replace("fix_blng_admdvs", "nothing");
    let row = settlement_with("fix_blng_admdvs", "").settlement();
    assert_eq!(row.fact.area, 340_104);
    let folder = Folder::with("setl_d.csv", format!("{header}\n{ROW}\n"));
    assert_eq!(folder.settlement().fact.area, 340_104);
    folder.add("fixmedins_b.csv", "fixmedins_code,fix_blng_admdvs\nH34010400001,340111\n");
    assert_eq!(folder.settlement().fact.area, 340_111);
}

#[test]
fn version_columns_are_not_content() {
    let with = |time: &str| Folder::with("setl_d.csv", format!("{HEADER},updt_time\n{ROW},{time}\n")).settlement();
    let (old, new) = (with("2024-03-06 00:00:00"), with("2024-03-07 00:00:00"));
    assert_eq!((old.key, old.content), (new.key, new.content));
    assert!(old.version < new.version);
    assert_eq!(old.content, clean().content);
    assert_ne!(settlement_with("medfee_sumamt", "1234.51").settlement().content, clean().content);
}

#[test]
fn keys_prefer_rid_and_tell_refunds_apart() {
    let with = |rid: &str, id: &str, flag: &str, fee: &str| {
        let row = format!(
            "{id},P,340123,H34010400001,340104,2024-03-01,2024-03-05,2024-03-05,11,{fee},{fee},{flag},M1,{rid}"
        );
        Folder::with("setl_d.csv", format!("{HEADER},rid\n{row}\n")).settlement()
    };
    assert_eq!(with("R1", "S1", "0", "5").key, with("R1", "S2", "0", "5").key);
    assert_ne!(with("", "S1", "0", "5").key, with("", "S1", "1", "-5").key);
    assert_eq!(with("", "S1", "", "-5").key, with("", "S1", "1", "-5").key);
    assert!(with("", "S1", "", "-5").fact.refund);
}

#[test]
fn quotes_pipes_and_tabs_are_delimited_text() {
    let quoted = |text: &str| text.split(',').map(|field| format!("\"{field}\"")).collect::<Vec<_>>().join(",");
    assert_eq!(Folder::with("setl_d.csv", format!("{}\n{}\n", quoted(HEADER), quoted(ROW))).settlement(), clean());
    for (name, delimiter) in
        [("setl_d.txt", "|"), ("setl_d.csv", ";"), ("setl_d.csv", "\t"), ("setl_d.txt", "\t"), ("setl_d.txt", ",")]
    {
        let text = format!("{HEADER}\n{ROW}\n").replace(',', delimiter);
        assert_eq!(Folder::with(name, text).settlement(), clean(), "{name} {delimiter:?}");
    }
}
