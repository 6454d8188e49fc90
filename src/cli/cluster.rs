//! How many workers and processes does the user want, and where?

use super::check::Language;
use super::{Failure, UNAVAILABLE, USAGE, check};
use crate::engine::Cluster;
use clap::Args;
use std::path::PathBuf;
use std::process::exit;

/// How many workers, and where.
#[derive(Args, Debug)]
pub(super) struct ClusterArguments {
    /// Worker threads of this process, 1 to 256 [default: one per core].
    #[arg(long, value_name = "W")]
    workers: Option<usize>,
    /// Number of processes [default: 1].
    #[arg(long, value_name = "P")]
    processes: Option<usize>,
    /// The number of this process, from 0 [default: 0].
    #[arg(long, value_name = "I")]
    process: Option<usize>,
    /// A file with `host:port` of every process, a line each.
    #[arg(long, value_name = "FILE")]
    hosts: Option<PathBuf>,
}

impl ClusterArguments {
    /// The cluster that the flags describe.
    pub(super) fn cluster(&self) -> Result<Cluster, Failure> {
        let workers = workers(self.workers, "--workers")?;
        let wrong = |text: String| Err(Failure::new(USAGE, text));
        let Some(processes) = self.processes else {
            return match (&self.hosts, self.process) {
                (None, None) => Ok(Cluster::local(workers)),
                _ => {
                    let text = "--process and --hosts go with --processes P: say how many processes there are / --process 和 --hosts 须与 --processes P 同用, 请给出进程数";
                    wrong(text.to_owned())
                }
            };
        };
        let process = self.process.unwrap_or(0);
        if processes == 0 {
            return wrong("--processes takes a number from 1 / --processes 的值至少为 1".to_owned());
        }
        if process >= processes {
            return wrong(format!(
                "--process {process}: processes are counted from 0, so it takes 0 to {0} / 进程从 0 起编号, 应为 0 至 {0}",
                processes - 1
            ));
        }
        if processes == 1 {
            return Ok(Cluster::local(workers));
        }
        let file = self.hosts.as_ref().ok_or_else(|| {
            let text = "--processes needs --hosts FILE with one host:port a line, the same file on every host / --processes 需要 --hosts FILE, 每行一个 host:port, 各主机使用相同的文件";
            Failure::new(USAGE, text)
        })?;
        let text = std::fs::read_to_string(file)
            .map_err(|error| Failure::new(UNAVAILABLE, format!("{}: {error}", file.display())))?;
        let hosts: Vec<String> =
            text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect();
        if hosts.len() != processes {
            let text = format!(
                "{} names {} hosts and --processes is {processes}: there must be one host:port a line for every process / 主机数与进程数不符, 每个进程须有一行 host:port",
                file.display(),
                hosts.len()
            );
            return Err(Failure::new(USAGE, text));
        }
        Ok(Cluster { workers, process, hosts })
    }
}

/// Lets this process end as soon as another one of the cluster is lost, or a worker of its own: what is left of a cluster can
/// answer nothing that it has not answered already, and whoever watches over the processes starts them all again.
pub(super) fn end_together(lang: Language) {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        // The names that the dataflow's library gives its threads.
        if !std::thread::current().name().is_some_and(|name| name.starts_with("timely:")) {
            return usual(panic);
        }
        match panic.payload_as_str().filter(|said| said.starts_with("timely communication error")) {
            Some(said) => {
                let why = said.rsplit(": ").next().unwrap_or_default();
                let text = lang.choose(
                    "集群中的另一进程已断开, 本进程随之结束; 已确认的批次均已落盘。处理: 重新启动全部进程",
                    "another process of the cluster was lost, and this one ends with it; every acknowledged batch is on disk. Remedy: start all processes again",
                );
                eprintln!("medring: {text} ({why})");
            }
            None => usual(panic),
        }
        exit(UNAVAILABLE.into());
    }));
}

/// Worker threads beyond which a mistake is likelier than a wish.
const WORKERS_MAX: usize = 256;

/// Worker threads, as asked for by this flag or one per core.
pub(super) fn workers(asked: Option<usize>, flag: &str) -> Result<usize, Failure> {
    let workers = asked.unwrap_or_else(|| check::cores().min(WORKERS_MAX));
    if (1..=WORKERS_MAX).contains(&workers) {
        return Ok(workers);
    }
    Err(Failure::new(
        USAGE,
        format!(
            "{flag} {workers}: takes a number from 1 to {WORKERS_MAX}; without it there is one per core / 应为 1 至 {WORKERS_MAX}, 不给时每个核心一个"
        ),
    ))
}
