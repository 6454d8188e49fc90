//! What can be asked of the server, and which address asks for what? The one table; an address that is not in it is refused.

use axum::http::Method;

/// Something that a policy permits or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::serve) enum Action {
    Look,
    ReadMetrics,
    ReadData,
    PushBatch,
    ListRings,
    ReadRing,
    ReadEntity,
    Search,
    FindPaths,
    Export,
    ReadReports,
    Reveal,
    ListCases,
    OpenCase,
    ReadCase,
    ReadDocument,
    WorkCase,
    MoveCase,
    DecideCase,
    StaffCase,
    RearrangeCase,
    RemoveDocument,
    BuildBundle,
    ExportVerdicts,
    ReadAudit,
    ListAccounts,
    ManageAccounts,
    See,
}

impl Action {
    /// All that the page asks about: what may I do?
    pub(in crate::serve) const ASKED: [Action; 18] = [
        Action::Look,
        Action::ReadMetrics,
        Action::ReadData,
        Action::PushBatch,
        Action::ListRings,
        Action::ReadRing,
        Action::ReadEntity,
        Action::Search,
        Action::FindPaths,
        Action::Export,
        Action::ReadReports,
        Action::Reveal,
        Action::ListCases,
        Action::OpenCase,
        Action::ExportVerdicts,
        Action::ReadAudit,
        Action::ListAccounts,
        Action::ManageAccounts,
    ];

    /// The word in policies and in the audit log.
    pub(in crate::serve) fn word(self) -> &'static str {
        match self {
            Action::Look => "look",
            Action::ReadMetrics => "read_metrics",
            Action::ReadData => "read_data",
            Action::PushBatch => "push_batch",
            Action::ListRings => "list_rings",
            Action::ReadRing => "read_ring",
            Action::ReadEntity => "read_entity",
            Action::Search => "search",
            Action::FindPaths => "find_paths",
            Action::Export => "export",
            Action::ReadReports => "read_reports",
            Action::Reveal => "reveal",
            Action::ListCases => "list_cases",
            Action::OpenCase => "open_case",
            Action::ReadCase => "read_case",
            Action::ReadDocument => "read_document",
            Action::WorkCase => "work_case",
            Action::MoveCase => "move_case",
            Action::DecideCase => "decide_case",
            Action::StaffCase => "staff_case",
            Action::RearrangeCase => "rearrange_case",
            Action::RemoveDocument => "remove_document",
            Action::BuildBundle => "build_bundle",
            Action::ExportVerdicts => "export_verdicts",
            Action::ReadAudit => "read_audit",
            Action::ListAccounts => "list_accounts",
            Action::ManageAccounts => "manage_accounts",
            Action::See => "see",
        }
    }

    /// Whether it is about one case.
    pub(in crate::serve) fn is_of_case(self) -> bool {
        use Action::{
            BuildBundle, DecideCase, MoveCase, ReadCase, ReadDocument, RearrangeCase, RemoveDocument, StaffCase,
            WorkCase,
        };
        let reads = matches!(self, ReadCase | ReadDocument | BuildBundle);
        reads || matches!(self, WorkCase | MoveCase | DecideCase | StaffCase | RearrangeCase | RemoveDocument)
    }

    /// Whether the log keeps it when it was done; refusals are always kept. Lists of masked rings and figures are not.
    pub(in crate::serve) fn is_logged(self) -> bool {
        !matches!(self, Action::Look | Action::ReadMetrics | Action::ReadData | Action::ListRings | Action::ListCases)
    }
}

/// Addresses that ask for nothing: everybody who reaches the server may see them.
const PUBLIC: [(&str, &str); 7] = [
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/openapi.json"),
    ("GET", "/v1/session"),
    ("POST", "/v1/login"),
    ("POST", "/v1/logout"),
    // Whoever is signed in, for themselves; the handler asks who that is.
    ("POST", "/v1/password"),
];

const ROUTES: [(&str, &str, Action); 48] = [
    ("GET", "/metrics", Action::ReadMetrics),
    ("GET", "/v1/status", Action::Look),
    ("GET", "/v1/words", Action::Look),
    ("GET", "/v1/data", Action::ReadData),
    ("POST", "/v1/batches", Action::PushBatch),
    ("GET", "/v1/rings", Action::ListRings),
    ("GET", "/v1/rings/{id}", Action::ReadRing),
    ("GET", "/v1/rings/{id}/graph", Action::ReadRing),
    ("GET", "/v1/rings/{id}/facts", Action::ReadRing),
    ("GET", "/v1/rings/{id}/timeline", Action::ReadRing),
    ("GET", "/v1/rings/{id}/members.csv", Action::Export),
    ("GET", "/v1/rings/{id}/members.xlsx", Action::Export),
    ("GET", "/v1/rings/{id}/facts.csv", Action::Export),
    ("GET", "/v1/rings/{id}/facts.xlsx", Action::Export),
    ("GET", "/v1/reports", Action::ReadReports),
    ("GET", "/v1/reports/{report}", Action::ReadReports),
    ("GET", "/v1/entities/{party}", Action::ReadEntity),
    ("GET", "/v1/entities/{party}/neighbours", Action::ReadEntity),
    ("GET", "/v1/paths", Action::FindPaths),
    ("POST", "/v1/search", Action::Search),
    ("POST", "/v1/reveal", Action::Reveal),
    ("GET", "/v1/audit", Action::ReadAudit),
    ("GET", "/v1/audit/verify", Action::ReadAudit),
    ("GET", "/v1/audit.jsonl", Action::ReadAudit),
    ("GET", "/v1/accounts", Action::ListAccounts),
    ("POST", "/v1/accounts", Action::ManageAccounts),
    ("POST", "/v1/accounts/{name}", Action::ManageAccounts),
    ("GET", "/v1/cases", Action::ListCases),
    ("POST", "/v1/cases", Action::OpenCase),
    ("GET", "/v1/verdicts.jsonl", Action::ExportVerdicts),
    ("GET", "/v1/cases/{id}", Action::ReadCase),
    ("POST", "/v1/cases/{id}/rings", Action::WorkCase),
    ("POST", "/v1/cases/{id}/notes", Action::WorkCase),
    ("POST", "/v1/cases/{id}/tasks", Action::WorkCase),
    ("POST", "/v1/cases/{id}/tasks/{number}", Action::WorkCase),
    ("POST", "/v1/cases/{id}/documents", Action::WorkCase),
    ("GET", "/v1/cases/{id}/documents/{number}", Action::ReadDocument),
    ("POST", "/v1/cases/{id}/documents/{number}", Action::RemoveDocument),
    ("POST", "/v1/cases/{id}/canvases", Action::WorkCase),
    ("POST", "/v1/seen.xlsx", Action::Export),
    ("POST", "/v1/cases/{id}/staff", Action::StaffCase),
    ("POST", "/v1/cases/{id}/steps", Action::MoveCase),
    ("POST", "/v1/cases/{id}/steps/{number}", Action::DecideCase),
    ("POST", "/v1/cases/{id}/merge", Action::RearrangeCase),
    ("POST", "/v1/cases/{id}/split", Action::RearrangeCase),
    ("GET", "/v1/cases/{id}/bundle", Action::BuildBundle),
    ("POST", "/v1/cases/{id}/bundle", Action::BuildBundle),
    ("POST", "/v1/cases/{id}/receipts", Action::MoveCase),
];

/// What an address asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::serve) enum Asks {
    /// Nothing that needs a permission.
    Nothing,
    /// This.
    For(Action),
    /// It is not in the table.
    Unknown,
}

/// What a request asks for, by its method and the pattern of its address.
pub(in crate::serve) fn asks(method: &Method, pattern: &str) -> Asks {
    let method = if method == Method::HEAD { "GET" } else { method.as_str() };
    if PUBLIC.contains(&(method, pattern)) {
        return Asks::Nothing;
    }
    let found = ROUTES.iter().find(|route| (route.0, route.1) == (method, pattern));
    found.map_or(Asks::Unknown, |route| Asks::For(route.2))
}
