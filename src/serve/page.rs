//! Which files make the page? Those that were bundled into the program; every other address shows the page too.
//!
//! The page reads its state from the address, so `/ring/R-…` and the rest answer the same document. Sources and how to
//! bundle them: `src/serve/web/README.md`.

use super::trouble::Trouble;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};

/// Address, type, contents.
const FILES: [(&str, &str, &[u8]); 6] = [
    ("/", "text/html; charset=utf-8", include_bytes!("web/dist/index.html")),
    ("/page.js", "text/javascript; charset=utf-8", include_bytes!("web/dist/page.js")),
    ("/chunk.js", "text/javascript; charset=utf-8", include_bytes!("web/dist/chunk.js")),
    ("/late.js", "text/javascript; charset=utf-8", include_bytes!("web/dist/late.js")),
    ("/page.css", "text/css; charset=utf-8", include_bytes!("web/dist/page.css")),
    ("/icon.svg", "image/svg+xml", include_bytes!("web/dist/icon.svg")),
];

/// Where the page keeps its screens.
const SCREENS: [&str; 10] =
    ["/rings", "/ring", "/explore", "/path", "/entity", "/data", "/cases", "/case", "/report", "/settings"];

/// A file of the page, or the page itself for its own addresses.
pub(super) async fn page(request: Request) -> Response {
    let path = request.uri().path();
    let own = request.method() == Method::GET || request.method() == Method::HEAD;
    let below = |screen: &str| path.strip_prefix(screen).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let screen = || SCREENS.iter().any(|screen| below(screen)).then_some(&FILES[0]);
    let file = FILES.iter().find(|file| file.0 == path).or_else(screen);
    match file.filter(|_| own) {
        Some((_, kind, contents)) => {
            let headers: [(HeaderName, HeaderValue); 2] = [
                (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            ];
            (headers, *contents).into_response()
        }
        None => Trouble::NoSuchPage.into_response(),
    }
}
