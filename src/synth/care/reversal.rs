//! Which rows are taken back, corrected or sent twice? Every claim may meet this fate, ring or not.

use crate::synth::claim::{Claim, Form};
use crate::synth::draw::Draw;

/// The shares of rows with each fate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fates {
    /// Taken back by a later row.
    pub refunded: f64,
    /// Marked invalid.
    pub retracted: f64,
    /// Sent twice, or in an older version first.
    pub repeated: f64,
    /// Negative rows whose original is not in the data.
    pub orphans: f64,
}

/// What a national city shows: 5.24 % negative rows, 0.4 % invalid ones.
pub(crate) const USUAL: Fates = Fates { refunded: 0.054, retracted: 0.004, repeated: 0.004, orphans: 0.0004 };

/// Adds the rows that reversals, corrections and double transmission leave behind.
pub(crate) fn churn(draw: &mut Draw, fates: &Fates, last_day: i32, claims: &mut Vec<Claim>) {
    let end = i64::from(last_day) * 86_400 + 86_399;
    for at in 0..claims.len() {
        let fate = draw.unit();
        if fate < fates.refunded {
            refund(draw, end, at, claims);
        } else if fate < fates.refunded + fates.retracted {
            let mut row = claims[at];
            row.form = Form::Retracted;
            if draw.chance(0.5) { claims.push(row) } else { claims[at].form = Form::Retracted }
        } else if fate < fates.refunded + fates.retracted + fates.repeated {
            let mut row = claims[at];
            row.form = if draw.chance(0.5) { Form::Again } else { Form::Stale };
            if row.form == Form::Stale {
                row.total += draw.int(1, 40) * 100;
                row.fund += draw.int(0, 90);
            }
            claims.push(row);
        } else if fate > 1.0 - fates.orphans {
            let mut row = reversed(draw, &claims[at], Form::Orphan);
            row.original = draw.key();
            row.visit = draw.key();
            claims.push(row);
        }
    }
}

fn reversed(draw: &mut Draw, claim: &Claim, form: Form) -> Claim {
    let mut row = *claim;
    (row.total, row.fund, row.account) = (-row.total, -row.fund, -row.account);
    row.form = form;
    row.original = claim.key;
    row.key = if form == Form::SameId { claim.key } else { draw.key() };
    row.settled += if draw.chance(0.6) { draw.int(60, 7_200) } else { draw.int(7_200, 20 * 86_400) };
    row
}

fn refund(draw: &mut Draw, end: i64, at: usize, claims: &mut Vec<Claim>) {
    let form = match draw.weighted(&[0.9, 0.06, 0.04]) {
        0 => Form::Refund,
        1 => Form::SameId,
        _ => Form::ByMessage,
    };
    let row = reversed(draw, &claims[at], form);
    if row.settled > end {
        return;
    }
    claims.push(row);
    if draw.chance(0.62) {
        let mut again = claims[at];
        again.key = draw.key();
        again.settled = row.settled + draw.int(30, 3_600);
        again.form = Form::Settled;
        claims.push(again);
    } else if form == Form::Refund && draw.chance(0.02) {
        let mut second = reversed(draw, &claims[at], form);
        second.settled = (row.settled + 600).min(end);
        claims.push(second);
    }
}
