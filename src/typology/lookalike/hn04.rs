//! HN04: were they referred? Transfers on record, from lower to higher care, different people each time.

use super::{LookAlike, diagnosed, people};
use crate::model::{Explains, hand_overs, is_handed_on, is_referred, visit};
use crate::typology::bench::{Bench, Cited};
use crate::typology::handovers::{self, Hop, Records};
use crate::typology::odds::{percent, ramp};
use crate::typology::suspicion::Suspicion;

/// Percent of idle hand-overs that bills alike by chance would show, and that no alliance would.
const IDLE: (i32, i32) = (45, 85);

/// Percent of admissions at discretion among the referred of an alliance, at most, and among those of a mill.
const AT_WILL: (i32, i32) = (60, 90);

/// Percent of the people who were handed on once or twice only: up to the higher care and down again. Where most go round more often, a
/// record is no reason, and where nearly all do not, a full one.
const BRIEF: (i32, i32) = (40, 85);

/// Percent of a city's hand-overs on record from which on transfers are kept there.
const KEPT_MIN: i32 = 10;

/// A referral alliance.
pub(crate) struct Referral;

impl LookAlike for Referral {
    fn code(&self) -> &'static str {
        "HN04"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("医联体转诊", "referral alliance")
    }

    fn mistaken_for(&self) -> &'static [&'static str] {
        &["relay_admission", "cross_region_day_trip", "recruited_fake_admission"]
    }

    fn accounts_for(&self) -> &'static [&'static str] {
        &[
            "handed_on",
            "round_trip",
            "passed_around",
            "same_people_again",
            "soon_again",
            "same_disease",
            "batches",
            "same_places",
        ]
    }

    fn holds(&self, bench: &Bench, suspicion: &Suspicion) -> i32 {
        let brief = brief(suspicion);
        // One illness is treated in stages once; nobody has a stroke every month.
        let staged = ramp(diagnosed(suspicion, &[Explains::Staged]), 25, 65, 100) * (20 + brief * 8 / 10) / 100;
        let referred = ramp(referred(bench, suspicion), 40, 90, 100) * ramp(brief, BRIEF.0, BRIEF.1, 100) / 100;
        if referred > staged { staged.max(referred * believed(bench, suspicion) / 100) } else { staged }
    }

    fn explain(&self, bench: &Bench, suspicion: &Suspicion) -> Option<(i32, String, String)> {
        let brief = brief(suspicion);
        let staged = diagnosed(suspicion, &[Explains::Staged]);
        let mut referred = 0;
        let mut all = 0;
        for (person, (_, stays)) in &suspicion.people {
            let Some(file) = bench.file(*person) else { continue };
            for (stay, _) in stays {
                all += 1;
                let visit = visit(&file.visits, stay.visit);
                referred += usize::from(
                    visit.is_some_and(|visit| visit.is_sent_on() || visit.is_referred_here() == Some(true)),
                );
            }
        }
        let share = percent(referred, all);
        // Where transfers are not exported none is on record: those who were discharged elsewhere just before may have been
        // transferred, and that costs; but nobody is referred day for day with the same others from place to place.
        let handed_on = handed_on(bench, suspicion);
        let blind = ramp(handed_on, 10, 50, 250) * (100 - suspicion.met_again(bench)) / 100;
        if referred == 0 && !is_kept(bench, suspicion) {
            return (blind > 0).then(|| {
                (
                    -blind,
                    format!("数据中没有转诊信息,看不到转诊;{handed_on}%的住院与别院的出院首尾相接"),
                    format!("Transfers are not given in these data; {handed_on}% of the stays adjoin a stay elsewhere"),
                )
            });
        }
        Some((
            (-ramp(share, 15, 70, 100) - ramp(share, 15, 60, 250)) * ramp(brief, BRIEF.0, BRIEF.1, 100) / 100
                * believed(bench, suspicion)
                / 100,
            format!(
                "{share}%的住院有转诊记录({referred}/{all}),{brief}%的人至多转一两次,{staged}%为需分阶段治疗的重病(卒中、心梗、骨折等)"
            ),
            format!(
                "{share}% of the stays are recorded as transfers ({referred} of {all}), {brief}% of the people were handed on once or twice only, {staged}% are severe illness treated in stages (stroke, heart attack, fractures)"
            ),
        ))
    }
}

/// Whether transfers are kept where these people were handed on.
fn is_kept(bench: &Bench, suspicion: &Suspicion) -> bool {
    let records = Records::of(bench, &hops(suspicion, bench));
    if records.known == 0 { bench.known.transfers } else { records.usual >= KEPT_MIN }
}

/// How far records are believed, in percent: they are no reason where the ways lead in a circle, at one price, nor where everybody is
/// admitted at discretion: mills have a township clinic write the referral.
fn believed(bench: &Bench, suspicion: &Suspicion) -> i32 {
    let at_will = diagnosed(suspicion, &[Explains::AtWill]);
    100 - ramp(idle(bench, suspicion), IDLE.0, IDLE.1, 100).max(ramp(at_will, AT_WILL.0, AT_WILL.1, 100))
}

/// Percent of the people who were handed on with a record.
fn referred(bench: &Bench, suspicion: &Suspicion) -> i32 {
    people(suspicion, |person| {
        let Some(file) = bench.file(person).filter(|file| !file.visits.is_empty()) else { return false };
        let hops = hand_overs(bench.stays(person));
        hops.iter().any(|(from, to)| is_referred(&file.visits, &from.0, &to.0) == Some(true))
    })
}

/// Percent of the hand-overs that lead in a circle at one price.
fn idle(bench: &Bench, suspicion: &Suspicion) -> i32 {
    handovers::idle(&hops(suspicion, bench))
}

fn hops<'a>(suspicion: &Suspicion, bench: &Bench<'a>) -> Vec<Hop<'a>> {
    suspicion.people.keys().flat_map(|person| hand_overs(bench.stays(*person))).collect()
}

/// Percent of the stays that begin within days of a discharge elsewhere, or end so before an admission elsewhere.
fn handed_on(bench: &Bench, suspicion: &Suspicion) -> i32 {
    let beside = |(stay, _): &&Cited| {
        bench.stays(stay.person).any(|(other, _)| is_handed_on(other, stay) || is_handed_on(stay, other))
    };
    percent(suspicion.settlements().filter(beside).count(), suspicion.settlements().count())
}

/// Percent of the people who were handed on once or twice only.
fn brief(suspicion: &Suspicion) -> i32 {
    people(suspicion, |person| suspicion.people.get(&person).is_some_and(|(_, stays)| stays.len() <= 3))
}
