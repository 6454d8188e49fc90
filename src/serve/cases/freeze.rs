//! What of a ring goes into a case? Its reasons become claims, and the rows that they cite are kept as they are shown now.

use crate::model::{Factor, PartyKind};
use crate::report::masked_sentence;
use crate::serve::access::Asking;
use crate::serve::evidence::all_rows;
use crate::serve::parties::Text;
use crate::serve::trouble::Trouble;
use crate::store::{CaseRing, Claim, Frozen, RingFacts, sha256};
use crate::typology::{holds_of_everybody, taught_in};

/// A ring as it is now, with the rows that its reasons cite, each with its hash.
pub(super) fn frozen(asking: &Asking, id: &str, at: i64) -> Result<(CaseRing, Vec<Frozen>), Trouble> {
    let view = asking.view()?;
    let listed = view.ring(id).ok_or_else(|| Trouble::NoSuchRing(id.to_owned()))?;
    let whole = asking.shared.view_at(Some(view.epoch))?;
    let place = whole.by_id.get(id).copied();
    let regions = whole.regions(asking)?;
    let finding = &listed.ring.finding;
    let parties: Vec<_> = finding.members.iter().take(200).map(|member| member.party).collect();
    let claim = |factor: &Factor| {
        let Text { zh, en } = masked_sentence(&factor.text, &parties, &view.names).into();
        Claim { code: factor.code.clone(), score: factor.score, zh, en }
    };
    let facts = RingFacts {
        typology: finding.typology.clone(),
        score: finding.score,
        fund_fen: finding.amount.fund_fen,
        total_fen: finding.amount.total_fen,
        persons: listed.counts.get(&PartyKind::Person).copied().unwrap_or(0),
        regions: place.and_then(|at| regions.get(at)).into_iter().flatten().cloned().collect(),
        // The prior, and what verdicts taught, hold of everybody: they claim nothing of these people and rest on no row.
        claims: finding.factors.iter().filter(|factor| !holds_of_everybody(factor)).map(claim).collect(),
        counter_evidence: finding.counter_evidence.iter().map(|one| (one.code.clone(), one.score)).collect(),
        taught: taught_in(finding),
    };
    let mut rows = Vec::new();
    for (reference, row) in all_rows(asking, &view, listed)? {
        let claims = row.factors.clone();
        let mut said = serde_json::to_value(&row).map_err(|error| Trouble::Failed(error.to_string()))?;
        // In how many rings a party is changes from epoch to epoch; the row does not.
        for party in said["parties"].as_array_mut().into_iter().flatten() {
            if let Some(party) = party.as_object_mut() {
                party.remove("rings");
            }
        }
        let said = said.to_string();
        let sha256 = sha256(said.as_bytes());
        rows.push(Frozen { ring: id.to_owned(), reference: reference.0, claims, said, sha256 });
    }
    let added_by = asking.account()?.to_owned();
    Ok((CaseRing { ring: id.to_owned(), epoch: view.epoch, facts, added_at: at, added_by }, rows))
}
