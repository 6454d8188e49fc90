//! Is the truth complete? Labels name parties that exist, and a clean world has look-alikes but no rings.

use super::{preset, rows, world};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn labels_name_parties_of_the_tables() {
    let tables = ["setl_d", "mdtrt_d", "psn_info_b", "fixmedins_b", "dr_b", "x_ident", "out_appy_d"];
    let folder = world(&preset("county", 31, &tables));
    let mut known: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let sources = [
        ("person", "psn_info_b", "psn_no"),
        ("institution", "fixmedins_b", "fixmedins_code"),
        ("pharmacy", "fixmedins_b", "fixmedins_code"),
        ("doctor", "dr_b", "dr_code"),
        ("phone", "mdtrt_d", "tel"),
        ("phone", "out_appy_d", "agnter_tel"),
        ("phone", "x_ident", "ident_value"),
        ("account", "x_ident", "ident_value"),
        ("account", "out_appy_d", "bankacct"),
        ("agent", "out_appy_d", "agnter_certno"),
    ];
    for (kind, table, column) in sources {
        rows(folder.path(), table, &[column], |cells| {
            known.entry(kind).or_default().insert(cells[0].to_owned());
        });
    }
    let (mut persons, mut groups) = (0, BTreeSet::new());
    rows(folder.path(), "labels", &["ring_id", "typology", "party_kind", "party_id", "role"], |cells| {
        assert!(known[cells[2]].contains(cells[3]), "{cells:?} is in no table");
        persons += usize::from(cells[2] == "person" && !cells[0].starts_with("HN"));
        groups.insert(cells[1].to_owned());
    });
    assert!(persons > 30, "rings have members");
    for typology in ["cross_region_day_trip", "card_pool", "drug_backflow", "relay_admission", "HN09", "HN19"] {
        assert!(groups.contains(typology), "{typology} is missing");
    }
}

#[test]
fn settlements_name_registered_people_and_places() {
    let folder = world(&preset("demo", 32, &["setl_d", "psn_info_b", "fixmedins_b", "admdvs_b"]));
    let (mut people, mut places, mut areas) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    rows(folder.path(), "psn_info_b", &["psn_no"], |cells| assert!(people.insert(cells[0].to_owned())));
    rows(folder.path(), "fixmedins_b", &["fixmedins_code"], |cells| assert!(places.insert(cells[0].to_owned())));
    rows(folder.path(), "admdvs_b", &["admdvs"], |cells| assert!(areas.insert(cells[0].to_owned())));
    let (mut originals, mut reversed) = (BTreeSet::new(), Vec::new());
    let columns = ["psn_no", "fixmedins_code", "insu_admdvs", "fix_blng_admdvs", "setl_id", "init_setl_id"];
    rows(folder.path(), "setl_d", &columns, |cells| {
        assert!(people.contains(cells[0]) && places.contains(cells[1]), "{cells:?}");
        assert!(areas.contains(cells[2]) && areas.contains(cells[3]), "{cells:?}");
        originals.insert(cells[4].to_owned());
        if !cells[5].is_empty() {
            reversed.push(cells[5].to_owned());
        }
    });
    let orphans = reversed.iter().filter(|original| !originals.contains(*original)).count();
    assert!(orphans > 0 && orphans * 20 < reversed.len(), "{orphans} of {} reversals are orphans", reversed.len());
}

#[test]
fn a_clean_world_has_no_rings() {
    let folder = world(&preset("clean", 33, &["admdvs_b"]).with_persons(20_000));
    let mut groups = BTreeSet::new();
    rows(folder.path(), "labels", &["ring_id", "typology"], |cells| {
        assert!(cells[0].starts_with("HN") && cells[1].starts_with("HN"), "{cells:?}");
        groups.insert(cells[1].to_owned());
    });
    assert_eq!(groups.len(), 30, "every look-alike: {groups:?}");
}

#[test]
fn a_full_world_has_the_tables_beside_care_and_their_rings() {
    let tables = [
        "setl_d",
        "psn_info_b",
        "fixmedins_b",
        "dr_b",
        "x_ident",
        "mdtrt_d",
        "out_appy_d",
        "rx_d",
        "psn_insu_d",
        "opsp_reg_d",
        "x_matn_alwn_d",
        "x_ltc_eval",
        "x_ltc_serv",
    ];
    let folder = world(&preset("city", 34, &tables).with_persons(40_000));
    let mut known: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let sources = [
        ("person", "psn_info_b", "psn_no"),
        ("institution", "fixmedins_b", "fixmedins_code"),
        ("pharmacy", "fixmedins_b", "fixmedins_code"),
        ("doctor", "dr_b", "dr_code"),
        ("phone", "mdtrt_d", "tel"),
        ("phone", "out_appy_d", "agnter_tel"),
        ("phone", "opsp_reg_d", "tel"),
        ("phone", "x_ident", "ident_value"),
        ("account", "x_ident", "ident_value"),
        ("account", "x_matn_alwn_d", "bankacct"),
        ("account", "out_appy_d", "bankacct"),
        ("agent", "out_appy_d", "agnter_certno"),
        ("agent", "x_matn_alwn_d", "agnter_certno"),
        ("agent", "x_ltc_eval", "assessor_code"),
        ("agent", "x_ltc_serv", "caregiver_code"),
        ("agent", "setl_d", "opter_id"),
        ("employer", "psn_insu_d", "emp_no"),
        ("employer", "x_matn_alwn_d", "emp_no"),
    ];
    for (kind, table, column) in sources {
        rows(folder.path(), table, &[column], |cells| {
            known.entry(kind).or_default().insert(cells[0].to_owned());
        });
    }
    let (mut groups, mut roles) = (BTreeSet::new(), BTreeSet::new());
    rows(folder.path(), "labels", &["typology", "party_kind", "party_id", "role"], |cells| {
        assert!(known[cells[1]].contains(cells[2]), "{cells:?} is in no table");
        groups.insert(cells[0].to_owned());
        roles.insert(cells[3].to_owned());
    });
    let wanted = [
        "forged_prescription",
        "fake_chronic_entitlement",
        "special_drug_resale",
        "identity_misuse",
        "forged_invoice",
        "shell_employer",
        "ltc_collusion",
        "HN18",
    ];
    let missing: Vec<_> = wanted.iter().filter(|typology| !groups.contains(**typology)).collect();
    assert!(missing.is_empty(), "{missing:?} of {groups:?}");
    for role in ["employer", "caregiver", "assessor"] {
        assert!(roles.contains(role), "{role} is missing of {roles:?}");
    }
}

#[test]
fn wrong_names_are_answered_with_the_right_ones() {
    let mut parameters = preset("demo", 1, &["setl_x"]);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let error = medring::synth::generate(&parameters, folder.path()).expect_err("no such table");
    assert!(error.to_string().contains("setl_d"), "{error}");
    parameters.tables.clear();
    parameters.typologies = vec!["T99".to_owned()];
    let error = medring::synth::generate(&parameters, folder.path()).expect_err("no such typology");
    assert!(error.to_string().contains("card_pool"), "{error}");
}
