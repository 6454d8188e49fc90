//! Does the house stand as its map says? Imports go down, libraries stay in their rooms, the map and the README name what exists,
//! and each typology has its file, its test and its data set.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Rooms by floor; rooms of one floor never see one another, but `typology` looks into `community`, below it.
const FLOORS: [(&str, u8); 14] = [
    ("model", 0),
    ("ingest", 1),
    ("store", 1),
    ("flow", 1),
    ("community", 1),
    ("path", 1),
    ("synth", 1),
    ("typology", 2),
    ("engine", 3),
    ("report", 4),
    ("evaluation", 4),
    ("serve", 5),
    ("cli", 6),
    ("main", 6),
];

/// Libraries and the rooms that may name them.
const LIBRARIES: [(&str, &[&str]); 26] = [
    ("timely::", &["flow", "engine"]),
    ("socket2::", &["engine"]),
    ("tokio_postgres_rustls::", &["serve"]),
    ("differential_dataflow::", &["flow", "engine"]),
    ("petgraph::", &["community", "path", "typology", "engine", "evaluation"]),
    ("rusqlite::", &["store"]),
    ("rand::", &["synth", "evaluation", "engine"]),
    ("minijinja::", &["report"]),
    ("axum::", &["serve"]),
    ("tar::", &["store"]),
    ("tokio::", &["serve"]),
    ("tokio_postgres::", &["serve"]),
    ("hyper_util::", &["serve"]),
    ("tracing_subscriber::", &["cli"]),
    ("utoipa::", &["serve"]),
    ("cedar_policy::", &["serve"]),
    ("tokio_rustls::", &["serve"]),
    ("argon2::", &["store"]),
    ("sha2::", &["store"]),
    ("ed25519_dalek::", &["store"]),
    ("rust_xlsxwriter::", &["report"]),
    ("zip::", &["report", "ingest"]),
    ("clap_complete::", &["cli"]),
    ("clap_mangen::", &["cli"]),
    ("fs4::", &["cli"]),
    ("signal_hook::", &["cli"]),
];

/// What pure rooms must not name: files, clocks, sockets, threads of chance.
const RIM: [&str; 5] = ["std::fs", "std::net", "std::time::Instant", "std::time::SystemTime", "std::env"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The room a source file belongs to.
fn room(path: &Path) -> String {
    let inside = path.strip_prefix(root().join("src")).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The file's code, without comments.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn floor(room: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == room).map(|(_, floor)| *floor)
}

#[test]
fn every_import_goes_down() {
    let mut wrong = Vec::new();
    for path in sources(&root().join("src")) {
        let here = room(&path);
        if here == "lib" {
            continue;
        }
        let Some(floor_here) = floor(&here) else {
            wrong.push(format!("{here} has no floor"));
            continue;
        };
        let text = code(&path);
        for (there, floor_there) in FLOORS {
            let named = text.contains(&format!("crate::{there}::")) || text.contains(&format!("crate::{{{there}"));
            if named && there != here && floor_there >= floor_here {
                wrong.push(format!("{} names {there}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn libraries_stay_in_their_rooms() {
    let mut wrong = Vec::new();
    for path in sources(&root().join("src")) {
        let (here, text) = (room(&path), code(&path));
        for (library, rooms) in LIBRARIES {
            let names = |line: &str| {
                line.match_indices(library)
                    .any(|(at, _)| !line[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_'))
            };
            if text.lines().any(names) && !rooms.contains(&here.as_str()) {
                wrong.push(format!("{} names {library}", path.display()));
            }
        }
        if ["model", "flow", "community", "typology"].contains(&here.as_str()) {
            let rim = RIM.iter().filter(|rim| text.contains(**rim));
            wrong.extend(rim.map(|rim| format!("{} names {rim}", path.display())));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_map_names_what_exists() {
    let map = fs::read_to_string(root().join("src/ARCHITECTURE.md")).unwrap();
    let named: BTreeSet<&str> = map
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|word| {
            ["src/", "tests/", "benches/", "datasets/", "notebooks/"].iter().any(|top| word.starts_with(top))
        })
        .collect();
    assert!(named.len() > 20, "the map names only {named:?}");
    for path in named {
        assert!(root().join(path).exists(), "{path}");
    }
}

#[test]
fn the_readme_names_commands_that_run() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let shell = readme.split("```sh").skip(1).filter_map(|rest| rest.split("```").next());
    let commands: BTreeSet<Vec<&str>> = shell
        .flat_map(str::lines)
        .filter_map(|line| line.strip_prefix("medring "))
        .map(|rest| {
            rest.split_whitespace().take_while(|word| word.chars().all(|letter| letter.is_ascii_lowercase())).collect()
        })
        .collect();
    assert!(commands.len() > 6, "{commands:?}");
    for words in commands {
        // Words after the verb may be arguments: the longest command that clap knows counts.
        let verbs = if ["ring", "ingest", "db", "user", "audit", "case", "report", "bundle"].contains(&words[0]) {
            &words[..2]
        } else {
            &words[..1]
        };
        let help = Command::new(env!("CARGO_BIN_EXE_medring")).args(verbs).arg("--help").output().unwrap();
        assert!(help.status.success(), "medring {}", verbs.join(" "));
    }
    for script in ["tests/run.sh", "notebooks/run.sh"] {
        assert!(readme.contains(script) && root().join(script).exists(), "{script}");
    }
    let run = fs::read_to_string(root().join(".ci/run")).unwrap();
    assert!(run.contains("bash tests/run.sh"), "CI runs something else than the README says");
}

#[test]
fn each_typology_has_its_file_test_and_data_set() {
    for typology in medring::typology::registry() {
        let slug = typology.slug();
        let mut needed = vec![format!("src/typology/{slug}.rs"), format!("tests/typology/{slug}.rs")];
        if slug != "unclassified" {
            needed.push(format!("datasets/{slug}/NOTES.md"));
        }
        for path in needed {
            assert!(root().join(&path).exists(), "{path}");
        }
    }
}
