//! `db retain`, `db compact`: what leaves, what is said, and how it ends.

use super::{done, made, medring, text};
use medring::store::Workspace;
use std::fs;
use std::path::Path;

fn copied(to: &Path) -> String {
    done(&["db", "backup", &text(&made().workspace), &text(to)]);
    text(to)
}

#[test]
fn facts_leave_when_they_are_told_to_and_never_by_mistake() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = copied(&folder.path().join("ws"));
    let settings = folder.path().join("ws/medring.toml");
    let refused = |words: &[&str], code: i32, says: &str| {
        let told = medring(&[&["db", "retain", &workspace], words].concat());
        assert_eq!((told.code, told.out.as_str()), (Some(code), ""), "{words:?}: {}", told.err);
        assert!(told.err.contains(says), "{words:?}: {}", told.err);
    };
    refused(&[], 2, "retention_days");
    refused(&["--before", "2024-13-01"], 2, "2024-01-01");
    refused(&["--before", "2090-01-01", "--lang", "en"], 2, "later than the data's own day");
    fs::write(&settings, "retention_day = 100\n").unwrap();
    refused(&[], 3, "medring.toml");
    fs::write(&settings, "retention_days = 100\n").unwrap();

    let rings = done(&["ring", "ls", "--workspace", &workspace]).out;
    let would = &done(&["db", "retain", &workspace, "--dry-run"]).lines()[0];
    assert!(would["rows"].as_u64().unwrap() > 1_000 && would["dry_run"] == true && would["epoch"].is_null(), "{would}");
    assert!(!would["rings_cited"].as_array().unwrap().is_empty(), "{would}");
    assert_eq!(done(&["ring", "ls", "--workspace", &workspace]).out, rings, "a dry run changes nothing");

    // A server holds a workspace until it ends, and can do the same by itself.
    let held = Workspace::open(Path::new(&workspace)).unwrap();
    refused(&["--lang", "en"], 6, "runs alone, in one process. Remedy: set retention_days");
    drop(held);
    let left = &done(&["db", "retain", &workspace, "--workers", "1"]).lines()[0];
    assert_eq!((&left["rows"], &left["tables"], &left["before"]), (&would["rows"], &would["tables"], &would["before"]));
    assert_eq!((left["epoch"].as_u64(), left["dry_run"].as_bool()), (Some(2), Some(false)));
    let dissolved = left["events"].as_array().unwrap().iter().filter(|event| event["kind"] == "dissolved");
    let dissolved: Vec<&str> = dissolved.map(|event| event["ring"].as_str().unwrap()).collect();
    let now = done(&["ring", "ls", "--workspace", &workspace]);
    assert!(!dissolved.is_empty() && dissolved.iter().all(|id| rings.contains(id) && !now.out.contains(id)), "{left}");
    let again = done(&["db", "retain", &workspace, "-o", "table", "--lang", "en"]);
    assert!(again.out.contains("nothing is older"), "{}", again.out);

    let bytes = |line: &serde_json::Value, name: &str| line[name].as_u64().unwrap();
    let compacted = &done(&["db", "compact", &workspace]).lines()[0];
    assert!(bytes(compacted, "bytes_after") < bytes(compacted, "bytes_before"), "{compacted}");
    assert!(bytes(compacted, "rows_dropped") > 1_000, "{compacted}");
    assert_eq!(done(&["db", "compact", &workspace]).lines()[0]["replaced"], 0);
    assert_eq!(done(&["db", "check", &workspace]).code, Some(0));
    // The past can still be shown, down to its rows.
    assert_eq!(done(&["ring", "ls", "--workspace", &workspace, "--as-of", "1"]).out, rings);
    let shown = done(&["ring", "show", dissolved[0], "--workspace", &workspace, "--as-of", "1", "--explain"]);
    let sources = shown.lines()[0]["sources"].as_object().unwrap().len();
    assert!(sources > 0, "{}", shown.out);
}

#[test]
fn a_batch_with_more_rows_than_allowed_is_refused_whole() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = text(&folder.path().join("ws"));
    done(&["init", &workspace]);
    let table = text(&made().world.join("setl_d.csv"));
    let told = medring(&["ingest", "run", "--workspace", &workspace, &table, "--rows-max", "1000"]);
    assert_eq!((told.code, told.out.as_str()), (Some(4), ""), "{}", told.err);
    assert!(told.err.contains("more than 1000 rows"), "{}", told.err);
    assert_eq!(done(&["ring", "ls", "--workspace", &workspace]).out, "");
}

#[test]
fn a_digest_stays_with_what_an_epoch_says_and_changes_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = copied(&folder.path().join("ws"));
    let of = |workspace: &str, more: &[&str]| done(&[&["db", "digest", workspace], more].concat()).lines();
    let first = of(&workspace, &[]);
    assert_eq!(first, of(&text(&made().workspace), &[]), "a copy says something else");
    assert_eq!(first[0]["digest"].as_str().unwrap().len(), 64);
    assert!(first[0]["rings"].as_u64().unwrap() > 0 && first[0]["epoch"] == 1, "{first:?}");
    done(&["db", "retain", &workspace, "--before", "2024-01-01"]);
    let all = of(&workspace, &["--all"]);
    assert_eq!((all.len(), &all[..1]), (2, &first[..]), "an earlier epoch says something else now");
    assert_ne!(all[0]["digest"], all[1]["digest"]);
    assert_eq!(of(&workspace, &["--epoch", "2"]), all[1..]);
    done(&["db", "compact", &workspace]);
    assert_eq!(of(&workspace, &["--all"]), all, "compaction changes what is said");
    let told = medring(&["db", "digest", &workspace, "--epoch", "3", "--lang", "en"]);
    assert!(told.code == Some(2) && told.err.contains("yet to come"), "{}", told.err);
}
