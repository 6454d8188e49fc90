//! Who may ask, and what may a browser do with the answer?
//!
//! Every answer forbids scripts, frames and requests of elsewhere. A server on this machine's own address answers only to
//! that address, so that no page on the net can reach it by giving its own name to 127.0.0.1; and nothing is written on
//! behalf of a page of another site.

use super::shared::Shared;
use super::trouble::{Trouble, question};
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

const HEADERS: [(HeaderName, &str); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// Bytes of the body of a question at most: a remark of a case is the longest.
pub(super) const QUESTION_BYTES_MAX: usize = 64 << 10;
/// Bytes of an address at most.
const ADDRESS_BYTES_MAX: usize = 8 << 10;

/// Bytes of an identifier, name or password that is typed at most.
const TYPED_BYTES_MAX: usize = 1 << 10;

/// Refuses what comes from elsewhere and what is too long, counts, and adds the headers.
pub(super) async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let allowed = is_own(request.headers(), request.method(), shared.options.loopback);
    let address = request.uri().path_and_query().map_or(0, |address| address.as_str().len());
    let mut answer = if !allowed {
        Trouble::Foreign.into_response()
    } else if address > ADDRESS_BYTES_MAX {
        Trouble::LongAddress(ADDRESS_BYTES_MAX).into_response()
    } else {
        next.run(request).await
    };
    if is_bare(&answer) {
        answer = said(&answer);
    }
    shared.metrics.asked(answer.status().is_client_error() || answer.status().is_server_error());
    for (name, value) in HEADERS {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    answer.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    answer
}

/// The JSON of a question; what is too large is said as such, anything else that is no such JSON as `otherwise`.
pub(super) fn json<T>(
    body: Result<Json<T>, JsonRejection>,
    otherwise: impl FnOnce(String) -> Trouble,
) -> Result<T, Trouble> {
    match body {
        Ok(Json(asked)) => Ok(asked),
        Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Err(Trouble::TooLarge(QUESTION_BYTES_MAX as u64))
        }
        Err(error) => Err(otherwise(unquoted(&error.body_text()))),
    }
}

/// What a reader of JSON complains about, without the value that it quotes: a refusal repeats nothing that was typed.
pub(super) fn unquoted(text: &str) -> String {
    match (text.find('"'), text.rfind('"')) {
        (Some(first), Some(last)) if first < last => format!("{}…{}", &text[..first], &text[last + 1..]),
        _ => text.to_owned(),
    }
}

/// Whether the router refused by itself, without a code: an address that is no text, or a method that an address does not have.
fn is_bare(answer: &Response) -> bool {
    let kind = answer.headers().get(header::CONTENT_TYPE);
    answer.status().is_client_error() && kind.is_none_or(|kind| !kind.as_bytes().starts_with(b"application/json"))
}

/// The same refusal with a code and words.
fn said(bare: &Response) -> Response {
    let trouble = match bare.status() {
        StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_FOUND => Trouble::NoSuchPage,
        _ => question("address", "地址中的编号或文字无法识别", "a number or a text in the address cannot be read"),
    };
    let mut answer = trouble.into_response();
    *answer.status_mut() = bare.status();
    if let Some(methods) = bare.headers().get(header::ALLOW) {
        answer.headers_mut().insert(header::ALLOW, methods.clone());
    }
    answer
}

/// What somebody typed, unless it is longer than any identifier, name or password.
pub(super) fn short<'a>(name: &'static str, text: &'a str) -> Result<&'a str, Trouble> {
    if text.len() <= TYPED_BYTES_MAX {
        return Ok(text);
    }
    Err(question(name, "最长 1024 字节", "1024 bytes at most"))
}

fn is_own(headers: &HeaderMap, method: &Method, loopback: bool) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(header::HOST);
    if loopback && !host.is_none_or(is_loopback) {
        return false;
    }
    if method == Method::GET || method == Method::HEAD {
        return true;
    }
    let same_origin = text(header::ORIGIN).is_none_or(|origin| {
        let named = origin.split_once("://").map(|(_, rest)| rest);
        named.is_some() && named == host
    });
    let site = text(HeaderName::from_static("sec-fetch-site"));
    same_origin && site.is_none_or(|site| matches!(site, "same-origin" | "none"))
}

/// Whether a `Host` is this machine: a loopback address or `localhost`, with any port.
fn is_loopback(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    name.eq_ignore_ascii_case("localhost")
        || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loopback() {
        for own in ["localhost", "localhost:7878", "127.0.0.1:1", "[::1]:80", "127.8.8.8"] {
            assert!(is_loopback(own), "{own}");
        }
        for other in ["evil.example", "127.0.0.1.evil.example:80", "10.0.0.1:80", "", "[::2]:80"] {
            assert!(!is_loopback(other), "{other}");
        }
    }
}
