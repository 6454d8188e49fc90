//! What does a site say about its own export? `dataset.toml`: renamed columns, own codes, encoding, window.

use super::IngestError;
use super::med_type::{MedTypes, class_named};
use super::moment::{Moment, moment};
use super::place::Place;
use super::rule::FileRule;
use super::table;
use crate::model::{Day, Table};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::Arc;

/// Bytes of a manifest at most; what is longer is none.
const BYTES_MAX: u64 = 16 << 20;

/// `dataset.toml` as written. What only informs may be missing, unknown or of another form: it is listed as ignored. What
/// decides how values are read (columns, dictionary, encoding, time zone, account in fund, files) must be right.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Manifest {
    /// Keys that were not understood and have no effect.
    #[serde(skip)]
    pub ignored: Vec<String>,
    /// Id of the data set.
    pub dataset: Option<String>,
    /// Region codes that the export covers.
    pub scope: Vec<String>,
    /// First and last day that the export claims to cover; facts outside are counted as E13.
    pub window: Option<(String, String)>,
    /// Which edition of each code list the site uses.
    pub dictionary_versions: BTreeMap<String, String>,
    /// `utf-8` or `gb18030`, when detection would guess wrong.
    pub encoding: Option<String>,
    /// `Asia/Shanghai` (default), `UTC` or `+HH:MM`, for times that carry no zone.
    pub timezone: Option<String>,
    /// How refunds are written: `A`, `B` or `C` (SCHEMA §3).
    pub refund_form: Option<String>,
    /// Whether `fund_pay_sumamt` includes `acct_pay`.
    pub fund_includes_acct: Option<bool>,
    /// Id of the pseudonymisation key; never the key.
    pub pseudonym_key: Option<String>,
    /// Legal basis or approval number.
    pub legal_basis: Option<String>,
    /// Until when the data may be kept.
    pub retention: Option<String>,
    /// Whom to ask.
    pub contact: Option<String>,
    /// Whether the data are made up.
    pub synthetic: Option<bool>,
    /// Per table: the site's column name = the national one.
    pub columns: BTreeMap<String, BTreeMap<String, String>>,
    /// Per column: the site's code = the national one; for `med_type` also a class such as `INPT`.
    pub dictionary: BTreeMap<String, BTreeMap<String, String>>,
    /// Per table: how many rows the exporter counted.
    pub rows: BTreeMap<String, u64>,
    /// Files under other names than their tables'.
    pub files: Vec<FileRule>,
}

/// What reading needs to know from the manifest, ready to use.
#[derive(Clone, Debug, Default)]
pub(super) struct Settings {
    /// The code list of `med_type`.
    pub(super) med_types: MedTypes,
    /// Site column to national column, by table.
    pub(super) renames: BTreeMap<Table, BTreeMap<String, String>>,
    /// Site code to national code, by national column.
    pub(super) codes: BTreeMap<String, BTreeMap<String, String>>,
    /// Whether text is GB18030; `None`: find out.
    pub(super) gb18030: Option<bool>,
    /// Added to times without a zone.
    pub(super) shift: i64,
    /// The declared window.
    pub(super) window: Option<(Day, Day)>,
    /// Whether `fund_pay_sumamt` includes `acct_pay`.
    pub(super) fund_includes_account: bool,
    /// Which tables files of other names feed, and how they are read.
    pub(super) files: Vec<(FileRule, Table, Arc<Settings>)>,
    /// For a file under such a rule: national columns fed by the column of the file that has another national name.
    pub(super) copies: BTreeMap<String, String>,
    /// For a file under such a rule: national columns that hold one value in all rows.
    pub(super) constants: BTreeMap<String, String>,
}

impl Manifest {
    /// Reads and checks a manifest.
    pub(super) fn read(place: &Place) -> Result<(Manifest, Settings), IngestError> {
        let path = &place.path;
        let mut text = String::new();
        let mut bytes = place
            .open(Arc::default())
            .map_err(|error| match error {
                IngestError::Read { source, .. } => unreadable(place, source),
                other => other,
            })?
            .take(BYTES_MAX);
        bytes.read_to_string(&mut text).map_err(|source| unreadable(place, source))?;
        let wrong = |detail: String| IngestError::Manifest { path: path.into(), detail };
        let mut table: toml::Table =
            toml::from_str(&text).map_err(|error| wrong(error.to_string().trim().to_owned()))?;
        let ignored = set_aside(&mut table);
        let manifest: Manifest =
            table.try_into().map_err(|error: toml::de::Error| wrong(error.to_string().trim().to_owned()))?;
        let manifest = Manifest { ignored, ..manifest };
        let settings = manifest.settings().map_err(wrong)?;
        Ok((manifest, settings))
    }

    fn settings(&self) -> Result<Settings, String> {
        let mut settings = Settings {
            gb18030: self.encoding.as_deref().map(encoding).transpose()?,
            shift: self.timezone.as_deref().map_or(Ok(0), shift)?,
            window: self.window.as_ref().map(window).transpose()?,
            fund_includes_account: self.fund_includes_acct.unwrap_or(false),
            ..Settings::default()
        };
        for (name, renames) in &self.columns {
            let table = named(name, "columns")?;
            for (site, national) in renames {
                if !table::columns(table).iter().any(|column| column.names.contains(&national.as_str())) {
                    return Err(format!("[columns.{name}] {site} = {national:?}: {name} has no column {national:?}"));
                }
                settings.renames.entry(table).or_default().insert(site.trim().to_lowercase(), national.clone());
            }
        }
        for (column, codes) in &self.dictionary {
            if !Table::ALL
                .iter()
                .any(|table| table::columns(*table).iter().any(|known| known.names.contains(&column.as_str())))
            {
                return Err(format!("[dictionary.{column}]: no table has a column {column:?}"));
            }
            for (site, national) in codes {
                if column != "med_type" {
                    settings.codes.entry(column.clone()).or_default().insert(site.clone(), national.clone());
                    continue;
                }
                let class = class_named(national).or_else(|| MedTypes::default().class(national)).ok_or_else(|| {
                    format!("[dictionary.med_type] {site} = {national:?}: neither a national code nor one of OUT, CHRONIC, INPT, DAYCASE, DRUGSTORE, MATERN, LTC, OTHER")
                })?;
                settings.med_types.set(site, class);
            }
        }
        for rule in &self.files {
            let (table, own) = rule.settings(&settings)?;
            settings.files.push((rule.clone(), table, Arc::new(own)));
        }
        Ok(settings)
    }
}

/// A manifest that is not there or no text: the configuration is wrong, as it is where a key is.
fn unreadable(place: &Place, source: io::Error) -> IngestError {
    match place.failed(source) {
        IngestError::Read { path, source } => {
            IngestError::Manifest { path, detail: format!("cannot be read: {source}") }
        }
        IngestError::Damaged { path, detail } if place.member.is_none() => IngestError::Manifest { path, detail },
        other => other,
    }
}

/// Takes out what has no effect on reading and is unknown or not of the form expected; answers its keys.
fn set_aside(table: &mut toml::Table) -> Vec<String> {
    const DECIDE: [&str; 6] = ["columns", "dictionary", "encoding", "timezone", "fund_includes_acct", "files"];
    let mut ignored = Vec::new();
    if let Some(toml::Value::Table(codes)) = table.get_mut("dictionary") {
        // `med_type = "national-2021"` names an edition and maps nothing.
        let editions: Vec<String> =
            codes.iter().filter(|(_, value)| !value.is_table()).map(|(key, _)| key.clone()).collect();
        for column in editions {
            codes.remove(&column);
            ignored.push(format!("dictionary.{column}"));
        }
    }
    let informing: Vec<String> = table.keys().filter(|key| !DECIDE.contains(&key.as_str())).cloned().collect();
    for key in informing {
        let known = KNOWN.contains(&key.as_str());
        let alone: toml::Table = table.get(&key).map(|value| (key.clone(), value.clone())).into_iter().collect();
        if !known || alone.try_into::<Manifest>().is_err() {
            table.remove(&key);
            ignored.push(key);
        }
    }
    ignored
}

/// Keys that inform and are read.
const KNOWN: [&str; 11] = [
    "dataset",
    "scope",
    "window",
    "dictionary_versions",
    "refund_form",
    "pseudonym_key",
    "legal_basis",
    "retention",
    "contact",
    "synthetic",
    "rows",
];

fn named(name: &str, section: &str) -> Result<Table, String> {
    Table::named(name).ok_or_else(|| format!("[{section}] {name}: no such table"))
}

fn encoding(name: &str) -> Result<bool, String> {
    match name.to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" => Ok(false),
        "gb18030" | "gbk" | "gb2312" => Ok(true),
        _ => Err(format!("encoding = {name:?} is neither \"utf-8\" nor \"gb18030\"")),
    }
}

fn shift(zone: &str) -> Result<i64, String> {
    let east = match zone {
        "Asia/Shanghai" => return Ok(0),
        "UTC" => "+00:00",
        other => other,
    };
    let both = format!("2024-01-01 00:00:00{east}");
    match moment(both.as_bytes(), 0) {
        Some(Moment::At(seconds)) if both.len() == 25 => Ok(seconds - 19_723 * 86_400),
        _ => Err(format!("timezone = {zone:?} is none of \"Asia/Shanghai\", \"UTC\", \"+HH:MM\"")),
    }
}

fn window(days: &(String, String)) -> Result<(Day, Day), String> {
    let day = |text: &str| match moment(text.as_bytes(), 0) {
        Some(Moment::At(seconds)) => Ok(crate::model::Stamp(seconds).day()),
        _ => Err(format!("window: {text:?} is no date; write window = [\"2024-01-01\", \"2024-12-31\"]")),
    };
    let (first, last) = (day(&days.0)?, day(&days.1)?);
    if last < first { Err("window: the last day is before the first".to_owned()) } else { Ok((first, last)) }
}
