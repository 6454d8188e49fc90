//! Which occasions follow from prescriptions, qualifications, insurance spells, allowances, paper bills and long-term care?
//!
//! | kind | channel | group | marked when |
//! |---|---|---|---|
//! | prescription channel | issuing place | counter | nobody saw the patient |
//! | online run | internet doctor, hospital | day | – (the second counts) |
//! | approval | doctor, disease | day | – |
//! | after hours | city of the agency | clerk | the office was closed |
//! | after death | place | – | settled after death, of those who died |
//! | employer birth | employer | – | joined while expecting |
//! | two hospitals | disease | city | fetched at two hospitals within a day time and again, or at several by turns |
//! | care record | city of the patient | station and caregiver | in hospital, or signed in on a borrowed device |
//!
//! Cost: linear in the person's rows of these tables; nothing for people without them.

use super::crowds::{ALONG, part_of};
use super::entries::Entry;
use crate::model::{
    DEAR_REFILLS_MIN, IdentifierRole, OccasionKind, Party, PartyKind, PersonFile, Regions, Settlement, Table,
    after_death, after_hours, cared_for_while_away, dear_refill, fetched_in_excess, joined_expecting, known_only_at,
    on_borrowed_devices, was_seen,
};
use std::collections::{BTreeMap, BTreeSet};

/// Visits that contradict themselves before a record is marked.
const CONTRADICTIONS_MIN: usize = 2;
/// Places at which the card of somebody who died is used.
const LATE_PLACES_MAX: usize = 2;

/// The place of a channel must be part of its key: it is the same for everybody, whoever comes first.
fn entry(kind: OccasionKind, key: &[u64], place: Party, group: i32, file: &PersonFile, detail: u32) -> Entry {
    let mut parts = vec![kind as u64];
    parts.extend(key);
    let channel = Party::context(PartyKind::Circumstance, &parts);
    Entry { channel, kind, place, group, person: file.person, visits: 1, detail }
}

/// A party as the number of a group.
fn numbered(party: Party) -> i32 {
    i32::try_from(party.0 >> 4 & 0x7fff_ffff).unwrap_or(0)
}

/// Prescriptions by issuing place and counter; those of patients whom nobody saw are marked.
pub(super) fn prescriptions(file: &PersonFile, _: &Regions, entries: &mut Vec<Entry>) {
    let carried = file.prescriptions.iter().filter(|(fact, _)| !fact.online && fact.place != fact.counter);
    for (fact, _) in carried.filter(|(fact, _)| fact.place.is_some() && fact.counter.is_some()) {
        let unseen = u32::from(!was_seen(file, fact));
        let key = [fact.place.0];
        entries.push(entry(OccasionKind::PrescriptionChannel, &key, fact.place, numbered(fact.counter), file, unseen));
    }
}

/// Prescriptions over the internet, by doctor and day, with their second.
pub(super) fn online_runs(file: &PersonFile, _: &Regions, entries: &mut Vec<Entry>) {
    for (fact, _) in file.prescriptions.iter().filter(|(fact, _)| fact.online && fact.doctor.is_some()) {
        let second = u32::try_from(fact.issued.second_of_day()).unwrap_or(0);
        let day = fact.issued.day().0;
        entries.push(entry(OccasionKind::OnlineRun, &[fact.doctor.0, fact.place.0], fact.place, day, file, second));
    }
}

/// Approvals of a chronic or special disease, by doctor (else place), disease and day; and whatever the disease, because who sells
/// approvals has several to choose from.
pub(super) fn approvals(file: &PersonFile, _: &Regions, entries: &mut Vec<Entry>) {
    for (fact, _) in &file.entitlements {
        let by = if fact.doctor.is_some() { fact.doctor } else { fact.place };
        let key = [by.0, fact.disease];
        if by.is_some() {
            entries.push(entry(OccasionKind::Approval, &key, Party::NONE, fact.begin.0, file, 0));
            entries.push(entry(OccasionKind::Approval, &key[..1], Party::NONE, fact.begin.0, file, 0));
        }
    }
}

/// Paper bills by the clerk who settled them; those settled while the office is closed are marked.
pub(super) fn clerks(file: &PersonFile, _: &Regions, entries: &mut Vec<Entry>) {
    for (fact, _) in by_hand(file).filter(|(fact, _)| fact.till != 0) {
        let clerk = i32::try_from(fact.till >> 1).unwrap_or(0);
        let city = u64::from(fact.home / 100);
        let closed = u32::from(after_hours(fact));
        entries.push(entry(OccasionKind::AfterHours, &[city], Party::NONE, clerk, file, closed));
    }
}

/// Where people who died were treated; marked where that went on after their death. The living are told of where they are known, when
/// that is at one or two places only: cards of both lie in one drawer.
pub(super) fn after_deaths(file: &PersonFile, _: &Regions, entries: &mut Vec<Entry>) {
    if file.record.is_none_or(|(record, _)| record.death.0 == i32::MIN) {
        let only = known_only_at(&file.settlements).into_iter().flat_map(|known| known.places);
        entries.extend(only.map(|place| entry(OccasionKind::AfterDeath, &[place.0], place, 0, file, ALONG)));
        return;
    }
    let late: BTreeSet<Party> = after_death(file).map(|(fact, _)| fact.place).collect();
    let places: BTreeSet<Party> = file.settlements.iter().map(|(fact, _)| fact.place).collect();
    for place in places {
        // Who is seen everywhere after death is dead in the register only.
        let marked = u32::from(late.len() <= LATE_PLACES_MAX && late.contains(&place));
        entries.push(entry(OccasionKind::AfterDeath, &[place.0], place, 0, file, marked));
    }
}

/// The employers of a person; marked where she joined while expecting, and was paid for the birth.
pub(super) fn employers(file: &PersonFile, _: &Regions, entries: &mut Vec<Entry>) {
    let mut staff: BTreeMap<Party, u32> = BTreeMap::new();
    file.enrolments.iter().for_each(|(spell, _)| *staff.entry(spell.employer).or_default() |= 0);
    for (allowance, _) in &file.allowances {
        *staff.entry(allowance.employer).or_default() |= u32::from(joined_expecting(file, allowance).is_some());
    }
    for (employer, marked) in staff.into_iter().filter(|(employer, _)| employer.is_some()) {
        entries.push(entry(OccasionKind::EmployerBirth, &[employer.0], Party::NONE, 0, file, marked));
    }
}

/// The caregivers of a person, by city and station; marked where their record contradicts itself, and once more where it does so by
/// its devices: in a city whose stations write on while somebody lies in a hospital, telephones that are handed around are as odd as
/// ever.
pub(super) fn care_records(file: &PersonFile, _: &Regions, entries: &mut Vec<Entry>) {
    let mut marks: BTreeMap<(Party, Party), [usize; 2]> = BTreeMap::new();
    file.care_visits.iter().for_each(|(visit, _)| marks.entry((visit.place, visit.carer)).or_default()[0] += 0);
    for ((visit, _), _) in cared_for_while_away(file) {
        marks.entry((visit.place, visit.carer)).or_default()[0] += 1;
    }
    for ((station, carer), [all, borrowed]) in &mut marks {
        *borrowed = on_borrowed_devices(file, *carer).iter().filter(|(visit, _)| visit.place == *station).count();
        *all += *borrowed;
    }
    let register = file.record.as_ref().map(|(record, _)| record.home);
    let home = register.or_else(|| file.settlements.last().map(|(fact, _)| fact.home)).unwrap_or_default();
    let city = u64::from(home / 100);
    for ((station, carer), marks) in marks {
        let group = part_of(station, carer);
        for (how, count) in (0..).zip(marks) {
            let marked = u32::from(count >= CONTRADICTIONS_MIN);
            entries.push(entry(OccasionKind::CareRecord, &[city, how], Party::NONE, group, file, marked));
        }
    }
}

/// Refills of dear medicine for a registered disease, by disease and city; marked where it was fetched in excess.
pub(super) fn two_hospitals(file: &PersonFile, _: &Regions, entries: &mut Vec<Entry>) {
    let mut refills: BTreeMap<u32, BTreeMap<u32, usize>> = BTreeMap::new();
    for (fact, _) in file.settlements.iter().filter(|(fact, _)| dear_refill(fact)) {
        *refills.entry(fact.diagnosis >> 8).or_default().entry(fact.area / 100).or_default() += 1;
    }
    refills.retain(|_, cities| cities.values().sum::<usize>() >= DEAR_REFILLS_MIN);
    if refills.is_empty() {
        return;
    }
    let excess = fetched_in_excess(file);
    for (disease, cities) in refills {
        let city = cities.iter().max_by_key(|(city, count)| (**count, **city)).map_or(0, |(city, _)| *city);
        let marked = u32::from(excess.contains_key(&disease));
        let group = i32::try_from(city).unwrap_or(0);
        entries.push(entry(OccasionKind::TwoHospitals, &[u64::from(disease)], Party::NONE, group, file, marked));
    }
}

/// What a person did that others who share an identifier may have done as well, besides being admitted somewhere.
pub(super) fn done(file: &PersonFile) -> BTreeSet<Party> {
    let mut done: BTreeSet<Party> = file.allowances.iter().map(|(fact, _)| fact.employer).collect();
    done.extend(file.entitlements.iter().map(|(fact, _)| fact.doctor));
    let circumstance = |kind: OccasionKind, key: u64| Party::context(PartyKind::Circumstance, &[kind as u64, key, 1]);
    if by_hand(file).next().is_some() {
        done.insert(circumstance(OccasionKind::InvoiceRun, 0));
    }
    if after_death(file).next().is_some() {
        done.insert(circumstance(OccasionKind::AfterDeath, 0));
    }
    if file.allowances.iter().any(|(paid, _)| joined_expecting(file, paid).is_some()) {
        done.insert(circumstance(OccasionKind::EmployerBirth, 0));
    }
    let excess = fetched_in_excess(file).into_keys();
    done.extend(excess.map(|disease| circumstance(OccasionKind::TwoHospitals, u64::from(disease))));
    done.retain(|party| party.is_some());
    done
}

/// Whether a link says who entered a paper bill: a clerk, who stands behind everybody.
pub(super) fn is_clerk(fact: &crate::model::Identifier, origin: crate::model::RowRef) -> bool {
    fact.role == IdentifierRole::Submitter && origin.table() == Table::SetlD
}

fn by_hand(file: &PersonFile) -> impl Iterator<Item = &(Settlement, crate::model::RowRef)> {
    file.settlements.iter().filter(|(fact, _)| fact.settled_by == Settlement::BY_HAND)
}
