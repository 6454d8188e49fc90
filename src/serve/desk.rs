//! How does a named account work on cases without a socket? As behind an address: the same sign-in and its lock, the same
//! policies, the same deeds, the same log.
//!
//! A desk stands beside any server: it reads the last epoch and writes `office.db` alone.

use super::ServeError;
use super::access::{Action, Asking, Noted, Viewer, is_id, permitted, signed_in};
use super::cases::deeds::{self, CaseAsked, DecisionAsked, StaffAsked, StepAsked};
use super::cases::{Handover, handover, seal};
use super::shared::Shared;
use super::trouble::{Trouble, question};
use crate::model::Sentence;
use crate::store::sha256;
use serde::Serialize;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

/// Why nothing was done at a desk.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeskError {
    /// The workspace, its policies or its stages do not answer.
    #[error(transparent)]
    Serve(#[from] ServeError),
    /// What was asked is refused; nothing was written but the log.
    #[error("{}", .0.text())]
    Refused(Trouble),
}

impl From<Trouble> for DeskError {
    fn from(trouble: Trouble) -> DeskError {
        DeskError::Refused(trouble)
    }
}

/// What an account does with the cases of a workspace. Answers are those of the HTTP interface.
pub struct Desk {
    pub(super) asking: Asking,
}

type Answer = Result<Value, DeskError>;

impl Desk {
    /// Signs in. A name that was tried too often is locked here as well.
    ///
    /// # Errors
    /// Name and password do not fit, or the workspace does not answer.
    pub fn open(root: &Path, name: &str, password: &str) -> Result<Desk, DeskError> {
        let shared = Shared::beside(root)?;
        if !shared.needs_sign_in()? {
            return Err(Trouble::NeedsAccount.into());
        }
        let account = signed_in(&shared, name, password, FROM)?;
        let viewer = Arc::new(Viewer::Account(account));
        Ok(Desk { asking: Asking { shared, viewer } })
    }

    /// Does something that the policies permit, and keeps the log: nothing is answered that is not in it.
    pub(super) fn deed<T>(
        &self,
        (action, case): (Action, &str),
        mut detail: Value,
        deed: impl FnOnce(&Asking, &mut Value) -> Result<T, Trouble>,
    ) -> Result<T, Trouble> {
        let (shared, viewer) = (&self.asking.shared, &self.asking.viewer);
        let answer = permitted(shared, viewer, action, case).and_then(|()| deed(&self.asking, &mut detail));
        // What was typed stands in the log only where it was taken: it may have been anything.
        if answer.is_err() {
            detail = json!({});
        }
        let object = if is_id(case) { case.to_owned() } else { String::new() };
        let status = answer.as_ref().err().map_or_else(|| "done".to_owned(), |trouble| trouble.code().to_owned());
        detail["from"] = FROM.into();
        detail["status"] = status.into();
        let noted = Noted { object, detail: detail.to_string() };
        shared.log(viewer, action.word(), noted, answer.is_ok())?;
        answer
    }

    /// Opens a case with rings, whose rows are frozen; the account owns it.
    ///
    /// # Errors
    /// The account may not, a ring is not there, or the workspace does not answer.
    pub fn open_case(&self, title: &str, rings: &[String]) -> Answer {
        let asked = CaseAsked { title: title.to_owned(), rings: rings.to_vec() };
        value(self.deed((Action::OpenCase, ""), json!({"rings": rings}), |asking, _| deeds::open(asking, &asked))?)
    }

    /// A case as the account sees it.
    ///
    /// # Errors
    /// There is no such case, the account may not see it, or the workspace does not answer.
    pub fn case(&self, id: &str) -> Answer {
        value(self.deed((Action::ReadCase, id), json!({}), |asking, _| deeds::now(asking, id))?)
    }

    /// Asks for a stage; `verdict` is a verdict with its reason code.
    ///
    /// # Errors
    /// The account may not, the case is not so far, or the workspace does not answer.
    pub fn move_case(&self, id: &str, to: &str, why: &str, verdict: Option<(&str, &str)>) -> Answer {
        let (verdict, reason) = verdict.map(|(verdict, reason)| (verdict.to_owned(), reason.to_owned())).unzip();
        let asked = StepAsked { to: to.to_owned(), why: why.to_owned(), verdict, reason };
        value(self.deed((Action::MoveCase, id), json!({"to": to}), |asking, _| deeds::step(asking, id, asked))?)
    }

    /// Says who works on a case; what is not given stays.
    ///
    /// # Errors
    /// The account may not, somebody is no account, or the workspace does not answer.
    pub fn assign_case(
        &self,
        id: &str,
        owner: Option<&str>,
        second: Option<&str>,
        members: Option<&[String]>,
    ) -> Answer {
        let detail = json!({"owner": owner, "second": second, "members": members});
        let staffed = self.deed((Action::StaffCase, id), detail, |asking, _| {
            let case = deeds::known(asking, id)?;
            let asked = StaffAsked {
                owner: owner.map_or(case.head.owner, str::to_owned),
                second: second.map(str::to_owned).or(case.head.second),
                members: members.map_or(case.members, <[String]>::to_vec),
            };
            deeds::staff(asking, id, asked)
        })?;
        value(staffed)
    }

    /// Agrees to the step that waits, or refuses it.
    ///
    /// # Errors
    /// The account may not or asked for it itself, no step waits, or the workspace does not answer.
    pub fn decide_case(&self, id: &str, approve: bool, why: &str) -> Answer {
        let decided = self.deed((Action::DecideCase, id), json!({"approve": approve}), |asking, _| {
            let number = deeds::known(asking, id)?.asked().map_or(0, |step| step.number);
            deeds::decide(asking, id, number, &DecisionAsked { approve, why: why.to_owned() })
        })?;
        value(decided)
    }
}

/// What a hand-over holds, and the sealed archive where it may be sealed.
pub struct Bundle {
    /// Files: path, bytes, SHA-256.
    pub files: Vec<(String, usize, String)>,
    /// Who is named: members by kind.
    pub named: Vec<(String, usize)>,
    /// What is missing before it may be sealed.
    pub missing: Option<Sentence>,
    /// The key it is sealed with.
    pub public_key: String,
    /// The archive; none where something is missing, or nothing was to be sealed.
    pub archive: Option<Vec<u8>>,
}

impl Desk {
    /// Builds what a case hands over. With a reason, the list of members names personal identifiers in full; that is a deed of its own.
    /// Where it is only looked at, nothing is sealed.
    ///
    /// # Errors
    /// The account may not, something is missing before the hand-over may be sealed, or the workspace does not answer.
    pub fn bundle(&self, id: &str, reveal: Option<&str>, look: bool) -> Result<Bundle, DeskError> {
        if let Some(reason) = reveal {
            let detail = json!({"case": id, "reason": reason});
            self.deed((Action::Reveal, ""), detail, |_, _| match reason.trim() {
                "" => Err(question("reason", "须写明理由", "a reason is needed")),
                _ => Ok(()),
            })?;
        }
        let detail = json!({"dry_run": look, "revealed": reveal.is_some()});
        Ok(self.deed((Action::BuildBundle, id), detail, |asking, detail| {
            let key = asking.office(|office| office.seal())?;
            let (made, archive) = if look {
                (handover(asking, id, reveal.is_some(), &key)?, None)
            } else {
                let (made, archive, sum) = seal(asking, id, reveal.is_some())?;
                detail["sha256"] = sum.into();
                (made, Some(archive))
            };
            let Handover { files, kinds, missing, .. } = made;
            let listed = files.iter().map(|file| (file.path.clone(), file.bytes.len(), sha256(&file.bytes)));
            Ok(Bundle { files: listed.collect(), named: kinds, missing, public_key: key.public(), archive })
        })?)
    }
}

/// Where a deed comes from, in the log.
const FROM: &str = "(command line)";

fn value(answer: impl Serialize) -> Answer {
    serde_json::to_value(answer).map_err(|error| Trouble::Failed(error.to_string()).into())
}
