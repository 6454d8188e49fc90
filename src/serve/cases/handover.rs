//! What of a case is handed over? Its rings as they were attached, members, frozen rows, and what was weighed against them.

use super::deeds::known;
use super::rules::{agreed, approval};
use crate::engine::{book_at, members};
use crate::model::{Names, Party, PartyKind, References, Ring, Sentence};
use crate::report::bundle::{Contents, File, MemberRow, RingPart, RowPart, files, sealed};
use crate::report::{ReportError, RingActivity, masked, masked_sentence, shown_id, shown_kind};
use crate::serve::access::{Asking, now_s};
use crate::serve::picture::link;
use crate::serve::trouble::Trouble;
use crate::store::{Case, Document, Drawn, Frozen, Item, Seal, Sealed, Step, sha256};
use std::collections::BTreeSet;

/// Files of the workspace that a case goes by.
const CONFIGURATION: [&str; 3] = ["cases.toml", "policies.cedar", LETTER];
const LETTER: &str = "letter.html";

/// The files of a hand-over, and what is missing before it may be sealed.
pub(in crate::serve) struct Handover {
    pub(in crate::serve) files: Vec<File>,
    /// Members by kind, each once.
    pub(in crate::serve) kinds: Vec<(String, usize)>,
    /// Members, each with its ring.
    pub(in crate::serve) members: Vec<(String, MemberRow)>,
    pub(in crate::serve) missing: Option<Sentence>,
}

/// Seals what a case hands over, and notes it in the case: what is in it, the archive, and its SHA-256.
///
/// # Errors
/// Something is missing before it may be sealed, or the workspace does not answer.
pub(in crate::serve) fn seal(
    asking: &Asking,
    id: &str,
    revealed: bool,
) -> Result<(Handover, Vec<u8>, String), Trouble> {
    let key = asking.office(|office| office.seal())?;
    let made = handover(asking, id, revealed, &key)?;
    if let Some(why) = made.missing {
        return Err(Trouble::NotSoFar(why));
    }
    let archive = sealed(id, &made.files, &key).map_err(|error| Trouble::Failed(error.to_string()))?;
    let (sha256, bytes, files) = (sha256(&archive), archive.len() as u64, made.files.len());
    let step = agreed(&known(asking, id)?, &asking.stages).map_or(0, |step| step.number);
    let noted = Sealed { sha256: sha256.clone(), bytes, files, revealed, step };
    let account = asking.account()?;
    asking.office(|office| office.add_sealed(id, (account, now_s()), &noted))?;
    Ok((made, archive, sha256))
}

/// Works out what a case would hand over.
pub(in crate::serve) fn handover(asking: &Asking, id: &str, revealed: bool, seal: &Seal) -> Result<Handover, Trouble> {
    let case = known(asking, id)?;
    let (step, missing) = match approval(&case, &asking.stages) {
        Ok(step) => (Some(step), None),
        Err(missing) => (None, Some(missing)),
    };
    let epoch = case.rings.iter().map(|ring| ring.epoch).max().unwrap_or(0);
    let references = asking.read(|workspace| Ok(book_at(workspace, epoch)?.references()))?;
    let parts: Result<Vec<RingPart>, Trouble> =
        case.rings.iter().map(|ring| part(asking, &case, (&ring.ring, ring.epoch), &references, revealed)).collect();
    let parts = parts?;
    let mut kinds: Vec<(String, usize)> = Vec::new();
    let distinct: BTreeSet<(&str, &str)> =
        parts.iter().flat_map(|part| part.members.iter().map(|one| (one.kind.as_str(), one.token.as_str()))).collect();
    for (kind, _) in distinct {
        match kinds.last_mut().filter(|last| last.0 == kind) {
            Some(last) => last.1 += 1,
            None => kinds.push((kind.to_owned(), 1)),
        }
    }
    let (documents, canvases) = papers(asking, &case, step)?;
    let contents = Contents {
        case: &case,
        rings: parts,
        documents,
        canvases,
        references: &references,
        built_by: asking.account()?.to_owned(),
        asked_by: step.map(|step| step.by.clone()).unwrap_or_default(),
        approved_by: step.and_then(|step| step.content.decided_by.clone()).unwrap_or_default(),
        approved_at: step.and_then(|step| step.content.decided_at).unwrap_or(0),
        revealed,
        template: own(asking, LETTER)?,
        configuration: configuration(asking)?,
        public_key: seal.public(),
    };
    let files = files(&contents).map_err(|error| match error {
        ReportError::Template(why) => {
            let why = format!("{why:#}");
            Trouble::Question(LETTER, Sentence { zh: why.clone(), en: why })
        }
        other => Trouble::Failed(other.to_string()),
    })?;
    let all = contents.rings.into_iter().flat_map(|part| {
        let ring = part.ring.id;
        part.members.into_iter().map(move |one| (ring.clone(), one))
    });
    Ok(Handover { files, kinds, members: all.collect(), missing })
}

type Papers = (Vec<(Document, Vec<u8>)>, Vec<Drawn>);

/// Documents and canvases that were there when the second officer agreed. A document that is not what was attached is not handed over, and neither is the case.
fn papers(asking: &Asking, case: &Case, step: Option<&Item<Step>>) -> Result<Papers, Trouble> {
    let id = &case.head.id;
    let agreed = step.map(|step| step.content.decided_at.unwrap_or(step.at));
    let sealed = |number: i64| case.sealed.iter().find(|one| one.number == number).map(|one| one.content.step);
    let receipts = case.receipts.iter().filter(|one| sealed(one.content.sealed) == step.map(|step| step.number));
    let received: BTreeSet<i64> = receipts.map(|one| one.content.document).collect();
    let (mut listed, mut canvases) = asking.office(|office| Ok((office.documents(id)?, office.canvases(id)?)))?;
    // What came later, such as a receipt, nobody agreed to hand over; what was taken out is no part of the case.
    listed.retain(|one| !one.is_removed() && !received.contains(&one.number));
    listed.retain(|one| agreed.is_none_or(|agreed| one.at <= agreed));
    canvases.retain(|one| agreed.is_none_or(|agreed| one.at <= agreed));
    let mut documents = Vec::with_capacity(listed.len());
    for one in listed {
        match asking.office(|office| office.document(id, one.number))? {
            Some((document, bytes, true)) => documents.push((document, bytes)),
            _ => {
                let zh = format!("文书 {} 与登记的 SHA-256 不符", one.number);
                let en = format!("document {} does not match the SHA-256 that it was attached with", one.number);
                return Err(Trouble::NotSoFar(Sentence { zh, en }));
            }
        }
    }
    Ok((documents, canvases))
}

/// A file of the workspace, where there is one.
fn own(asking: &Asking, name: &str) -> Result<Option<String>, Trouble> {
    let path = asking.root.join(name);
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Trouble::Failed(format!("{}: {error}", path.display()))),
    }
}

fn configuration(asking: &Asking) -> Result<Vec<(String, String)>, Trouble> {
    let sum = |name: &str| {
        let text = own(asking, name)?;
        let sum = text.map_or_else(|| "(built in)".to_owned(), |text| sha256(text.as_bytes()));
        Ok((name.to_owned(), sum))
    };
    CONFIGURATION.into_iter().map(sum).collect()
}

fn part(
    asking: &Asking,
    case: &Case,
    (id, epoch): (&str, u64),
    references: &References,
    revealed: bool,
) -> Result<RingPart, Trouble> {
    let (ring, names) = asking.read(|workspace| {
        let ring = workspace.ring(id, Some(epoch))?.ok_or_else(|| Trouble::NoSuchRing(id.to_owned()))?;
        let names = workspace.names(&BTreeSet::new(), &members(std::slice::from_ref(&ring)))?;
        Ok((ring, names))
    })?;
    let parties: Vec<Party> = ring.finding.members.iter().map(|member| member.party).collect();
    let rows: Result<Vec<RowPart>, Trouble> =
        case.evidence.iter().filter(|one| one.content.ring == id).map(row).collect();
    let rows = rows?;
    let against = ring.finding.counter_evidence.iter();
    let against = against.map(|one| (one.code.clone(), one.score, masked_sentence(&one.text, &parties, &names)));
    Ok(RingPart {
        against: against.collect(),
        members: member_rows(asking, &ring, &names, references, revealed),
        activity: rows.iter().flat_map(|row| links(asking, row)).collect(),
        rows,
        ring,
    })
}

fn row(one: &Item<Frozen>) -> Result<RowPart, Trouble> {
    let Frozen { claims, said, sha256, .. } = one.content.clone();
    let read = serde_json::from_str(&said).map_err(|error| Trouble::Failed(format!("row {}: {error}", one.number)))?;
    Ok(RowPart { number: one.number, claims, said, read, sha256, at: one.at, by: one.by.clone() })
}

fn member_rows(asking: &Asking, ring: &Ring, names: &Names, references: &References, revealed: bool) -> Vec<MemberRow> {
    let parties: Vec<Party> = ring.finding.members.iter().map(|member| member.party).collect();
    let region = |party: Party| {
        let place = references.places.get(&party).filter(|place| place.area != 0)?;
        let named = references.regions.by_code.get(&place.area).map(|region| region.name.clone());
        Some(named.filter(|name| !name.is_empty()).unwrap_or_else(|| place.area.to_string()))
    };
    let one = |member: &crate::model::Member| MemberRow {
        token: asking.tokens.token(member.party),
        kind: shown_kind(member.party, references).word().to_owned(),
        id: if revealed { shown_id(member.party, names) } else { masked(member.party, names) },
        region: region(member.party).unwrap_or_default(),
        role: member.role.word(),
        strength: f64::from(member.strength) / 100.0,
        why: masked_sentence(&member.why, &parties, names),
    };
    ring.finding.members.iter().map(one).collect()
}

/// Whom a row links: its persons with everybody else it names.
fn links(asking: &Asking, row: &RowPart) -> Vec<RingActivity> {
    let tokens = row.read["parties"].as_array().into_iter().flatten().filter_map(|party| party["token"].as_str());
    let parties = tokens.filter_map(|token| asking.tokens.party(token));
    let (persons, others): (Vec<Party>, Vec<Party>) = parties.partition(|party| party.kind() == PartyKind::Person);
    persons.iter().flat_map(|person| others.iter().map(|other| link(*person, *other))).collect()
}
