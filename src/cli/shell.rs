//! `medring completions` and `medring man`: what shells and readers of manuals need to know of the command line.

use super::output;
use super::{Arguments as Whole, Failure, UNAVAILABLE};
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use serde_json::json;
use std::path::PathBuf;

/// `medring completions`.
#[derive(Args, Debug)]
#[command(after_help = "Example / 示例:\n  medring completions bash > /etc/bash_completion.d/medring")]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

/// `medring man`.
#[derive(Args, Debug)]
#[command(after_help = "Example / 示例:\n  medring man /usr/local/share/man/man1")]
pub(super) struct Manual {
    /// The folder to write a page for each command into; made when absent
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Prints what a shell needs to complete words.
pub(super) fn completions(arguments: &Completions) -> Result<(), Failure> {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut Whole::command(), "medring", &mut text);
    output::print(&String::from_utf8_lossy(&text))
}

/// Writes manual pages and prints where they are.
pub(super) fn manual(arguments: &Manual) -> Result<(), Failure> {
    let folder = &arguments.folder;
    let failed = |error: std::io::Error| Failure::new(UNAVAILABLE, format!("{}: {error}", folder.display()));
    std::fs::create_dir_all(folder).map_err(failed)?;
    clap_mangen::generate_to(Whole::command(), folder).map_err(failed)?;
    let mut names: Vec<String> = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name().to_string_lossy().into_owned();
        names.extend(Some(name).filter(|name| name.starts_with("medring") && name.ends_with(".1")));
    }
    names.sort();
    let line =
        |name: &String| format!("{}\n", json!({"schema_version": 1, "page": folder.join(name).display().to_string()}));
    output::print(&names.iter().map(line).collect::<String>())
}
