//! `user`, `audit`, `case`, and `serve` for other machines: what is refused, and that bytes go encrypted.

use super::{done, medring, program, text};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

fn workspace() -> (TempDir, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let (path, secret) = (text(&folder.path().join("ws")), folder.path().join("password"));
    done(&["init", &path]);
    std::fs::write(&secret, "correct horse battery\nsecond line\n").unwrap();
    (folder, path, text(&secret))
}

#[test]
fn accounts_and_keys_are_made_listed_and_taken_back() {
    let (folder, ws, secret) = workspace();
    let add = |name: &str, more: &[&str]| {
        let words = ["user", "add", name, "--role", "investigator", "--workspace", &ws, "--password-file", &secret];
        medring(&[&words[..], more].concat())
    };
    let first = add("wang", &["--region", "34,3502", "--lang", "en"]);
    assert_eq!(first.code, Some(0), "{}", first.err);
    assert!(first.err.contains("first account"), "{}", first.err);
    let again = add("wang", &[]);
    assert!(again.code == Some(2) && again.err.contains("passwd"), "{}", again.err);
    assert_eq!(add("a b", &[]).code, Some(2));
    let region = add("li", &["--region", "Anhui"]);
    assert!(region.code == Some(2) && region.err.contains("admdvs"), "{}", region.err);
    let untold = medring(&["user", "add", "li", "--role", "auditor", "--workspace", &ws, "--lang", "en"]);
    assert!(untold.code == Some(2) && untold.err.contains("--password-file"), "{}", untold.err);
    let short = folder.path().join("short");
    std::fs::write(&short, "short\n").unwrap();
    let short = medring(&["user", "passwd", "wang", "--workspace", &ws, "--password-file", &text(&short)]);
    assert!(short.code == Some(2) && short.err.contains("10"), "{}", short.err);
    done(&["user", "disable", "wang", "--workspace", &ws]);
    done(&["user", "change", "wang", "--role", "reviewer", "--region", "34,3502", "--workspace", &ws]);
    assert_eq!(medring(&["user", "change", "wang", "--workspace", &ws]).code, Some(2), "nothing to change");
    assert_eq!(medring(&["user", "change", "nobody", "--all-regions", "--workspace", &ws]).code, Some(2));
    let key = done(&["user", "key", "feed", "--workspace", &ws]).out;
    assert!(key.starts_with("mk_") && key.trim().len() > 40);
    let listed = done(&["user", "ls", "--workspace", &ws]).lines();
    assert_eq!(listed.len(), 2);
    assert_eq!((&listed[0]["state"], &listed[0]["regions"][1]), (&"disabled".into(), &"3502".into()));
    assert_eq!((&listed[0]["role"], &listed[0]["regions"][0]), (&"reviewer".into(), &"34".into()));
    assert_eq!(listed[1]["kind"], "key");
    for unknown in [["user", "disable", "nobody"], ["user", "key", "nobody"]] {
        let words = [&unknown[..], &["--workspace", &ws]].concat();
        let words = if unknown[1] == "key" { [&words[..], &["--revoke"]].concat() } else { words };
        assert_eq!(medring(&words).code, Some(2), "{words:?}");
    }
    assert_eq!(done(&["case", "verdicts", "--workspace", &ws]).out, "");
    let log = done(&["audit", "export", "--workspace", &ws]).lines();
    let actions: Vec<&str> = log.iter().map(|line| line["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["user_add", "user_disable", "user_change", "key_add"]);
    assert!(!std::fs::read_dir(&ws).unwrap().any(|entry| {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap_or_default();
        bytes.windows(21).any(|piece| piece == b"correct horse battery")
    }));
}

#[test]
fn an_edited_log_ends_with_seven_and_says_where() {
    let (_folder, ws, secret) = workspace();
    let add = ["user", "add", "wang", "--role", "auditor", "--workspace", &ws, "--password-file", &secret];
    done(&add);
    done(&["user", "disable", "wang", "--workspace", &ws]);
    let head = done(&["audit", "verify", "--workspace", &ws]).out;
    done(&["user", "disable", "wang", "--undo", "--workspace", &ws]);
    done(&["audit", "verify", "--workspace", &ws, "--expect", head.trim()]);
    let database = rusqlite::Connection::open(Path::new(&ws).join("office.db")).unwrap();
    let edit = "DROP TRIGGER audit_is_never_edited; UPDATE audit SET actor = 'nobody' WHERE seq = 2;";
    database.execute_batch(edit).unwrap();
    let broken = medring(&["audit", "verify", "--workspace", &ws, "--lang", "en"]);
    assert_eq!(broken.code, Some(7), "{}", broken.err);
    assert!(broken.err.contains("edited 2") && broken.err.contains("Remedy"), "{}", broken.err);
}

fn pem(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/tls").join(name)
}

#[test]
fn other_machines_are_served_with_accounts_and_tls_only() {
    let (_folder, ws, secret) = workspace();
    let (certificate, key) = (text(&pem("cert.pem")), text(&pem("key.pem")));
    let open = |more: &[&str]| medring(&[&["serve", &ws, "--listen", "0.0.0.0:0"][..], more].concat());
    let nobody = open(&["--tls-cert", &certificate, "--tls-key", &key]);
    assert!(nobody.code == Some(2) && nobody.err.contains("user add"), "{}", nobody.err);
    done(&["user", "add", "wang", "--role", "auditor", "--workspace", &ws, "--password-file", &secret]);
    let bare = open(&[]);
    assert!(bare.code == Some(2) && bare.err.contains("unencrypted"), "{}", bare.err);
    let wrong = open(&["--tls-cert", &key, "--tls-key", &key]);
    assert!(wrong.code == Some(2) && wrong.err.contains("key.pem"), "{}", wrong.err);
    assert_eq!(open(&["--tls-cert", &certificate]).code, Some(2));

    let words = ["serve", &ws, "--listen", "0.0.0.0:0", "--tls-cert", &certificate, "--tls-key", &key];
    let mut server = program().args(words).spawn().unwrap();
    let lines = BufReader::new(server.stderr.take().unwrap()).lines();
    let line = lines.map(Result::unwrap).find(|line| line.contains("https://")).unwrap();
    let port: u16 = line.split("0.0.0.0:").nth(1).unwrap().split('/').next().unwrap().parse().unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(pem("cert.pem")).unwrap()).unwrap();
    let config =
        ClientConfig::builder_with_provider(Arc::new(default_provider())).with_safe_default_protocol_versions();
    let config = Arc::new(config.unwrap().with_root_certificates(roots).with_no_client_auth());
    let client = ClientConnection::new(config, "localhost".try_into().unwrap()).unwrap();
    // Somebody who says nothing keeps nobody waiting.
    let _silent = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let mut stream = StreamOwned::new(client, TcpStream::connect(("127.0.0.1", port)).unwrap());
    let body = r#"{"name":"wang","password":"correct horse battery"}"#;
    let head = "POST /v1/login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX-Medring: test\r\nContent-Type: application/json";
    write!(stream, "{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len()).unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains("__Host-medring=") && answer.contains("; Secure"), "{answer}");
}
