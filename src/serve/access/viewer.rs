//! Who asks, and what does the workspace look like from there?

use crate::serve::shared::Shared;
use crate::serve::trouble::Trouble;
use crate::store::Account;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use std::ops::Deref;
use std::sync::Arc;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::serve) enum Viewer {
    /// Whoever reaches a server that has no accounts yet.
    Open,
    /// Somebody who is signed in.
    Account(Account),
    /// A machine with a key.
    Machine(String),
}

impl Viewer {
    /// The name in policies and in the audit log.
    pub(in crate::serve) fn name(&self) -> &str {
        match self {
            Viewer::Open => "(open)",
            Viewer::Account(account) => &account.name,
            Viewer::Machine(name) => name,
        }
    }

    /// The kind of principal in policies: a key of somebody's name is not that account.
    pub(in crate::serve) fn kind(&self) -> &str {
        match self {
            Viewer::Open => "Anybody",
            Viewer::Account(_) => "Account",
            Viewer::Machine(_) => "Machine",
        }
    }

    /// The role in policies.
    pub(in crate::serve) fn role(&self) -> &str {
        match self {
            Viewer::Open => "open",
            Viewer::Account(account) => account.role.word(),
            Viewer::Machine(_) => "machine",
        }
    }

    /// Beginnings of region codes.
    pub(in crate::serve) fn regions(&self) -> &[String] {
        match self {
            Viewer::Account(account) => &account.regions,
            _ => &[],
        }
    }

    /// Whether its regions are all.
    pub(in crate::serve) fn is_everywhere(&self) -> bool {
        self.regions().is_empty()
    }
}

/// What all requests share, and who makes this one.
#[derive(Clone)]
pub(in crate::serve) struct Asking {
    pub(in crate::serve) shared: Arc<Shared>,
    pub(in crate::serve) viewer: Arc<Viewer>,
}

impl Deref for Asking {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.shared
    }
}

impl FromRequestParts<Arc<Shared>> for Asking {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, shared: &Arc<Shared>) -> Result<Asking, Trouble> {
        // The door put it there; a route that is not behind the door has nobody who asks.
        let viewer = parts.extensions.get::<Arc<Viewer>>().cloned().ok_or(Trouble::SignIn)?;
        Ok(Asking { shared: Arc::clone(shared), viewer })
    }
}
