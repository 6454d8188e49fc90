//! How does a party stand in an answer? By an opaque token, its kind, and what may be shown of its identifier.

use super::access::Asking;
use super::shared::Shared;
use super::trouble::Trouble;
use super::view::View;
use crate::model::{Names, Party, RowRef, Sentence};
use crate::report::{masked, masked_row, shown_kind};
use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use serde::Serialize;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// A text in both languages.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub(super) struct Text {
    /// Chinese.
    pub(super) zh: String,
    /// English.
    pub(super) en: String,
}

impl From<Sentence> for Text {
    fn from(text: Sentence) -> Text {
        Text { zh: text.zh, en: text.en }
    }
}

/// A party.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(super) struct PartyRef {
    /// Opaque; stands for the party in addresses.
    pub(super) token: String,
    /// What it is, such as `person`.
    pub(super) kind: String,
    /// What may be shown of its identifier: the code of a place, a mask for everybody else, nothing for a context.
    pub(super) id: String,
    /// The region of a place, by name or code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) region: Option<String>,
    /// In how many rings it is.
    pub(super) rings: usize,
}

/// What is needed to name parties.
pub(super) struct Naming<'a> {
    pub(super) shared: &'a Shared,
    pub(super) view: &'a View,
    pub(super) names: &'a Names,
}

impl Naming<'_> {
    /// A party as answers show it.
    pub(super) fn party(&self, party: Party) -> PartyRef {
        PartyRef {
            token: self.shared.tokens.token(party),
            kind: shown_kind(party, &self.view.references).word().to_owned(),
            id: if party.kind().is_context() { String::new() } else { masked(party, self.names) },
            region: region(self.view, party),
            rings: self.view.rings_of.get(&party).map_or(0, Vec::len),
        }
    }

    /// A row as answers show it.
    pub(super) fn row(&self, row: RowRef) -> String {
        masked_row(row, self.names)
    }

    /// A party inside a sentence.
    pub(super) fn word(&self, party: Party) -> Sentence {
        let kind = crate::report::caption::kind(shown_kind(party, &self.view.references));
        let id = masked(party, self.names);
        Sentence { zh: format!("{}{id}", kind.zh), en: format!("{} {id}", kind.en) }
    }
}

/// The region of a place.
pub(super) fn region(view: &View, party: Party) -> Option<String> {
    let place = view.references.places.get(&party)?;
    if place.area == 0 {
        return None;
    }
    let named = view.references.regions.by_code.get(&place.area).map(|region| region.name.clone());
    Some(named.filter(|name| !name.is_empty()).unwrap_or_else(|| place.area.to_string()))
}

/// The texts behind rows and parties, those of members from the view.
pub(super) fn names(
    shared: &Shared,
    view: &View,
    rows: &BTreeSet<RowRef>,
    parties: &BTreeSet<Party>,
) -> Result<Names, Trouble> {
    let (known, missing): (BTreeSet<Party>, BTreeSet<Party>) =
        parties.iter().partition(|party| view.names.parties.contains_key(party));
    let mut names = shared.read(|workspace| Ok(workspace.names(rows, &missing)?))?;
    let text = |party: Party| Some((party, view.names.parties.get(&party)?.clone()));
    names.parties.extend(known.into_iter().filter_map(text));
    Ok(names)
}

/// The parameters of a question, or why they cannot be read.
pub(super) fn asked<T>(query: Result<Query<T>, QueryRejection>) -> Result<T, Trouble> {
    match query {
        Ok(Query(asked)) => Ok(asked),
        Err(error) => {
            let en = super::guard::unquoted(&error.body_text());
            Err(Trouble::Question("?", Sentence { zh: en.clone(), en }))
        }
    }
}

/// The party behind a token. One that whoever asks may not see is not there.
pub(super) fn party(asking: &Asking, token: &str) -> Result<Party, Trouble> {
    let party = asking.tokens.party(token.trim()).ok_or(Trouble::NoSuchParty)?;
    if asking.sees(party)? { Ok(party) } else { Err(Trouble::NoSuchParty) }
}
