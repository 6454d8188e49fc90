//! What a server says to its operator names nobody: not what was asked for, not what could not be read, not what was refused.

use super::{done, program, text};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

const PERSON: &str = "PSN-340123199001011234";
const PHONE: &str = "13912345678";

#[cfg(unix)]
#[test]
fn a_server_says_nothing_about_anybody() {
    let folder = tempfile::tempdir().unwrap();
    let (workspace, table) = (folder.path().join("ws"), folder.path().join("setl_d.csv"));
    let head = "setl_id,psn_no,fixmedins_code,med_type,begndate,enddate,setl_time,insu_admdvs,fix_blng_admdvs,medfee_sumamt,fund_pay_sumamt\n";
    let row = |id: &str, person: &str, begin: &str| {
        format!("{id},{person},H1,11,{begin},2024-03-01,2024-03-01 09:00:00,320124,320124,100.00,60.00\n")
    };
    fs::write(&table, format!("{head}{}{}", row("S1", PERSON, "2024-03-01"), row("S2", "P2", "2024-03-01"))).unwrap();
    done(&["init", &text(&workspace)]);
    done(&["ingest", "run", "--workspace", &text(&workspace), &text(&table)]);
    for log in ["text", "json"] {
        let words = ["serve", &text(&workspace), "--listen", "127.0.0.1:0", "--lang", "en", "--log", log];
        let mut server = program().args(words).stdout(Stdio::null()).spawn().unwrap();
        let mut said = BufReader::new(server.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("http://") {
            line.clear();
            assert!(said.read_line(&mut line).unwrap() > 0, "it ended");
        }
        let address = line.split("http://").nth(1).unwrap().split('/').next().unwrap().to_owned();
        let ask = |method: &str, path: &str, kind: &str, body: &str| {
            let mut socket = std::net::TcpStream::connect(&address).unwrap();
            let length = body.len();
            write!(
                socket,
                "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nx-medring: page\r\n\
                 Content-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{body}"
            )
            .unwrap();
            let mut answer = String::new();
            socket.read_to_string(&mut answer).unwrap();
            answer
        };
        let asked = ask("POST", "/v1/search", "application/json", &format!("{{\"text\":\"{PERSON}\"}}"));
        assert!(asked.starts_with("HTTP/1.1 200"), "{asked}");
        ask("GET", &format!("/v1/entities/{PERSON}"), "text/plain", "");
        ask("GET", &format!("/v1/rings?q={PHONE}&sort={PERSON}"), "text/plain", "");
        ask("POST", "/v1/search", "application/json", &format!("{{\"text\":[\"{PERSON}\"]}}"));
        ask("POST", "/v1/login", "application/json", &format!("{{\"name\":\"{PERSON}\",\"password\":\"{PHONE}\"}}"));
        // Rows that cannot be read, a table that is none, a batch of another content under a known key.
        let odd = format!("{head}{}", row("S3", PERSON, PHONE));
        let refused = ask("POST", "/v1/batches?table=setl_d", "text/csv", &odd);
        assert!(
            refused.starts_with("HTTP/1.1 422") && !refused.contains(PERSON) && !refused.contains(PHONE),
            "{refused}"
        );
        ask("POST", "/v1/batches?table=setl_d", "text/csv", &format!("{PERSON},{PHONE}\n1,2\n"));
        ask("POST", &format!("/v1/batches?table={PERSON}"), "text/csv", &odd);
        assert!(Command::new("kill").args(["-TERM", &server.id().to_string()]).status().unwrap().success());
        let mut rest = String::new();
        said.read_to_string(&mut rest).unwrap();
        assert_eq!(server.wait().unwrap().code(), Some(0), "{rest}");
        assert!(!rest.is_empty(), "a server with --log {log} says nothing at all: nothing is tested");
        assert!(!rest.contains(PERSON) && !rest.contains(PHONE), "{rest}");
    }
    let log = done(&["audit", "export", "--workspace", &text(&workspace)]).out;
    assert!(log.contains("\"search\"") && !log.contains(PERSON) && !log.contains(PHONE), "{log}");
}
