//! How is a contender written in Python run? In an environment of its own in the temporary folder, made once.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// What a contender says of itself.
pub(crate) type Figures = BTreeMap<String, f64>;

/// A Python that has these packages.
pub(crate) fn python(environment: &str, packages: &[&str]) -> Result<PathBuf, String> {
    let environment = std::env::temp_dir().join(environment);
    let python = environment.join("bin/python");
    let ready = || quiet(Command::new(&python).args(["-c", &format!("import {}", packages.join(", "))]));
    if ready().is_err() {
        quiet(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
        quiet(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(packages))?;
        ready()?;
    }
    Ok(python)
}

/// Runs it; its lines are `name=value`.
pub(crate) fn said(command: &mut Command) -> Result<Figures, String> {
    let output = command.stderr(Stdio::inherit()).output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(output.status.to_string());
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let figure =
        |line: &str| line.split_once('=').and_then(|(name, value)| Some((name.to_owned(), value.parse().ok()?)));
    Ok(text.lines().filter_map(figure).collect())
}

fn quiet(command: &mut Command) -> Result<(), String> {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status().map_err(|error| error.to_string())?;
    status.success().then_some(()).ok_or_else(|| status.to_string())
}
