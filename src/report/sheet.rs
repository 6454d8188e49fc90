//! How does a table leave for a spreadsheet? As CSV with a mark for Chinese, or as XLSX; no cell of either runs.
//!
//! In CSV a text that a spreadsheet would take for a formula gets an apostrophe in front: an identifier in a source table may have
//! been written by the people who are looked into. In XLSX every text is stored as text. Equal tables give equal bytes.

use super::ReportError;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

/// Letters of a cell at most: what the format allows.
const LETTERS_MAX: usize = 32_767;

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A whole number.
    Count(i64),
    /// Money, fen; shown as yuan.
    Fen(i64),
    /// A number with decimals.
    Real(f64),
    /// Nothing.
    Empty,
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        text.to_owned().into()
    }
}

impl From<usize> for Cell {
    fn from(count: usize) -> Cell {
        Cell::Count(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

impl From<u64> for Cell {
    fn from(count: u64) -> Cell {
        Cell::Count(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

/// A table with a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// At most 31 letters.
    pub name: String,
    /// Names of the columns.
    pub heads: Vec<String>,
    /// Rows of as many cells.
    pub rows: Vec<Vec<Cell>>,
}

impl Sheet {
    /// A table without rows.
    #[must_use]
    pub fn new(name: &str, heads: &[&str]) -> Sheet {
        Sheet { name: name.to_owned(), heads: heads.iter().map(|head| (*head).to_owned()).collect(), rows: Vec::new() }
    }

    /// The table as CSV.
    ///
    /// # Errors
    /// A row has another number of cells than the head: a mistake of this program.
    pub fn csv(&self) -> Result<Vec<u8>, ReportError> {
        let mut writer = csv::Writer::from_writer(Vec::from("\u{feff}"));
        writer.write_record(&self.heads)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(text))?;
        }
        writer.into_inner().map_err(|error| ReportError::Csv(error.into_error().into()))
    }
}

fn text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => guarded(text),
        Cell::Count(count) => count.to_string(),
        Cell::Fen(fen) => yuan(*fen),
        Cell::Real(real) => format!("{real:.2}"),
        Cell::Empty => String::new(),
    }
}

/// A text that a spreadsheet shows and does not run.
fn guarded(text: &str) -> String {
    let runs = |letter: char| matches!(letter, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠');
    if text.trim_start_matches(' ').starts_with(runs) { format!("'{text}") } else { text.to_owned() }
}

fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.unsigned_abs() / 100, fen.unsigned_abs() % 100)
}

/// Tables as one XLSX file.
///
/// # Errors
/// A table has more than 1,048,575 rows, or a name that the format does not allow.
pub fn workbook(sheets: &[Sheet]) -> Result<Vec<u8>, ReportError> {
    Ok(written(sheets)?)
}

fn written(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let (head, money, real) =
        (Format::new().set_bold(), Format::new().set_num_format("#,##0.00"), Format::new().set_num_format("0.00"));
    let mut book = Workbook::new();
    // A file that says when it was written would be another one each time.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    book.set_properties(&DocProperties::new().set_creation_datetime(&made).set_author("medring"));
    for sheet in sheets {
        let page = book.add_worksheet();
        page.set_name(&sheet.name)?;
        page.set_freeze_panes(1, 0)?;
        for (column, name) in (0..).zip(&sheet.heads) {
            page.write_string_with_format(0, column, name, &head)?;
            let widths = sheet.rows.iter().take(200).filter_map(|row| row.get(usize::from(column)));
            let widest = widths.map(|cell| columns(&text(cell))).chain([columns(name)]).max().unwrap_or(8);
            page.set_column_width(column, f64::from(widest.clamp(8, 60)) + 1.0)?;
        }
        for (at, row) in (1..).zip(&sheet.rows) {
            for (column, cell) in (0..).zip(row) {
                #[expect(clippy::cast_precision_loss, reason = "money of a table is far below 2^53 fen")]
                match cell {
                    Cell::Text(text) => {
                        let text: String = text.chars().take(LETTERS_MAX).collect();
                        page.write_string(at, column, text)?
                    }
                    Cell::Count(count) => page.write_number(at, column, *count as f64)?,
                    Cell::Fen(fen) => page.write_number_with_format(at, column, *fen as f64 / 100.0, &money)?,
                    Cell::Real(number) => page.write_number_with_format(at, column, *number, &real)?,
                    Cell::Empty => continue,
                };
            }
        }
    }
    book.save_to_buffer()
}

/// Columns that a text takes: Chinese takes two a letter.
fn columns(text: &str) -> u16 {
    let wide: usize = text.chars().map(|letter| if letter.is_ascii() { 1 } else { 2 }).sum();
    u16::try_from(wide).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_runs() {
        for bad in ["=1+1", "+86", "-1", "@x", "\t=1", "  =1", "＝1"] {
            assert!(guarded(bad).starts_with('\''), "{bad:?}");
        }
        assert_eq!((guarded("340***").as_str(), yuan(-105).as_str()), ("340***", "-1.05"));
        let rows = vec![vec![Cell::Fen(-105), "=1".into()]];
        let sheet = Sheet { rows, ..Sheet::new("一", &["a", "b"]) };
        let csv = String::from_utf8(sheet.csv().expect("a table")).expect("text");
        assert_eq!(csv, "\u{feff}a,b\n-1.05,'=1\n");
    }

    #[test]
    fn equal_tables_give_equal_files() {
        let rows = vec![vec![Cell::Count(1), "一".into()], vec![Cell::Real(0.5), Cell::Empty]];
        let sheet = Sheet { rows, ..Sheet::new("一", &["a", "b"]) };
        let file = workbook(std::slice::from_ref(&sheet)).expect("a file");
        assert_eq!(file, workbook(&[sheet]).expect("a file"));
        assert!(file.starts_with(b"PK"));
    }
}
