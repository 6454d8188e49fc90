//! What does the server offer to programs? The description of every address, made from the code itself.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use utoipa::OpenApi;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "medring",
        description = "Suspected leads on organised medical-insurance fraud, with their evidence. 疑似线索，供核查使用，不构成任何认定。"
    ),
    paths(
        super::status::healthz,
        super::status::readyz,
        super::status::metrics,
        super::status::status,
        super::status::data,
        super::words::words,
        super::rings::rings,
        super::rings::ring,
        super::picture::graph,
        super::evidence::facts,
        super::timeline::timeline,
        super::entities::entity,
        super::entities::neighbours,
        super::paths::paths,
        super::search::search,
        super::batches::batches,
        super::export::members_csv,
        super::export::members_xlsx,
        super::export::facts_csv,
        super::export::facts_xlsx,
        super::reports::reports,
        super::reports::report,
        super::access::paths::session,
        super::access::paths::login,
        super::access::paths::logout,
        super::access::paths::password,
        super::access::paths::reveal,
        super::access::paths::audit,
        super::access::paths::audit_verified,
        super::access::paths::audit_lines,
        super::access::paths::accounts,
        super::access::paths::add_account,
        super::access::paths::change_account,
        super::cases::paths::cases,
        super::cases::paths::open_case,
        super::cases::paths::case,
        super::cases::paths::attach_ring,
        super::cases::paths::note_case,
        super::cases::paths::task_case,
        super::cases::paths::set_task,
        super::cases::paths::staff_case,
        super::cases::paths::step_case,
        super::cases::paths::decide_step,
        super::cases::paths::merge_case,
        super::cases::paths::split_case,
        super::cases::paths::bundle,
        super::cases::paths::seal_bundle,
        super::cases::paths::add_receipt,
        super::cases::paths::add_document,
        super::cases::paths::document,
        super::cases::paths::change_document,
        super::cases::paths::add_canvas,
        super::export::seen_xlsx,
        super::cases::paths::verdicts,
    ),
    modifiers(&Refusals)
)]
struct Document;

/// What every address may answer, by what it takes: said once, because door and guard stand before all of them.
struct Refusals;

impl utoipa::Modify for Refusals {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        const OPEN: [&str; 4] = ["/healthz", "/readyz", "/openapi.json", "/v1/session"];
        for (path, item) in &mut document.paths.paths {
            let signs = ["/v1/login", "/v1/logout", "/v1/password"].contains(&path.as_str());
            let behind_door = !signs && !OPEN.contains(&path.as_str());
            let (gets, posts) = (item.get.as_mut(), item.post.as_mut());
            for (writes, operation) in gets.map(|one| (false, one)).into_iter().chain(posts.map(|one| (true, one))) {
                let takes = operation.parameters.is_some() || operation.request_body.is_some();
                let mut refuse = |status: &str, why: &str| {
                    let known = operation.responses.responses.entry(status.to_owned());
                    known.or_insert_with(|| refusal(why));
                };
                refuse("403", "asked from elsewhere, or not permitted");
                refuse("414", "the address is too long");
                if behind_door {
                    refuse("401", "nobody is signed in");
                    refuse("503", "it is not there yet, took too long, or the server is ending");
                }
                if takes || path.contains('{') {
                    refuse("400", "a parameter or the body cannot be read");
                }
                if path.contains('{') {
                    refuse("404", "there is none, or this account does not see it");
                }
                if writes {
                    refuse("413", "the body is too large");
                }
            }
        }
    }
}

fn refusal(why: &str) -> utoipa::openapi::RefOr<utoipa::openapi::Response> {
    use utoipa::openapi::{Content, Ref, ResponseBuilder};
    let shape = Content::new(Some(Ref::from_schema_name("Refusal")));
    ResponseBuilder::new().description(why).content("application/json", shape).build().into()
}

/// The description as JSON; `src/serve/openapi.json` is a copy of it, and a test compares them.
#[must_use]
pub fn document() -> String {
    let mut text = Document::openapi().to_pretty_json().expect("the description is plain JSON");
    text.push('\n');
    text
}

/// The description.
pub(super) async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], document()).into_response()
}
