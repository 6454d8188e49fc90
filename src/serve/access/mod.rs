//! Who may do what? Accounts, sessions, permissions, regions, and a log of all of it.
//!
//! ```text
//! request ─► guard (own origin) ─► door: who asks? ─► may they? (policies) ─► handler, with a view of their own ─► log ─► answer
//! ```
//!
//! Without accounts, on this machine only, everybody who reaches the server reads everything; the page says so. From the first
//! account on everybody signs in. What is logged is durable before the answer leaves.

mod accounts;
mod action;
mod audit;
mod door;
mod limit;
mod permissions;
mod reveal;
mod scope;
mod session;
mod tls;
mod viewer;

pub(super) use accounts::{accounts, add_account, change_account};
pub(super) use action::Action;
pub(super) use audit::{audit, audit_lines, audit_verified};
pub(super) use door::{Noted, door, is_id, now_s, permitted};
pub(super) use limit::Limiter;
pub(super) use permissions::{Permissions, Resource};
pub(super) use reveal::reveal;
pub(super) use scope::{Scoped, beginnings};
pub(super) use session::{login, logout, password, session, signed_in};
pub(super) use tls::{Peer, acceptor};
pub(super) use viewer::{Asking, Viewer};

/// What the description of all addresses needs to find the handlers.
pub(super) mod paths {
    pub(in crate::serve) use super::accounts::{__path_accounts, __path_add_account, __path_change_account};
    pub(in crate::serve) use super::audit::{__path_audit, __path_audit_lines, __path_audit_verified};
    pub(in crate::serve) use super::reveal::__path_reveal;
    pub(in crate::serve) use super::session::{__path_login, __path_logout, __path_password, __path_session};
}
