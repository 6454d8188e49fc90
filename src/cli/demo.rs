//! `medring demo`: what does medring find in a small made-up world?

use super::check::{self, Language};
use super::detect::{failure, overview, summary, write};
use super::output;
use super::{Failure, UNAVAILABLE};
use crate::engine::{Calibration, Cluster, DetectOptions, detect};
use crate::ingest::{Progress, Source};
use crate::synth::{Parameters, generate};
use crate::typology;
use clap::Args;
use std::path::PathBuf;

/// `medring demo`.
#[derive(Args, Debug)]
pub(super) struct Arguments {
    /// Where the world and what is found in it go [default: medring-demo in the system's folder for temporary files]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// End when the rings are printed
    #[arg(long)]
    no_serve: bool,
    /// Where a page server would listen
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// The language of what is printed
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// Makes the world, finds its rings, and says where the report is.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let lang = arguments.lang;
    let folder = arguments.dir.clone().unwrap_or_else(|| std::env::temp_dir().join("medring-demo"));
    let (world, out) = (folder.join("world"), folder.join("rings"));
    let parameters = Parameters::preset("demo", 1).map_err(|error| Failure::new(UNAVAILABLE, error))?;
    let made = generate(&parameters, &world).map_err(|error| Failure::new(UNAVAILABLE, error))?;
    eprintln!(
        "{}: {} — {} / {} / {}",
        lang.choose("虚构世界", "made-up world"),
        world.display(),
        made.persons,
        made.settlements,
        made.rings
    );
    let source = Source::open(&[world]).map_err(check::failure)?;
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let options = DetectOptions {
        cluster: Cluster::local(cores),
        all: false,
        score_min: typology::REPORT_SCORE_MIN,
        baselines: None,
        calibration: Calibration::shipped(),
        reject_dir: None,
        progress: Progress::Auto,
        stop: check::stop_on_interrupt(),
    };
    let detected = detect(&source, &options, typology::judge).map_err(failure)?;
    let run = summary(&source, &detected);
    write(&detected, &run, &out)?;
    let page = out.join("report.html");
    let mut text = overview(&detected, &run, lang);
    text.push_str(&format!("\n{}: {}\n", lang.choose("报告页面", "report"), page.display()));
    output::print(&text)?;
    if !arguments.no_serve {
        let asked = arguments.listen.as_deref().map_or(String::new(), |address| format!(" ({address})"));
        let no_server = lang.choose(
            "此版本不含页面服务器; 请用浏览器直接打开上面的文件",
            "this version has no page server; open the file above in a browser",
        );
        eprintln!("{no_server}{asked}");
    }
    Ok(())
}
