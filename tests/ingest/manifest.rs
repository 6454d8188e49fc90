//! What a site says about its export changes how it is read; what it says wrongly is named.

use super::{Folder, HEADER, ROW, row_with};
use medring::model::{CareClass, Day, Stamp};

#[test]
fn columns_and_codes_are_renamed() {
    let header = HEADER.replace("psn_no", "GRBH").replace("med_type", "YLLB");
    let row = row_with("med_type", "ZY");
    let folder = Folder::with("setl_d.csv", format!("{header},LX\n{row},网\n"));
    folder.add(
        "dataset.toml",
        "[columns.setl_d]\nGRBH = \"psn_no\"\nyllb = \"med_type\"\nlx = \"setl_type\"\n[dictionary.med_type]\nZY = \"INPT\"\nMZ = \"11\"\n[dictionary.setl_type]\n\"网\" = \"2\"\n",
    );
    let fact = folder.settlement().fact;
    assert_eq!((fact.class, fact.settled_by), (CareClass::Inpatient, 2));
    let object = format!("{{\"GRBH\":\"P\",{}}}", members(&["psn_no"]));
    let folder = Folder::with("setl_d.jsonl", object);
    folder.add("dataset.toml", "[columns.setl_d]\nGRBH = \"psn_no\"\n");
    assert!(folder.settlement().fact.person.is_some());
}

#[test]
fn a_file_of_another_name_feeds_the_tables_that_the_site_says() {
    let folder = Folder::with("2024-Stays.csv", "Stay,Who,Where,In,Out,Cost\nS1,P1,H1,20240301,20240305,12.50\n");
    folder.add("notes.csv", "a,b\n1,2\n");
    folder.add(
        "dataset.toml",
        r#"
            [[files]]
            name = "*-stays.csv*"
            table = "setl_d"
            constants = { med_type = "21", insu_admdvs = "340100", fix_blng_admdvs = "340200" }
            columns = { Stay = "setl_id", Who = "psn_no", Where = "fixmedins_code", In = "begndate", Out = ["enddate", "setl_time"], Cost = ["medfee_sumamt", "fund_pay_sumamt"] }
            [[files]]
            name = "*-stays.csv*"
            table = "mdtrt_d"
            constants = { med_type = "21" }
            columns = { Stay = "mdtrt_id", Who = "psn_no", Where = "fixmedins_code", In = "begntime" }
        "#,
    );
    let source = folder.open().unwrap();
    assert_eq!(source.ignored().len(), 1, "{:?}", source.ignored());
    let (batch, tally) = folder.read();
    let [row] = batch.settlements.as_slice() else { panic!("{tally:?}") };
    let fact = row.fact;
    assert_eq!((fact.class, fact.home, fact.area), (CareClass::Inpatient, 340_100, 340_200));
    assert_eq!((fact.total_fen, fact.fund_fen), (1_250, 1_250));
    assert_eq!((fact.end, fact.settled), (Day(fact.begin.0 + 4), Stamp::midnight(fact.end)));
    assert_eq!(batch.visits.len(), 1, "{tally:?}");
    assert_eq!(batch.visits[0].fact.person, fact.person);
}

fn members(without: &[&str]) -> String {
    let pairs = HEADER.split(',').zip(ROW.split(',')).filter(|(name, _)| !without.contains(name));
    pairs.map(|(name, value)| format!("\"{name}\":\"{value}\"")).collect::<Vec<_>>().join(",")
}

#[test]
fn times_of_another_zone_are_moved() {
    let folder = Folder::with("setl_d.csv", format!("{HEADER}\n{ROW}\n"));
    let shanghai = folder.settlement().fact.settled;
    for (zone, hours) in [("Asia/Shanghai", 0), ("UTC", 8), ("+08:00", 0), ("+09:00", -1)] {
        folder.add("dataset.toml", format!("timezone = \"{zone}\"\n"));
        let fact = folder.settlement().fact;
        assert_eq!(fact.settled, Stamp(shanghai.0 + hours * 3_600), "{zone}");
    }
}

#[test]
fn wrong_manifests_name_the_key() {
    for (text, word) in [
        ("encoding = \"latin-1\"", "latin-1"),
        ("timezone = \"Mars\"", "Mars"),
        ("window = [\"2024-05-01\", \"2024-04-01\"]", "window"),
        ("window = [\"soon\", \"2024-04-01\"]", "soon"),
        ("[columns.setl]\na = \"psn_no\"", "setl"),
        ("[columns.setl_d]\na = \"person\"", "person"),
        ("[dictionary.colour]\na = \"1\"", "colour"),
        ("[dictionary.med_type]\nA = \"HOSPITAL\"", "HOSPITAL"),
        ("refund_form = ", "refund_form"),
        ("[[files]]\nname = \"a.csv\"", "table"),
        ("[[files]]\nname = \"a.csv\"\ntable = \"setl\"", "setl"),
        ("[[files]]\nname = \"a.csv\"\ntable = \"setl_d\"\ncolour = 1", "colour"),
        ("[[files]]\nname = \"a.csv\"\ntable = \"setl_d\"\ncolumns = { a = [\"psn_no\", \"person\"] }", "person"),
        ("[[files]]\nname = \"a.csv\"\ntable = \"setl_d\"\nconstants = { colour = \"1\" }", "colour"),
        ("[[files]]\nname = \"a.csv\"\ntable = \"setl_d\"\nconstants = { psn_no = \"1\" }", "psn_no"),
        ("[[files]]\nname = \"a.csv\"\ntable = \"setl_d\"\nconstants = { insu_admdvs = \"25\" }", "insu_admdvs"),
        ("[[files]]\nname = \"a.csv\"\ntable = \"setl_d\"\nconstants = { med_type = \"INPT\" }", "national list"),
    ] {
        let folder = Folder::with("setl_d.csv", format!("{HEADER}\n{ROW}\n"));
        folder.add("dataset.toml", text);
        let error = folder.open().err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains("dataset.toml") && error.contains(word), "{text}: {error}");
    }
}

#[test]
fn what_only_informs_may_be_of_any_form() {
    let folder = Folder::with("setl_d.csv", format!("{HEADER}\n{ROW}\n"));
    let text =
        "colour = \"red\"\n[window]\nfirst = \"2024-01-01\"\n[dictionary]\nmed_type = \"2021\"\n[rows]\nsetl = 5";
    folder.add("dataset.toml", text);
    let source = folder.open().unwrap();
    let manifest = source.manifests().values().next().unwrap();
    assert_eq!(manifest.ignored, ["dictionary.med_type", "colour", "window"]);
}

#[test]
fn announced_row_counts_are_compared() {
    let folder = Folder::with("setl_d.csv", format!("{HEADER}\n{ROW}\n"));
    for (rows, announced) in [(1, None), (2, Some(2))] {
        folder.add("dataset.toml", format!("[rows]\nsetl_d = {rows}\n"));
        assert_eq!(folder.read().1.tables[&medring::model::Table::SetlD].announced, announced);
    }
}
