//! How does a batch come in over HTTP? Its tables go to a folder of the workspace, then into the queue; the answer comes
//! after the commit.
//!
//! One table as the body (`?table=setl_d` and its `Content-Type`), or several as parts of `multipart/form-data`, each part
//! named after its table. A batch has a key; sent twice it counts once. A full queue answers 429 before the body is read.

use super::shared::{INCOMING, Shared};
use super::trouble::{Refusal, Trouble, question};
use super::writer::{Batch, Job, Work};
use crate::engine::Taken;
use crate::model::{Outcome, Table};
use axum::Json;
use axum::body::Body;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequest, Multipart, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use http_body_util::BodyExt;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::TrySendError;
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::oneshot;
use utoipa::{IntoParams, ToSchema};

/// The header with the batch's key.
const KEY: &str = "idempotency-key";
/// How long a client may pause within a body.
const PIECE: Duration = Duration::from_secs(60);
/// Endings of the formats that are read.
const ENDINGS: [&str; 10] =
    ["csv", "tsv", "jsonl", "parquet", "csv.gz", "tsv.gz", "jsonl.gz", "csv.zst", "tsv.zst", "jsonl.zst"];

/// Which table the body is.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct BatchAsked {
    /// The table of the body, such as `setl_d`; not needed for `multipart/form-data`.
    table: Option<String>,
    /// `csv`, `tsv`, `jsonl` or `parquet`, also `csv.gz` and the like; by default what `Content-Type` says.
    format: Option<String>,
}

/// What became of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Receipt {
    /// The epoch it became.
    epoch: u64,
    /// What it is called.
    batch_id: String,
    /// It was committed before and not taken again.
    already: bool,
    /// By table: what became of how many rows. A negative count is about rows of earlier batches.
    tables: BTreeMap<String, BTreeMap<String, i64>>,
    /// Suspected leads now.
    rings: usize,
    /// Of these, how many changed, with those that went.
    rings_changed: usize,
    /// What happened: event and how often.
    events: BTreeMap<String, usize>,
}

impl Receipt {
    /// Of a batch that is in already.
    pub(super) fn known(epoch: u64, batch_id: String) -> Receipt {
        let (tables, events) = (BTreeMap::new(), BTreeMap::new());
        Receipt { epoch, batch_id, already: true, tables, rings: 0, rings_changed: 0, events }
    }

    /// The epoch it became.
    pub(super) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Whether it was in before.
    pub(super) fn already(&self) -> bool {
        self.already
    }

    /// Of a batch that was taken.
    pub(super) fn of(taken: &Taken) -> Receipt {
        let mut tables: BTreeMap<String, BTreeMap<String, i64>> = BTreeMap::new();
        for count in &taken.counts {
            let name = match (count.outcome, count.reason) {
                (Outcome::Quarantined, Some(reason)) => format!("{}_{}", count.outcome.word(), reason.code()),
                (outcome, _) => outcome.word().to_owned(),
            };
            *tables.entry(count.table.name().to_owned()).or_default().entry(name).or_default() += count.rows;
        }
        let mut events: BTreeMap<String, usize> = BTreeMap::new();
        for event in &taken.events {
            *events.entry(event.kind.word().to_owned()).or_default() += 1;
        }
        Receipt {
            epoch: taken.epoch,
            batch_id: taken.batch_id.clone(),
            already: false,
            tables,
            rings: taken.rings.len(),
            rings_changed: taken.changed,
            events,
        }
    }
}

/// Takes a batch; answers after it is durable.
#[utoipa::path(post, path = "/v1/batches",
    params(BatchAsked, ("Idempotency-Key" = Option<String>, Header, description = "what the batch is called; by default a hash of its contents")),
    request_body(content = String, description = "rows of one table, or multipart/form-data with a part per table", content_type = "text/csv"),
    responses((status = 201, body = Receipt), (status = 200, body = Receipt, description = "known already"),
        (status = 409, body = Refusal, description = "the key belongs to a batch with other content"),
        (status = 413, body = Refusal), (status = 422, body = Refusal), (status = 429, body = Refusal)))]
pub(super) async fn batches(
    State(shared): State<Arc<Shared>>,
    query: Result<Query<BatchAsked>, QueryRejection>,
    request: Request,
) -> Result<(StatusCode, Json<Receipt>), Trouble> {
    let asked = super::parties::asked(query)?;
    if shared.metrics.waiting() >= i64::try_from(shared.options.queue_max).unwrap_or(i64::MAX) {
        shared.metrics.refused();
        return Err(Trouble::Busy);
    }
    let batch_id = key(request.headers())?;
    let folder = incoming(&shared)?;
    let files = if is_multipart(request.headers()) {
        parts(request, folder.path(), shared.options.body_max).await?
    } else {
        let (table, ending) = (table(asked.table.as_deref())?, ending(asked.format.as_deref(), request.headers())?);
        let path = folder.path().join(format!("{}.{ending}", table.name()));
        body(request.into_body(), &path, shared.options.body_max).await?;
        vec![path]
    };
    let (reply, answer) = oneshot::channel();
    let batch = Batch { files, batch_id, settings: Vec::new() };
    queue(&shared, Job { folder: Some(folder), batch, reply })?;
    let ended = || Trouble::Closing("the writer has ended".to_owned());
    let receipt = answer.await.map_err(|_| ended())??;
    let status = if receipt.already { StatusCode::OK } else { StatusCode::CREATED };
    Ok((status, Json(receipt)))
}

fn queue(shared: &Shared, job: Job) -> Result<(), Trouble> {
    if let Some(why) = shared.lost() {
        return Err(Trouble::Closing(why));
    }
    let jobs = shared.jobs().ok_or_else(|| Trouble::Closing("it is ending".to_owned()))?;
    shared.metrics.queued(1);
    jobs.try_send(Work::Batch(job)).map_err(|error| {
        shared.metrics.queued(-1);
        shared.metrics.refused();
        match error {
            TrySendError::Full(_) => Trouble::Busy,
            TrySendError::Disconnected(_) => Trouble::Closing("the writer has ended".to_owned()),
        }
    })
}

/// The batch's key: up to 200 letters, digits and marks.
fn key(headers: &HeaderMap) -> Result<Option<String>, Trouble> {
    let Some(value) = headers.get(KEY) else { return Ok(None) };
    let plain = |text: &&str| !text.is_empty() && text.len() <= 200 && text.bytes().all(|byte| byte.is_ascii_graphic());
    match value.to_str().ok().filter(plain) {
        Some(text) => Ok(Some(text.to_owned())),
        None => Err(question("Idempotency-Key", "1 至 200 个可见 ASCII 字符", "1 to 200 visible ASCII letters")),
    }
}

fn table(name: Option<&str>) -> Result<Table, Trouble> {
    name.and_then(Table::named)
        .ok_or_else(|| question("table", "需要国家平台表名, 如 setl_d", "the name of a table, such as setl_d"))
}

fn ending(format: Option<&str>, headers: &HeaderMap) -> Result<&'static str, Trouble> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let said = match kind.split(';').next().unwrap_or_default().trim() {
        "text/csv" => "csv",
        "text/tab-separated-values" => "tsv",
        "application/x-ndjson" | "application/jsonl" | "application/jsonlines" => "jsonl",
        "application/vnd.apache.parquet" => "parquet",
        _ => "",
    };
    let wanted = format.filter(|text| !text.is_empty()).unwrap_or(said);
    ENDINGS.into_iter().find(|ending| *ending == wanted).ok_or_else(|| {
        question(
            "format",
            "可用 csv tsv jsonl parquet, 或 csv.gz 等",
            "csv, tsv, jsonl or parquet, also csv.gz and the like",
        )
    })
}

fn is_multipart(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("multipart/form-data"))
}

/// A folder inside the workspace, so that identifiers do not wander; it vanishes with the job.
pub(super) fn incoming(shared: &Shared) -> Result<TempDir, Trouble> {
    let root = shared.root.join(INCOMING);
    let made =
        std::fs::create_dir_all(&root).and_then(|()| tempfile::Builder::new().prefix("batch-").tempdir_in(&root));
    made.map_err(|error| Trouble::Failed(error.to_string()))
}

/// The next piece of a body, unless the client pauses for too long.
async fn soon<T>(piece: impl Future<Output = T>) -> Result<T, Trouble> {
    tokio::time::timeout(PIECE, piece).await.map_err(|_| Trouble::Slow(PIECE))
}

/// Writes a body to a file, piece by piece.
async fn body(mut body: Body, path: &Path, most: u64) -> Result<(), Trouble> {
    let mut sink = Sink::create(path, most)?;
    while let Some(frame) = soon(body.frame()).await? {
        let frame = frame.map_err(|error| Trouble::Batch(error.to_string()))?;
        if let Some(piece) = frame.data_ref() {
            sink.write(piece)?;
        }
    }
    Ok(())
}

/// Writes each part to a file named after its table.
async fn parts(request: Request, folder: &Path, most: u64) -> Result<Vec<PathBuf>, Trouble> {
    let failed = |error: MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Trouble::TooLarge(most),
        _ => Trouble::Batch(error.body_text()),
    };
    let mut form = Multipart::from_request(request, &()).await.map_err(|error| Trouble::Batch(error.body_text()))?;
    let (mut files, mut left) = (Vec::new(), most);
    while let Some(mut field) = soon(form.next_field()).await?.map_err(failed)? {
        let path = folder.join(file_name(&field)?);
        if path.exists() {
            return Err(question("name", "同一表出现两次", "a table comes twice"));
        }
        let mut sink = Sink::create(&path, left)?;
        while let Some(piece) = soon(field.chunk()).await?.map_err(failed)? {
            sink.write(&piece)?;
        }
        left = sink.left;
        files.push(path);
    }
    if files.is_empty() {
        return Err(Trouble::Batch("no table came".to_owned()));
    }
    Ok(files)
}

/// `setl_d.csv` from the name of the part and of its file; nothing of what the client wrote gets further than that.
fn file_name(field: &Field) -> Result<String, Trouble> {
    let (name, file) = (field.name().unwrap_or_default(), field.file_name().unwrap_or_default());
    let stem = name.split('.').next().unwrap_or_default();
    let table = table(Some(stem))?;
    let ending = file.split_once('.').map(|(_, ending)| ending);
    let ending = ending.and_then(|wanted| ENDINGS.into_iter().find(|ending| *ending == wanted)).unwrap_or("csv");
    Ok(format!("{}.{ending}", table.name()))
}

/// A file that takes so many bytes and no more.
struct Sink {
    file: File,
    most: u64,
    left: u64,
}

impl Sink {
    fn create(path: &Path, most: u64) -> Result<Sink, Trouble> {
        let file = File::create(path).map_err(|error| Trouble::Failed(error.to_string()))?;
        Ok(Sink { file, most, left: most })
    }

    fn write(&mut self, piece: &[u8]) -> Result<(), Trouble> {
        let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(length).ok_or(Trouble::TooLarge(self.most))?;
        self.file.write_all(piece).map_err(|error| Trouble::Failed(error.to_string()))
    }
}
