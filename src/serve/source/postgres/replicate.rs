//! What was committed in the database since we last looked? Read from a logical replication slot, whole transactions only.
//!
//! ```text
//! peek (the slot stays) ─► changes of whole transactions ─► one commit: rows and place in the log ─► the slot moves on
//! ```
//! A kill between the commit and the slot's move makes the same transactions come again; they end before the committed place
//! and are passed over. A new slot, or one that was made anew, begins with a copy of all tables; what the copy and the first
//! changes both hold are duplicates. The copy, or one that a kill cut short before it, may hold any state that a row had since
//! the slot began: changes of that time are not summed up across transactions, because a row that came and went may be in.

use super::changes::Changes;
use super::client::{Database, Read, Texts, literal, quote};
use super::pgoutput::{Decoder, Message};
use crate::model::Table;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Changes looked at in one go; transactions are never cut.
const CHANGES_MAX: u32 = 20_000;
/// The slot moves on without rows when the log has grown by this much.
const IDLE_BYTES: u64 = 16 << 20;

/// Where it has got to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    /// Everything before this place of the log is in.
    pub(super) lsn: u64,
    /// Whether the copy of all tables is in.
    pub(super) copied: bool,
    /// The copy may hold what was committed before this place.
    #[serde(default)]
    pub(super) until: u64,
}

/// What the slot is good for.
pub(super) enum Slot {
    /// It goes on where we are.
    Good,
    /// It is new: copy first. With a text: changes were lost, and what the user should know.
    New(u64, Option<String>),
}

/// A slot and its publication.
pub(super) struct Stream<'a> {
    pub(super) slot: &'a str,
    pub(super) publication: &'a str,
}

/// What was read.
pub(super) struct Peeked {
    /// Rows by table.
    pub(super) tables: Vec<(Read, Vec<(Texts, bool)>)>,
    /// Everything before this place is in them.
    pub(super) lsn: u64,
}

impl Stream<'_> {
    /// Whether the database can replicate these tables: log level, publication, and rows told whole.
    pub(super) fn check(&self, database: &Database, tables: &[Read]) -> Result<(), String> {
        if database.one("SHOW wal_level")?.as_deref() != Some("logical") {
            return Err(
                "wal_level is not logical. Remedy: ALTER SYSTEM SET wal_level = logical, and restart PostgreSQL / wal_level 不是 logical; 请执行 ALTER SYSTEM SET wal_level = logical 并重启 PostgreSQL"
                    .to_owned(),
            );
        }
        let name = self.publication;
        let list = tables.iter().map(|read| read.relation.as_str()).collect::<Vec<_>>().join(", ");
        if database.one(&format!("SELECT 1 FROM pg_publication WHERE pubname = {}", literal(name)))?.is_none() {
            return Err(format!(
                "there is no publication {name}. Remedy: CREATE PUBLICATION {0} FOR TABLE {list} / 没有发布 {name}; 请执行 CREATE PUBLICATION {0} FOR TABLE {list}",
                quote(name)
            ));
        }
        for read in tables {
            let published = database.one(&format!(
                "SELECT 1 FROM pg_publication_tables WHERE pubname = {} AND schemaname = {} AND tablename = {}",
                literal(name),
                literal(&read.schema),
                literal(&read.name)
            ))?;
            if published.is_none() {
                let remedy = format!("ALTER PUBLICATION {} ADD TABLE {}", quote(name), read.relation);
                return Err(format!(
                    "{} is not in the publication {name}. Remedy: {remedy} / 该表不在发布 {name} 中; 请执行 {remedy}",
                    read.relation
                ));
            }
            let told = format!("SELECT relreplident FROM pg_class WHERE oid = {}::regclass", literal(&read.relation));
            if database.one(&told)?.as_deref() != Some("f") {
                let remedy = format!("ALTER TABLE {} REPLICA IDENTITY FULL", read.relation);
                return Err(format!(
                    "{} does not tell what deleted rows were. Remedy: {remedy} / 未给出被删除的行的原值; 请执行 {remedy}",
                    read.relation
                ));
            }
        }
        Ok(())
    }

    /// Makes the slot if it is not there, and says whether it goes on where we are.
    pub(super) fn open(&self, database: &Database, state: Option<&State>) -> Result<Slot, String> {
        let slot = literal(self.slot);
        let about = database.ask(&format!(
            "SELECT plugin, wal_status, (confirmed_flush_lsn - '0/0')::text, database = current_database() \
             FROM pg_replication_slots WHERE slot_name = {slot}"
        ))?;
        let known = about.into_iter().next();
        let lost = match &known {
            Some(cells) => {
                let cell = |at: usize| cells.get(at).and_then(Option::as_deref).unwrap_or_default();
                if cell(0) != "pgoutput" || cell(3) != "t" {
                    return Err(format!(
                        "the slot {} belongs to another program or database. Remedy: name another slot / 该复制槽属于其他程序或数据库, 请换用另一个复制槽",
                        self.slot
                    ));
                }
                let confirmed: u64 = cell(2).parse().unwrap_or(0);
                if cell(1) == "lost" {
                    database.ask(&format!("SELECT pg_drop_replication_slot({slot})"))?;
                    Some("PostgreSQL had dropped log that the slot still needed".to_owned())
                } else {
                    match state {
                        Some(state) if state.copied && confirmed <= state.lsn => return Ok(Slot::Good),
                        Some(state) if state.copied => Some(format!(
                            "the slot was made anew or moved on by somebody else: it begins at {}, we had got to {}",
                            said(confirmed),
                            said(state.lsn)
                        )),
                        _ => return Ok(Slot::New(confirmed, None)),
                    }
                }
            }
            None => state
                .filter(|state| state.copied)
                .map(|state| format!("the slot {} was gone; we had got to {}", self.slot, said(state.lsn))),
        };
        let place = if known.is_some() && lost.as_ref().is_none_or(|why| !why.starts_with("PostgreSQL")) {
            database.one(&format!(
                "SELECT (confirmed_flush_lsn - '0/0')::text FROM pg_replication_slots WHERE slot_name = {slot}"
            ))?
        } else {
            database.one(&format!(
                "SELECT (lsn - '0/0')::text FROM pg_create_logical_replication_slot({slot}, 'pgoutput')"
            ))?
        };
        let place =
            place.and_then(|text| text.parse().ok()).ok_or("the slot has no place in the log / 复制槽没有日志位置")?;
        Ok(Slot::New(place, lost))
    }

    /// What was committed since, up to a bound; nothing moves.
    pub(super) fn peek(&self, database: &Database, tables: &[Read], state: &State) -> Result<Peeked, String> {
        // Whatever ends before this place is in what is read next.
        let now = number(database.one("SELECT (pg_current_wal_lsn() - '0/0')::text")?)?;
        let messages = database.ask(&format!(
            "SELECT encode(data, 'hex') FROM pg_logical_slot_peek_binary_changes({}, NULL, {CHANGES_MAX}, \
             'proto_version', '1', 'publication_names', {})",
            literal(self.slot),
            literal(&quote(self.publication))
        ))?;
        let mut decoder = Decoder::default();
        let mut all: BTreeMap<Table, (Read, Vec<String>, Changes)> = BTreeMap::new();
        let mut transaction = Vec::new();
        let mut lsn = state.lsn;
        let full = messages.len() >= usize::try_from(CHANGES_MAX).unwrap_or(usize::MAX);
        for row in messages {
            let text = row.into_iter().next().flatten().unwrap_or_default();
            match decoder.read(&bytes(&text)?)? {
                Message::Begin => transaction.clear(),
                // What ends before our place came again because the slot had not moved on.
                Message::Commit(end) if end <= state.lsn => transaction.clear(),
                Message::Commit(end) => {
                    if end <= state.until && transaction.iter().any(|change| goes_on(change, &decoder, tables, &all)) {
                        break;
                    }
                    for change in transaction.drain(..) {
                        take(change, &decoder, tables, &mut all)?;
                    }
                    lsn = end;
                }
                Message::Other => {}
                change => transaction.push(change),
            }
        }
        if !full && all.is_empty() && now > lsn.saturating_add(IDLE_BYTES) {
            lsn = now;
        }
        let mut found = Vec::new();
        for (mut read, columns, changes) in all.into_values() {
            let identity = identity(&read, &columns);
            read.columns = columns.into_iter().map(|name| (name, String::new())).collect();
            let rows = changes.rows(&identity);
            if !rows.is_empty() {
                found.push((read, rows));
            }
        }
        Ok(Peeked { tables: found, lsn })
    }

    /// The slot need not keep what lies before this place any more.
    pub(super) fn advance(&self, database: &Database, lsn: u64) -> Result<(), String> {
        let slot = literal(self.slot);
        let place = literal(&said(lsn));
        database
            .ask(&format!(
                "SELECT pg_replication_slot_advance({slot}, {place}) FROM pg_replication_slots \
                 WHERE slot_name = {slot} AND confirmed_flush_lsn < {place}"
            ))
            .map(drop)
    }
}

/// Whether a change is about a row that was changed already.
fn goes_on(
    change: &Message,
    decoder: &Decoder,
    tables: &[Read],
    all: &BTreeMap<Table, (Read, Vec<String>, Changes)>,
) -> bool {
    let (Message::Update(id, _, old) | Message::Delete(id, old)) = change else { return false };
    let relation = decoder.relation(*id);
    let read = relation
        .and_then(|relation| tables.iter().find(|read| read.schema == relation.schema && read.name == relation.name));
    read.and_then(|read| all.get(&read.table)).is_some_and(|(_, _, changes)| changes.stands(old))
}

/// Adds one change to those of its table; tables that are not ours are passed over.
fn take(
    change: Message,
    decoder: &Decoder,
    tables: &[Read],
    all: &mut BTreeMap<Table, (Read, Vec<String>, Changes)>,
) -> Result<(), String> {
    let ours = |id: u32| {
        let relation = decoder.relation(id)?;
        let read = tables.iter().find(|read| read.schema == relation.schema && read.name == relation.name)?;
        Some((read.clone(), relation.columns.clone()))
    };
    let ids = match &change {
        Message::Insert(id, _) | Message::Update(id, ..) | Message::Delete(id, _) => vec![*id],
        Message::Truncate(ids) => ids.clone(),
        _ => Vec::new(),
    };
    if let Some((read, columns)) = ids.into_iter().find_map(ours) {
        if matches!(change, Message::Truncate(_)) {
            return Err(format!(
                "{} was emptied by TRUNCATE, which does not tell which rows went. Remedy: take them back by deleting rows instead, or begin a new workspace / 该表被 TRUNCATE 清空, 无法得知删除了哪些行; 请改用删除行的方式撤回, 或新建工作区",
                read.relation
            ));
        }
        let entry = all.entry(read.table).or_insert_with(|| (read.clone(), columns.clone(), Changes::default()));
        if entry.1 != columns {
            return Err(format!(
                "the columns of {} changed between two changes. Remedy: start again / 该表的列在两次变更之间发生改变, 请重新启动",
                read.relation
            ));
        }
        match change {
            Message::Insert(_, row) => entry.2.insert(row),
            Message::Update(_, new, old) => entry.2.update(old, new),
            Message::Delete(_, old) => entry.2.delete(old),
            _ => {}
        }
    }
    Ok(())
}

/// The columns that make a row the same row: its key and its person.
fn identity(read: &Read, columns: &[String]) -> Vec<usize> {
    let names = read.key.iter().map(String::as_str).chain(["psn_no", "refd_setl_flag"]);
    names.filter_map(|name| columns.iter().position(|column| column == name)).collect()
}

/// A place of the log behind everything that can be seen now.
pub(super) fn place(database: &Database) -> Result<u64, String> {
    number(database.one("SELECT (pg_current_wal_insert_lsn() - '0/0')::text")?)
}

/// A place of the log as PostgreSQL writes it.
pub(super) fn said(lsn: u64) -> String {
    format!("{:X}/{:X}", lsn >> 32, lsn & 0xffff_ffff)
}

fn number(text: Option<String>) -> Result<u64, String> {
    text.and_then(|text| text.parse().ok())
        .ok_or_else(|| "the database tells no place of its log / 数据库未给出日志位置".to_owned())
}

fn bytes(hex: &str) -> Result<Vec<u8>, String> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pair = |pair: &[u8]| match pair {
        [high, low] => Some(digit(*high)? << 4 | digit(*low)?),
        _ => None,
    };
    hex.as_bytes()
        .chunks(2)
        .map(pair)
        .collect::<Option<Vec<u8>>>()
        .ok_or_else(|| "a change is not hexadecimal".to_owned())
}
