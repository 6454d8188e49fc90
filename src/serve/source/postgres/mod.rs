//! How do the tables of a PostgreSQL database flow in by themselves? Rows behind a watermark (`poll.rs`), or every committed
//! change from a replication slot (`replicate.rs`).
//!
//! The source reads with SELECT only; with a slot it also makes and moves that slot. What it reads goes the way of any other
//! batch, so rows that cannot be read are set aside with a reason. Where it has got to is committed with the rows.

mod changes;
mod client;
mod pgoutput;
mod poll;
mod replicate;
mod rows;
mod settings;
mod tls;

pub use settings::PostgresOptions;

use super::super::shared::Shared;
use super::super::trouble::Trouble;
use super::super::writer::Batch;
use super::{PAUSE, SourceState, deliver};
use crate::store::crash_point;
use client::{Database, Read};
use replicate::{Peeked, Slot, Stream};
use rows::Folder;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use xxhash_rust::xxh3::xxh3_64;

/// Rows of a copy that are fetched at a time.
const FETCH_ROWS: u32 = 20_000;

/// Starts the thread; it ends with the server.
pub(in super::super) fn start(shared: &Arc<Shared>, options: PostgresOptions) -> io::Result<JoinHandle<()>> {
    let state = SourceState { kind: "postgres".to_owned(), name: options.said(), ..SourceState::default() };
    let number = shared.sources.add(state);
    let source = Source { shared: Arc::clone(shared), number, options };
    std::thread::Builder::new().name("postgres".to_owned()).spawn(move || {
        while !source.is_over() {
            // Ends with a reason, or with the server: then it connects again after a while.
            let ended = source.flow().err();
            if let Some(why) = ended {
                tracing::warn!(source = "postgres", "{why}");
                source.shared.sources.change(source.number, |state| state.trouble = Some(why));
            }
            source.rest();
        }
    })
}

struct Source {
    shared: Arc<Shared>,
    number: usize,
    options: PostgresOptions,
}

impl Source {
    fn is_over(&self) -> bool {
        self.shared.is_closing() || self.shared.lost().is_some()
    }

    fn rest(&self) {
        self.shared.rest(Duration::from_secs(self.options.every_seconds).max(PAUSE));
    }

    fn flow(&self) -> Result<(), String> {
        let database = Database::open(&self.options)?;
        let tables = database.tables(&self.options)?;
        match (&self.options.slot, &self.options.publication) {
            (Some(slot), Some(publication)) => self.replicate(&database, &tables, &Stream { slot, publication }),
            _ => self.poll(&database, &tables),
        }
    }

    fn poll(&self, database: &Database, tables: &[Read]) -> Result<(), String> {
        database.ask("SET default_transaction_read_only = on")?;
        let mut state: poll::State = self.state()?.unwrap_or_default();
        while !self.is_over() {
            let mut look = poll::Look::new(tables)?;
            while !look.is_over() && !self.is_over() {
                let mut next = state.clone();
                let (overlap, most) = (self.options.overlap_seconds, self.options.page_rows.max(1));
                let pages = look.next(database, &mut next, overlap, most)?;
                let rows =
                    pages.into_iter().map(|(read, rows)| (read, rows.into_iter().map(|row| (row, true)).collect()));
                let rows: Vec<_> = rows.collect();
                if !rows.is_empty() {
                    self.give(&rows, &next)?;
                }
                state = next;
                self.well(state.said());
            }
            self.rest();
        }
        Ok(())
    }

    fn replicate(&self, database: &Database, tables: &[Read], stream: &Stream<'_>) -> Result<(), String> {
        stream.check(database, tables)?;
        let mut state: Option<replicate::State> = self.state()?;
        if let Slot::New(lsn, lost) = stream.open(database, state.as_ref())? {
            if let Some(why) = lost {
                let text = format!(
                    "{why}. Changes in between were not received: all rows are read again now; rows deleted in between stay in the workspace until they are retracted / 其间的变更未收到: 现重新读取全部行; 其间删除的行留在工作区中, 直至被撤回"
                );
                tracing::error!(source = "postgres", "{text}");
                self.shared.sources.change(self.number, |state| state.lost = Some(text));
            }
            state = Some(self.copy(database, tables, lsn)?);
        }
        let mut state = state.unwrap_or_default();
        stream.advance(database, state.lsn)?;
        while !self.is_over() {
            let Peeked { tables: found, lsn } = stream.peek(database, tables, &state)?;
            if lsn > state.lsn {
                let next = replicate::State { lsn, ..state };
                self.give(&found, &next)?;
                crash_point("postgres-taken");
                stream.advance(database, lsn)?;
                crash_point("postgres-advanced");
                state = next;
                self.well(replicate::said(lsn));
                continue;
            }
            self.well(replicate::said(state.lsn));
            self.rest();
        }
        Ok(())
    }

    /// All rows of all tables, as of one moment after the slot's beginning.
    fn copy(&self, database: &Database, tables: &[Read], lsn: u64) -> Result<replicate::State, String> {
        database.ask("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        let until = replicate::place(database)?;
        let mut part = 0_u32;
        for read in tables {
            database.ask(&format!("DECLARE medring_copy CURSOR FOR SELECT * FROM {}", read.relation))?;
            loop {
                let rows = database.ask(&format!("FETCH {FETCH_ROWS} FROM medring_copy"))?;
                if rows.is_empty() {
                    break;
                }
                part += 1;
                let rows = vec![(read.clone(), rows.into_iter().map(|row| (row, true)).collect())];
                // Not done yet: a kill makes the copy begin again, and what is in already is a duplicate.
                self.give(&rows, &(lsn, part, replicate::State { lsn, copied: false, until }))?;
            }
            database.ask("CLOSE medring_copy")?;
        }
        database.ask("COMMIT")?;
        let state = replicate::State { lsn, copied: true, until };
        self.give(&[], &state)?;
        Ok(state)
    }

    /// Where the source had got to.
    fn state<S: DeserializeOwned>(&self) -> Result<Option<S>, String> {
        let key = self.options.setting();
        let kept = self.shared.read(|workspace| Ok(workspace.setting(&key)?)).map_err(|trouble| trouble.text())?;
        let Some(text) = kept else { return Ok(None) };
        match serde_json::from_str(&text) {
            Ok(state) => Ok(Some(state)),
            // The copy was under way, or the way of reading was changed: it begins anew, and rows known are duplicates.
            Err(_) => Ok(None),
        }
    }

    /// Hands rows to the writer together with where the source has got to.
    fn give<S: Serialize>(&self, rows: &[(Read, Vec<(client::Texts, bool)>)], state: &S) -> Result<(), String> {
        let mut folder = Folder::create(&self.shared, self.options.dataset.as_deref())?;
        for (read, rows) in rows {
            let columns: Vec<String> = read.columns.iter().map(|(name, _)| name.clone()).collect();
            folder.write(read.table, &columns, rows)?;
        }
        let state = serde_json::to_string(state).map_err(|error| error.to_string())?;
        let batch_id = format!("{}:{:016x}{:016x}", self.options.setting(), xxh3_64(state.as_bytes()), folder.hash());
        let settings = vec![(self.options.setting(), state)];
        let batch = Batch { files: folder.files().to_vec(), batch_id: Some(batch_id), settings };
        crash_point("postgres-read");
        match deliver(&self.shared, &batch) {
            None => Err("the server is ending".to_owned()),
            Some(Ok(receipt)) => {
                let (epoch, already) = (receipt.epoch(), receipt.already());
                tracing::info!(source = "postgres", epoch, already, "taken");
                self.shared.sources.change(self.number, |state| state.taken += 1);
                Ok(())
            }
            Some(Err(trouble)) => {
                self.shared.sources.change(self.number, |state| state.refused += 1);
                let held = matches!(trouble, Trouble::Rejected(_) | Trouble::Batch(_));
                let remedy = if held {
                    " The source waits here: correct the rows there, or raise --max-reject. / 数据源在此等待; 请在数据库中更正这些行, 或提高 --max-reject"
                } else {
                    ""
                };
                Err(format!("{}{remedy}", folder.without(trouble.text().trim())))
            }
        }
    }

    fn well(&self, at: String) {
        self.shared.sources.change(self.number, |state| {
            state.trouble = None;
            state.at = Some(at);
        });
    }
}
