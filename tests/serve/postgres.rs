//! Do the tables of a real PostgreSQL flow in, each committed change once, and nothing that was rolled back?
//!
//! `tests/postgres.sh` starts a PostgreSQL and names it in `MEDRING_TEST_POSTGRES`; without it these tests say that they were
//! not run. Each test has a database of its own.

use super::{session, told};
use medring::engine::{AppendOptions, Session};
use medring::model::{Outcome, Table};
use medring::serve::{PostgresOptions, ServeOptions, Server};
use medring::store::Workspace;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio_postgres::{Client, NoTls};

const TABLE: &str = "CREATE TABLE setl_d (
    setl_id varchar(40) PRIMARY KEY, psn_no varchar(40), fixmedins_code varchar(40), med_type varchar(6),
    begndate date, enddate date, setl_time timestamp, insu_admdvs varchar(6), fix_blng_admdvs varchar(6),
    medfee_sumamt numeric(16,2), fund_pay_sumamt numeric(16,2), memo text, vali_flag varchar(3), updt_time timestamp)";

struct Centre {
    runtime: tokio::runtime::Runtime,
    client: Client,
    url: String,
    folder: TempDir,
}

impl Centre {
    /// A database with an empty `setl_d`; `None` when nobody started a PostgreSQL.
    fn new(name: &str) -> Option<Centre> {
        let Ok(server) = std::env::var("MEDRING_TEST_POSTGRES") else {
            eprintln!("not run: MEDRING_TEST_POSTGRES names no PostgreSQL (tests/postgres.sh starts one)");
            return None;
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let connect = |url: &str| {
            let (client, connection) = runtime.block_on(tokio_postgres::connect(url, NoTls)).unwrap();
            runtime.spawn(connection);
            client
        };
        let first = connect(&format!("{server}/postgres"));
        runtime.block_on(first.batch_execute(&format!("CREATE DATABASE {name}"))).unwrap();
        let url = format!("{server}/{name}");
        let client = connect(&url);
        let centre = Centre { runtime, client, url, folder: tempfile::tempdir().unwrap() };
        centre.run(TABLE);
        Some(centre)
    }

    fn run(&self, statements: &str) {
        self.runtime.block_on(self.client.batch_execute(statements)).unwrap();
    }

    fn publish(&self) {
        self.run("ALTER TABLE setl_d REPLICA IDENTITY FULL; CREATE PUBLICATION medring FOR TABLE setl_d");
    }

    fn workspace(&self) -> PathBuf {
        self.folder.path().join("ws")
    }

    fn options(&self, more: &str) -> ServeOptions {
        let file = self.folder.path().join("pg.toml");
        std::fs::write(&file, format!("url = '{}'\nevery_seconds = 1\n{more}", self.url)).unwrap();
        let postgres = vec![PostgresOptions::of(file.to_str().unwrap()).unwrap()];
        ServeOptions { postgres, ..ServeOptions::default() }
    }

    fn serve(&self, more: &str) -> Server {
        if !self.workspace().exists() {
            Workspace::create(&self.workspace()).unwrap();
        }
        Server::start(session(&self.workspace()), self.options(more)).unwrap()
    }

    /// The rows that are valid in the database, as a file.
    fn dump(&self, to: &Path) {
        let rows = self.runtime.block_on(
            self.client.simple_query("SELECT * FROM setl_d WHERE vali_flag IS DISTINCT FROM '0' ORDER BY setl_id"),
        );
        let mut text = String::new();
        for message in rows.unwrap() {
            if let tokio_postgres::SimpleQueryMessage::Row(row) = message {
                if text.is_empty() {
                    text = row.columns().iter().map(|column| column.name()).collect::<Vec<_>>().join(",") + "\n";
                }
                let cells: Vec<&str> = (0..row.len()).map(|at| row.get(at).unwrap_or("")).collect();
                text.push_str(&(cells.join(",") + "\n"));
            }
        }
        std::fs::write(to, text).unwrap();
    }
}

fn insert(id: u32, updated: &str) -> String {
    format!(
        "INSERT INTO setl_d VALUES ('S{id}', 'P{id}', 'H1', '11', '2024-03-01', '2024-03-01', '2024-03-01 09:00:00', '320124', '320124', 100, 60, NULL, '1', '{updated}');"
    )
}

/// Waits until the server's status shows something.
fn wait(server: &Server, what: &str, shows: impl Fn(&serde_json::Value) -> bool) -> serde_json::Value {
    let started = Instant::now();
    loop {
        let status = told(server, "/v1/status");
        if shows(&status) {
            return status;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "{what} does not come: {status}");
        std::thread::yield_now();
    }
}

fn epoch(server: &Server, wanted: u64) {
    wait(server, &format!("epoch {wanted}"), |status| status["epoch"].as_u64() >= Some(wanted));
}

fn outcomes(path: &Path) -> BTreeMap<Outcome, u64> {
    let store = Workspace::open_reader(path).unwrap();
    let mut found = BTreeMap::new();
    for tally in store.tallies(None).unwrap().into_iter().filter(|tally| tally.table == Table::SetlD) {
        *found.entry(tally.outcome).or_default() += tally.rows;
    }
    found
}

/// How many rows stand: accepted when they came, less those taken back since.
fn standing(path: &Path) -> Option<u64> {
    let found = outcomes(path);
    let count = |outcome| found.get(&outcome).copied().unwrap_or(0);
    count(Outcome::Accepted).checked_sub(count(Outcome::Retracted))
}

/// What a fresh workspace makes of a dump.
fn standing_of_dump(centre: &Centre) -> Option<u64> {
    let (dump, fresh) = (centre.folder.path().join("setl_d.csv"), centre.folder.path().join("fresh"));
    centre.dump(&dump);
    let _ = std::fs::remove_dir_all(&fresh);
    Workspace::create(&fresh).unwrap();
    let mut session: Session = session(&fresh);
    session.append(&[dump], &AppendOptions::default()).unwrap();
    drop(session);
    standing(&fresh)
}

#[test]
fn rows_behind_a_watermark_flow_in_once_also_late_ones() {
    let Some(centre) = Centre::new("watermark") else { return };
    for id in 1..=5 {
        centre.run(&insert(id, "2024-03-02 08:00:00"));
    }
    let server = centre.serve("page_rows = 2");
    wait(&server, "five rows", |_| outcomes(&centre.workspace()).get(&Outcome::Accepted) == Some(&5));
    // New, changed, marked as void, and one that becomes visible late, within the overlap.
    centre.run(&insert(6, "2024-03-02 08:10:00"));
    centre.run("UPDATE setl_d SET fund_pay_sumamt = 50, updt_time = '2024-03-02 08:10:01' WHERE setl_id = 'S1'");
    centre.run("UPDATE setl_d SET vali_flag = '0', updt_time = '2024-03-02 08:10:02' WHERE setl_id = 'S2'");
    wait(&server, "the changes", |_| outcomes(&centre.workspace()).values().sum::<u64>() == 8);
    centre.run(&insert(7, "2024-03-02 08:05:00"));
    wait(&server, "the late row", |_| outcomes(&centre.workspace()).values().sum::<u64>() == 9);
    let at = told(&server, "/v1/status")["sources"][0]["at"].as_str().unwrap().to_owned();
    assert!(at.contains("2024-03-02 08:10:02"), "{at}");
    server.stop();
    // Started again it goes on where it was: what it saw in the overlap does not come again.
    let server = centre.serve("page_rows = 2");
    centre.run(&insert(8, "2024-03-02 09:00:00"));
    wait(&server, "one row more", |_| outcomes(&centre.workspace()).values().sum::<u64>() == 10);
    server.stop();
    let found = outcomes(&centre.workspace());
    assert_eq!(found.get(&Outcome::Duplicate).copied().unwrap_or(0), 0, "{found:?}");
    assert_eq!((found[&Outcome::Retracted], found[&Outcome::Corrected]), (1, 1), "{found:?}");
    assert_eq!(standing(&centre.workspace()), standing_of_dump(&centre));
}

#[test]
fn every_committed_change_flows_in_once_and_nothing_that_was_rolled_back() {
    let Some(centre) = Centre::new("replication") else { return };
    centre.publish();
    centre.run(&(insert(1, "2024-03-02 08:00:00") + &insert(2, "2024-03-02 08:00:00")));
    let more = "slot = 'replication'\npublication = 'medring'";
    let server = centre.serve(more);
    wait(&server, "the copy", |status| status["sources"][0]["at"].is_string());
    let copied = told(&server, "/v1/status")["epoch"].as_u64().unwrap();
    centre.run(&format!("BEGIN; {} ROLLBACK", insert(3, "2024-03-02 08:00:00")));
    // A large value that does not change is not sent again; the row is whole all the same.
    centre.run("UPDATE setl_d SET memo = (SELECT string_agg(md5(n::text), '') FROM generate_series(1, 3000) n) WHERE setl_id = 'S1'");
    centre.run(&format!(
        "BEGIN; {} UPDATE setl_d SET fund_pay_sumamt = 10, updt_time = '2024-03-03' WHERE setl_id = 'S4'; COMMIT",
        insert(4, "2024-03-02")
    ));
    centre.run("UPDATE setl_d SET fund_pay_sumamt = 50, updt_time = '2024-03-03' WHERE setl_id = 'S1'");
    centre.run("DELETE FROM setl_d WHERE setl_id = 'S2'");
    centre.run("UPDATE setl_d SET psn_no = 'P9' WHERE setl_id = 'S4'");
    epoch(&server, copied + 1);
    wait(&server, "the deletion", |_| outcomes(&centre.workspace()).contains_key(&Outcome::Retracted));
    server.wait_ready();
    let caught_up = |_: &serde_json::Value| standing(&centre.workspace()) == standing_of_dump(&centre);
    wait(&server, "the same rows", caught_up);
    server.stop();
    let found = outcomes(&centre.workspace());
    assert_eq!(found.get(&Outcome::Quarantined).copied().unwrap_or(0), 0, "{found:?}");
    // S1, S2 copied; S1 corrected; S2 retracted; S4 once: read whole within few epochs, never S3.
    assert_eq!(standing(&centre.workspace()), Some(2), "S1 and S4");
    // The slot keeps nothing that is in.
    let behind = centre.runtime.block_on(centre.client.query_one(
        "SELECT pg_current_wal_lsn() - confirmed_flush_lsn < 10000000 FROM pg_replication_slots WHERE slot_name = 'replication'", &[]));
    assert!(behind.unwrap().get::<_, bool>(0));
}

#[test]
fn a_slot_that_was_lost_is_said_and_everything_is_read_again() {
    let Some(centre) = Centre::new("lost") else { return };
    centre.publish();
    centre.run(&insert(1, "2024-03-02 08:00:00"));
    let more = "slot = 'lost'\npublication = 'medring'";
    let server = centre.serve(more);
    wait(&server, "the copy", |_| outcomes(&centre.workspace()).get(&Outcome::Accepted) == Some(&1));
    wait(&server, "its end", |status| status["sources"][0]["at"].is_string());
    server.stop();
    centre.run("SELECT pg_drop_replication_slot('lost')");
    centre.run(&insert(2, "2024-03-02 08:00:00"));
    let server = centre.serve(more);
    wait(&server, "the row of the gap", |_| outcomes(&centre.workspace()).get(&Outcome::Accepted) == Some(&2));
    centre.run(&insert(3, "2024-03-02 08:00:00"));
    wait(&server, "the row after it", |_| outcomes(&centre.workspace()).get(&Outcome::Accepted) == Some(&3));
    let status = told(&server, "/v1/status");
    assert!(status["sources"][0]["lost"].as_str().unwrap().contains("was gone"), "{status}");
    server.stop();
}

#[test]
fn what_the_database_lacks_is_said_with_a_remedy() {
    let Some(centre) = Centre::new("lacking") else { return };
    let trouble = |more: &str| {
        let server = centre.serve(more);
        let status = wait(&server, "the trouble", |status| status["sources"][0]["trouble"].is_string());
        server.stop();
        status["sources"][0]["trouble"].as_str().unwrap().to_owned()
    };
    let slot = "slot = 'lacking'\npublication = 'medring'";
    assert!(trouble(slot).contains("CREATE PUBLICATION"));
    centre.run("CREATE PUBLICATION medring");
    assert!(trouble(slot).contains("ALTER PUBLICATION"));
    centre.run("ALTER PUBLICATION medring ADD TABLE setl_d");
    assert!(trouble(slot).contains("REPLICA IDENTITY FULL"));
    assert!(trouble("[tables.setl_d]\nrelation = 'nowhere'").contains("nowhere"));
    assert!(trouble("[tables.setl_d]\nwatermark = ['memo']").contains("watermark"));
    centre.run("DROP TABLE setl_d CASCADE");
    assert!(trouble("").contains("GRANT SELECT"));
}

/// How often a server that reads changes is killed.
const KILLS: u32 = 60;

#[test]
fn a_server_killed_sixty_times_takes_every_committed_change_once() {
    let Some(centre) = Centre::new("killed") else { return };
    centre.publish();
    Workspace::create(&centre.workspace()).unwrap();
    let more = "slot = 'killed'\npublication = 'medring'\nname = 'killed'";
    centre.options(more);
    let file = centre.folder.path().join("pg.toml");
    let points =
        ["postgres-read", "database-commit", "committed", "acknowledging", "postgres-taken", "postgres-advanced"];
    let dice = &mut crate::store::dice::Dice(20_261_128);
    for round in 0..KILLS {
        centre.run(&insert(2 * round, "2024-03-02 08:00:00"));
        centre.run(&format!("BEGIN; {} ROLLBACK", insert(1_000 + round, "2024-03-02 08:00:00")));
        centre.run(&insert(2 * round + 1, "2024-03-02 08:00:00"));
        if round > 2 {
            // A correction, and a row that goes: of rounds that a killed server may or may not have taken already.
            let (changed, gone) = (2 * (round - 1), 2 * (round - 2) + 1);
            centre.run(&format!(
                "UPDATE setl_d SET fund_pay_sumamt = {round}, updt_time = '2024-04-01' WHERE setl_id = 'S{changed}'"
            ));
            centre.run(&format!("DELETE FROM setl_d WHERE setl_id = 'S{gone}'"));
        }
        // Every third time at a moment drawn by chance.
        let at = usize::try_from(round).unwrap();
        let point = (at % 3 != 2).then(|| points[at % points.len()]);
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_medring"));
        child.args(["serve", "--listen", "127.0.0.1:0", "--workers", "1", "--postgres"]);
        child.arg(&file).arg(centre.workspace()).stderr(std::process::Stdio::null());
        if let Some(point) = point {
            child.env("MEDRING_FAIL_POINT", format!("{point}:1"));
        }
        let mut child = child.spawn().unwrap();
        let (started, moment) = (Instant::now(), Duration::from_millis(dice.below(400) as u64));
        while child.try_wait().unwrap().is_none() {
            if point.is_none() && started.elapsed() >= moment {
                child.kill().unwrap();
            }
            assert!(started.elapsed() < Duration::from_secs(60), "{point:?} was not reached");
            std::thread::yield_now();
        }
        assert_eq!(child.wait().unwrap().code(), None, "{point:?}");
        assert_eq!(Workspace::open_reader(&centre.workspace()).unwrap().verify().unwrap(), [], "{point:?}");
    }
    // Nothing changes any more: asked for once, so that waiting leaves the machine to the server.
    let whole = standing_of_dump(&centre);
    let server = Server::start(session(&centre.workspace()), centre.options(more)).unwrap();
    wait(&server, "the rest", |_| standing(&centre.workspace()) == whole);
    server.stop();
    let found = outcomes(&centre.workspace());
    let count = |outcome| found.get(&outcome).copied().unwrap_or(0);
    // A copy of all rows that is cut short is made again: what it had taken in comes as duplicates.
    assert!(count(Outcome::Duplicate) < u64::from(KILLS) && count(Outcome::Quarantined) == 0, "{found:?}");
    // Both rows of each round, less those that went.
    assert_eq!(standing(&centre.workspace()), Some(u64::from(2 * KILLS - (KILLS - 3))), "{found:?}");
}

#[test]
fn rows_come_encrypted_from_whom_the_authority_vouches_for_and_from_nobody_else() {
    let Some(centre) = Centre::new("encrypted") else { return };
    let authority = std::env::var("MEDRING_TEST_POSTGRES_CA").expect("tests/postgres.sh names it");
    centre.run(&insert(1, "2024-03-02 08:00:00"));
    let encrypted = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
                     WHERE application_name = 'medring' AND datname = 'encrypted' AND ssl";
    let count = || {
        let row = centre.runtime.block_on(centre.client.query_one(encrypted, &[])).unwrap();
        row.get::<_, i64>(0)
    };
    let server = centre.serve(&format!("ca = '{authority}/ca.pem'"));
    wait(&server, "the row", |_| outcomes(&centre.workspace()).get(&Outcome::Accepted) == Some(&1));
    assert_eq!(count(), 1, "the connection is not encrypted");
    server.stop();
    // Another authority: nothing is read, and the status says why.
    centre.run(&insert(2, "2024-03-02 08:10:00"));
    let server = centre.serve(&format!("ca = '{authority}/other.pem'"));
    let status = wait(&server, "the trouble", |status| status["sources"][0]["trouble"].is_string());
    server.stop();
    let why = status["sources"][0]["trouble"].as_str().unwrap();
    assert!(why.contains("certificate"), "{why}");
    assert_eq!(outcomes(&centre.workspace()).get(&Outcome::Accepted), Some(&1), "a row came from a stranger");
    // A name that the certificate does not bear.
    let file = centre.folder.path().join("pg.toml");
    let elsewhere = centre.url.replace("127.0.0.1", "localhost");
    std::fs::write(&file, format!("url = '{elsewhere}'\nevery_seconds = 1\nca = '{authority}/ca.pem'")).unwrap();
    let postgres = vec![PostgresOptions::of(file.to_str().unwrap()).unwrap()];
    let options = ServeOptions { postgres, ..ServeOptions::default() };
    let server = Server::start(session(&centre.workspace()), options).unwrap();
    let status = wait(&server, "the trouble", |status| status["sources"][0]["trouble"].is_string());
    server.stop();
    let why = status["sources"][0]["trouble"].as_str().unwrap();
    assert!(why.contains("localhost") || why.contains("valid for name"), "{why}");
}
