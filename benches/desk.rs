//! Fifty investigators at once, and batches at the same time: how long does each answer take, is anything lost, and is the writer
//! slowed?
//!
//! `cargo bench --profile release --bench desk -- [PERSONS] [SESSIONS] [ROUNDS] [--check]` (20,000, 50 and 3 unless told otherwise).
//! The program serves a workspace of a demo world as a process of its own; this process is the fifty: each signed in by a session of
//! its own, on one connection, asking what the page asks when somebody opens a lead, a party, a path, the cases, with one to three
//! seconds of looking between two screens. Batches of 1,000 settlements are pushed one after the other, first alone, then beside the
//! readers, round by round, so that both kinds meet the same growth.
//!
//! Estimate before measuring: fifty sessions with two seconds between screens of four requests are a hundred requests a second; at two
//! to five milliseconds of work each they take a quarter to a half of one core, so a batch that needs one worker's core loses little
//! on two cores, and more than a tenth as soon as both its workers and the readers want the same ones.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

#[path = "desk/client.rs"]
mod client;
#[path = "desk/sessions.rs"]
mod sessions;

use client::Client;
use medring::engine::{AppendOptions, Session};
use medring::store::{AccountRole, Office, SessionLimits, Workspace};
use medring::synth::{Parameters, generate};
use medring::typology::{REPORT_SCORE_MIN, judge};
use sessions::{Asked, investigate};
use std::collections::BTreeMap;
use std::error::Error;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Settlements of a batch, and batches of one half of a round.
const ROWS: usize = 1_000;
const BATCHES: usize = 8;

fn main() -> Result<(), Box<dyn Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let mut numbers = words.iter().filter_map(|word| word.replace('_', "").parse::<usize>().ok());
    let check = words.iter().any(|word| word == "--check");
    let (persons, most, rounds) = if check { (4_000, 6, 1) } else { (20_000, 50, 3) };
    let persons = numbers.next().unwrap_or(persons);
    let (most, rounds) = (numbers.next().unwrap_or(most), numbers.next().unwrap_or(rounds));
    run(persons, most, rounds)
}

fn run(persons: usize, most: usize, rounds: usize) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let (world, workspace) = (folder.path().join("world"), folder.path().join("ws"));
    generate(&Parameters::preset("demo", 1)?.with_persons(persons), &world)?;
    std::fs::remove_file(world.join("labels.csv"))?;
    Workspace::create(&workspace)?;
    let mut session = Session::open(&workspace, 2, judge, REPORT_SCORE_MIN)?;
    session.append(std::slice::from_ref(&world), &AppendOptions::default())?;
    drop(session);
    let settled = settlements(&world.join("setl_d.csv"))?;
    let cookies = accounts(&workspace, most)?;
    let key = Office::open(&workspace)?.add_key("feed", now())?;

    let (server, address) = serve(&workspace)?;
    let server = Ended(server);
    let mut feed = Client::new(&address, &format!("authorization: Bearer {key}\r\n"));
    while feed.get("/readyz")?.0 != 200 {
        std::thread::sleep(Duration::from_millis(200));
    }
    let (mut pushed, mut alone, mut beside) = (0, Vec::new(), Vec::new());
    let mut asked = Vec::new();
    let mut push = |feed: &mut Client, times: &mut Vec<Duration>| -> Result<(), Box<dyn Error>> {
        for _ in 0..BATCHES {
            let body = batch(&settled, pushed);
            let start = Instant::now();
            let (status, said) = feed.post("/v1/batches?table=setl_d", "text/csv", &body)?;
            times.push(start.elapsed());
            let said: serde_json::Value = serde_json::from_slice(&said)?;
            // Each row has one outcome, whichever: the sum shows that none went missing on the way.
            let outcomes = said["tables"]["setl_d"].as_object().into_iter().flatten();
            let taken: i64 = outcomes.filter_map(|(_, count)| count.as_i64()).sum();
            assert!(status == 201 && usize::try_from(taken) == Ok(ROWS), "{status} {said}");
            pushed += 1;
        }
        Ok(())
    };
    // The first batches also warm the caches: they are not counted.
    push(&mut feed, &mut Vec::new())?;
    for round in 0..rounds {
        push(&mut feed, &mut alone)?;
        let over = AtomicBool::new(false);
        let answers = std::thread::scope(|scope| -> Result<Vec<Asked>, Box<dyn Error>> {
            let readers: Vec<_> = (0..most)
                .map(|at| {
                    let (address, cookie, over) = (&address, &cookies[at], &over);
                    scope.spawn(move || investigate(address, cookie, (round * most + at) as u64, over))
                })
                .collect();
            let done = push(&mut feed, &mut beside);
            over.store(true, Ordering::Relaxed);
            done?;
            Ok(readers.into_iter().flat_map(|reader| reader.join().unwrap_or_default()).collect())
        })?;
        asked.extend(answers);
    }
    lost_nothing(&mut feed, &workspace, pushed, &asked)?;
    drop(server);
    told(persons, most, (&mut alone, &mut beside), asked);
    Ok(())
}

/// Seconds since 1970-01-01 UTC.
fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(0))
}

/// An investigator for each session, and its cookie: signing in is limited on purpose, and is not what is measured.
fn accounts(workspace: &Path, most: usize) -> Result<Vec<String>, Box<dyn Error>> {
    let mut office = Office::open(workspace)?;
    let mut cookies = Vec::new();
    for at in 0..most {
        let name = format!("investigator-{at}");
        office.add_account(&name, AccountRole::Investigator, &[], "correct horse battery", now())?;
        let token = office.begin_session(&name, SessionLimits::default(), now())?;
        cookies.push(format!("cookie: medring={token}\r\n"));
    }
    Ok(cookies)
}

/// Columns of a pushed settlement: those without which none is one.
const COLUMNS: [&str; 11] = [
    "setl_id",
    "psn_no",
    "fixmedins_code",
    "med_type",
    "begndate",
    "enddate",
    "setl_time",
    "insu_admdvs",
    "fix_blng_admdvs",
    "medfee_sumamt",
    "fund_pay_sumamt",
];

/// The settlements of a table that take nothing back, in these columns.
fn settlements(path: &Path) -> Result<Vec<Vec<String>>, Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(path)?;
    let heads = reader.headers()?.clone();
    let of = |name: &str| heads.iter().position(|head| head == name).ok_or_else(|| format!("no column {name}"));
    let columns = COLUMNS.into_iter().map(of).collect::<Result<Vec<_>, _>>()?;
    let mut rows = Vec::new();
    for row in reader.records() {
        let row = row?;
        let cells: Vec<String> = columns.iter().map(|at| row[*at].to_owned()).collect();
        if !cells[9].starts_with('-') {
            rows.push(cells);
        }
    }
    Ok(rows)
}

/// A batch of settlements like those that are there, each with an id of its own.
fn batch(rows: &[Vec<String>], number: usize) -> Vec<u8> {
    let mut text = format!("{}\n", COLUMNS.join(","));
    for at in 0..ROWS {
        let row = &rows[(number * ROWS + at * 7) % rows.len()];
        text.push_str(&format!("desk-{number}-{at},{}\n", row[1..].join(",")));
    }
    text.into_bytes()
}

/// A server that ends with the bench.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        // It may have ended by itself, and then there is nothing left to end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn serve(workspace: &Path) -> Result<(Child, String), Box<dyn Error>> {
    let mut server = Command::new(env!("CARGO_BIN_EXE_medring"))
        .arg("serve")
        .arg(workspace)
        .args(["--listen", "127.0.0.1:0", "--lang", "en"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut lines = BufReader::new(server.stderr.take().ok_or("no stderr")?).lines();
    for line in lines.by_ref() {
        let line = line?;
        if let Some((_, rest)) = line.split_once("http://") {
            let address = rest.split('/').next().unwrap_or_default().to_owned();
            // What it says later is read, so that it never waits for a reader.
            std::thread::spawn(move || lines.for_each(drop));
            return Ok((server, address));
        }
    }
    Err("the server said no address".into())
}

/// Every batch is there once, with all its rows, and every question was answered.
fn lost_nothing(feed: &mut Client, workspace: &Path, pushed: usize, asked: &[Asked]) -> Result<(), Box<dyn Error>> {
    let wrong: Vec<&Asked> = asked.iter().filter(|one| !answered(one)).collect();
    assert!(wrong.is_empty(), "{} of {} were not answered: {:?}", wrong.len(), asked.len(), wrong.first());
    let status: serde_json::Value = serde_json::from_slice(&feed.get("/v1/data")?.1)?;
    assert_eq!(status["batches_all"].as_u64(), Some(pushed as u64 + 1), "a batch is lost");
    let reader = Workspace::open_reader(workspace)?;
    let epochs = reader.epochs()?;
    assert_eq!(epochs.iter().skip(1).map(|one| one.rows).sum::<u64>(), (pushed * ROWS) as u64, "rows are lost");
    let log = Office::open(workspace)?;
    assert!(log.verify_audit(None)?.flaws.is_empty(), "the log is not whole");
    let logged = log.audit(0, usize::MAX)?.iter().filter(|one| one.action == "read_ring").count();
    assert_eq!(logged, asked.iter().filter(|one| one.logged).count(), "a read is not in the log");
    Ok(())
}

/// A lead that somebody saw in a list may be gone when they open it: that is an answer, too.
fn answered(one: &Asked) -> bool {
    one.status == 200 || (one.status == 404 && one.route.contains("{id}"))
}

fn told(persons: usize, most: usize, (alone, beside): (&mut Vec<Duration>, &mut Vec<Duration>), asked: Vec<Asked>) {
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    let at = |times: &mut Vec<Duration>, part: f64| {
        times.sort_unstable();
        let last = times.len().saturating_sub(1);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a short list")]
        times.get(((last as f64) * part).round() as usize).copied().unwrap_or_default()
    };
    println!(
        "{persons} persons, {most} sessions, {} questions, {} batches of {ROWS} rows",
        asked.len(),
        alone.len() + beside.len()
    );
    println!("{:<28}{:>9}{:>10}{:>10}{:>10}", "", "asked", "p50 ms", "p99 ms", "worst ms");
    let mut by: BTreeMap<&'static str, Vec<Duration>> = BTreeMap::new();
    for one in asked {
        by.entry(one.route).or_default().push(one.took);
    }
    for (route, mut times) in by {
        let (half, most, worst) = (at(&mut times, 0.5), at(&mut times, 0.99), at(&mut times, 1.0));
        println!("{route:<28}{:>9}{:>10.1}{:>10.1}{:>10.1}", times.len(), ms(half), ms(most), ms(worst));
    }
    let (quiet, busy) = (at(alone, 0.5), at(beside, 0.5));
    println!("{:<28}{:>9}{:>10.1}{:>10.1}", "batch, nobody reads", alone.len(), ms(quiet), ms(at(alone, 0.99)));
    println!("{:<28}{:>9}{:>10.1}{:>10.1}", "batch, beside readers", beside.len(), ms(busy), ms(at(beside, 0.99)));
    println!("slower by {:.1} %", (busy.as_secs_f64() / quiet.as_secs_f64().max(1e-9) - 1.0) * 100.0);
}
