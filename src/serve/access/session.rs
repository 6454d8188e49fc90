//! How does somebody sign in and out, and what does the page know about them?
//!
//! The cookie is `HttpOnly` and `SameSite=Strict`; behind TLS it is `Secure` and bound to this host by its name.

use super::action::Action;
use super::door::{Noted, is_marked, now_s, office};
use super::permissions::Resource;
use super::tls::Peer;
use super::viewer::Viewer;
use crate::serve::guard::{json, short};
use crate::serve::shared::Shared;
use crate::serve::trouble::{Refusal, Trouble, question};
use crate::store::{Account, PASSWORD_MIN, SignIn};
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

/// The cookie's names, without and behind TLS.
const COOKIES: [&str; 2] = ["medring", "__Host-medring"];

/// Name and password.
#[derive(Deserialize, ToSchema)]
pub(in crate::serve) struct LoginAsked {
    name: String,
    password: String,
}

/// Who is signed in, and what they may do.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::serve) struct SessionAnswer {
    /// Whether the server has accounts, so that everybody must sign in.
    sign_in: bool,
    /// The account, when somebody is signed in.
    account: Option<String>,
    /// Its role: `investigator`, `reviewer`, `case_team`, `report_reader`, `administrator` or `auditor`; `open` without accounts.
    role: Option<String>,
    /// Beginnings of the codes of its regions; none means all.
    regions: Vec<String>,
    /// What it may do, such as `reveal`.
    may: Vec<String>,
    /// When it must sign in anew, seconds since 1970-01-01 UTC.
    ends_at: Option<i64>,
    /// Whether it must choose a password of its own before it does anything else.
    choose_password: bool,
}

/// A password to have from now on.
#[derive(Deserialize, ToSchema)]
pub(in crate::serve) struct PasswordAsked {
    /// The one that is good now.
    old: String,
    /// The one that shall be.
    new: String,
}

/// The token that a request brings along.
pub(super) fn token(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| COOKIES.contains(name)).map(|(_, token)| token.to_owned())
}

fn cookie(shared: &Shared, token: &str, seconds: i64) -> HeaderValue {
    let (name, secure) = if shared.options.tls.is_some() { (COOKIES[1], "; Secure") } else { (COOKIES[0], "") };
    let text = format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

fn about(shared: &Shared, viewer: Option<&Viewer>, ends_at: Option<i64>) -> Result<SessionAnswer, Trouble> {
    let permitted = |viewer: &Viewer| {
        let all = Action::ASKED.into_iter();
        let may = all.filter(|action| shared.permissions.may(viewer, *action, &Resource::Server));
        may.map(|action| action.word().to_owned()).collect()
    };
    let account = match viewer {
        Some(Viewer::Account(account)) => Some(account.name.clone()),
        _ => None,
    };
    let held = account.as_ref().map(|name| shared.office(|office| office.held(name))).transpose()?.flatten();
    Ok(SessionAnswer {
        sign_in: shared.needs_sign_in()?,
        account,
        role: viewer.map(|viewer| viewer.role().to_owned()),
        regions: viewer.map(|viewer| viewer.regions().to_vec()).unwrap_or_default(),
        may: viewer.map(permitted).unwrap_or_default(),
        ends_at,
        choose_password: held.is_some(),
    })
}

/// Who is signed in, and what they may do.
#[utoipa::path(get, path = "/v1/session", responses((status = 200, body = SessionAnswer)))]
pub(in crate::serve) async fn session(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
) -> Result<Json<SessionAnswer>, Trouble> {
    let answer = office(&shared, move |shared| {
        if !shared.needs_sign_in()? {
            return about(shared, Some(&Viewer::Open), None);
        }
        let limits = shared.options.sessions;
        let found = match token(&headers) {
            Some(token) => shared.office(|office| office.session(&token, limits, now_s()))?,
            None => None,
        };
        match found {
            Some((account, ends)) => about(shared, Some(&Viewer::Account(account)), Some(ends)),
            None => about(shared, None, None),
        }
    });
    Ok(Json(answer.await?))
}

/// Signs in; the answer sets the cookie. Wrong passwords lock a name for a quarter of an hour, whether it exists or not.
#[utoipa::path(post, path = "/v1/login", request_body = LoginAsked,
    params(("X-Medring" = String, Header, description = "anything: shows that our own page writes")),
    responses((status = 200, body = SessionAnswer), (status = 401, body = Refusal), (status = 429, body = Refusal)))]
pub(in crate::serve) async fn login(
    State(shared): State<Arc<Shared>>,
    peer: Option<axum::Extension<ConnectInfo<Peer>>>,
    headers: HeaderMap,
    body: Result<Json<LoginAsked>, JsonRejection>,
) -> Result<Response, Trouble> {
    if !is_marked(&headers) {
        return Err(Trouble::Foreign);
    }
    let (zh, en) = ("需要 JSON: {\"name\": …, \"password\": …}", "JSON is wanted: {\"name\": …, \"password\": …}");
    let asked = json(body, |_| question("name", zh, en))?;
    short("name", &asked.name).and(short("password", &asked.password))?;
    let from = peer.map_or_else(|| "?".to_owned(), |peer| peer.0.0.0.ip().to_string());
    if !shared.limiter.takes(&format!("sign-in {from}"), shared.options.sign_ins_per_minute, now_s()) {
        return Err(Trouble::TooOften);
    }
    let _turn = shared.password_turn().await?;
    let (token, answer) = office(&shared, move |shared| enter(shared, &asked, &from)).await?;
    let seconds = shared.options.sessions.whole_s;
    Ok(([(header::SET_COOKIE, cookie(&shared, &token, seconds))], Json(answer)).into_response())
}

fn enter(shared: &Shared, asked: &LoginAsked, from: &str) -> Result<(String, SessionAnswer), Trouble> {
    let account = signed_in(shared, asked.name.trim(), &asked.password, from)?;
    let (limits, now) = (shared.options.sessions, now_s());
    let token = shared.office(|office| office.begin_session(&account.name, limits, now))?;
    Ok((token, about(shared, Some(&Viewer::Account(account)), Some(now + limits.whole_s))?))
}

/// The account whose name and password fit. The log says that it was tried, from where, and how it ended.
pub(in crate::serve) fn signed_in(shared: &Shared, name: &str, password: &str, from: &str) -> Result<Account, Trouble> {
    let now = now_s();
    // What was typed stands in the log only where it is an account's name: it may have been a password.
    let known = shared.office(|office| office.account(name))?.map(Viewer::Account);
    let who = known.unwrap_or(Viewer::Machine("(unknown)".to_owned()));
    let detail = serde_json::json!({"from": from}).to_string();
    let log = |done| shared.log(&who, "sign_in", Noted { object: String::new(), detail: detail.clone() }, done);
    match shared.office(|office| office.sign_in(name, password, now))? {
        SignIn::Fits(account) if shared.office(|office| office.held(&account.name))?.is_some_and(|hold| hold.waits) => {
            log(false).and(Err(Trouble::Waits))
        }
        SignIn::Fits(account) => log(true).map(|()| account),
        SignIn::Refused => log(false).and(Err(Trouble::WrongPassword)),
        SignIn::Locked(until) => log(false).and(Err(Trouble::Locked(until - now))),
    }
}

/// Chooses another password for oneself. Wrong old ones lock the name as wrong passwords do; all other sessions end.
#[utoipa::path(post, path = "/v1/password", request_body = PasswordAsked,
    params(("X-Medring" = String, Header, description = "anything: shows that our own page writes")),
    responses((status = 200, body = SessionAnswer), (status = 400, body = Refusal), (status = 401, body = Refusal),
        (status = 403, body = Refusal), (status = 429, body = Refusal)))]
pub(in crate::serve) async fn password(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Result<Json<PasswordAsked>, JsonRejection>,
) -> Result<Response, Trouble> {
    if !is_marked(&headers) {
        return Err(Trouble::Foreign);
    }
    let token = token(&headers).ok_or(Trouble::SignIn)?;
    let (zh, en) = ("需要 JSON: {\"old\": …, \"new\": …}", "JSON is wanted: {\"old\": …, \"new\": …}");
    let asked = json(body, |_| question("old", zh, en))?;
    short("old", &asked.old).and(short("new", &asked.new))?;
    let _turn = shared.password_turn().await?;
    let (token, answer) = office(&shared, move |shared| choose(shared, &token, &asked)).await?;
    let seconds = shared.options.sessions.whole_s;
    Ok(([(header::SET_COOKIE, cookie(&shared, &token, seconds))], Json(answer)).into_response())
}

fn choose(shared: &Shared, token: &str, asked: &PasswordAsked) -> Result<(String, SessionAnswer), Trouble> {
    let (limits, now) = (shared.options.sessions, now_s());
    let known = shared.office(|office| office.session(token, limits, now))?;
    let (account, _) = known.ok_or(Trouble::SignIn)?;
    let viewer = Viewer::Account(account);
    let log = |done| shared.log(&viewer, "choose_password", Noted::default(), done);
    let signed = shared.office(|office| office.sign_in(viewer.name(), &asked.old, now))?;
    match signed {
        SignIn::Fits(_) => {}
        SignIn::Refused => return log(false).and(Err(Trouble::WrongPassword)),
        SignIn::Locked(until) => return log(false).and(Err(Trouble::Locked(until - now))),
    }
    if asked.new == asked.old || asked.new.chars().count() < PASSWORD_MIN {
        let (zh, en) = ("至少 10 个字符, 且与原口令不同", "at least 10 letters, and another one than before");
        return log(false).and(Err(question("new", zh, en)));
    }
    let begun = shared.office(|office| {
        office.set_password(viewer.name(), &asked.new, now)?;
        office.release(viewer.name())?;
        office.begin_session(viewer.name(), limits, now)
    })?;
    log(true)?;
    Ok((begun, about(shared, Some(&viewer), Some(now + limits.whole_s))?))
}

/// Signs out.
#[utoipa::path(post, path = "/v1/logout", responses((status = 204)),
    params(("X-Medring" = String, Header, description = "anything: shows that our own page writes")))]
pub(in crate::serve) async fn logout(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response, Trouble> {
    if !is_marked(request.headers()) {
        return Err(Trouble::Foreign);
    }
    if let Some(token) = token(request.headers()) {
        office(&shared, move |shared| {
            let limits = shared.options.sessions;
            if let Some((account, _)) = shared.office(|office| office.session(&token, limits, now_s()))? {
                shared.office(|office| office.end_session(&token))?;
                shared.log(&Viewer::Account(account), "sign_out", Noted::default(), true)?;
            }
            Ok(())
        })
        .await?;
    }
    let gone = cookie(&shared, "", 0);
    Ok((axum::http::StatusCode::NO_CONTENT, [(header::SET_COOKIE, gone)]).into_response())
}
