//! What is refused, with which code, and what may a browser do with an answer?

use super::{ask, look, served};
use axum::body::Body;
use axum::http::{Request, StatusCode};

#[test]
fn refusals_have_stable_codes_in_both_languages() {
    let server = &served().server;
    let cases = [
        ("/v1/nonsense", StatusCode::NOT_FOUND, "MR-WEB-001"),
        ("/etc/passwd", StatusCode::NOT_FOUND, "MR-WEB-001"),
        ("/v1/rings/R-000000000000", StatusCode::NOT_FOUND, "MR-WEB-002"),
        ("/v1/rings/R-000000000000/graph", StatusCode::NOT_FOUND, "MR-WEB-002"),
        ("/v1/entities/P1", StatusCode::NOT_FOUND, "MR-WEB-003"),
        ("/v1/entities/AAAAAAAAAAAAAAAAAAAAAA", StatusCode::NOT_FOUND, "MR-WEB-003"),
        ("/v1/rings?sort=beauty", StatusCode::BAD_REQUEST, "MR-WEB-004"),
        ("/v1/rings?limit=many", StatusCode::BAD_REQUEST, "MR-WEB-004"),
        ("/v1/rings?as_of=99", StatusCode::BAD_REQUEST, "MR-WEB-004"),
        ("/v1/rings?event=eaten", StatusCode::BAD_REQUEST, "MR-WEB-004"),
        ("/v1/paths?from=a", StatusCode::BAD_REQUEST, "MR-WEB-004"),
        ("/v1/paths?from=a&to=b", StatusCode::NOT_FOUND, "MR-WEB-003"),
    ];
    for (path, status, code) in cases {
        let answer = look(server, path);
        let said = answer.json();
        assert_eq!((answer.status, said["code"].as_str()), (status, Some(code)), "{path}: {}", answer.text);
        for text in ["zh", "en", "remedy_zh", "remedy_en"] {
            assert!(said[text].as_str().is_some_and(|text| !text.is_empty()), "{path}: {}", answer.text);
        }
    }
}

#[test]
fn what_is_too_long_is_refused_before_anybody_looks_at_it() {
    let server = &served().server;
    let refused = |request: Request<Body>, status: StatusCode, code: &str| {
        let answer = ask(server, request);
        assert_eq!((answer.status, answer.json()["code"].as_str()), (status, Some(code)), "{}", answer.text);
    };
    let address = format!("/v1/paths?from=a&to=b&avoid={}", "x,".repeat(5_000));
    refused(Request::get(address).body(Body::empty()).unwrap(), StatusCode::URI_TOO_LONG, "MR-WEB-021");
    let post = |path: &str, field: &str, length: usize| {
        let mut body = serde_json::json!({"name": "x", "password": "x"});
        body[field] = "x".repeat(length).into();
        let asked = Request::post(path).header("content-type", "application/json").header("x-medring", "1");
        asked.body(Body::from(body.to_string())).unwrap()
    };
    refused(post("/v1/search", "text", 1_025), StatusCode::BAD_REQUEST, "MR-WEB-004");
    for (path, field) in [("/v1/search", "text"), ("/v1/login", "password")] {
        refused(post(path, field, 70_000), StatusCode::PAYLOAD_TOO_LARGE, "MR-WEB-007");
    }
    refused(post("/v1/login", "password", 1_025), StatusCode::BAD_REQUEST, "MR-WEB-004");
    refused(post("/v1/login", "name", 1_025), StatusCode::BAD_REQUEST, "MR-WEB-004");
    assert_eq!(ask(server, post("/v1/search", "text", 1_024)).status, StatusCode::OK);
}

#[test]
fn the_page_is_there_at_every_screen_and_may_load_nothing_from_elsewhere() {
    let server = &served().server;
    let page = look(server, "/");
    assert!(page.text.contains("/page.js") && !page.text.contains("://"), "{}", page.text);
    for screen in ["/rings", "/ring/R-1?tab=members", "/explore?ring=R-1", "/path", "/entity/x", "/data"] {
        assert_eq!(look(server, screen).text, page.text, "{screen}");
    }
    for path in ["/", "/page.js", "/chunk.js", "/late.js", "/page.css", "/icon.svg", "/v1/status", "/v1/nonsense"] {
        let headers = look(server, path).headers;
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'self';") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(
            (&headers["x-content-type-options"], &headers["x-frame-options"]),
            (&"nosniff".parse().unwrap(), &"DENY".parse().unwrap())
        );
    }
    assert!(look(server, "/page.js").text.len() > 20_000, "the bundle is not there");
}

#[test]
fn nobody_else_asks_in_the_name_of_this_machine() {
    let server = &served().server;
    let status = |request: Request<Body>| ask(server, request).status;
    let get = |host: &str| Request::get("/v1/rings").header("host", host).body(Body::empty()).unwrap();
    assert_eq!(status(get("localhost:7878")), StatusCode::OK);
    assert_eq!(status(get("medring.example")), StatusCode::FORBIDDEN);
    let post = |origin: &str, site: &str| {
        let asked =
            Request::post("/v1/search").header("host", "127.0.0.1:7878").header("content-type", "application/json");
        asked.header("origin", origin).header("sec-fetch-site", site).body(Body::from(r#"{"text":"x"}"#)).unwrap()
    };
    assert_eq!(status(post("http://127.0.0.1:7878", "same-origin")), StatusCode::OK);
    assert_eq!(status(post("http://elsewhere.example", "cross-site")), StatusCode::FORBIDDEN);
    assert_eq!(status(post("null", "same-origin")), StatusCode::FORBIDDEN);
    assert_eq!(status(post("http://127.0.0.1:7878", "cross-site")), StatusCode::FORBIDDEN);
}
