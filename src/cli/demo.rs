//! `medring demo`: what does medring find in a small made-up world?

use super::check::{self, Language};
use super::detect::{failure, overview, store_failure, summary, write};
use super::output;
use super::serve;
use super::synth;
use super::{Failure, UNAVAILABLE};
use crate::engine::{AppendOptions, Calibration, Cluster, DetectOptions, Session, detect};
use crate::ingest::{Progress, Source};
use crate::serve::ServeOptions;
use crate::store::Workspace;
use crate::synth::{Parameters, generate_until, make_room};
use crate::typology;
use clap::Args;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// `medring demo`.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Where the world and what is found in it go [default: medring-demo in the system's folder for temporary files]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// End when the rings are printed, without the page
    #[arg(long)]
    no_serve: bool,
    /// Where the page listens; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = serve::LISTEN)]
    listen: SocketAddr,
    /// The language of what is printed
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// Makes the world, finds its rings, says where the report is, and serves the page.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let lang = arguments.lang;
    let folder = arguments.dir.clone().unwrap_or_else(|| std::env::temp_dir().join("medring-demo"));
    let (world, out) = (folder.join("world"), folder.join("rings"));
    let parameters = Parameters::preset("demo", 1).map_err(|error| Failure::new(UNAVAILABLE, error))?;
    // Only a made-up world is replaced; it says of itself what it is.
    make_room(&world, world.join("world.json").is_file()).map_err(synth::failure)?;
    let stop = check::stop_on_interrupt();
    let made = generate_until(&stop, &parameters, &world).map_err(synth::failure)?;
    let (persons, rows, rings) = (made.persons, made.settlements, made.rings);
    let of = match lang {
        Language::Zh => format!("{persons} 人, 结算 {rows} 条, 植入团伙 {rings} 个"),
        Language::En => format!("{persons} persons, {rows} settlements, {rings} planted rings"),
    };
    eprintln!("{}: {} ({of})", lang.choose("虚构世界", "made-up world"), world.display());
    let source = Source::open(&[world]).map_err(check::failure)?;
    let options = DetectOptions {
        cluster: Cluster::local(check::cores()),
        all: false,
        score_min: typology::REPORT_SCORE_MIN,
        baselines: None,
        calibration: Calibration::shipped(),
        reject_dir: None,
        progress: Progress::Auto,
        stop,
    };
    let detected = detect(&source, &options, typology::judge).map_err(failure)?;
    let run = summary(&source, &detected);
    write(&detected, Some(&detected.baselines), &run, &out)?;
    let page = out.join("report.html");
    let mut text = overview(&detected, &run, lang);
    text.push_str(&format!("\n{}: {}\n", lang.choose("报告页面", "report"), page.display()));
    output::print(&text)?;
    if arguments.no_serve {
        return Ok(());
    }
    let session = workspace(&folder.join("workspace"), &folder.join("world"), lang)?;
    let options = ServeOptions { demo: true, ..ServeOptions::default() };
    serve::serve(session, arguments.listen, options, lang)
}

/// The world as one batch of a fresh workspace, as if it had been pushed.
fn workspace(path: &Path, world: &Path, lang: Language) -> Result<Session, Failure> {
    // A demo always shows what this program finds: a workspace of an earlier one goes, and nothing else does.
    if path.join("medring.db").is_file() {
        std::fs::remove_dir_all(path).map_err(|error| Failure::new(UNAVAILABLE, error))?;
    }
    Workspace::create(path).map_err(store_failure)?;
    eprintln!("{}: {}", lang.choose("工作区", "workspace"), path.display());
    let mut session = serve::open(path, None)?;
    session.append(&[world.to_owned()], &AppendOptions::default()).map_err(failure)?;
    Ok(session)
}
