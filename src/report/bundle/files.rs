//! Which files are in a bundle, and what stands in each?
//!
//! | file | what |
//! |---|---|
//! | `letter.html`, `slip.html` | the letter, in Chinese, from a template that a site replaces; what the receiver fills in and gives back |
//! | `members.csv`, `rows.csv`, `timeline.csv`, `lists.xlsx` | who, by which rows, day by day; the workbook holds all of it |
//! | `evidence.jsonl` | the frozen rows as they were hashed |
//! | `counter-evidence.csv` | every class of look-alike, whether it was weighed and what it took off, with room for a decision |
//! | `R-…/graph.graphml`, `R-…/drawing.svg` | who is linked to whom by the frozen rows |
//! | `documents.csv`, `documents/0001.pdf` | what was attached to the case, as it came; names, hashes and officers in the list |
//! | `canvas-1.json` | arrangements of the graph that the officers kept, with their notes |
//! | `case.json`, `provenance.json` | steps and officers; program, rules and configuration |

use super::letter::{letter, slip};
use super::{Contents, File, MemberRow, RingPart, RowPart, graph};
use crate::model::Sentence;
use crate::report::{Cell, ReportError, Sheet, caption, workbook};
use crate::store::{Document, sha256};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// All files but the manifest and its signature, in the order of the archive.
///
/// # Errors
/// The site's template does not fit, or a table is larger than its format allows.
pub fn files(contents: &Contents<'_>) -> Result<Vec<File>, ReportError> {
    let mut sheets = vec![members(contents), rows(contents), timeline(contents), counter_evidence(contents)];
    if !contents.documents.is_empty() {
        sheets.push(documents(contents));
    }
    let mut files =
        vec![file("letter.html", letter(contents)?.into_bytes()), file("slip.html", slip(contents)?.into_bytes())];
    for sheet in &sheets {
        files.push(file(&format!("{}.csv", sheet.name), sheet.csv()?));
    }
    files.push(file("lists.xlsx", workbook(&sheets)?));
    files.push(file("evidence.jsonl", evidence(contents).into_bytes()));
    for part in &contents.rings {
        files.push(file(&format!("{}/graph.graphml", part.ring.id), graph::graphml(part).into_bytes()));
        files.push(file(
            &format!("{}/drawing.svg", part.ring.id),
            graph::drawing(part, contents.references).into_bytes(),
        ));
    }
    for (document, bytes) in &contents.documents {
        files.push(file(&path(document), bytes.clone()));
    }
    for canvas in &contents.canvases {
        files.push(file(
            &format!("canvas-{}.json", canvas.number),
            pretty(&json!({"schema_version": 1, "canvas": canvas})),
        ));
    }
    files.push(file("case.json", pretty(&case(contents))));
    files.push(file("provenance.json", pretty(&provenance(contents))));
    Ok(files)
}

fn file(path: &str, bytes: Vec<u8>) -> File {
    File { path: path.to_owned(), bytes }
}

fn pretty(value: &Value) -> Vec<u8> {
    format!("{value:#}\n").into_bytes()
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn members(contents: &Contents<'_>) -> Sheet {
    let heads = ["ring", "token", "kind", "id", "region", "role", "strength", "why_zh", "why_en"];
    let mut sheet = Sheet::new("members", &heads);
    let row = |part: &RingPart, member: &MemberRow| {
        vec![
            part.ring.id.clone().into(),
            member.token.clone().into(),
            member.kind.clone().into(),
            member.id.clone().into(),
            member.region.clone().into(),
            member.role.into(),
            Cell::Real(member.strength),
            member.why.zh.clone().into(),
            member.why.en.clone().into(),
        ]
    };
    sheet.rows.extend(contents.rings.iter().flat_map(|part| part.members.iter().map(move |member| row(part, member))));
    sheet
}

/// Whom a row names, as `kind:id`.
fn named(row: &RowPart) -> String {
    let parties = row.read["parties"].as_array().into_iter().flatten();
    parties.map(|party| format!("{}:{}", text(&party["kind"]), text(&party["id"]))).collect::<Vec<_>>().join(" ")
}

fn rows(contents: &Contents<'_>) -> Sheet {
    let heads = [
        "number",
        "ring",
        "row",
        "table",
        "day",
        "end",
        "class",
        "parties",
        "total_yuan",
        "fund_yuan",
        "claims",
        "file",
        "file_row",
        "read_in_epoch",
        "frozen_by",
        "sha256",
    ];
    let mut sheet = Sheet::new("rows", &heads);
    for part in &contents.rings {
        for row in &part.rows {
            let word = |key: &str| Cell::from(text(&row.read[key]));
            let fen = |key: &str| row.read[key].as_i64().map_or(Cell::Empty, Cell::Fen);
            let whole = |key: &str| row.read[key].as_i64().map_or(Cell::Empty, Cell::Count);
            let mut cells = vec![Cell::Count(row.number), part.ring.id.clone().into()];
            cells.extend(["row", "table", "day", "end", "class"].map(word));
            cells.extend([named(row).into(), fen("total_fen"), fen("fund_fen"), row.claims.join(" ").into()]);
            cells.extend([word("file"), whole("file_row"), whole("read_in")]);
            cells.extend([row.by.clone().into(), row.sha256.clone().into()]);
            sheet.rows.push(cells);
        }
    }
    sheet
}

/// What happened day by day, by the frozen rows.
fn timeline(contents: &Contents<'_>) -> Sheet {
    let heads = ["day", "ring", "rows", "persons", "places", "total_yuan", "fund_yuan", "claims"];
    let mut sheet = Sheet::new("timeline", &heads);
    let mut days: BTreeMap<(String, &str), Vec<&RowPart>> = BTreeMap::new();
    for part in &contents.rings {
        for row in part.rows.iter().filter(|row| row.read["day"].is_string()) {
            days.entry((text(&row.read["day"]), &part.ring.id)).or_default().push(row);
        }
    }
    for ((day, ring), rows) in days {
        let parties = |kinds: &[&str]| {
            let all = rows.iter().flat_map(|row| row.read["parties"].as_array().into_iter().flatten());
            let wanted = all.filter(|party| kinds.contains(&party["kind"].as_str().unwrap_or_default()));
            wanted.map(|party| text(&party["token"])).collect::<BTreeSet<_>>().len()
        };
        let sum = |key: &str| rows.iter().filter_map(|row| row.read[key].as_i64()).sum::<i64>();
        let claims: BTreeSet<&str> = rows.iter().flat_map(|row| row.claims.iter().map(String::as_str)).collect();
        sheet.rows.push(vec![
            day.into(),
            ring.into(),
            rows.len().into(),
            parties(&["person"]).into(),
            parties(&["institution", "pharmacy"]).into(),
            Cell::Fen(sum("total_fen")),
            Cell::Fen(sum("fund_fen")),
            claims.into_iter().collect::<Vec<_>>().join(" ").into(),
        ]);
    }
    sheet
}

/// Every class of look-alike for every ring: a checklist, not only what was found.
fn counter_evidence(contents: &Contents<'_>) -> Sheet {
    let heads =
        ["ring", "code", "name_zh", "name_en", "weighed", "score", "said_zh", "said_en", "decision", "decided_by"];
    let mut sheet = Sheet::new("counter-evidence", &heads);
    for part in &contents.rings {
        let weighed: BTreeMap<&str, &(String, i32, Sentence)> =
            part.against.iter().map(|one| (one.0.as_str(), one)).collect();
        let mut codes: BTreeSet<&str> = weighed.keys().copied().collect();
        for code in caption::look_alikes() {
            codes.insert(code);
        }
        for code in codes {
            let name = caption::look_alike(code);
            let found = weighed.get(code);
            let said = found.map(|one| one.2.clone()).unwrap_or_default();
            sheet.rows.push(vec![
                part.ring.id.clone().into(),
                code.into(),
                name.zh.into(),
                name.en.into(),
                if found.is_some() { "yes".into() } else { "no".into() },
                found.map_or(Cell::Empty, |one| Cell::Real(f64::from(one.1) / 100.0)),
                said.zh.into(),
                said.en.into(),
                Cell::Empty,
                Cell::Empty,
            ]);
        }
    }
    sheet
}

/// Where a document lies: its number and its kind; what its file was called stands in the list, and in no path.
fn path(document: &Document) -> String {
    let ending = document.name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let ending = ending.filter(|ending| ending.len() <= 4 && ending.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    format!("documents/{:04}.{}", document.number, ending.unwrap_or_else(|| "bin".to_owned()))
}

fn documents(contents: &Contents<'_>) -> Sheet {
    let mut sheet = Sheet::new("documents", &["number", "path", "name", "media", "bytes", "attached_by", "sha256"]);
    sheet.rows.extend(contents.documents.iter().map(|(one, _)| {
        let (name, media, sum) = (one.name.clone(), one.media.clone(), one.sha256.clone());
        vec![
            Cell::Count(one.number),
            path(one).into(),
            name.into(),
            media.into(),
            one.length.into(),
            one.by.clone().into(),
            sum.into(),
        ]
    }));
    sheet
}

fn evidence(contents: &Contents<'_>) -> String {
    let line = |part: &RingPart, row: &RowPart| {
        let line = json!({"schema_version": 1, "number": row.number, "ring": part.ring.id, "claims": row.claims,
            "said": row.said, "sha256": row.sha256, "at": row.at, "by": row.by});
        format!("{line}\n")
    };
    contents.rings.iter().flat_map(|part| part.rows.iter().map(move |row| line(part, row))).collect()
}

fn case(contents: &Contents<'_>) -> Value {
    let case = contents.case;
    let rings = case.rings.iter().map(|ring| {
        json!({"ring": ring.ring, "epoch": ring.epoch, "facts": ring.facts, "added_at": ring.added_at,
            "added_by": ring.added_by})
    });
    json!({"schema_version": 1, "case": case.head, "members": case.members, "rings": rings.collect::<Vec<_>>(),
        "steps": case.steps, "asked_by": contents.asked_by, "approved_by": contents.approved_by,
        "approved_at": contents.approved_at, "built_by": contents.built_by, "revealed": contents.revealed})
}

fn provenance(contents: &Contents<'_>) -> Value {
    let rules: BTreeMap<&str, BTreeSet<&str>> = contents
        .rings
        .iter()
        .map(|part| {
            let codes = part.ring.finding.factors.iter().map(|factor| factor.code.as_str());
            (part.ring.finding.typology.as_str(), codes.collect())
        })
        .collect();
    let hashes: String = contents.case.evidence.iter().map(|one| one.content.sha256.as_str()).collect();
    let configuration = contents.configuration.iter().map(|(name, sum)| (name.clone(), Value::from(sum.as_str())));
    let engine = [("medring", env!("CARGO_PKG_VERSION"))].into_iter().collect::<BTreeMap<_, _>>();
    json!({"schema_version": 1, "versions": engine, "disk_format": crate::store::DISK_FORMAT, "rules": rules,
        "calibration_sha256": sha256(include_bytes!("../../engine/calibration.json")),
        "configuration_sha256": configuration.collect::<serde_json::Map<_, _>>(),
        "evidence_rows": contents.case.evidence.len(), "evidence_sha256": sha256(hashes.as_bytes()),
        "public_key": contents.public_key})
}
