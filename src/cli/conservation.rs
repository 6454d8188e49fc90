//! The conservation table: how is it told what became of every row?

use super::check::Language;
use super::outcomes::outcomes;
use super::output::Listing;
use crate::ingest::{FileEnd, FirstReject, TableTally, Tally};
use crate::model::{Outcome, Reason, Sentence, Table};
use crate::typology::counted;
use std::collections::BTreeMap;

/// What became of the rows of one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TableOutcome {
    /// Rows read.
    pub(super) read: u64,
    /// Rows by outcome; their sum is `read`.
    pub(super) outcomes: BTreeMap<Outcome, u64>,
    /// Rows set aside, by reason.
    pub(super) quarantined: BTreeMap<Reason, u64>,
    /// Warnings, by reason.
    pub(super) warnings: BTreeMap<Reason, u64>,
    /// Whether the table is only counted.
    pub(super) counted_only: bool,
    /// Remarks below the table: unknown columns, rows announced.
    pub(super) remarks: Vec<String>,
}

/// What became of every row, as the reader and the ledgers decided.
pub(super) fn of_tallies(
    read: &Tally,
    decided: &crate::flow::Tally,
    language: Language,
) -> BTreeMap<&'static str, TableOutcome> {
    let mut tables = of_tally(read, language);
    for (table, (outcomes, reasons)) in outcomes(read, decided) {
        if let Some(shown) = tables.get_mut(table.name()) {
            (shown.outcomes, shown.quarantined) = (outcomes, reasons);
        }
    }
    if let Some(shown) = tables.get_mut(Table::SetlD.name()).filter(|_| decided.orphan_fen != 0) {
        let yuan = crate::report::yuan(decided.orphan_fen);
        shown.remarks.push(format!(
            "{} {yuan}",
            say(
                language,
                "未能冲减的冲销金额(无原单或超额):",
                "reversals without an original or beyond it, not netted:"
            )
        ));
    }
    tables
}

/// The outcomes as far as reading alone knows them: accepted or set aside.
fn of_tally(tally: &Tally, language: Language) -> BTreeMap<&'static str, TableOutcome> {
    let mut tables = BTreeMap::new();
    for (table, counts) in &tally.tables {
        let said = remarks(counts).into_iter();
        let remarks = said.map(|said| say(language, &said.zh, &said.en).to_owned()).collect();
        let outcomes = [(Outcome::Accepted, counts.passed), (Outcome::Quarantined, counts.quarantined_rows())]
            .into_iter()
            .collect();
        tables.insert(
            table.name(),
            TableOutcome {
                read: counts.read,
                outcomes,
                quarantined: counts.quarantined.clone(),
                warnings: counts.warnings.clone(),
                counted_only: counts.counted_only,
                remarks,
            },
        );
    }
    tables
}

/// What else is to be known of a table's files.
pub(super) fn remarks(counts: &TableTally) -> Vec<Sentence> {
    let mut remarks = Vec::new();
    if !counts.unknown_columns.is_empty() {
        let names: Vec<&str> = counts.unknown_columns.iter().map(String::as_str).collect();
        let names = names.join(", ");
        remarks.push(Sentence { zh: format!("未使用的列: {names}"), en: format!("columns not used: {names}") });
    }
    if !counts.repeated_columns.is_empty() {
        let names: Vec<&str> = counts.repeated_columns.iter().map(String::as_str).collect();
        let names = names.join(", ");
        remarks.push(Sentence {
            zh: format!("表头中重复的列: {names}; 取最左边有值的一列, 请核对导出"),
            en: format!("columns that stand more than once in the header: {names}; the leftmost with a value is taken: check the export"),
        });
    }
    remarks.extend(counts.firsts.iter().map(first_reject));
    let without = |column: &str| counts.missing_columns.contains(column) || counts.blank_columns.contains(column);
    if counts.firsts.contains_key(&Reason::E08) && without("init_setl_id") {
        remarks.push(Sentence {
            zh: "E08: 导出中没有 init_setl_id, 冲销只能按结算编号或报文号(medins_setl_id)找到原单; 请补充该列".to_owned(),
            en: "E08: the export has no init_setl_id, and reversals find their originals only by setl_id or medins_setl_id: export that column".to_owned(),
        });
    }
    for (tear, rows) in &counts.torn {
        let (zh, en) = tear.sentence();
        remarks.push(Sentence { zh: format!("E17 {zh}: {rows}"), en: format!("E17 {en}: {rows}") });
    }
    remarks.extend(counts.illegible.iter().map(illegible));
    remarks.extend(counts.ends.iter().map(file_end));
    if let Some(announced) = counts.announced {
        remarks.push(Sentence {
            zh: format!("dataset.toml 声明的行数: {announced}"),
            en: format!("rows announced in dataset.toml: {announced}"),
        });
    }
    remarks
}

/// Where the first row is that was set aside for a reason, and how to get all of them.
fn first_reject((reason, first): (&Reason, &FirstReject)) -> Sentence {
    let FirstReject { file, row, column } = first;
    let (zh, en) = match column.as_str() {
        "" => Default::default(),
        column => (format!(", 列 {column}"), format!(", column {column}")),
    };
    let code = reason.code();
    Sentence {
        zh: format!("{code}: 首见于 {file} 第 {row} 行{zh}; 用 --reject-dir DIR 可导出全部隔离行"),
        en: format!("{code}: first in {file}, row {row}{en}; --reject-dir DIR writes every row set aside"),
    }
}

/// Which files end in the middle of a row: whatever is said of them is said of a part.
pub(super) fn cut_off(read: &Tally) -> impl Iterator<Item = Sentence> {
    read.cut_off().map(file_end)
}

/// Which files end without a line end: whole rows, but perhaps not the last value, nor what followed.
pub(super) fn open_ends(read: &Tally) -> impl Iterator<Item = Sentence> {
    read.tables.values().flat_map(|table| &table.ends).map(file_end)
}

/// Which rows of a file have bytes that are no letters, and what to do about it.
fn illegible((file, (first, rows)): (&String, &(u64, u64))) -> Sentence {
    Sentence {
        zh: format!(
            "E15 {file}: 从第 {first} 行起有 {rows} 行含有既非 UTF-8 也非 GB18030 的字节; 若不是密文列, 请将该文件转换为 UTF-8 后重新导入"
        ),
        en: format!(
            "E15 {file}: bytes that are neither UTF-8 nor GB18030 in {}, from row {first} on; unless the column is ciphertext, convert the file to UTF-8 and give it again",
            counted(usize::try_from(*rows).unwrap_or(usize::MAX), "row", "rows")
        ),
    }
}

/// What a missing line end at the end of a file may mean.
fn file_end(end: &FileEnd) -> Sentence {
    let (file, (fields, columns)) = (&end.file, end.fields);
    let (zh, en) = match end.whole {
        true => (
            format!("警告: {file} 末尾没有换行, 最后一行的列数完整, 但文件可能被截断; 请核对行数"),
            format!(
                "warning: {file} ends without a line end; its last row has all columns, but the file may be cut: compare the number of rows"
            ),
        ),
        false if fields >= columns => (
            format!("{file}: 最后一行被截断; 请重新导出该文件"),
            format!("{file}: the last row is cut off; export the file again"),
        ),
        false => (
            format!("{file}: 最后一行被截断, 共 {columns} 列只有 {fields} 列; 请重新导出该文件"),
            format!("{file}: the last row is cut off: {fields} of {columns} columns; export the file again"),
        ),
    };
    Sentence { zh, en }
}

/// The conservation table: per table the rows read and what became of them, then reasons, warnings and remarks. A column
/// in which every table has zero is left out.
pub(super) fn conservation_table(tables: &BTreeMap<&'static str, TableOutcome>, language: Language) -> String {
    let count = |table: &TableOutcome, outcome: Outcome| table.outcomes.get(&outcome).copied().unwrap_or(0);
    let always = |outcome: &Outcome| matches!(outcome, Outcome::Accepted | Outcome::Quarantined);
    let shown: Vec<Outcome> = Outcome::ALL
        .into_iter()
        .filter(|outcome| always(outcome) || tables.values().any(|table| count(table, *outcome) > 0))
        .collect();
    let words = shown.iter().map(|outcome| outcome.word());
    let mut listing =
        Listing { heads: ["table", "read"].into_iter().chain(words).chain([""]).collect(), ..Listing::default() };
    for (name, table) in tables {
        let mut row = vec![(*name).to_owned(), table.read.to_string()];
        row.extend(shown.iter().map(|outcome| count(table, *outcome).to_string()));
        let sum: u64 = table.outcomes.values().sum();
        row.push(match (sum == table.read, table.counted_only) {
            (false, _) => format!("{} {sum}", say(language, "不平衡:", "does not add up:")),
            (true, true) => say(language, "仅计数", "counted only").to_owned(),
            (true, false) => String::new(),
        });
        listing.rows.push(row);
    }
    let mut text = listing.table(language == Language::Zh);
    for (name, table) in tables {
        for (heading, counts) in [
            (say(language, "隔离", "set aside"), &table.quarantined),
            (say(language, "提示", "warning"), &table.warnings),
        ] {
            for (reason, rows) in counts {
                let (zh, en) = reason.sentence();
                text.push_str(&format!("  {name} {heading} {} {}: {rows}\n", reason.code(), say(language, zh, en)));
            }
        }
        for remark in &table.remarks {
            text.push_str(&format!("  {name} {remark}\n"));
        }
    }
    text
}

fn say<'a>(language: Language, zh: &'a str, en: &'a str) -> &'a str {
    language.choose(zh, en)
}
