//! `medring audit`: who did what in a workspace, and has anybody changed what the log says?

use super::check::Language;
use super::detect::store_failure;
use super::output;
use super::{Failure, INTEGRITY, UNAVAILABLE};
use crate::store::{Flaw, Head, Office};
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// What to do with the log.
#[derive(Subcommand, Debug)]
pub(super) enum Verb {
    /// Work the chain of hashes out anew; exit code 7 names each entry that was edited, deleted, reordered or cut off
    Verify(Verify),
    /// Print all entries as JSON lines, oldest first
    Export(Export),
}

/// `medring audit verify`.
#[derive(Args, Debug)]
pub(super) struct Verify {
    /// The workspace
    #[arg(long, value_name = "WS")]
    workspace: PathBuf,
    /// A head noted elsewhere, as this command prints it: shows also a log that was worked out anew
    #[arg(long, value_name = "COUNT:HASH")]
    expect: Option<Head>,
    /// The language of what is printed
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// `medring audit export`.
#[derive(Args, Debug)]
pub(super) struct Export {
    /// The workspace
    #[arg(long, value_name = "WS")]
    workspace: PathBuf,
}

/// Runs `medring audit`.
pub(super) fn run(verb: &Verb) -> Result<(), Failure> {
    match verb {
        Verb::Verify(arguments) => verify(arguments),
        Verb::Export(arguments) => {
            let office = Office::open(&arguments.workspace).map_err(store_failure)?;
            let mut text = String::new();
            for entry in office.audit(0, usize::MAX).map_err(store_failure)? {
                let line = serde_json::to_string(&entry).map_err(|error| Failure::new(UNAVAILABLE, error))?;
                text.push_str(&line);
                text.push('\n');
            }
            output::print(&text)
        }
    }
}

fn verify(arguments: &Verify) -> Result<(), Failure> {
    let office = Office::open(&arguments.workspace).map_err(store_failure)?;
    let found = office.verify_audit(arguments.expect.as_ref()).map_err(store_failure)?;
    output::print(&format!("{}:{}\n", found.head.count, found.head.hash))?;
    if found.flaws.is_empty() {
        let zh = "审计链完整。请把上面一行另处留存：--expect 可与之核对";
        let en = "the chain holds. Note the line above elsewhere: --expect compares it";
        eprintln!("{}", arguments.lang.choose(zh, en));
        return Ok(());
    }
    let said = |flaw: &Flaw| match arguments.lang {
        Language::Zh => chinese(flaw),
        Language::En => english(flaw),
    };
    let lines: Vec<String> = found.flaws.iter().map(|flaw| format!("{flaw}: {}", said(flaw))).collect();
    let head = arguments.lang.choose("审计链不完整", "the chain does not hold");
    let remedy = arguments.lang.choose(
        "处理: 保全整个工作区，与备份及另处留存的链头比对",
        "Remedy: keep the whole workspace as it is, and compare it with a backup and heads noted elsewhere",
    );
    Err(Failure::new(INTEGRITY, format!("{head}\n{}\n{remedy}", lines.join("\n"))))
}

fn english(flaw: &Flaw) -> String {
    match flaw {
        Flaw::Edited(seq) => format!("entry {seq} does not say what it said when it was written"),
        Flaw::Replaced(seq) => format!("entry {seq} was replaced: the next one remembers another"),
        Flaw::Moved { seq, was } => format!("entry {seq} was written as entry {was}"),
        Flaw::Deleted(first, last) => format!("entries {first} to {last} are gone"),
        Flaw::CutOff { left, were } => format!("the log ends at {left}, and there were {were} entries"),
        Flaw::OtherHead(seq) => format!("entry {seq} is not the one that was noted"),
        Flaw::NoHead => {
            "audit.head is gone or cannot be read: entries cut off at the end would not be missed".to_owned()
        }
    }
}

fn chinese(flaw: &Flaw) -> String {
    match flaw {
        Flaw::Edited(seq) => format!("第 {seq} 条与写入时不同"),
        Flaw::Replaced(seq) => format!("第 {seq} 条被替换: 下一条记录的是另一个哈希"),
        Flaw::Moved { seq, was } => format!("第 {seq} 条原为第 {was} 条"),
        Flaw::Deleted(first, last) => format!("第 {first} 至 {last} 条被删除"),
        Flaw::CutOff { left, were } => format!("日志止于第 {left} 条，原有 {were} 条"),
        Flaw::OtherHead(seq) => format!("第 {seq} 条与留存的链头不符"),
        Flaw::NoHead => "audit.head 缺失或无法读取: 末尾被截断将无从发现".to_owned(),
    }
}
