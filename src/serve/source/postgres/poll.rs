//! Which rows are new or changed since we last looked? Those whose watermark (`updt_time`, else `crte_time`) lies behind it.
//!
//! A row may become visible later than its watermark says, because its transaction took long. So every look begins a stated
//! time before the last watermark and passes over what it saw there. Where it has got to, and what it saw, is committed with
//! the rows. Deleted rows are not seen this way: a site that deletes marks rows with `vali_flag` or uses replication.
//!
//! Cost: a look reads the rows of the overlap; their hashes are kept (at most [`SEEN_MAX`]; beyond it rows come again and are
//! counted as duplicates, which costs time and nothing else).

use super::client::{Database, Read, Texts, literal, quote};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use xxhash_rust::xxh3::Xxh3;

const SEEN_MAX: usize = 200_000;

/// Where all tables have got to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct State {
    tables: BTreeMap<String, Mark>,
}

/// Where one table has got to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    /// The last watermark seen.
    at: String,
    /// The overlap before it.
    low: String,
    /// Hashes of the rows seen in the overlap, with their watermarks.
    seen: BTreeSet<(String, u64)>,
}

/// One look at all tables, page by page.
pub(super) struct Look {
    /// The tables not yet read to their end, and the last place seen of each.
    open: Vec<(Read, Option<(String, String)>)>,
}

/// Rows of one table.
pub(super) type Page = (Read, Vec<Texts>);

impl Look {
    pub(super) fn new(tables: &[Read]) -> Result<Look, String> {
        for read in tables {
            check(read)?;
        }
        Ok(Look { open: tables.iter().map(|read| (read.clone(), None)).collect() })
    }

    pub(super) fn is_over(&self) -> bool {
        self.open.is_empty()
    }

    /// One page of every table, without what was seen before; moves the state on.
    pub(super) fn next(
        &mut self,
        database: &Database,
        state: &mut State,
        overlap_seconds: u32,
        page_rows: u32,
    ) -> Result<Vec<Page>, String> {
        let mut pages = Vec::new();
        for (read, after) in std::mem::take(&mut self.open) {
            let mark = state.tables.entry(read.table.name().to_owned()).or_default();
            let rows = database.ask(&question(&read, mark, after.as_ref(), overlap_seconds, page_rows))?;
            let full = rows.len() >= usize::try_from(page_rows).unwrap_or(usize::MAX);
            let mut last = None;
            let mut new = Vec::new();
            for row in rows {
                let mut cells = row.into_iter();
                let mut text = || cells.next().flatten().unwrap_or_default();
                let (at, low, key) = (text(), text(), text());
                let row: Texts = cells.collect();
                if mark.seen.insert((at.clone(), hash(&row))) {
                    new.push(row);
                }
                if at > mark.at {
                    (mark.at, mark.low) = (at.clone(), low);
                }
                last = Some((at, key));
            }
            let low = mark.low.clone();
            mark.seen.retain(|(at, _)| *at >= low);
            while mark.seen.len() > SEEN_MAX {
                mark.seen.pop_first();
            }
            if !new.is_empty() {
                pages.push((read.clone(), new));
            }
            if full {
                self.open.push((read, last));
            }
        }
        Ok(pages)
    }
}

impl State {
    /// Where it has got to, for people.
    pub(super) fn said(&self) -> String {
        let marks = self.tables.iter().filter(|(_, mark)| !mark.at.is_empty());
        marks.map(|(table, mark)| format!("{table} {}", mark.at)).collect::<Vec<_>>().join(", ")
    }
}

/// Whether the watermark is a time.
fn check(read: &Read) -> Result<(), String> {
    let kind = |name: &String| read.columns.iter().find(|(column, _)| column == name).map(|(_, kind)| kind.as_str());
    let times = ["timestamp without time zone", "timestamp with time zone", "date"];
    let kinds: BTreeSet<&str> = read.watermark.iter().filter_map(kind).collect();
    match kinds.first() {
        Some(one) if kinds.len() == 1 && times.contains(one) => Ok(()),
        _ => Err(format!(
            "{0} has no watermark: updt_time, exch_updt_time or crte_time, of one type that is a time (found: {kinds:?}). Remedy: name one with [tables.{1}] watermark = [\"…\"], or read by replication / {0} 没有水位列 (须为同一时间类型); 请用 [tables.{1}] watermark = [\"…\"] 指定, 或改用逻辑复制读取",
            read.name,
            read.table.name()
        )),
    }
}

/// Watermark, start of its overlap, key, and the row, in order.
fn question(read: &Read, mark: &Mark, after: Option<&(String, String)>, overlap: u32, rows: u32) -> String {
    let at = format!(
        "coalesce({})",
        read.watermark.iter().map(|name| format!("t.{}", quote(name))).collect::<Vec<_>>().join(", ")
    );
    let key = if read.key.is_empty() {
        "md5(t::text)".to_owned()
    } else {
        let cells = read.key.iter().map(|name| format!("coalesce(t.{}::text, '')", quote(name)));
        cells.collect::<Vec<_>>().join(" || chr(31) || ")
    };
    let key = format!("({key}) COLLATE \"C\"");
    let kind = read.columns.iter().find(|(column, _)| Some(column) == read.watermark.first());
    let kind = kind.map_or("timestamp", |(_, kind)| kind.as_str());
    let from = match after {
        Some((last, key_text)) => format!("({at}, {key}) > ({}::{kind}, {})", literal(last), literal(key_text)),
        None if mark.at.is_empty() => format!("{at} IS NOT NULL"),
        None => format!("{at} >= {}::{kind}", literal(&mark.low)),
    };
    format!(
        "SELECT ({at})::text, ({at} - interval '{overlap} seconds')::{kind}::text, {key}, t.* FROM {} t \
         WHERE {from} ORDER BY {at}, {key} LIMIT {rows}",
        read.relation
    )
}

fn hash(row: &Texts) -> u64 {
    let mut whole = Xxh3::new();
    for cell in row {
        whole.update(cell.as_deref().unwrap_or("\u{1}").as_bytes());
        whole.update(&[0x1f]);
    }
    whole.digest()
}
