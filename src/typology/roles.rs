//! Who does what in a ring? Patients from their settlements; places and doctors from their share of them; organisers and
//! recruiters from the phones, accounts and agents that stand behind members of many households.

use super::batches::desks;
use super::bench::{Bench, Hub};
use super::odds::{ln_ratio, number, percent, ramp};
use super::sentence::{counted, factor, said};
use super::suspicion::Suspicion;
use crate::model::{CareClass, Factor, Member, Party, PartyKind, Role};
use std::collections::{BTreeMap, BTreeSet};

/// A hub must stand behind members of this many households.
const HOUSEHOLDS_MIN: usize = 3;
/// Percent of an identifier's holders who are members: an office that helps many with papers is nobody's organiser.
const INSIDE_MIN: i32 = 40;
/// Percent of the members behind the identifier of whoever runs the ring; fewer do where no other identifier has more.
const ORGANISER_SHARE: i32 = 50;
const WIDEST_SHARE: i32 = 25;
/// Sixteen years: who is younger has a parent's telephone.
const GROWN_DAYS: i32 = 16 * 365;
/// Percent of the ring's settlements that make a place a member.
const PLACE_SHARE_MIN: i32 = 12;
/// The strength of a place that the reasons name, whatever its share of the settlements.
const NAMED: i32 = 300;
/// Percent of the ring's settlements that make a doctor a member.
const DOCTOR_SHARE_MIN: i32 = 15;

/// The members, sorted by role, strength and party, and what the identifiers behind them add to the reasons.
#[must_use]
pub(crate) fn members(bench: &Bench, suspicion: &Suspicion) -> (Vec<Member>, Vec<Factor>) {
    let hubs = hubs(bench, suspicion);
    let mut members: BTreeMap<Party, Member> = BTreeMap::new();
    let mut add = |member: Member| {
        members.entry(member.party).or_insert(member);
    };
    hubs.iter().flat_map(|hub| behind(bench, suspicion, hub, hub.party == hubs[0].party)).for_each(&mut add);
    suspicion.others.iter().cloned().for_each(&mut add);
    if !suspicion.places_are_named_only {
        doctors(suspicion).into_iter().for_each(&mut add);
        places(bench, suspicion).into_iter().for_each(&mut add);
    }
    patients(suspicion).into_iter().for_each(&mut add);
    let mut members: Vec<Member> = members.into_values().collect();
    members.sort_by_key(|member| (member.role, std::cmp::Reverse(member.strength), member.party));
    (members, hub_factor(bench, suspicion, &hubs).into_iter().collect())
}

/// Identifiers behind members of several households, the widest first.
fn hubs<'b>(bench: &'b Bench, suspicion: &Suspicion) -> Vec<&'b Hub> {
    let inside = |hub: &Hub| hub.holders.keys().filter(|person| suspicion.people.contains_key(person)).count();
    let mut hubs: Vec<&Hub> = bench
        .hubs
        .values()
        .filter(|hub| !desks(bench).contains(&hub.party))
        .filter(|hub| {
            let held = hub.holders.keys().filter(|person| suspicion.people.contains_key(person));
            let (count, households) = (held.clone().count(), bench.households(held));
            households >= HOUSEHOLDS_MIN && percent(count, hub.holders.len()) >= INSIDE_MIN
        })
        .collect();
    hubs.sort_by_key(|hub| (std::cmp::Reverse((inside(hub), hub.proteges.len())), hub.party));
    hubs
}

/// The identifier as a member, and the person whose own it is.
fn behind(bench: &Bench, suspicion: &Suspicion, hub: &Hub, widest: bool) -> Vec<Member> {
    let inside = hub.holders.keys().filter(|person| suspicion.people.contains_key(person)).count();
    let share = percent(inside, suspicion.people.len());
    // Recruiting near home goes through telephones and agents; the money comes from one account, whoever recruits.
    let calls = matches!(hub.party.kind(), PartyKind::Phone | PartyKind::Agent);
    let recruits = suspicion.typology == "recruited_fake_admission" && calls;
    let runs_it = share >= ORGANISER_SHARE || widest && share >= WIDEST_SHARE;
    let role = if runs_it && !recruits { Role::Organiser } else { Role::Recruiter };
    let outside = hub.holders.len() - inside;
    let (also_zh, also) = match outside {
        0 => Default::default(),
        _ => (format!(",另有{outside}名非成员使用"), format!("; {outside} others use it who are no members")),
    };
    let why = said(
        format!("疑似线索:{inside}名成员({share}%)共用此标识,分属不同家庭{also_zh}"),
        format!("Suspected lead: {inside} members ({share}%) of different households share this identifier{also}"),
    );
    let strength = ln_ratio(number(inside), 1) + share;
    let member = |party| Member { party, role, strength, why: why.clone() };
    let mut members = vec![member(hub.party)];
    if hub.proteges.len() >= HOUSEHOLDS_MIN {
        // Whoever comes as a patient and brings others along recruits; who runs it all need not come.
        let of = |person| if suspicion.people.contains_key(&person) { Role::Recruiter } else { role };
        members.extend(owner(bench, suspicion, hub).map(|person| Member { role: of(person), ..member(person) }));
    }
    members
}

/// Whose own an identifier is: one person's, or that of the only grown-up among those who share it, whose children they may be.
fn owner(bench: &Bench, suspicion: &Suspicion, hub: &Hub) -> Option<Party> {
    let last = suspicion.settlements().map(|(fact, _)| fact.begin).max()?;
    let born = |person: Party| bench.file(person).and_then(|file| file.record).map(|(record, _)| record.birth);
    // Nobody knows the age of somebody without a date of birth.
    let grown = |person: &&Party| born(**person).is_none_or(|birth| birth.0.saturating_add(GROWN_DAYS) <= last.0);
    let mut grown = hub.owners.iter().filter(grown);
    grown.next().copied().filter(|_| grown.next().is_none())
}

fn hub_factor(bench: &Bench, suspicion: &Suspicion, hubs: &[&Hub]) -> Option<Factor> {
    let widest = hubs.first()?;
    let held: BTreeSet<Party> = hubs
        .iter()
        .flat_map(|hub| hub.holders.keys())
        .filter(|person| suspicion.people.contains_key(person))
        .copied()
        .collect();
    let (count, share) = (held.len(), percent(held.len(), suspicion.people.len()));
    // Without addresses nobody can say how many households they are.
    let households = bench.known.addresses.then(|| bench.households(held.iter()));
    let word = widest.party.kind().word();
    let zh = match widest.party.kind() {
        PartyKind::Phone => "电话",
        PartyKind::Account => "账户",
        PartyKind::Agent => "代办人",
        _ => "标识",
    };
    let spread = households.unwrap_or(HOUSEHOLDS_MIN.min(count));
    let score = ramp(share, 5, 60, 250) + (ln_ratio(number(spread), 3) / 2).min(150);
    let (homes_zh, homes) = if households.is_some() {
        let homes = bench.addresses(held.iter());
        (format!(",{homes}个住址"), format!(", {homes} addresses"))
    } else {
        Default::default()
    };
    let text = said(
        format!("{count}人({share}%{homes_zh})经由同样的{}个电话、账户或代办人(最广者为{zh})", hubs.len()),
        format!(
            "{count} people ({share}%{homes}) share {} (the widest: {word})",
            counted(hubs.len(), "phone, account or agent", "phones, accounts or agents")
        ),
    );
    let rows = hubs.iter().flat_map(|hub| &hub.holders).filter(|(person, _)| suspicion.people.contains_key(person));
    Some(factor("shared_identifier", score, text, rows.flat_map(|(_, rows)| rows.iter().copied()).collect()))
}

fn doctors(suspicion: &Suspicion) -> Vec<Member> {
    let mut signed: BTreeMap<Party, usize> = BTreeMap::new();
    for (fact, _) in suspicion.settlements().filter(|(fact, _)| fact.doctor.is_some()) {
        *signed.entry(fact.doctor).or_default() += 1;
    }
    let all = suspicion.settlements().count();
    let member = |(party, count): (Party, usize)| {
        let share = percent(count, all);
        let why = said(
            format!("疑似线索:签署了团伙{all}笔结算中的{count}笔({share}%)"),
            format!("Suspected lead: signed {count} of the ring's {all} settlements ({share}%)"),
        );
        (share >= DOCTOR_SHARE_MIN && count >= 3).then_some(Member {
            party,
            role: Role::Doctor,
            strength: share * 3,
            why,
        })
    };
    signed.into_iter().filter_map(member).collect()
}

fn places(bench: &Bench, suspicion: &Suspicion) -> Vec<Member> {
    let mut used: BTreeMap<Party, usize> = suspicion.places.iter().map(|place| (*place, 0)).collect();
    for (fact, _) in suspicion.settlements() {
        *used.entry(fact.place).or_default() += 1;
    }
    let all = suspicion.settlements().count();
    let busiest = used.values().max().copied().unwrap_or(0);
    let member = |(party, count): (Party, usize)| {
        let share = percent(count, all);
        let mut here = suspicion.settlements().filter(|(fact, _)| fact.place == party);
        let pharmacy = bench.references.is_pharmacy(party)
            || !bench.references.places.contains_key(&party)
                && here.any(|(fact, _)| fact.class == CareClass::Drugstore);
        let role = if pharmacy { Role::Pharmacy } else { Role::Institution };
        let named = suspicion.places.contains(&party);
        let why = if count == 0 {
            said(
                "疑似线索:团伙的可疑行为指向此处".to_owned(),
                "Suspected lead: what the ring is suspected of leads here".to_owned(),
            )
        } else {
            said(
                format!("疑似线索:团伙{all}笔结算中有{count}笔({share}%)在此"),
                format!("Suspected lead: {count} of the ring's {all} settlements ({share}%) were made here"),
            )
        };
        let inside = share >= PLACE_SHARE_MIN || count * 5 >= busiest * 2 || named;
        inside.then_some(Member { party, role, strength: (share * 3).max(if named { NAMED } else { 0 }), why })
    };
    used.into_iter().filter_map(member).collect()
}

/// People; those who came far more often than the others, and not to one place only, are marked as professional. More often
/// than chance: with the ring's mean, a count like theirs is expected from less than one of its people (Poisson tail).
fn patients(suspicion: &Suspicion) -> Vec<Member> {
    let (people, all) = (suspicion.people.len(), suspicion.settlements().count());
    let beyond = |count: usize| {
        let lift = ln_ratio(number(people * count), number(all));
        signed(count) * lift - (signed(count * 100) - signed(all * 100 / people.max(1)))
    };
    let member = |(party, (strength, stays)): (&Party, &(i32, Vec<_>))| {
        let count = stays.len();
        let places: BTreeSet<Party> = stays.iter().map(|stay: &&super::bench::Cited| stay.0.place).collect();
        let often = count * people > all && beyond(count) > ln_ratio(number(people), 1) + 100;
        let role = if places.len() >= 2 && often { Role::ProfessionalPatient } else { Role::Patient };
        let why = said(
            format!("疑似线索:在团伙{}个机构有{count}笔结算", places.len()),
            format!(
                "Suspected lead: {} at {} of the ring",
                counted(count, "settlement", "settlements"),
                counted(places.len(), "place", "places")
            ),
        );
        Member { party: *party, role, strength: *strength, why }
    };
    suspicion.people.iter().map(member).collect()
}

fn signed(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
