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
        super::cases::paths::verdicts,
    )
)]
struct Document;

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
