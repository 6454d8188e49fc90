//! `medring doctor`: can medring work on this machine and in this workspace, and what to do where it cannot?

use super::check::Language;
use super::output::{self, Listing, Shape};
use super::{FOUND_PROBLEMS, Failure};
use crate::model::Stamp;
use crate::store::{DISK_FORMAT, Workspace};
use clap::Args;
use serde_json::json;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Free bytes below which a batch may not fit.
const FREE_MIN: u64 = 2 << 30;
/// A clock before this moment is wrong: it is older than the program. 2026-01-01 UTC.
const CLOCK_MIN: u64 = 1_767_225_600;
/// A batch from further ahead than this says that the clock went back, seconds.
const AHEAD_MAX: i64 = 300;

/// `medring doctor`.
#[derive(Args, Debug)]
#[command(after_help = "Example / 示例:\n  medring doctor ws --listen 127.0.0.1:7878 --lang en")]
pub(super) struct Arguments {
    /// The workspace; without it only the machine is looked at
    #[arg(value_name = "WS")]
    workspace: Option<PathBuf>,
    /// The address that `medring serve` would listen on
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7878")]
    listen: SocketAddr,
    /// How to print
    #[arg(short = 'o', long = "output", value_enum)]
    output: Option<Shape>,
    /// The language of what is printed
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// What was looked at, and what it came to.
struct Look {
    what: &'static str,
    well: bool,
    found: String,
    /// What to do, in both languages; empty where nothing is.
    remedy: (String, String),
}

impl Look {
    fn well(what: &'static str, found: impl Into<String>) -> Look {
        Look { what, well: true, found: found.into(), remedy: Default::default() }
    }

    fn wrong(what: &'static str, found: impl Into<String>, zh: impl Into<String>, en: impl Into<String>) -> Look {
        Look { what, well: false, found: found.into(), remedy: (zh.into(), en.into()) }
    }
}

/// Looks and says what to do.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut looks = vec![clock(), port(arguments.listen)];
    match &arguments.workspace {
        Some(workspace) => looks.extend(of_workspace(workspace)),
        None => looks.push(disk(Path::new("."))),
    }
    // Pages and reports use the fonts of whoever reads them: nothing is embedded, nothing can be missing here.
    looks.push(Look::well("fonts", "not needed"));
    let lang = arguments.lang;
    let mut listing = Listing { heads: vec!["what", "state", "found", "remedy"], ..Listing::default() };
    for look in &looks {
        let state = if look.well { "ok" } else { "wrong" };
        let (zh, en) = &look.remedy;
        let line = json!({"schema_version": 1, "what": look.what, "state": state, "found": look.found,
            "remedy_zh": zh, "remedy_en": en});
        listing.lines.push(line.to_string());
        let remedy = lang.choose(zh, en).to_owned();
        listing.rows.push(vec![look.what.to_owned(), state.to_owned(), look.found.clone(), remedy]);
    }
    output::print(&listing.text(output::shape(arguments.output))?)?;
    let wrong = looks.iter().filter(|look| !look.well).count();
    if wrong == 0 {
        return Ok(());
    }
    let (zh, en) = (format!("{wrong} 项有问题"), format!("{wrong} of {} are wrong", looks.len()));
    Err(Failure::new(FOUND_PROBLEMS, lang.choose(&zh, &en)))
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Seconds since 1970 UTC as people read them, in the time of Beijing.
fn moment(seconds: i64) -> String {
    let at = Stamp(seconds.saturating_add(8 * 3_600));
    let second = at.second_of_day();
    format!("{} {:02}:{:02}:{:02} +08:00", at.day(), second / 3_600, second / 60 % 60, second % 60)
}

fn clock() -> Look {
    let seconds = now();
    let shown = moment(i64::try_from(seconds).unwrap_or(i64::MAX));
    if seconds >= CLOCK_MIN {
        return Look::well("clock", shown);
    }
    let (zh, en) = ("校正系统时间（如 timedatectl）", "set the system's time, for example with timedatectl");
    Look::wrong("clock", shown, zh, en)
}

fn port(address: SocketAddr) -> Look {
    match TcpListener::bind(address) {
        Ok(_) => Look::well("port", format!("{address} is free")),
        Err(error) => {
            let zh = "结束占用该端口的程序，或用 medring serve --listen 换一个地址";
            let en = "end what listens there, or choose another address with medring serve --listen";
            Look::wrong("port", format!("{address}: {error}"), zh, en)
        }
    }
}

fn disk(folder: &Path) -> Look {
    let shown = |bytes: u64| format!("{} MiB free", bytes >> 20);
    match fs4::available_space(folder) {
        Ok(free) if free >= FREE_MIN => Look::well("disk", shown(free)),
        Ok(free) => {
            let (zh, en) = ("腾出至少 2 GiB 空间，否则批次可能无法入库", "free at least 2 GiB, or a batch may not fit");
            Look::wrong("disk", shown(free), zh, en)
        }
        Err(error) => {
            let zh = "确认该文件夹存在且当前用户可读";
            Look::wrong("disk", error.to_string(), zh, "make sure that the folder is there and this user may read it")
        }
    }
}

fn of_workspace(path: &Path) -> Vec<Look> {
    let mut looks = vec![disk(path)];
    match Workspace::open_reader(path) {
        Ok(workspace) => {
            looks.push(Look::well("format", format!("{DISK_FORMAT} or earlier")));
            looks.push(last_epoch(&workspace));
        }
        Err(error) => looks.push(Look::wrong(
            "format",
            error.to_string(),
            "核对路径；新工作区用 medring init 建立，旧程序不能打开新格式",
            "check the path; medring init makes a workspace, and a newer format needs a newer medring",
        )),
    }
    looks.extend(modes(path));
    looks
}

fn last_epoch(workspace: &Workspace) -> Look {
    let epochs = match workspace.epochs() {
        Ok(epochs) => epochs,
        Err(error) => {
            let (zh, en) = ("用 medring db check 检查工作区", "look at the workspace with medring db check");
            return Look::wrong("epoch", error.to_string(), zh, en);
        }
    };
    let Some(last) = epochs.last() else {
        return Look::well("epoch", "0: no batch yet; medring ingest run brings one");
    };
    let found = format!("{}, committed at {}", last.epoch, moment(last.committed_at));
    if last.committed_at > i64::try_from(now()).unwrap_or(i64::MAX) + AHEAD_MAX {
        let zh = "最后批次的时间在未来：校正系统时间，否则期限与周报会出错";
        let en = "the last batch is from the future: set the system's time, or clocks of cases and reports go wrong";
        return Look::wrong("epoch", found, zh, en);
    }
    Look::well("epoch", found)
}

/// Files that hold identifiers and secrets are their owner's alone.
#[cfg(unix)]
fn modes(path: &Path) -> Vec<Look> {
    use std::os::unix::fs::PermissionsExt;
    let mut looks = Vec::new();
    for name in ["vault.db", "office.db"] {
        let file = path.join(name);
        match std::fs::metadata(&file) {
            Ok(about) if about.permissions().mode() & 0o077 == 0 => {
                looks.push(Look::well("mode", format!("{name} is its owner's alone")))
            }
            Ok(about) => {
                let found = format!("{name} {:o}", about.permissions().mode() & 0o777);
                let told = format!("chmod 600 {}", file.display());
                looks.push(Look::wrong("mode", found, told.clone(), told));
            }
            // A workspace without accounts and cases has no office yet; one without a vault is none.
            Err(_) if name == "office.db" => {}
            Err(error) => {
                let (zh, en) = ("从备份恢复该文件，或核对路径", "restore the file from a backup, or check the path");
                looks.push(Look::wrong("mode", format!("{name}: {error}"), zh, en));
            }
        }
    }
    let trial = path.join(".doctor.part");
    let written = std::fs::write(&trial, b"medring").and_then(|()| std::fs::remove_file(&trial));
    looks.push(match written {
        Ok(()) => Look::well("write", "this user may write"),
        Err(error) => {
            let (zh, en) = (
                "以工作区所有者的账号运行，或修改权限",
                "run as the owner of the workspace, or change its permissions",
            );
            Look::wrong("write", error.to_string(), zh, en)
        }
    });
    looks
}

#[cfg(not(unix))]
fn modes(_: &Path) -> Vec<Look> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_told_in_the_time_of_beijing() {
        assert_eq!(moment(1_767_225_600), "2026-01-01 08:00:00 +08:00");
        assert_eq!(moment(1_767_225_599 - 8 * 3_600), "2025-12-31 23:59:59 +08:00");
    }
}
