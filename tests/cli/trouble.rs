//! What users do to programs: wrong folders, broken files, Ctrl-C, a full disk, a pulled plug.

use super::{done, made, medring, program, text};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

const HEAD: &str = "setl_id,psn_no,insu_admdvs,fixmedins_code,fix_blng_admdvs,begndate,enddate,setl_time,med_type,medfee_sumamt,fund_pay_sumamt";

fn workspace(folder: &Path) -> String {
    let workspace = text(&folder.join("ws"));
    done(&["init", &workspace]);
    workspace
}

/// Nothing of a batch stays: no epoch, no file.
fn untouched(workspace: &str) {
    assert_eq!(done(&["ring", "ls", "--workspace", workspace]).out, "");
    let store = medring::store::Workspace::open(Path::new(workspace)).unwrap();
    assert_eq!(store.epoch(), 0);
    drop(store);
    assert_eq!(files(&Path::new(workspace).join("segments")), Vec::<PathBuf>::new());
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let inside = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    inside.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn what_cannot_be_read_is_said_and_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = workspace(folder.path());
    let input = |name: &str, file: &str, bytes: &[u8]| {
        let batch = folder.path().join(name);
        fs::create_dir(&batch).unwrap();
        if !file.is_empty() {
            fs::write(batch.join(file), bytes).unwrap();
        }
        text(&batch)
    };
    let noise: Vec<u8> = (0..40_000_u32).map(|at| at.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
    let bad_row = format!("{HEAD}\nS1,P1,340100,H1,340100,2024-01-01,2024-01-01,2024-01-01,11,1,1\nS2,P2,340100\n");
    let cases = [
        (input("empty", "", b""), 4, "no table"),
        (input("short", "setl_d.csv", b"setl_id,psn_no\nS1,P1\n"), 4, "insu_admdvs"),
        (input("noise", "setl_d.csv", &noise), 4, "setl_d.csv"),
        (input("pressed", "setl_d.csv.gz", &noise), 7, "setl_d.csv.gz"),
        (input("columns", "setl_d.parquet", &noise), 7, "setl_d.parquet"),
        (input("cut", "setl_d.csv", bad_row.as_bytes()), 4, "--max-reject"),
        (text(&folder.path().join("nowhere")), 6, "nowhere"),
    ];
    for (batch, code, says) in cases {
        let ended = medring(&["ingest", "run", "--workspace", &workspace, &batch, "--lang", "en"]);
        assert_eq!(ended.code, Some(code), "{batch}: {}", ended.err);
        assert!(ended.err.contains(says) && ended.out.is_empty(), "{batch}: {} {}", ended.out, ended.err);
    }
    untouched(&workspace);
    let odd = medring(&["ingest", "run", "--workspace", &workspace, "x", "--max-reject", "200"]);
    assert_eq!(odd.code, Some(2));
}

#[test]
fn a_dry_run_keeps_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = workspace(folder.path());
    let batch = folder.path().join("setl_d.csv");
    let good: Vec<String> =
        (0..50).map(|at| format!("S{at},P{at},340100,H1,340100,2024-01-01,2024-01-01,2024-01-01,11,1,1\n")).collect();
    fs::write(&batch, format!("{HEAD}\n{}S,P,340100,H1,340100,long ago,,,11,1,1\n", good.concat())).unwrap();
    let (batch, rejects) = (text(&batch), folder.path().join("rejects"));
    let words = ["ingest", "run", "--workspace", &workspace, &batch, "--dry-run", "--reject-dir", &text(&rejects)];
    let dry = medring(&words);
    assert_eq!(dry.code, Some(1), "{}", dry.err);
    assert_eq!(dry.lines()[0]["committed"], false);
    assert_eq!(dry.lines()[0]["tables"]["setl_d"]["accepted"], 50);
    assert!(!files(&rejects).is_empty());
    untouched(&workspace);
}

/// The program, taking the demo world, at the moment when rows are written and not yet committed.
#[cfg(unix)]
fn in_the_middle(workspace: &str) -> Child {
    let words = ["ingest", "run", "--workspace", workspace, &text(&made().world)];
    let mut child = program().args(words).spawn().unwrap();
    let begun = || {
        files(&Path::new(workspace).join("segments"))
            .iter()
            .any(|path| path.extension().is_some_and(|kind| kind == "part"))
    };
    while !begun() {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it wrote anything");
        std::thread::yield_now();
    }
    child
}

#[cfg(unix)]
#[test]
fn interrupted_in_the_middle_leaves_the_workspace_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = workspace(folder.path());
    let child = in_the_middle(&workspace);
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stdout.is_empty());
    untouched(&workspace);
}

#[cfg(unix)]
#[test]
fn killed_in_the_middle_and_sent_again_is_in_once() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = workspace(folder.path());
    let mut child = in_the_middle(&workspace);
    child.kill().unwrap();
    child.wait().unwrap();
    untouched(&workspace);
    done(&["ingest", "run", "--workspace", &workspace, &text(&made().world)]);
    let expected = fs::read_to_string(made().rings.join("rings.jsonl")).unwrap();
    assert_eq!(done(&["ring", "ls", "--workspace", &workspace]).out, expected);
}

/// Runs the program where no file may grow beyond so many blocks, as on a disk that is full.
#[cfg(unix)]
fn on_a_full_disk(blocks: u32, words: &[&str]) -> (Option<i32>, String) {
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
    let output = Command::new("sh").args(["-c", &script, env!("CARGO_BIN_EXE_medring")]).args(words).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_said_and_nothing_half_written_is_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = workspace(folder.path());
    let world = text(&made().world);
    let (code, err) = on_a_full_disk(200, &["ingest", "run", "--workspace", &workspace, &world]);
    assert_eq!(code, Some(6), "{err}");
    assert!(err.contains("cannot") || err.contains("disk"), "{err}");
    untouched(&workspace);
    done(&["ingest", "run", "--workspace", &workspace, &world]);

    let out = folder.path().join("out");
    let (code, err) = on_a_full_disk(20, &["detect", &world, "--out", &text(&out)]);
    assert_eq!(code, Some(6), "{err}");
    assert_eq!(files(&out), Vec::<PathBuf>::new(), "half a run must not look whole");
    fs::remove_dir_all(&out).unwrap();
    fs::create_dir(&out).unwrap();
    fs::copy(made().rings.join("rings.jsonl"), out.join("rings.jsonl")).unwrap();
    fs::write(out.join("baselines.json"), "of the same run").unwrap();
    let (code, _) = on_a_full_disk(20, &["detect", &world, "--out", &text(&out)]);
    assert_eq!((code, files(&out).len()), (Some(6), 2));
    assert_eq!(fs::read_to_string(out.join("baselines.json")).unwrap(), "of the same run");
}

#[cfg(unix)]
#[test]
fn a_world_is_whole_or_not_there() {
    let folder = tempfile::tempdir().unwrap();
    for format in ["csv", "parquet"] {
        let world = folder.path().join(format);
        let words = ["synth", &text(&world), "--preset", "demo", "--format", format];
        let (code, err) = on_a_full_disk(200, &words);
        assert_eq!(code, Some(6), "{err}");
        assert!(err.contains(".part") && err.contains("choose another folder"), "{err}");
        assert_eq!(files(&world), Vec::<PathBuf>::new());
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_world_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let world = folder.path().join("world");
    let mut child = program().args(["synth", &text(&world), "--preset", "county"]).spawn().unwrap();
    while !world.is_dir() || files(&world).is_empty() {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it wrote anything");
        std::thread::yield_now();
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(files(&world), Vec::<PathBuf>::new());
}

#[test]
fn tables_that_are_there_are_not_mixed_with_a_world() {
    let folder = tempfile::tempdir().unwrap();
    let world = text(folder.path());
    let words = ["synth", &world, "--preset", "demo", "--persons", "600", "--rings", "1", "--tables", "setl_d"];
    done(&words);
    let again = medring(&words);
    assert_eq!(again.code, Some(2));
    assert!(again.err.contains("setl_d.csv") && again.err.contains("--force"), "{}", again.err);
    let forced: Vec<&str> = words.iter().copied().chain(["--force", "--format", "parquet"]).collect();
    done(&forced);
    assert!(folder.path().join("setl_d.parquet").is_file() && !folder.path().join("setl_d.csv").exists());
    fs::write(folder.path().join("setl_d_2024.csv"), HEAD).unwrap();
    let strange = medring(&forced);
    assert_eq!(strange.code, Some(2));
    assert!(folder.path().join("setl_d_2024.csv").is_file() && folder.path().join("setl_d.parquet").is_file());
}

#[test]
fn other_machines_are_served_only_when_the_user_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = workspace(folder.path());
    let refused = medring(&["serve", &workspace, "--listen", "0.0.0.0:0"]);
    assert_eq!((refused.code, refused.out.as_str()), (Some(2), ""));
    assert!(refused.err.contains("--insecure"), "{}", refused.err);
    let nowhere = medring(&["serve", &text(folder.path()), "--listen", "127.0.0.1:0"]);
    assert_eq!(nowhere.code, Some(2), "{}", nowhere.err);
}
