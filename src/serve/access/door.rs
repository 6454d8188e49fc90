//! Who asks, may they, and what does the log say about it? What every request with an address in the table passes.

use super::action::{Action, Asks, asks};
use super::permissions::Resource;
use super::viewer::{Asking, Viewer};
use crate::serve::cases;
use crate::serve::shared::{Shared, held};
use crate::serve::trouble::Trouble;
use crate::store::{Deed, Office, StoreError};
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{SystemTime, UNIX_EPOCH};

/// The header that a page of another site cannot send along: with it, a write comes from our own page.
const WRITE_MARK: &str = "x-medring";

/// What a handler tells the log beside what the address says.
#[derive(Clone, Debug, Default)]
pub(in crate::serve) struct Noted {
    /// To what it was done.
    pub(in crate::serve) object: String,
    /// More about it, as JSON.
    pub(in crate::serve) detail: String,
}

/// Seconds since 1970-01-01 UTC.
pub(in crate::serve) fn now_s() -> i64 {
    now_ms().div_euclid(1_000)
}

fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

impl Shared {
    /// Asks the office.
    pub(in crate::serve) fn office<T>(
        &self,
        ask: impl FnOnce(&mut Office) -> Result<T, StoreError>,
    ) -> Result<T, Trouble> {
        Ok(ask(&mut held(&self.office))?)
    }

    /// Whether everybody must sign in: from the first account on.
    pub(in crate::serve) fn needs_sign_in(&self) -> Result<bool, Trouble> {
        if !self.has_accounts.load(Ordering::Relaxed) && self.office(|office| office.has_accounts())? {
            self.has_accounts.store(true, Ordering::Relaxed);
        }
        Ok(self.has_accounts.load(Ordering::Relaxed))
    }

    /// Writes an entry of the log.
    pub(in crate::serve) fn log(&self, viewer: &Viewer, action: &str, noted: Noted, done: bool) -> Result<(), Trouble> {
        let deed = Deed {
            at_ms: now_ms(),
            actor: viewer.name().to_owned(),
            role: viewer.role().to_owned(),
            action: action.to_owned(),
            object: noted.object,
            detail: noted.detail,
            outcome: if done { "done" } else { "refused" }.to_owned(),
        };
        self.office(|office| office.record(&deed))?;
        Ok(())
    }
}

/// Runs what may wait for the disk beside the threads that answer.
pub(in crate::serve) async fn office<T: Send + 'static>(
    shared: &Arc<Shared>,
    ask: impl FnOnce(&Arc<Shared>) -> Result<T, Trouble> + Send + 'static,
) -> Result<T, Trouble> {
    let shared = Arc::clone(shared);
    let answer = tokio::task::spawn_blocking(move || ask(&shared)).await;
    answer.map_err(|error| Trouble::Failed(error.to_string()))?
}

/// Lets through whoever may, and keeps the log.
pub(in crate::serve) async fn door(State(shared): State<Arc<Shared>>, mut request: Request, next: Next) -> Response {
    let pattern = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned()).unwrap_or_default();
    let action = match asks(request.method(), &pattern) {
        Asks::Nothing => return next.run(request).await,
        Asks::Unknown => return Trouble::NoSuchPage.into_response(),
        Asks::For(action) => action,
    };
    let asked = Asked::of(&shared, &request, action);
    let is_write = request.method() != Method::GET && request.method() != Method::HEAD;
    let credentials = Credentials::of(request.headers());
    let known = office(&shared, move |shared| who(shared, &credentials, is_write)).await;
    let viewer = match known {
        Ok(viewer) => Arc::new(viewer),
        Err(trouble) => return trouble.into_response(),
    };
    let (asker, case) = (Arc::clone(&viewer), asked.object.clone());
    let permitted = office(&shared, move |shared| permitted(shared, &asker, action, &case)).await;
    let mut answer = match permitted {
        Ok(()) => {
            request.extensions_mut().insert(Arc::clone(&viewer));
            next.run(request).await
        }
        Err(trouble) => trouble.into_response(),
    };
    let done = answer.status().is_success();
    let forbidden = answer.status() == axum::http::StatusCode::FORBIDDEN;
    if action.is_logged() || forbidden {
        let noted = answer.extensions_mut().remove::<Noted>().unwrap_or_else(|| asked.noted(answer.status().as_u16()));
        let logged = office(&shared, move |shared| shared.log(&viewer, action.word(), noted, done)).await;
        if let Err(trouble) = logged {
            // Nothing is shown that is not in the log.
            return trouble.into_response();
        }
    }
    answer
}

/// Whether a text is shaped like the id of a ring or a case: anything else that somebody typed stands in no log.
pub(in crate::serve) fn is_id(text: &str) -> bool {
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    plain && text.len() <= 20 && (text.starts_with("R-") || text.starts_with("C-"))
}

/// Whether a part of a question is made of what the server gave out: a token, a code, a day or a short number. A parameter that
/// nobody asked for may hold anything.
fn is_ours(shared: &Shared, pair: &str) -> bool {
    let Some((_, value)) = pair.split_once('=') else { return false };
    let parts = value.split("%2C").flat_map(|part| part.split(',')).flat_map(|part| part.split(".."));
    parts.into_iter().all(|part| {
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        let code = part.bytes().all(|byte| byte.is_ascii_lowercase() || b"_-.:T0123456789".contains(&byte));
        shared.tokens.party(part).is_some() || (code && part.len() <= 24 && digits <= 8)
    })
}

/// What the log says about a request, without anything that somebody typed.
struct Asked {
    pattern: String,
    object: String,
    query: String,
}

impl Asked {
    fn of(shared: &Shared, request: &Request, action: Action) -> Asked {
        let path = request.uri().path();
        let named = path.split('/').nth(3).unwrap_or_default();
        let known = is_id(named) || shared.tokens.party(named).is_some();
        let pattern =
            request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned()).unwrap_or_default();
        // Questions whose parameters are tokens, codes and numbers; `q` of a list is what somebody typed.
        let open = matches!(action, Action::ReadRing | Action::ReadEntity | Action::FindPaths | Action::Export);
        let query = request.uri().query().filter(|_| open).unwrap_or_default();
        let query: Vec<&str> = query.split('&').filter(|pair| is_ours(shared, pair)).collect();
        let query = query.join("&").chars().take(400).collect();
        Asked { pattern, object: if known { named.to_owned() } else { String::new() }, query }
    }

    fn noted(self, status: u16) -> Noted {
        let query = if status < 300 { self.query } else { String::new() };
        let detail = serde_json::json!({"address": self.pattern, "query": query, "status": status});
        Noted { object: self.object, detail: detail.to_string() }
    }
}

/// What a request brings along to say who sends it.
struct Credentials {
    key: Option<String>,
    session: Option<String>,
    marked: bool,
}

impl Credentials {
    fn of(headers: &HeaderMap) -> Credentials {
        let text = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
        Credentials {
            key: text(header::AUTHORIZATION)
                .and_then(|text| text.strip_prefix("Bearer "))
                .map(|key| key.trim().to_owned()),
            session: super::session::token(headers),
            marked: is_marked(headers),
        }
    }
}

/// Whether a write comes from our own page.
pub(super) fn is_marked(headers: &HeaderMap) -> bool {
    headers.contains_key(WRITE_MARK)
}

fn who(shared: &Shared, credentials: &Credentials, is_write: bool) -> Result<Viewer, Trouble> {
    if let Some(key) = &credentials.key {
        return shared.office(|office| office.key_owner(key))?.map(Viewer::Machine).ok_or(Trouble::SignIn);
    }
    if !shared.needs_sign_in()? {
        return Ok(Viewer::Open);
    }
    let Some(token) = &credentials.session else { return Err(Trouble::SignIn) };
    let limits = shared.options.sessions;
    let (account, _) = shared.office(|office| office.session(token, limits, now_s()))?.ok_or(Trouble::SignIn)?;
    if is_write && !credentials.marked {
        return Err(Trouble::Foreign);
    }
    Ok(Viewer::Account(account))
}

/// Whether a viewer may do this, to the case of that id where it is about one.
pub(in crate::serve) fn permitted(
    shared: &Shared,
    viewer: &Viewer,
    action: Action,
    object: &str,
) -> Result<(), Trouble> {
    if action != Action::Look
        && let Viewer::Account(account) = viewer
        && shared.office(|office| office.held(&account.name))?.is_some()
    {
        return Err(Trouble::ChoosePassword);
    }
    if action.is_of_case() {
        return cases::permitted(shared, viewer, action, object);
    }
    if shared.permissions.may(viewer, action, &Resource::Server) {
        return Ok(());
    }
    Err(if *viewer == Viewer::Open { Trouble::NeedsAccount } else { Trouble::NotPermitted(action.word()) })
}

impl Asking {
    /// The account that asks.
    ///
    /// # Errors
    /// When it is nobody who is signed in.
    pub(in crate::serve) fn account(&self) -> Result<&str, Trouble> {
        match &*self.viewer {
            Viewer::Account(account) => Ok(&account.name),
            _ => Err(Trouble::NeedsAccount),
        }
    }
}
