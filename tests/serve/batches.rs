//! Does a pushed batch count once, only when it is whole, and never get lost between push and answer?

use super::{Answer, ask, look, runtime, send, session, told, world};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use medring::serve::{ServeOptions, Server};
use medring::store::Workspace;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

pub(super) const SETTLEMENTS: &str = "setl_id,psn_no,fixmedins_code,med_type,begndate,enddate,setl_time,insu_admdvs,fix_blng_admdvs,medfee_sumamt,fund_pay_sumamt\n";

pub(super) fn settlement(number: u32) -> String {
    format!("S{number},P{number},H1,11,2024-03-01,2024-03-01,2024-03-01 09:00:00,320124,320124,100.00,60.00\n")
}

fn started(options: ServeOptions) -> (TempDir, Server) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ws");
    Workspace::create(&path).unwrap();
    (folder, Server::start(session(&path), options).unwrap())
}

fn push(key: &str, query: &str, body: impl Into<Body>) -> Request<Body> {
    let asked = Request::post(format!("/v1/batches{query}")).header("content-type", "text/csv");
    asked.header("idempotency-key", key).body(body.into()).unwrap()
}

fn incoming(folder: &TempDir) -> usize {
    fs::read_dir(folder.path().join("ws/incoming")).map_or(0, Iterator::count)
}

#[test]
fn a_batch_sent_twice_counts_once() {
    let (folder, server) = started(ServeOptions::default());
    let body = format!("{SETTLEMENTS}{}{}", settlement(1), settlement(2));
    let first = ask(&server, push("monday", "?table=setl_d", body.clone()));
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    assert_eq!(
        (first.json()["epoch"].as_u64(), first.json()["tables"]["setl_d"]["accepted"].as_i64()),
        (Some(1), Some(2))
    );
    let again = ask(&server, push("monday", "?table=setl_d", body));
    assert_eq!((again.status, again.json()["already"].as_bool()), (StatusCode::OK, Some(true)));
    let mixed = ask(&server, push("monday", "?table=setl_d", format!("{SETTLEMENTS}{}", settlement(9))));
    assert_eq!(
        (mixed.status, mixed.json()["code"].as_str()),
        (StatusCode::CONFLICT, Some("MR-WEB-022")),
        "{}",
        mixed.text
    );
    let elsewhere =
        ask(&server, push("monday", "?table=psn_info_b", "psn_no,insu_admdvs,brdy\nP1,340100,1950-01-01\n"));
    assert_eq!(elsewhere.status, StatusCode::CONFLICT, "another table is other content: {}", elsewhere.text);
    let other = ask(&server, push("tuesday", "?table=setl_d", format!("{SETTLEMENTS}{}", settlement(3))));
    assert_eq!((other.status, other.json()["epoch"].as_u64()), (StatusCode::CREATED, Some(2)));
    server.wait_ready();
    let data = told(&server, "/v1/data");
    assert_eq!((data["batches_all"].as_u64(), data["tables"][0]["read"].as_i64()), (Some(2), Some(3)));
    assert_eq!(data["batches"][0]["batch_id"], "tuesday");
    assert_eq!(incoming(&folder), 0, "folders of done batches stay behind");
    let metrics = look(&server, "/metrics").text;
    assert!(
        metrics.contains("medring_batches_total 2\n") && metrics.contains("medring_batches_known_total 1\n"),
        "{metrics}"
    );
    server.stop();
    let workspace = Workspace::open_reader(&folder.path().join("ws")).unwrap();
    assert_eq!(workspace.epochs().unwrap().len(), 2);
}

#[test]
fn what_cannot_be_read_leaves_nothing_behind() {
    let (folder, server) = started(ServeOptions { body_max: 10_000, ..ServeOptions::default() });
    let refused = |request, status, code: &str| {
        let answer = ask(&server, request);
        assert_eq!((answer.status, answer.json()["code"].as_str()), (status, Some(code)), "{}", answer.text);
        answer
    };
    refused(push("a", "?table=nonsense", "x"), StatusCode::BAD_REQUEST, "MR-WEB-004");
    refused(push("a", "?table=setl_d&format=docx", "x"), StatusCode::BAD_REQUEST, "MR-WEB-004");
    refused(push("a", "?table=../../etc/passwd", "x"), StatusCode::BAD_REQUEST, "MR-WEB-004");
    let unread =
        refused(push("a", "?table=setl_d", "nothing,of,use\n1,2,3\n"), StatusCode::UNPROCESSABLE_ENTITY, "MR-WEB-008");
    assert!(!unread.text.contains("incoming"), "the answer tells where the server keeps things: {}", unread.text);
    let bad = format!("{SETTLEMENTS}S9,P9,H1,11,never,never,,320124,320124,1,1\n");
    refused(push("a", "?table=setl_d", bad), StatusCode::UNPROCESSABLE_ENTITY, "MR-WEB-009");
    refused(push("a", "?table=setl_d", "x".repeat(20_000)), StatusCode::PAYLOAD_TOO_LARGE, "MR-WEB-007");
    let (parts, boundary) = form(&[("setl_d", "setl_d.csv", &"x".repeat(20_000))]);
    refused(multipart("a", parts, &boundary), StatusCode::PAYLOAD_TOO_LARGE, "MR-WEB-007");
    assert_eq!((told(&server, "/v1/status")["epoch"].as_u64(), incoming(&folder)), (Some(0), 0));
    let good = ask(&server, push("a", "?table=setl_d", format!("{SETTLEMENTS}{}", settlement(1))));
    assert_eq!(good.status, StatusCode::CREATED, "{}", good.text);
    server.stop();
}

#[test]
fn a_batch_with_too_many_rows_or_a_value_that_is_too_long() {
    let (folder, server) = started(ServeOptions { rows_max: 3, ..ServeOptions::default() });
    let rows = |count: std::ops::Range<u32>| count.map(settlement).collect::<String>();
    let answer = ask(&server, push("many", "?table=setl_d", format!("{SETTLEMENTS}{}", rows(0..4))));
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("more than 3 rows"), "{}", answer.text);
    assert_eq!((told(&server, "/v1/status")["epoch"].as_u64(), incoming(&folder)), (Some(0), 0));
    assert_eq!(
        ask(&server, push("few", "?table=setl_d", format!("{SETTLEMENTS}{}", rows(0..3)))).status,
        StatusCode::CREATED
    );
    // One long value is one row set aside; it is one of one, more than may be.
    let long = settlement(7).replacen("S7", &"S".repeat(40_000), 1);
    let answer = ask(&server, push("long", "?table=setl_d", format!("{SETTLEMENTS}{long}")));
    assert_eq!((answer.status, answer.json()["code"].as_str()), (StatusCode::UNPROCESSABLE_ENTITY, Some("MR-WEB-009")));
    server.stop();
}

#[test]
fn a_full_queue_says_when_to_come_back() {
    let (_folder, server) = started(ServeOptions { queue_max: 1, ..ServeOptions::default() });
    let batch = |key| push(key, "?table=setl_d", format!("{SETTLEMENTS}{}", settlement(1)));
    let (router, other) = (server.router(), server.router());
    // One is looked at while the other waits for its commit: which of them is first at the door is open.
    let (first, second): (Answer, Answer) = runtime().block_on(async {
        let first = tokio::spawn(send(router, batch("first")));
        tokio::task::yield_now().await;
        let second = send(other, batch("second")).await;
        (first.await.unwrap(), second)
    });
    let (taken, told_to_wait) =
        if first.status == StatusCode::CREATED { (first, (second, "second")) } else { (second, (first, "first")) };
    let (refused, key) = told_to_wait;
    assert_eq!((taken.status, refused.status), (StatusCode::CREATED, StatusCode::TOO_MANY_REQUESTS));
    assert_eq!(refused.headers["retry-after"], "5");
    assert_eq!(ask(&server, batch(key)).status, StatusCode::CREATED);
    server.stop();
}

#[test]
fn what_a_killed_server_had_not_taken_is_swept_away() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ws");
    Workspace::create(&path).unwrap();
    fs::create_dir_all(path.join("incoming/batch-1")).unwrap();
    fs::write(path.join("incoming/batch-1/setl_d.csv"), settlement(1)).unwrap();
    let server = Server::start(session(&path), ServeOptions::default()).unwrap();
    assert_eq!(incoming(&folder), 0);
    server.stop();
}

fn form(tables: &[(&str, &str, &str)]) -> (String, String) {
    let boundary = "3f1b7c".to_owned();
    let part = |(name, file, text): &(&str, &str, &str)| {
        format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"{file}\"\r\n\r\n{text}\r\n"
        )
    };
    (tables.iter().map(part).collect::<String>() + &format!("--{boundary}--\r\n"), boundary)
}

fn multipart(key: &str, body: String, boundary: &str) -> Request<Body> {
    let asked =
        Request::post("/v1/batches").header("content-type", format!("multipart/form-data; boundary={boundary}"));
    asked.header("idempotency-key", key).body(Body::from(body)).unwrap()
}

fn tables(folder: &Path) -> Vec<(String, String, String)> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.retain(|path| path.extension().is_some_and(|kind| kind == "csv"));
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    files.iter().map(|path| (name(path), format!("{}.csv", name(path)), fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn a_world_pushed_in_parts_gives_the_rings_of_the_world_read_from_disk() {
    let folder = tempfile::tempdir().unwrap();
    let whole = folder.path().join("world");
    world(&whole);
    let (_kept, server) = started(ServeOptions::default());
    let tables = tables(&whole);
    let parts: Vec<(&str, &str, &str)> = tables.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect();
    let (body, boundary) = form(&parts);
    let pushed = ask(&server, multipart("world", body, &boundary));
    assert_eq!(pushed.status, StatusCode::CREATED, "{}", pushed.text);
    server.wait_ready();
    let ids = |server: &Server| -> Vec<String> {
        let rings = told(server, "/v1/rings?limit=500");
        rings["rings"].as_array().unwrap().iter().map(|ring| format!("{} {}", ring["id"], ring["score"])).collect()
    };
    let expected = ids(&super::served().server);
    assert!(expected.len() >= 3);
    assert_eq!(ids(&server), expected);
    server.stop();
}

#[test]
fn rows_that_were_read_for_a_ring_are_read_anew_once_it_cites_others() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, path) = (folder.path().join("world"), folder.path().join("ws"));
    world(&whole);
    // The last third of the settlements comes later.
    let table = whole.join("setl_d.csv");
    let text = fs::read_to_string(&table).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let (early, late) = lines[1..].split_at(lines.len() * 2 / 3);
    let of = |rows: &[&str]| format!("{}\n{}\n", lines[0], rows.join("\n"));
    fs::write(&table, of(early)).unwrap();
    Workspace::create(&path).unwrap();
    let mut session = session(&path);
    session.append(std::slice::from_ref(&whole), &medring::engine::AppendOptions::default()).unwrap();
    let server = Server::start(session, ServeOptions::default()).unwrap();
    server.wait_ready();
    let facts = |server: &Server| -> std::collections::BTreeMap<String, serde_json::Value> {
        let rings = told(server, "/v1/rings?limit=500");
        let ids = rings["rings"].as_array().unwrap().iter().map(|ring| ring["id"].as_str().unwrap().to_owned());
        ids.map(|id| (id.clone(), told(server, &format!("/v1/rings/{id}/facts?limit=1000"))["facts"].clone())).collect()
    };
    let before = facts(&server);
    let pushed = ask(&server, push("late", "?table=setl_d", of(late)));
    assert_eq!(pushed.status, StatusCode::CREATED, "{}", pushed.text);
    server.wait_ready();
    let after = facts(&server);
    server.stop();
    assert!(before.iter().any(|(id, rows)| after.get(id).is_some_and(|now| now != rows)), "no ring changed its rows");
    let fresh = Server::start(super::session(&path), ServeOptions::default()).unwrap();
    fresh.wait_ready();
    assert!(facts(&fresh) == after, "a server that was there before shows other rows than one that begins");
    fresh.stop();
}
