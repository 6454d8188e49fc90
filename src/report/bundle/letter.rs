//! What does the letter say? A template in Chinese; a file `letter.html` in the workspace takes its place. And the slip on which the
//! receiver says what came of it.

use super::Contents;
use crate::model::{Day, PartyKind};
use crate::report::{ReportError, caption, shown_kind, yuan};
use crate::store::sha256;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, context};
use std::collections::BTreeSet;

/// What errors call a template: a site's own is a file of this name.
const TEMPLATE: &str = "letter.html";
/// The template that comes with the program.
const LETTER: &str = include_str!("letter.html");

/// What the receiver fills in and gives back.
const SLIP: &str = include_str!("slip.html");

/// The slip for the receiver, filled in as far as we know.
pub(super) fn slip(contents: &Contents<'_>) -> Result<String, ReportError> {
    let case = contents.case;
    Ok(environment(SLIP)?.get_template(TEMPLATE)?.render(context! {
        case => context! { id => case.head.id, title => case.head.title },
        approved_on => day(contents.approved_at), public_key => contents.public_key,
        evidence_rows => case.evidence.len(), evidence_sha256 => evidence_sha256(contents),
    })?)
}

/// SHA-256 over the hashes of all frozen rows in order.
fn evidence_sha256(contents: &Contents<'_>) -> String {
    let hashes: String = contents.case.evidence.iter().map(|one| one.content.sha256.as_str()).collect();
    sha256(hashes.as_bytes())
}

/// One template; what it asks for and nobody gives is an error.
fn environment(template: &str) -> Result<Environment<'_>, ReportError> {
    let mut environment = Environment::new();
    environment.set_trim_blocks(true);
    environment.set_lstrip_blocks(true);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_template(TEMPLATE, template)?;
    Ok(environment)
}

/// The letter, filled in.
pub(super) fn letter(contents: &Contents<'_>) -> Result<String, ReportError> {
    let environment = environment(contents.template.as_deref().unwrap_or(LETTER))?;
    let case = contents.case;
    let rings: Vec<_> = contents
        .rings
        .iter()
        .zip(&case.rings)
        .map(|(part, attached)| {
            let finding = &part.ring.finding;
            let count = |wanted: PartyKind| {
                let kinds = finding.members.iter().map(|member| shown_kind(member.party, contents.references));
                kinds.filter(|kind| *kind == wanted).count()
            };
            let claims: Vec<&str> = attached.facts.claims.iter().map(|claim| claim.zh.as_str()).collect();
            let against: Vec<String> = part
                .against
                .iter()
                .map(|(code, _, said)| format!("{} {}", caption::look_alike(code).zh, said.zh))
                .collect();
            context! {
                id => attached.ring, epoch => attached.epoch, name => caption::typology(&finding.typology).zh,
                persons => count(PartyKind::Person), doctors => count(PartyKind::Doctor),
                institutions => count(PartyKind::Institution), pharmacies => count(PartyKind::Pharmacy),
                fund => yuan(attached.facts.fund_fen), total => yuan(attached.facts.total_fen),
                first_day => finding.first_day.to_string(), last_day => finding.last_day.to_string(),
                claims, against, rows => part.rows.len(),
            }
        })
        .collect();
    let persons: BTreeSet<&str> = contents
        .rings
        .iter()
        .flat_map(|part| {
            part.members.iter().filter(|member| member.kind == "person").map(|member| member.token.as_str())
        })
        .collect();
    let fund: i64 = case.rings.iter().map(|ring| ring.facts.fund_fen).sum();
    Ok(environment.get_template(TEMPLATE)?.render(context! {
        case => context! { id => case.head.id, title => case.head.title, owner => case.head.owner, second => case.head.second },
        approved_by => contents.approved_by, asked_by => contents.asked_by, approved_on => day(contents.approved_at),
        persons => persons.len(), fund => yuan(fund), rings, revealed => contents.revealed,
        evidence_rows => case.evidence.len(), evidence_sha256 => evidence_sha256(contents),
        public_key => contents.public_key, version => env!("CARGO_PKG_VERSION"),
    })?)
}

/// The day of a moment in Beijing, as letters have it; empty where there is no moment yet.
fn day(moment: i64) -> String {
    if moment == 0 {
        return String::new();
    }
    let (year, month, day) = Day(i32::try_from((moment + 8 * 3_600).div_euclid(86_400)).unwrap_or(0)).date();
    format!("{year}年{month}月{day}日")
}
