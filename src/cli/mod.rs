//! Which command did the user give, and how does it end?
//!
//! One file per command. A command returns [`Failure`] with the exit code that scripts rely on; only `main` exits.

mod audit;
mod bundle;
mod calibrate;
mod case;
pub mod check;
mod cluster;
mod conservation;
mod db;
mod demo;
mod detect;
mod doctor;
mod entity;
mod eval;
mod expand;
mod help;
mod ingest;
mod init;
mod officer;
mod outcomes;
mod output;
mod party;
mod path;
mod report;
mod retain;
mod ring;
mod serve;
mod shell;
mod synth;
mod user;

use clap::{FromArgMatches, Parser, Subcommand};
use std::fmt;
use std::process::ExitCode;
#[cfg(unix)]
use std::sync::{Arc, atomic::AtomicBool};

/// Finds organised medical-insurance fraud in exports of the national platform's tables.
#[derive(Parser, Debug)]
#[command(name = "medring", version, about, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Compare rings with known answers.
    Eval(eval::EvalArguments),
    /// Read and validate tables; print what became of every row.
    Check(check::Arguments),
    /// From tables to explained rings.
    Detect(detect::Arguments),
    Synth(synth::Synth),
    /// How many leads chance alone would give, and what verdicts on earlier ones teach.
    Calibrate(calibrate::Arguments),
    /// Make a small world, find its rings, and show them.
    Demo(demo::Arguments),
    /// The ring around known members.
    Expand(expand::Arguments),
    /// How two parties are connected: ranked paths with the facts of each hop.
    Path(path::Arguments),
    /// Who or what a party is: its rings now and earlier, whom it is linked to, and by which facts.
    Entity(entity::Arguments),
    /// Make a workspace: a folder that keeps batches, rings and their history.
    Init(init::Arguments),
    /// Bring batches of rows into a workspace.
    Ingest {
        #[command(subcommand)]
        verb: ingest::Verb,
    },
    /// Check, back up and restore a workspace; keep it small.
    Db {
        #[command(subcommand)]
        verb: db::Verb,
    },
    /// The page and the HTTP interface of a workspace.
    Serve(serve::Arguments),
    /// Who may sign in to a workspace's page, and which machines may push batches.
    User {
        #[command(subcommand)]
        verb: user::Verb,
    },
    /// Who did what in a workspace, and whether anybody changed what the log says.
    Audit {
        #[command(subcommand)]
        verb: audit::Verb,
    },
    /// The cases of a workspace, and what was decided.
    Case {
        #[command(subcommand)]
        verb: case::Verb,
    },
    /// Can medring work here? Disk, file modes, clock, port, the format of a workspace.
    Doctor(doctor::Arguments),
    /// Print what a shell needs to complete words.
    Completions(shell::Completions),
    /// Write manual pages.
    Man(shell::Manual),
    /// What a case hands over, sealed in one zip; and whether such a zip is whole.
    Bundle {
        #[command(subcommand)]
        verb: bundle::Verb,
    },
    /// The ring report of a week or a month.
    Report {
        #[command(subcommand)]
        verb: report::Verb,
    },
    /// The rings of a workspace: now, before, and what changed.
    Ring {
        #[command(subcommand)]
        verb: ring::Verb,
    },
}

/// Why a command did not succeed.
#[derive(Debug)]
pub struct Failure {
    /// The exit code (one of the constants of this module).
    pub code: u8,
    /// What happened and what to do, for stderr.
    pub message: String,
}

/// Problems were found (`check`, `verify`).
pub const FOUND_PROBLEMS: u8 = 1;
/// The command line is wrong.
pub const USAGE: u8 = 2;
/// The configuration is wrong.
pub const CONFIGURATION: u8 = 3;
/// The input data cannot be used (no table, a column missing, no text), or more rows were rejected than `--max-reject` allows.
pub const REJECTED: u8 = 4;
/// The account may not do it, or nobody is signed in.
pub const NOT_PERMITTED: u8 = 5;
/// A file, disk or service does not answer.
pub const UNAVAILABLE: u8 = 6;
/// Stored data do not match their checksums.
pub const INTEGRITY: u8 = 7;
/// Interrupted by the user.
pub const INTERRUPTED: u8 = 130;

impl Failure {
    /// A failure with its exit code.
    pub fn new(code: u8, message: impl fmt::Display) -> Failure {
        Failure { code, message: message.to_string() }
    }
}

/// Runs the command line and says how it ended.
#[must_use]
pub fn run() -> ExitCode {
    let told = help::command().try_get_matches().and_then(|matches| Arguments::from_arg_matches(&matches));
    let arguments = match told {
        Ok(arguments) => arguments,
        Err(error) => {
            let chinese = help::mistake(&error);
            match chinese.filter(|_| help::speaks_chinese() || help::speaks_anything()) {
                Some(text) if help::speaks_anything() => eprintln!("{text}\n\n{error}"),
                Some(text) => eprintln!("{text}"),
                None => error.exit(),
            }
            return ExitCode::from(USAGE);
        }
    };
    outlive_file_limits();
    match execute(arguments.command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{}", failure.message);
            ExitCode::from(failure.code)
        }
    }
}

/// A limit on the size of files (`ulimit -f`) fails a write, as a full disk does, instead of ending the process: what was begun is
/// taken away again, and the user is told.
fn outlive_file_limits() {
    #[cfg(unix)]
    if let Err(error) = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::new(AtomicBool::new(false))) {
        eprintln!("SIGXFSZ: {error}");
    }
}

fn execute(command: Command) -> Result<(), Failure> {
    match command {
        Command::Eval(arguments) => eval::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Detect(arguments) => detect::run(&arguments),
        Command::Calibrate(arguments) => calibrate::run(&arguments),
        Command::Synth(wanted) => synth::run(wanted),
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Expand(arguments) => expand::run(&arguments),
        Command::Path(arguments) => path::run(&arguments),
        Command::Entity(arguments) => entity::run(&arguments),
        Command::Init(arguments) => init::run(&arguments),
        Command::Ingest { verb } => ingest::run(&verb),
        Command::Db { verb } => db::run(&verb),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::User { verb } => user::run(&verb),
        Command::Audit { verb } => audit::run(&verb),
        Command::Case { verb } => case::run(&verb),
        Command::Doctor(arguments) => doctor::run(&arguments),
        Command::Completions(arguments) => shell::completions(&arguments),
        Command::Man(arguments) => shell::manual(&arguments),
        Command::Bundle { verb } => bundle::run(&verb),
        Command::Report { verb } => report::run(&verb),
        Command::Ring { verb } => ring::run(&verb),
    }
}
