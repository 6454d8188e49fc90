//! T15: which caregivers' records contradict themselves, and who assessed their people?
//!
//! Somebody in hospital is not washed at home; a caregiver signs in on the telephone in her own pocket. One wrong record is a
//! slip; a good part of one caregiver's people with several is a habit of the records.

use super::Typology;
use super::bench::Bench;
use super::circles::{circles, unlikely};
use super::lack::Sight;
use super::odds::{ln_ratio, number, percent, ramp};
use super::sentence::{factor, prior, said};
use super::suspicion::Suspicion;
use crate::model::{
    CareClass, CareVisit, Day, Factor, Member, OccasionKind, Party, PersonFile, Role, RowRef, Sentence, Table,
    cared_for_while_away, on_borrowed_devices,
};
use std::collections::{BTreeMap, BTreeSet};

/// Long-term care that perhaps did not take place.
pub(crate) struct LtcCollusion;

const PRIOR: i32 = -450;
const PEOPLE_MIN: usize = 4;
/// Percent of the visits or assessments that make somebody a member.
const SHARE_MIN: i32 = 5;
const ASSESSED_MIN: i32 = 40;
const KINDS: &[OccasionKind] = &[OccasionKind::CareRecord, OccasionKind::TwoHomes];

impl Typology for LtcCollusion {
    fn slug(&self) -> &'static str {
        "ltc_collusion"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("长护险串通", "long-term-care collusion")
    }

    fn prior(&self) -> i32 {
        PRIOR
    }

    fn question(&self) -> Sentence {
        said(
            "哪些护理员的服务记录自相矛盾,其对象又由谁评估?".to_owned(),
            "Which caregivers' records contradict themselves, and who assessed their people?".to_owned(),
        )
    }

    fn tables(&self) -> &'static [Table] {
        &[Table::XLtcServ]
    }

    fn sees_by(&self) -> &'static [Sight] {
        const BY: &[Sight] = &[
            Sight::new(Table::XLtcServ, "device_id", "签到设备", "devices"),
            Sight::new(Table::XLtcServ, "checkin_lon", "签到位置", "where visits were signed in"),
            Sight::new(Table::XLtcEval, "assessor_code", "评估员", "assessors"),
        ];
        BY
    }

    fn recognise<'a>(&self, bench: &Bench<'a>) -> Vec<Suspicion<'a>> {
        let cared = |person| bench.file(person).is_some_and(|file| !file.care_visits.is_empty());
        let circles = circles(bench, KINDS, cared);
        by_station(bench, circles).iter().filter_map(|people| suspect(bench, people, self.slug())).collect()
    }
}

/// Circles whose people have most of their visits from one station are one, however many caregivers it has.
fn by_station(bench: &Bench, circles: Vec<BTreeSet<Party>>) -> Vec<BTreeSet<Party>> {
    let mut stations: BTreeMap<Option<Party>, Vec<BTreeSet<Party>>> = BTreeMap::new();
    for people in circles {
        let mut visits: BTreeMap<Party, usize> = BTreeMap::new();
        let files = people.iter().filter_map(|person| bench.file(*person));
        files.flat_map(|file| &file.care_visits).for_each(|(visit, _)| *visits.entry(visit.place).or_default() += 1);
        let most =
            visits.into_iter().filter(|(station, _)| station.is_some()).max_by_key(|(place, count)| (*count, *place));
        stations.entry(most.map(|(station, _)| station)).or_default().push(people);
    }
    let joined = |(station, circles): (Option<Party>, Vec<BTreeSet<Party>>)| match station {
        Some(_) => vec![circles.into_iter().flatten().collect()],
        None => circles,
    };
    stations.into_iter().flat_map(joined).collect()
}

fn suspect<'a>(bench: &Bench<'a>, people: &BTreeSet<Party>, slug: &'static str) -> Option<Suspicion<'a>> {
    // One telephone of a station behind many patients is no contradiction: the records must be unlike those of other stations.
    let contradicted = unlikely(bench, KINDS, people, 250);
    if people.len() < PEOPLE_MIN || contradicted == 0 {
        return None;
    }
    let files: Vec<&PersonFile> = people.iter().filter_map(|person| bench.file(*person)).collect();
    let mut suspicion = Suspicion { typology: slug, ..Suspicion::default() };
    let mut rows = Vec::new();
    for file in &files {
        let bills = bench.settlements(file.person).filter(|cited| cited.0.class == CareClass::LongTermCare).collect();
        suspicion.people.insert(file.person, (400, bills));
        suspicion.places.extend(file.care_visits.iter().map(|(visit, _)| visit.place));
        suspicion.days.extend(file.care_visits.iter().map(|(visit, _)| visit.begin.day()));
        if bench.settlements(file.person).all(|cited| cited.0.class != CareClass::LongTermCare) {
            suspicion.more.fund_fen += file.care_visits.iter().map(|(visit, _)| visit.amount_fen).sum::<i64>();
        }
        rows.extend(file.care_visits.iter().map(|(_, origin)| *origin));
    }
    suspicion.more.total_fen = suspicion.more.fund_fen;
    let visits = rows.len();
    rows.extend(suspicion.rows(bench));
    let score = ln_ratio(number(people.len()), 2).min(300) * 5 / 10 + contradicted;
    let (carers, assessors) = (carers(&files, visits), assessors(&files));
    let text = said(
        format!("{}人由{}名护理员服务{visits}次,其中多人的记录自相矛盾", people.len(), carers.len()),
        format!(
            "{} people had {visits} visits of {} caregivers, and the records of many of them contradict themselves",
            people.len(),
            carers.len()
        ),
    );
    suspicion.factors = vec![prior(PRIOR), factor("care_records", score, text, rows)];
    let more =
        [in_hospital(&files), borrowed(&files, visits), one_assessor(&files), twice_at_once(bench, &files, visits)];
    suspicion.factors.extend(more.into_iter().flatten());
    suspicion.others = carers.into_iter().chain(assessors).collect();
    Some(suspicion)
}

/// Visited at home while in hospital.
fn in_hospital(files: &[&PersonFile]) -> Option<Factor> {
    let (mut rows, mut people, mut visits, mut due) = (Vec::new(), 0, 0, 0);
    for file in files {
        due += due_while_away(file);
        let pairs: Vec<(RowRef, RowRef)> = cared_for_while_away(file).map(|(visit, stay)| (visit.1, stay.1)).collect();
        people += usize::from(!pairs.is_empty());
        visits += pairs.len();
        rows.extend(pairs.into_iter().flat_map(|(visit, stay)| [visit, stay]));
    }
    // A caregiver who was not told stands before the door now and then.
    let share = percent(visits, due);
    let score = (80 + ln_ratio(number(people), 1).min(300) * 7 / 10) * ramp(share, 8, 40, 100) / 100;
    let text = said(
        format!("{people}人住院期间仍有{visits}次上门护理记录(按平时频次约应有{due}次的{share}%)"),
        format!(
            "{visits} visits at home of {people} people who were in hospital then, {share}% of the {due} that were due in that time"
        ),
    );
    (people >= 2 && score > 0).then(|| factor("cared_for_in_hospital", score, text, rows))
}

/// Visits that were due while somebody lay in a hospital, going by how often she is visited otherwise.
fn due_while_away(file: &PersonFile) -> usize {
    let stays = file.settlements.iter().filter(|(fact, _)| fact.class == CareClass::Inpatient);
    let (Some((first, _)), Some((last, _))) = (file.care_visits.first(), file.care_visits.last()) else { return 0 };
    let (first, last) = (first.begin.day(), last.begin.day());
    let nights: i32 =
        stays.map(|(fact, _)| fact.end.min(last).since(fact.begin.max(first)) - 1).map(|inside| inside.max(0)).sum();
    let at_home = (last.since(first) + 1 - nights).max(1);
    file.care_visits.len() * usize::try_from(nights).unwrap_or(0) / usize::try_from(at_home).unwrap_or(1)
}

/// Signed in on a device of somebody else.
fn borrowed(files: &[&PersonFile], visits: usize) -> Option<Factor> {
    let (mut rows, mut people) = (Vec::new(), 0);
    let mut devices: BTreeSet<Party> = BTreeSet::new();
    for file in files {
        let carers: BTreeSet<Party> = file.care_visits.iter().map(|(visit, _)| visit.carer).collect();
        let held: Vec<_> = carers.iter().flat_map(|carer| on_borrowed_devices(file, *carer)).collect();
        people += usize::from(!held.is_empty());
        devices.extend(held.iter().map(|(visit, _)| visit.device));
        rows.extend(held.iter().map(|(_, origin)| *origin));
    }
    let share = percent(rows.len(), visits);
    // A tablet that lies in the station is used by all, half of the time.
    let score = ramp(share, 2, 15, 180) - ramp(share, 40, 60, 250);
    let text = said(
        format!("{people}人的{}次签到({share}%)使用了其他设备(共{}台),前后又换回", rows.len(), devices.len()),
        format!(
            "{} check-ins ({share}%) with {people} people were made on {} other devices, and the own one was used again after",
            rows.len(),
            devices.len()
        ),
    );
    (people >= 3 && score != 0).then(|| factor("borrowed_devices", score, text, rows))
}

/// Everybody assessed by the same.
fn one_assessor(files: &[&PersonFile]) -> Option<Factor> {
    let counts = assessed(files);
    let all: usize = counts.values().map(BTreeSet::len).sum();
    let most = counts.values().map(BTreeSet::len).max()?;
    let share = percent(most, all);
    let score = ramp(share, 50, 90, 150);
    let text = said(format!("{share}%由同一评估员评定"), format!("{share}% were assessed by one assessor"));
    let rows = counts.into_values().flatten().collect();
    (all >= 4 && score > 0).then(|| factor("one_assessor", score, text, rows))
}

/// In two homes at the same time, a way apart.
fn twice_at_once(bench: &Bench, files: &[&PersonFile], visits: usize) -> Option<Factor> {
    let mut rounds: BTreeMap<Party, Vec<&(CareVisit, RowRef)>> = BTreeMap::new();
    files
        .iter()
        .flat_map(|file| &file.care_visits)
        .for_each(|visit| rounds.entry(visit.0.carer).or_default().push(visit));
    let mut rows: BTreeSet<RowRef> = BTreeSet::new();
    let mut days: BTreeSet<(Party, Day)> = BTreeSet::new();
    for (carer, mut held) in rounds {
        held.sort_unstable_by_key(|(visit, origin)| (visit.begin, *origin));
        for (at, (one, origin)) in held.iter().enumerate() {
            let during = held[at + 1..].iter().take_while(|(next, _)| next.begin < one.end);
            let span = |visit: &CareVisit| (visit.begin.0, visit.end.0);
            let at_once = |next: &CareVisit| CareVisit::run_at_once(span(one), span(next)) && apart(bench, one, next);
            for (next, other) in during.filter(|(next, _)| at_once(next)) {
                days.insert((carer, next.begin.day()));
                rows.extend([*origin, *other]);
            }
        }
    }
    let share = percent(rows.len(), visits);
    let score = ramp(share, 5, 40, 150);
    let text = said(
        format!("同一护理员同时在相距一公里以上的两户服务:{}天,占服务记录的{share}%", days.len()),
        format!(
            "{share}% of the visits are in two homes at the same time, a kilometre or more apart, by one caregiver, on {} days",
            days.len()
        ),
    );
    (rows.len() >= 6 && score > 0).then(|| factor("two_homes_at_once", score, text, rows.into_iter().collect()))
}

/// Whether two visits were to homes that are known to lie apart: by where they were signed in, or else by their addresses.
fn apart(bench: &Bench, one: &CareVisit, next: &CareVisit) -> bool {
    let (here, there) = (bench.address(one.person), bench.address(next.person));
    one.person != next.person
        && match (one.signed_in_at(), next.signed_in_at()) {
            (Some(one), Some(next)) => {
                one.0.abs_diff(next.0) > CareVisit::KILOMETRE || one.1.abs_diff(next.1) > CareVisit::KILOMETRE
            }
            (None, None) => here.is_some() && there.is_some() && here != there,
            _ => false,
        }
}

fn carers(files: &[&PersonFile], visits: usize) -> Vec<Member> {
    let mut counts: BTreeMap<Party, usize> = BTreeMap::new();
    files.iter().flat_map(|file| &file.care_visits).for_each(|(visit, _)| *counts.entry(visit.carer).or_default() += 1);
    let member = |(party, count): (Party, usize)| {
        let share = percent(count, visits);
        let why = said(
            format!("疑似线索:记录了其中{count}次服务({share}%)"),
            format!("Suspected lead: recorded {count} of the visits ({share}%)"),
        );
        (share >= SHARE_MIN).then_some(Member { party, role: Role::Caregiver, strength: 200 + share, why })
    };
    counts.into_iter().filter_map(member).collect()
}

fn assessed(files: &[&PersonFile]) -> BTreeMap<Party, BTreeSet<RowRef>> {
    let mut counts: BTreeMap<Party, BTreeSet<RowRef>> = BTreeMap::new();
    for (fact, origin) in files.iter().flat_map(|file| &file.assessments) {
        counts.entry(fact.assessor).or_default().insert(*origin);
    }
    counts
}

fn assessors(files: &[&PersonFile]) -> Vec<Member> {
    let counts = assessed(files);
    let all: usize = counts.values().map(BTreeSet::len).sum();
    let member = |(party, rows): (Party, BTreeSet<RowRef>)| {
        let share = percent(rows.len(), all);
        let why = said(
            format!("疑似线索:评估了其中{}次({share}%)", rows.len()),
            format!("Suspected lead: made {} of the assessments ({share}%)", rows.len()),
        );
        (share >= ASSESSED_MIN && rows.len() >= 3).then_some(Member {
            party,
            role: Role::Assessor,
            strength: 200 + share,
            why,
        })
    };
    counts.into_iter().filter_map(member).collect()
}
