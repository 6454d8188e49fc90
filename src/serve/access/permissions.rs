//! May this account do this, to that? The policies answer (`policies.cedar`), evaluated anew for each request.

use super::action::Action;
use super::viewer::Viewer;
use crate::serve::ServeError;
use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression,
};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;

/// The policies that come with the program.
const POLICIES: &str = include_str!("policies.cedar");

/// The policies of a workspace.
pub(in crate::serve) struct Permissions {
    policies: PolicySet,
    authorizer: Authorizer,
}

/// What something is asked of.
pub(in crate::serve) enum Resource<'a> {
    /// The server as a whole.
    Server,
    /// A ring: beginnings of region codes, and whether the one who asks is of a case that holds it.
    Ring { id: &'a str, regions: &'a BTreeSet<String>, of_team: bool },
    /// A party: beginnings of region codes, and whether it is in a ring that the one who asks sees.
    Party { regions: &'a BTreeSet<String>, in_seen_ring: bool },
    /// A case.
    Case { id: &'a str, regions: &'a BTreeSet<String>, team: &'a BTreeSet<String>, owner: &'a str },
}

type Said = Result<bool, String>;

impl Permissions {
    /// The workspace's own policies, or those that come with the program.
    ///
    /// # Errors
    /// When the workspace's file cannot be read.
    pub(in crate::serve) fn open(root: &Path) -> Result<Permissions, ServeError> {
        let path = root.join("policies.cedar");
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => POLICIES.to_owned(),
            Err(error) => return Err(ServeError::Policies(format!("{}: {error}", path.display()))),
        };
        let policies = text.parse().map_err(|error| ServeError::Policies(format!("{}: {error}", path.display())))?;
        Ok(Permissions { policies, authorizer: Authorizer::new() })
    }

    /// Whether a policy permits it and none forbids it. What cannot be evaluated is refused.
    pub(in crate::serve) fn may(&self, viewer: &Viewer, action: Action, resource: &Resource<'_>) -> bool {
        self.decide(viewer, action, resource).unwrap_or(false)
    }

    fn decide(&self, viewer: &Viewer, action: Action, resource: &Resource<'_>) -> Said {
        let role = uid("Role", viewer.role())?;
        let principal = uid(viewer.kind(), viewer.name())?;
        let act = uid("Action", action.word())?;
        let about = entity(resource, &principal)?;
        let attributes = HashMap::from([
            ("regions".to_owned(), words(viewer.regions().iter())),
            ("everywhere".to_owned(), RestrictedExpression::new_bool(viewer.is_everywhere())),
        ]);
        let account = Entity::new(principal.clone(), attributes, HashSet::from([role])).map_err(text)?;
        let target = about.uid();
        let entities = Entities::from_entities([account, about], None).map_err(text)?;
        let request = Request::new(principal, act, target, Context::empty(), None).map_err(text)?;
        let answer = self.authorizer.is_authorized(&request, &self.policies, &entities);
        Ok(answer.decision() == Decision::Allow)
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn uid(kind: &str, id: &str) -> Result<EntityUid, String> {
    Ok(EntityUid::from_type_name_and_id(kind.parse::<EntityTypeName>().map_err(text)?, EntityId::new(id)))
}

fn words<'a>(all: impl Iterator<Item = &'a String>) -> RestrictedExpression {
    RestrictedExpression::new_set(all.map(|word| RestrictedExpression::new_string(word.clone())))
}

fn entity(resource: &Resource<'_>, principal: &EntityUid) -> Result<Entity, String> {
    let of = |account: &EntityUid| RestrictedExpression::new_entity_uid(account.clone());
    let (uid, attributes) = match resource {
        Resource::Server => (uid("Server", "medring")?, Vec::new()),
        Resource::Ring { id, regions, of_team } => {
            let team = RestrictedExpression::new_set(of_team.then(|| of(principal)));
            (uid("Ring", id)?, vec![("regions", words(regions.iter())), ("team", team)])
        }
        Resource::Party { regions, in_seen_ring } => {
            let seen = RestrictedExpression::new_bool(*in_seen_ring);
            (uid("Party", "asked")?, vec![("regions", words(regions.iter())), ("in_seen_ring", seen)])
        }
        Resource::Case { id, regions, team, owner } => {
            let members = team.iter().map(|name| self::uid("Account", name)).collect::<Result<Vec<_>, _>>()?;
            let team = RestrictedExpression::new_set(members.iter().map(of));
            let owner = of(&self::uid("Account", owner)?);
            (uid("Case", id)?, vec![("regions", words(regions.iter())), ("team", team), ("owner", owner)])
        }
    };
    let attributes = attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    Entity::new(uid, attributes, HashSet::new()).map_err(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Account, AccountRole};

    fn of(role: AccountRole, regions: &[&str]) -> Viewer {
        let regions = regions.iter().map(|part| (*part).to_owned()).collect();
        Viewer::Account(Account { name: "wang".to_owned(), role, regions, disabled: false, created_at: 0 })
    }

    #[test]
    fn a_region_is_seen_from_above_and_not_from_beside() {
        let permissions = Permissions::open(Path::new("/nowhere")).expect("our own policies are read");
        let regions: BTreeSet<String> = ["34", "3401", "340102"].map(str::to_owned).into();
        let sees = |viewer: &Viewer, of_team| {
            permissions.may(viewer, Action::See, &Resource::Ring { id: "R-1", regions: &regions, of_team })
        };
        for (scope, seen) in [(vec![], true), (vec!["34"], true), (vec!["99", "340102"], true), (vec!["3402"], false)] {
            assert_eq!(sees(&of(AccountRole::Investigator, &scope), false), seen, "{scope:?}");
            assert!(sees(&of(AccountRole::Investigator, &scope), true), "{scope:?}");
        }
        assert!(!sees(&of(AccountRole::CaseTeam, &[]), false) && sees(&of(AccountRole::CaseTeam, &[]), true));
        assert!(!sees(&of(AccountRole::Auditor, &[]), false) && !sees(&of(AccountRole::Administrator, &["34"]), false));
    }
}
