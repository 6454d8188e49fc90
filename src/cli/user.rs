//! `medring user`: who may sign in to the page of a workspace, and which machines may push batches?

use super::check::Language;
use super::detect::store_failure;
use super::output::{self, Listing, Shape};
use super::{Failure, USAGE, officer};
use crate::store::{AccountRole, Deed, Office};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// What to do with accounts.
#[derive(Subcommand, Debug)]
pub(super) enum Verb {
    /// Make an account; from the first one on everybody must sign in
    Add(Add),
    /// List accounts and keys
    Ls(Workspace),
    /// Give an account another password, end its sessions, and unlock it
    Passwd(Passwd),
    /// Give an account another role or other regions, and end its sessions
    Change(Change),
    /// Disable an account and end its sessions
    Disable(Disable),
    /// Make a key with which a machine pushes batches; it is printed once
    Key(Key),
}

/// Which workspace, and how to print.
#[derive(Args, Debug)]
pub(super) struct Workspace {
    /// The workspace
    #[arg(long, value_name = "WS")]
    workspace: PathBuf,
    /// How to print
    #[arg(short = 'o', long = "output", value_enum)]
    output: Option<Shape>,
    /// The language of what is printed
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// A role on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Duty {
    /// Explores rings, reveals, works on cases
    Investigator,
    /// As an investigator; and decides what others ask for
    Reviewer,
    /// Of a joint case team: sees the cases it is in, and their rings
    CaseTeam,
    /// Reads the list of rings and their summaries
    ReportReader,
    /// Keeps the server; sees no ring
    Administrator,
    /// Reads the audit log and nothing else
    Auditor,
}

impl Duty {
    fn role(self) -> AccountRole {
        match self {
            Duty::Investigator => AccountRole::Investigator,
            Duty::Reviewer => AccountRole::Reviewer,
            Duty::CaseTeam => AccountRole::CaseTeam,
            Duty::ReportReader => AccountRole::ReportReader,
            Duty::Administrator => AccountRole::Administrator,
            Duty::Auditor => AccountRole::Auditor,
        }
    }
}

/// `medring user add`.
#[derive(Args, Debug)]
pub(super) struct Add {
    /// The name to sign in with
    #[arg(value_name = "NAME")]
    name: String,
    /// What it is for
    #[arg(long, value_enum)]
    role: Duty,
    /// Beginnings of the codes (admdvs) of its regions, separated by commas, such as 34 or 3401,3402 [default: all]
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    region: Vec<String>,
    /// Read the password from the first line of this file; without it, it is asked for on the terminal
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    #[command(flatten)]
    at: Workspace,
}

/// `medring user passwd`.
#[derive(Args, Debug)]
pub(super) struct Passwd {
    /// Whose
    #[arg(value_name = "NAME")]
    name: String,
    /// Read the password from the first line of this file; without it, it is asked for on the terminal
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    #[command(flatten)]
    at: Workspace,
}

/// `medring user change`.
#[derive(Args, Debug)]
#[command(group(clap::ArgGroup::new("what").required(true).multiple(true).args(["role", "region", "all_regions"])))]
pub(super) struct Change {
    /// Whose
    #[arg(value_name = "NAME")]
    name: String,
    /// What it is for from now on
    #[arg(long, value_enum)]
    role: Option<Duty>,
    /// Beginnings of the codes (admdvs) of its regions from now on, separated by commas
    #[arg(long, value_name = "CODES", value_delimiter = ',', conflicts_with = "all_regions")]
    region: Vec<String>,
    /// All regions from now on
    #[arg(long)]
    all_regions: bool,
    #[command(flatten)]
    at: Workspace,
}

/// `medring user disable`.
#[derive(Args, Debug)]
pub(super) struct Disable {
    /// Whom
    #[arg(value_name = "NAME")]
    name: String,
    /// Let it sign in again
    #[arg(long)]
    undo: bool,
    #[command(flatten)]
    at: Workspace,
}

/// `medring user key`.
#[derive(Args, Debug)]
pub(super) struct Key {
    /// What the key is called
    #[arg(value_name = "NAME")]
    name: String,
    /// Make it good no longer
    #[arg(long)]
    revoke: bool,
    #[command(flatten)]
    at: Workspace,
}

/// Runs `medring user`.
pub(super) fn run(verb: &Verb) -> Result<(), Failure> {
    match verb {
        Verb::Add(arguments) => add(arguments),
        Verb::Ls(arguments) => list(arguments),
        Verb::Passwd(arguments) => {
            let mut office = open(&arguments.at)?;
            let password = password(arguments.password_file.as_deref(), arguments.at.lang)?;
            office.set_password(&arguments.name, &password, now()).map_err(refused)?;
            office.release(&arguments.name).map_err(store_failure)?;
            log(&mut office, "user_passwd", &arguments.name, String::new())?;
            tell(&arguments.at, "口令已更换，原有会话已结束", "the password is changed, sessions are ended");
            Ok(())
        }
        Verb::Change(arguments) => {
            let mut office = open(&arguments.at)?;
            let role = arguments.role.map(Duty::role);
            let regions =
                (arguments.all_regions || !arguments.region.is_empty()).then_some(arguments.region.as_slice());
            office.set_duty(&arguments.name, role, regions, now()).map_err(refused)?;
            let detail = json!({"role": role.map(AccountRole::word), "regions": regions}).to_string();
            log(&mut office, "user_change", &arguments.name, detail)?;
            tell(&arguments.at, "账号已变更，会话已结束", "the account is changed, its sessions are ended");
            Ok(())
        }
        Verb::Disable(arguments) => {
            let mut office = open(&arguments.at)?;
            office.disable(&arguments.name, !arguments.undo, now()).map_err(refused)?;
            let action = if arguments.undo { "user_enable" } else { "user_disable" };
            log(&mut office, action, &arguments.name, String::new())?;
            match arguments.undo {
                true => tell(&arguments.at, "账号已启用", "the account is enabled"),
                false => tell(&arguments.at, "账号已停用，会话已结束", "the account is disabled, sessions are ended"),
            }
            Ok(())
        }
        Verb::Key(arguments) => key(arguments),
    }
}

fn open(at: &Workspace) -> Result<Office, Failure> {
    Office::open(&at.workspace).map_err(store_failure)
}

/// What the store would not do is a matter of usage.
fn refused(error: crate::store::StoreError) -> Failure {
    match error {
        crate::store::StoreError::Refused { why } => Failure::new(USAGE, why),
        other => store_failure(other),
    }
}

/// Seconds since 1970-01-01 UTC.
fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(0))
}

fn log(office: &mut Office, action: &str, object: &str, detail: String) -> Result<(), Failure> {
    let deed = Deed {
        at_ms: now() * 1_000,
        actor: "(command line)".to_owned(),
        role: "operator".to_owned(),
        action: action.to_owned(),
        object: object.to_owned(),
        detail,
        outcome: "done".to_owned(),
    };
    office.record(&deed).map_err(store_failure)?;
    Ok(())
}

fn tell(at: &Workspace, zh: &str, en: &str) {
    eprintln!("{}", at.lang.choose(zh, en));
}

/// A new password: from a file, or asked for twice on the terminal.
fn password(file: Option<&Path>, lang: Language) -> Result<String, Failure> {
    let first = officer::password(file, lang)?;
    if file.is_none() && officer::asked(lang.choose("再输一次: ", "once more: "))? != first {
        return Err(Failure::new(USAGE, lang.choose("两次输入不同, 请重来", "the two differ: try again")));
    }
    Ok(first)
}

fn add(arguments: &Add) -> Result<(), Failure> {
    let mut office = open(&arguments.at)?;
    let first = !office.has_accounts().map_err(store_failure)?;
    let role = arguments.role.role();
    let password = password(arguments.password_file.as_deref(), arguments.at.lang)?;
    office.add_account(&arguments.name, role, &arguments.region, &password, now()).map_err(refused)?;
    office.release(&arguments.name).map_err(store_failure)?;
    let detail = json!({"role": role.word(), "regions": arguments.region}).to_string();
    log(&mut office, "user_add", &arguments.name, detail)?;
    tell(&arguments.at, "账号已建立", "the account is made");
    if first {
        tell(
            &arguments.at,
            "这是第一个账号：从现在起，所有人都须登录",
            "this is the first account: from now on everybody must sign in",
        );
    }
    Ok(())
}

fn key(arguments: &Key) -> Result<(), Failure> {
    let mut office = open(&arguments.at)?;
    if arguments.revoke {
        office.revoke_key(&arguments.name).map_err(refused)?;
        log(&mut office, "key_revoke", &arguments.name, String::new())?;
        tell(&arguments.at, "密钥已作废", "the key is good no longer");
        return Ok(());
    }
    let token = office.add_key(&arguments.name, now()).map_err(refused)?;
    log(&mut office, "key_add", &arguments.name, String::new())?;
    tell(
        &arguments.at,
        "密钥仅显示这一次；请求头: Authorization: Bearer 密钥",
        "this is the only time it is shown; send it as Authorization: Bearer KEY",
    );
    output::print(&format!("{token}\n"))
}

fn list(arguments: &Workspace) -> Result<(), Failure> {
    let office = open(arguments)?;
    let heads = vec!["kind", "name", "role", "regions", "state"];
    let mut listing = Listing { heads, ..Listing::default() };
    for account in office.accounts().map_err(store_failure)? {
        let state = if account.disabled { "disabled" } else { "active" };
        let line = json!({"schema_version": 1, "kind": "account", "name": account.name, "role": account.role.word(),
            "regions": account.regions, "state": state, "created_at": account.created_at});
        listing.lines.push(line.to_string());
        let regions = if account.regions.is_empty() { "*".to_owned() } else { account.regions.join(",") };
        let words = ["account".to_owned(), account.name, account.role.word().to_owned(), regions, state.to_owned()];
        listing.rows.push(words.to_vec());
    }
    for key in office.keys().map_err(store_failure)? {
        let state = if key.revoked { "revoked" } else { "active" };
        let line = json!({"schema_version": 1, "kind": "key", "name": key.name, "role": "machine", "state": state,
            "created_at": key.created_at});
        listing.lines.push(line.to_string());
        listing.rows.push(["key", &key.name, "machine", "*", state].map(str::to_owned).to_vec());
    }
    output::print(&listing.text(output::shape(arguments.output))?)
}
