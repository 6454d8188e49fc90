//! `medring init`: where should batches, rings and their history stay?

use super::Failure;
use super::check::Language;
use super::detect::store_failure;
use super::output::{self, Listing, Shape};
use crate::store::Workspace;
use clap::Args;
use std::path::PathBuf;

/// `medring init`.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// The folder of the workspace; made when absent, and empty when present
    #[arg(value_name = "WS")]
    workspace: PathBuf,
    /// How to print
    #[arg(short = 'o', long = "output", value_enum)]
    output: Option<Shape>,
    /// The language of what is printed
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// Makes a workspace and prints what was made.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let created = Workspace::create(&arguments.workspace).map_err(store_failure)?;
    let mut listing = Listing { heads: vec!["made", "purpose"], ..Listing::default() };
    for (name, zh, en) in created.made {
        let path = created.path.join(name).display().to_string();
        let line = serde_json::json!({"schema_version": 1, "made": path, "zh": zh, "en": en});
        listing.lines.push(line.to_string());
        listing.rows.push(vec![path, arguments.lang.choose(zh, en).to_owned()]);
    }
    output::print(&listing.text(output::shape(arguments.output))?)?;
    let folder = created.path.display();
    eprintln!("{}: medring ingest run --workspace {folder} INPUT", arguments.lang.choose("下一步", "next"));
    Ok(())
}
