//! Does the program do what its commands promise, and end with the exit code that scripts rely on?

mod accounts;
mod adaptors;
mod bundles;
mod casework;
mod entity;
mod flags;
mod keeping;
mod machine;
mod processes;
mod questions;
mod quiet;
mod reports;
mod trouble;
mod verdicts;
mod workspace;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

/// How a command ended.
struct Ended {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Ended {
    /// The lines of stdout as JSON.
    fn lines(&self) -> Vec<serde_json::Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_medring"));
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs the program with these words; a word that is a path may be given as such.
fn medring<W: AsRef<std::ffi::OsStr>>(words: &[W]) -> Ended {
    let output = program().args(words).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ended { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
}

/// Runs the program and expects success.
fn done<W: AsRef<std::ffi::OsStr>>(words: &[W]) -> Ended {
    let ended = medring(words);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    ended
}

/// The demo world, its rings, and a workspace that holds it, made once for all tests of a run.
struct Made {
    world: PathBuf,
    rings: PathBuf,
    workspace: PathBuf,
}

fn made() -> &'static Made {
    static MADE: OnceLock<Made> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cli");
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let (dir, workspace) = (text(&folder.join("demo")), text(&folder.join("ws")));
        done(&["demo", "--no-serve", "--dir", &dir]);
        let world = folder.join("demo/world");
        done(&["init", &workspace]);
        done(&["ingest", "run", "--workspace", &workspace, &text(&world)]);
        Made { world, rings: folder.join("demo/rings"), workspace: workspace.into() }
    })
}

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}
