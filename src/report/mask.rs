//! How is a person shown without being named? The same mask everywhere, different masks for different parties.

use super::Edition;
use super::naming::shown_id;
use crate::model::{Names, Party, PartyKind, RowRef, Sentence, Table, hash_text};
use std::collections::{BTreeMap, BTreeSet};

/// The masks of one edition: first three characters, `…`, four hexadecimal digits of the party's hash; where two parties
/// would look alike, a number follows.
pub(super) struct Masks<'a> {
    names: &'a Names,
    by_party: BTreeMap<Party, String>,
    by_text: BTreeMap<&'a str, String>,
}

impl<'a> Masks<'a> {
    pub(super) fn of(edition: &Edition<'a>) -> Masks<'a> {
        let members = edition.rings.iter().flat_map(|ring| &ring.finding.members).map(|member| member.party);
        let personal: BTreeSet<Party> = members.filter(|party| is_personal(party.kind())).collect();
        let mut taken: BTreeMap<String, u32> = BTreeMap::new();
        // One number may be somebody's telephone and an agent's: one text has one mask.
        let mut masks = Masks { names: edition.names, by_party: BTreeMap::new(), by_text: BTreeMap::new() };
        for party in personal {
            let raw = edition.names.parties.get(&party).map_or("", String::as_str);
            if let Some(mask) = masks.by_text.get(raw) {
                masks.by_party.insert(party, mask.clone());
                continue;
            }
            let mut mask = shortened(raw, party.0 >> 4);
            let times = taken.entry(mask.clone()).or_default();
            *times += 1;
            if *times > 1 {
                mask = format!("{mask}·{times}");
            }
            if !raw.is_empty() {
                masks.by_text.insert(raw, mask.clone());
            }
            masks.by_party.insert(party, mask);
        }
        masks
    }

    /// What the page shows for a party: institutions, pharmacies and employers by their code, all others masked.
    pub(super) fn party(&self, party: Party) -> String {
        match self.by_party.get(&party) {
            Some(mask) => mask.clone(),
            None if is_personal(party.kind()) => shortened(&shown_id(party, self.names), party.0 >> 4),
            None if party.kind().is_context() => String::new(),
            None => shown_id(party, self.names),
        }
    }

    /// What the page shows for a source row: its id, with personal identifiers inside it masked.
    pub(super) fn row(&self, row: RowRef) -> String {
        let text = super::naming::shown_row(row, self.names);
        let Some((table, id)) = text.split_once(':') else { return text };
        let keys_are_personal =
            matches!(row.table(), Table::XIdent | Table::PsnInfoB | Table::PsnInsuD | Table::XMatnAlwnD | Table::DrB);
        let shown = id.split('|').enumerate().map(|(at, part)| match self.by_text.get(part) {
            Some(mask) => mask.clone(),
            None if keys_are_personal && !(row.table() == Table::XIdent && at == 0) => shortened(part, hash_text(part)),
            None => part.to_owned(),
        });
        format!("{table}:{}", shown.collect::<Vec<_>>().join("|"))
    }

    /// A sentence, with the identifiers of these parties masked should it name them.
    pub(super) fn sentence(&self, text: &str, parties: impl Iterator<Item = Party>) -> String {
        let mut shown = text.to_owned();
        for party in parties {
            let (Some(raw), Some(mask)) = (self.names.parties.get(&party), self.by_party.get(&party)) else { continue };
            if raw.len() >= 5 && shown.contains(raw.as_str()) {
                shown = shown.replace(raw.as_str(), mask);
            }
        }
        shown
    }
}

/// A party as a terminal shows it: institutions, pharmacies and employers by their code, all others masked.
#[must_use]
pub fn masked(party: Party, names: &Names) -> String {
    let id = shown_id(party, names);
    if is_personal(party.kind()) { shortened(&id, party.0 >> 4) } else { id }
}

/// A source row as a page shows it: its id, with personal identifiers inside it masked as [`masked`] masks them.
#[must_use]
pub fn masked_row(row: RowRef, names: &Names) -> String {
    let text = super::naming::shown_row(row, names);
    let Some((table, id)) = text.split_once(':') else { return text };
    let open = [
        Table::SetlD,
        Table::MdtrtD,
        Table::FeeListD,
        Table::DrugTracD,
        Table::RxD,
        Table::OutAppyD,
        Table::OpspRegD,
        Table::XLtcEval,
        Table::XLtcServ,
        Table::FixmedinsB,
        Table::AdmdvsB,
    ];
    // What is not known to be open is masked.
    if open.contains(&row.table()) {
        return text;
    }
    let part = |(at, part): (usize, &str)| {
        if row.table() == Table::XIdent && at == 0 { part.to_owned() } else { shortened(part, hash_text(part)) }
    };
    format!("{table}:{}", id.split('|').enumerate().map(part).collect::<Vec<_>>().join("|"))
}

/// A sentence, with the personal identifiers of these parties masked should it name them.
#[must_use]
pub fn masked_sentence(text: &Sentence, parties: &[Party], names: &Names) -> Sentence {
    let mut shown = text.clone();
    for party in parties.iter().filter(|party| is_personal(party.kind())) {
        let Some(raw) = names.parties.get(party).filter(|raw| raw.len() >= 5) else { continue };
        for text in [&mut shown.zh, &mut shown.en] {
            if text.contains(raw.as_str()) {
                *text = text.replace(raw.as_str(), &masked(*party, names));
            }
        }
    }
    shown
}

fn is_personal(kind: PartyKind) -> bool {
    !kind.is_context() && !matches!(kind, PartyKind::Institution | PartyKind::Pharmacy | PartyKind::Employer)
}

/// At most three characters, and never more than a third of the identifier.
fn shortened(raw: &str, hash: u64) -> String {
    let kept = (raw.chars().count() / 3).min(3);
    let head: String = raw.chars().take(kept).collect();
    format!("{head}…{:04x}", hash & 0xffff)
}
