//! `medring bundle`: what is handed over to the police, sealed; and is a sealed archive whole?

use super::check::Language;
use super::officer::{Officer, refused};
use super::output::{self, Listing, Shape};
use super::report::write;
use super::{FOUND_PROBLEMS, Failure, INTEGRITY, UNAVAILABLE};
use crate::report::bundle::{Flaw, verify};
use crate::store::sha256;
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::PathBuf;

/// What to do with bundles.
#[derive(Subcommand, Debug)]
pub(super) enum Verb {
    /// Seal what a case hands over into one zip; the second officer must have agreed to the hand-over
    Build(Build),
    /// Check a sealed zip, offline and without a workspace; exit code 7 names each file changed, missing or added
    Verify(Verify),
}

/// `medring bundle build`.
#[derive(Args, Debug)]
#[command(
    after_help = "Example / 示例:\n  medring bundle build C-2026-0001 --workspace ws --as lin --dry-run --lang en\n  medring bundle build C-2026-0001 --workspace ws --as lin -o C-2026-0001.zip\n\nThe public key is printed: give it to the receiver by another way than the zip. A file letter.html in the workspace\nreplaces the template of the letter.\n打印出的公钥请以另一途径告知接收方；工作区内的 letter.html 可替换函件模板。"
)]
pub(super) struct Build {
    /// The case
    #[arg(value_name = "C-…")]
    case: String,
    /// The workspace
    #[arg(long, value_name = "WS")]
    workspace: PathBuf,
    #[command(flatten)]
    officer: Officer,
    /// Show what would be in it, who would be named, and what is missing; nothing is written but the log
    #[arg(long)]
    dry_run: bool,
    /// Name personal identifiers in full in the list of members; the log keeps the reason
    #[arg(long, requires = "reason")]
    reveal: bool,
    /// Why they are named in full
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// The file to write
    #[arg(short = 'o', long = "out", value_name = "FILE.zip", required_unless_present = "dry_run")]
    out: Option<PathBuf>,
    /// How to print
    #[arg(long = "output", value_enum)]
    output: Option<Shape>,
    /// The language of what is printed
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// `medring bundle verify`.
#[derive(Args, Debug)]
#[command(after_help = "Example / 示例:\n  medring bundle verify C-2026-0001.zip --key 1f3a… --lang en")]
pub(super) struct Verify {
    /// The sealed zip
    #[arg(value_name = "FILE.zip")]
    file: PathBuf,
    /// The public key that `bundle build` printed; without it the zip is shown to be whole, not whose it is
    #[arg(long, value_name = "HEX")]
    key: Option<String>,
    /// How to print
    #[arg(short = 'o', long = "output", value_enum)]
    output: Option<Shape>,
    /// The language of what is printed
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// Runs `medring bundle`.
pub(super) fn run(verb: &Verb) -> Result<(), Failure> {
    match verb {
        Verb::Build(arguments) => build(arguments),
        Verb::Verify(arguments) => verified(arguments),
    }
}

fn build(arguments: &Build) -> Result<(), Failure> {
    let lang = arguments.lang;
    let desk = arguments.officer.sign_in(&arguments.workspace, lang)?;
    let reveal = arguments.reason.as_deref().filter(|_| arguments.reveal);
    let bundle = desk.bundle(&arguments.case, reveal, arguments.dry_run).map_err(|error| refused(error, lang))?;
    let mut listing = Listing { heads: vec!["file", "bytes", "sha256"], ..Listing::default() };
    for (path, bytes, sum) in &bundle.files {
        let line = json!({"schema_version": 1, "file": path, "bytes": bytes, "sha256": sum});
        listing.lines.push(line.to_string());
        listing.rows.push(vec![path.clone(), bytes.to_string(), sum.clone()]);
    }
    if let (Some(out), Some(archive)) = (&arguments.out, &bundle.archive) {
        write(out, archive)?;
        let (file, sum) = (out.display().to_string(), sha256(archive));
        let line = json!({"schema_version": 1, "archive": file, "bytes": archive.len(), "sha256": sum,
            "public_key": bundle.public_key});
        listing.lines.push(line.to_string());
        listing.rows.push(vec![file, archive.len().to_string(), sum]);
    }
    output::print(&listing.text(output::shape(arguments.output))?)?;
    let named: Vec<String> = bundle.named.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
    eprintln!("{}: {}", lang.choose("涉及", "named"), named.join(", "));
    eprintln!("{}: {}", lang.choose("封装公钥", "public key"), bundle.public_key);
    if arguments.dry_run {
        eprintln!("{}", lang.choose("试运行: 未写出文件", "dry run: no file was written"));
    }
    match bundle.missing {
        Some(missing) => Err(Failure::new(FOUND_PROBLEMS, lang.choose(&missing.zh, &missing.en))),
        None => Ok(()),
    }
}

fn verified(arguments: &Verify) -> Result<(), Failure> {
    let file = &arguments.file;
    let bytes =
        std::fs::read(file).map_err(|error| Failure::new(UNAVAILABLE, format!("{}: {error}", file.display())))?;
    let found = verify(&bytes, arguments.key.as_deref());
    let mut listing = Listing { heads: vec!["problem", "file"], ..Listing::default() };
    for flaw in &found.flaws {
        let told = flaw.to_string();
        let (problem, path) = told.split_once(' ').unwrap_or((&told, ""));
        listing.lines.push(json!({"schema_version": 1, "problem": problem, "file": path}).to_string());
        listing.rows.push(vec![problem.to_owned(), path.to_owned()]);
    }
    let lang = arguments.lang;
    if found.flaws.is_empty() {
        let line = json!({"schema_version": 1, "case": found.case, "files": found.files,
            "public_key": found.public_key, "whole": true, "key_expected": arguments.key.is_some()});
        let heads = vec!["case", "files", "public_key"];
        let row = vec![found.case, found.files.to_string(), found.public_key];
        output::print(
            &Listing { heads, rows: vec![row], lines: vec![line.to_string()] }.text(output::shape(arguments.output))?,
        )?;
        if arguments.key.is_none() {
            let zh = "文件完整；未核对公钥归属: 用 --key 给出移送方告知的公钥";
            let en = "it is whole; whose it is was not checked: --key takes the public key that the sender told you";
            eprintln!("{}", lang.choose(zh, en));
        }
        return Ok(());
    }
    output::print(&listing.text(output::shape(arguments.output))?)?;
    let other_key = found.flaws.contains(&Flaw::OtherKey);
    let zh = if other_key { "封装公钥与所给公钥不符" } else { "内容与封装时不同" };
    let en = if other_key { "it was sealed with another key" } else { "it is not what was sealed" };
    let zh = format!("{}: {zh}, {} 处。处理: 不要采用，请移送方重新提供", file.display(), found.flaws.len());
    let en = format!(
        "{}: {en}, {} problems. Remedy: do not use it, ask the sender for another",
        file.display(),
        found.flaws.len()
    );
    Err(Failure::new(INTEGRITY, lang.choose(&zh, &en)))
}
