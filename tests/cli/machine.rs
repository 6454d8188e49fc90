//! `doctor`, `completions`, `man`.

use super::{done, medring, text};
use std::net::TcpListener;
use std::path::Path;

#[test]
fn a_doctor_says_what_is_wrong_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = text(&folder.path().join("ws"));
    done(&["init", &workspace]);
    let well = done(&["doctor", &workspace, "--listen", "127.0.0.1:0"]).lines();
    let what: Vec<&str> = well.iter().map(|look| look["what"].as_str().unwrap()).collect();
    for wanted in ["clock", "port", "disk", "format", "epoch", "mode", "fonts"] {
        assert!(what.contains(&wanted), "{wanted} in {what:?}");
    }
    assert!(well.iter().all(|look| look["state"] == "ok"), "{well:?}");
    done(&["doctor", "--listen", "127.0.0.1:0"]);

    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let ended = medring(&["doctor", &workspace, "--listen", &taken.local_addr().unwrap().to_string()]);
    assert_eq!(ended.code, Some(1), "{}", ended.err);
    let wrong = |ended: &super::Ended| -> Vec<String> {
        let wrong = ended.lines().into_iter().filter(|look| look["state"] == "wrong");
        wrong
            .map(|look| {
                assert!(!look["remedy_zh"].as_str().unwrap().is_empty() && look["remedy_en"] != "", "{look}");
                look["what"].as_str().unwrap().to_owned()
            })
            .collect()
    };
    assert_eq!(wrong(&ended), ["port"]);
    let nowhere = medring(&["doctor", &text(folder.path()), "--listen", "127.0.0.1:0"]);
    assert_eq!((nowhere.code, wrong(&nowhere)[0].as_str()), (Some(1), "format"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let vault = Path::new(&workspace).join("vault.db");
        std::fs::set_permissions(&vault, std::fs::Permissions::from_mode(0o644)).unwrap();
        let ended = medring(&["doctor", &workspace, "--listen", "127.0.0.1:0"]);
        assert_eq!((ended.code, wrong(&ended)), (Some(1), vec!["mode".to_owned()]));
        assert!(ended.out.contains("chmod 600"), "{}", ended.out);
    }
    // A batch from the future: the clock went back.
    let database = rusqlite::Connection::open(Path::new(&workspace).join("medring.db")).unwrap();
    database.execute("INSERT INTO epoch VALUES (1, NULL, 0, 9999999999)", []).unwrap();
    let ended = medring(&["doctor", &workspace, "--listen", "127.0.0.1:0"]);
    assert!(wrong(&ended).contains(&"epoch".to_owned()), "{}", ended.out);
    assert!(done(&["doctor", "--help"]).out.contains("medring doctor ws"));
}

#[test]
fn shells_and_manuals_know_every_verb() {
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let text = done(&["completions", shell]).out;
        assert!(text.contains("bundle") && text.contains("ring"), "{shell}");
    }
    assert_eq!(medring(&["completions", "dos"]).code, Some(2));
    let folder = tempfile::tempdir().unwrap();
    let pages = done(&["man", &text(&folder.path().join("man1"))]).lines();
    let names: Vec<&str> = pages.iter().map(|page| page["page"].as_str().unwrap()).collect();
    for wanted in ["medring.1", "medring-bundle-verify.1", "medring-case-approve.1", "medring-entity.1"] {
        assert!(names.iter().any(|name| name.ends_with(wanted)), "{wanted} in {names:?}");
    }
    let page = std::fs::read_to_string(folder.path().join("man1/medring-bundle-build.1")).unwrap();
    assert!(page.contains("C\\-2026\\-0001") || page.contains("C-2026-0001"), "{page}");
}
