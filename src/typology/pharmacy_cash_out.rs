//! T08: at which pharmacies are the accounts of people from all over emptied, without their being there?
//!
//! Travellers buy at stations too: a little of everything, once, by day. Here one thing is bought over and over, one account after
//! the other, by people who are at home that day. The ring is grown by turns: holders to counters, counters to further holders.

use super::Typology;
use super::bench::{Bench, Cited};
use super::circles::{circles, unlikely};
use super::companions;
use super::excess::supply_exceeded;
use super::lack::Sight;
use super::odds::{lift, ln_ratio, number, percent, ramp};
use super::sentence::{counted, factor, prior, said, yuan};
use super::sold::{ROW_SECONDS, Sold, rows, sold};
use super::suspicion::Suspicion;
use crate::model::{CareClass, Day, Factor, OccasionKind, Party, Sentence, Settlement, Table, Tie, empties_account};
use std::collections::{BTreeMap, BTreeSet};

/// Cash-out at pharmacies.
pub(crate) struct PharmacyCashOut;

const PRIOR: i32 = -450;
const PEOPLE_MIN: usize = 5;
/// Holders from elsewhere that make a counter one of the ring's.
const HOLDERS_MIN: usize = 3;
/// A counter of holders from the next counties is one of the ring's where one in so many of the ring emptied an account.
const GOOD_PART_ONE_IN: usize = 5;
/// Holders and counters are added by turns at most so often; each turn adds somebody, or it is the last.
const TURNS_MAX: usize = 20;
/// Days on which an account was left empty at the ring's counters.
const AGAIN_DAYS_MIN: usize = 2;
const KINDS: &[OccasionKind] = &[OccasionKind::DistantAccount, OccasionKind::EmptiedDay];
const DRAINED: &[OccasionKind] = &[OccasionKind::Drained];

impl Typology for PharmacyCashOut {
    fn slug(&self) -> &'static str {
        "pharmacy_cash_out"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("药店远程刷卡套现", "pharmacy cash-out")
    }

    fn prior(&self) -> i32 {
        PRIOR
    }

    fn question(&self) -> Sentence {
        said(
            "哪些药店在集中划空各地参保人的个人账户?".to_owned(),
            "At which pharmacies are the accounts of people from all over emptied?".to_owned(),
        )
    }

    fn tables(&self) -> &'static [Table] {
        &[Table::SetlD]
    }

    fn sees_by(&self) -> &'static [Sight] {
        const BY: &[Sight] = &[
            Sight::new(Table::SetlD, "acct_pay", "个人账户支付", "what accounts paid"),
            Sight::new(Table::SetlD, "balc", "被刷空的账户", "accounts that are left empty"),
            Sight::new(Table::SetlD, "mdtrt_cert_type", "电子凭证", "electronic vouchers"),
            Sight::CONTACTS,
            Sight::SUPPLY,
        ];
        BY
    }

    fn recognise<'a>(&self, bench: &Bench<'a>) -> Vec<Suspicion<'a>> {
        let empties = |person| emptied(bench, person).next().is_some();
        let mut rings: Vec<(BTreeSet<Party>, BTreeSet<Party>)> = Vec::new();
        let in_line = in_line(bench, empties);
        for people in circles(bench, KINDS, empties).into_iter().chain(in_line) {
            let (people, counters) = grown(bench, people);
            // Two circles that grow into each other are one.
            let same = |known: &BTreeSet<Party>| known.intersection(&people).count() * 2 >= people.len();
            if !rings.iter().any(|(known, _)| same(known)) {
                rings.push((people, counters));
            }
        }
        let left_empty = circles(bench, DRAINED, |person| drained(bench, person).next().is_some());
        let left_empty = left_empty.iter().filter_map(|people| emptied_again(bench, people, self.slug()));
        let found = rings.iter().filter_map(|(people, counters)| suspect(bench, people, counters, self.slug()));
        found.chain(left_empty).collect()
    }
}

/// Purchases after which an account was all but empty.
fn drained<'a>(bench: &Bench<'a>, person: Party) -> impl Iterator<Item = &'a Cited> {
    bench.settlements(person).filter(|(fact, _)| fact.class == CareClass::Drugstore && fact.is_drained())
}

/// People, from wherever, whose accounts are left empty again and again at the same counters.
fn emptied_again<'a>(bench: &Bench<'a>, people: &BTreeSet<Party>, slug: &'static str) -> Option<Suspicion<'a>> {
    let mut at: BTreeMap<Party, BTreeSet<Party>> = BTreeMap::new();
    for (fact, _) in people.iter().flat_map(|person| drained(bench, *person)) {
        at.entry(fact.place).or_default().insert(fact.person);
    }
    at.retain(|_, held| held.len() >= HOLDERS_MIN.max(people.len() / GOOD_PART_ONE_IN));
    let mut suspicion = Suspicion { typology: slug, places: at.keys().copied().collect(), ..Suspicion::default() };
    for person in people {
        let there = |cited: &&Cited| at.contains_key(&cited.0.place);
        let days: BTreeSet<Day> = drained(bench, *person).filter(there).map(|(fact, _)| fact.settled.day()).collect();
        if days.len() >= AGAIN_DAYS_MIN {
            let bills: Vec<&Cited> = emptied(bench, *person).filter(there).collect();
            suspicion.people.insert(*person, (250 + ln_ratio(number(bills.len()), 1).min(250), bills));
        }
    }
    if suspicion.people.len() < PEOPLE_MIN {
        return None;
    }
    let sold = sold(bench, suspicion.settlements());
    suspicion.factors = vec![prior(PRIOR), left_empty(bench, &suspicion)];
    let more = [
        one_amount(&suspicion, &sold),
        quiet(&sold),
        Some(in_a_row(&suspicion)),
        at_home(bench, &suspicion),
        paid(&sold),
        supply_exceeded(bench, &suspicion),
    ];
    suspicion.factors.extend(more.into_iter().flatten());
    Some(suspicion)
}

/// More accounts that are left empty again and again than at the other counters of the city, whatever is bought.
fn left_empty(bench: &Bench, suspicion: &Suspicion) -> Factor {
    let people: BTreeSet<Party> = suspicion.people.keys().copied().collect();
    let homes: BTreeSet<u32> = suspicion.settlements().map(|(fact, _)| fact.home).collect();
    let score = unlikely(bench, DRAINED, &people, 300)
        + ln_ratio(number(people.len()), 3).clamp(0, 120)
        + ln_ratio(number(homes.len()), 2).clamp(0, 60);
    let (all, places) = (people.len(), suspicion.places.len());
    let times = suspicion.settlements().filter(|(fact, _)| fact.is_drained()).count();
    let text = said(
        format!(
            "{all}人(参保地{}个)的个人账户在{places}家药店共{times}次被刷到几乎为零,每人多次;本市其他药店很少这样",
            homes.len()
        ),
        format!(
            "Accounts of {all} people, insured in {}, were left all but empty {times} times at {}, several times each: few are at the other counters of the city",
            counted(homes.len(), "county", "counties"),
            counted(places, "counter", "counters")
        ),
    );
    factor("left_empty", score, text, suspicion.rows(bench))
}

/// People whose accounts were emptied one after the other, and not only at the counters where far more of that is done than elsewhere:
/// a busy counter hides a dozen.
fn in_line(bench: &Bench, empties: impl Fn(Party) -> bool) -> Vec<BTreeSet<Party>> {
    let both = |tie: &&Tie| empties(tie.a) && empties(tie.b);
    let ties: Vec<Tie> = bench.ties(&[OccasionKind::TillRun]).filter(both).cloned().collect();
    companions::rounds(bench, &ties)
}

/// Purchases that emptied somebody's account.
fn emptied<'a>(bench: &Bench<'a>, person: Party) -> impl Iterator<Item = &'a Cited> {
    bench.settlements(person).filter(|(fact, _)| empties_account(fact))
}

/// The holders, from elsewhere, and the counters that they have in common, grown by turns within the piece. Where they come from the
/// next counties, a counter must be a good part of theirs: there many people buy.
fn grown(bench: &Bench, circle: BTreeSet<Party>) -> (BTreeSet<Party>, BTreeSet<Party>) {
    let elsewhere = |person: Party| emptied(bench, person).filter(|(fact, _)| bench.elsewhere(fact));
    let mut people: BTreeSet<Party> = circle.into_iter().filter(|person| elsewhere(*person).next().is_some()).collect();
    let mut counters = BTreeSet::new();
    for _ in 0..TURNS_MAX {
        let mut at: BTreeMap<Party, [BTreeSet<Party>; 2]> = BTreeMap::new();
        for person in &people {
            elsewhere(*person).for_each(|(fact, _)| {
                at.entry(fact.place).or_default()[usize::from(bench.next_door(fact))].insert(*person);
            });
        }
        let next_door = |[far, near]: &[BTreeSet<Party>; 2]| {
            near.len() > far.len() && near.len() >= HOLDERS_MIN.max(people.len() / GOOD_PART_ONE_IN)
        };
        let near: BTreeSet<Party> = at.iter().filter(|(_, held)| next_door(held)).map(|(place, _)| *place).collect();
        counters = at.iter().filter(|(_, held)| held[0].len() >= HOLDERS_MIN).map(|(place, _)| *place).collect();
        counters.extend(&near);
        let there = |person: &Party| {
            elsewhere(*person)
                .any(|(fact, _)| near.contains(&fact.place) || bench.away(fact) && counters.contains(&fact.place))
        };
        let more: BTreeSet<Party> =
            bench.dossier.persons.iter().map(|file| file.person).filter(|person| there(person)).collect();
        if more == people {
            break;
        }
        people = more;
    }
    (people, counters)
}

fn suspect<'a>(
    bench: &Bench<'a>,
    people: &BTreeSet<Party>,
    counters: &BTreeSet<Party>,
    slug: &'static str,
) -> Option<Suspicion<'a>> {
    let mut suspicion = Suspicion { typology: slug, places: counters.clone(), ..Suspicion::default() };
    for person in people {
        let bills: Vec<&Cited> = emptied(bench, *person).filter(|(fact, _)| counters.contains(&fact.place)).collect();
        let strength = 250 + ln_ratio(number(bills.len()), 1).min(250);
        if !bills.is_empty() {
            suspicion.people.insert(*person, (strength, bills));
        }
    }
    neighbours(bench, counters, &mut suspicion);
    if suspicion.people.len() < PEOPLE_MIN {
        return None;
    }
    let sold = sold(bench, suspicion.settlements());
    let rows = suspicion.rows(bench);
    suspicion.factors = vec![prior(PRIOR), elsewhere(bench, &suspicion, people, &sold, rows)];
    let more = [
        one_amount(&suspicion, &sold),
        quiet(&sold),
        Some(in_a_row(&suspicion)),
        at_home(bench, &suspicion),
        again(bench, &suspicion, counters),
        paid(&sold),
        supply_exceeded(bench, &suspicion),
    ];
    suspicion.factors.extend(more.into_iter().flatten());
    Some(suspicion)
}

/// People insured nearby whose accounts were emptied in one row with the others', and those from afar who bought in one, however they
/// paid: what an account holds is soon gone.
fn neighbours<'a>(bench: &Bench<'a>, counters: &BTreeSet<Party>, suspicion: &mut Suspicion<'a>) {
    let mut times: BTreeMap<Party, Vec<i64>> = BTreeMap::new();
    suspicion.settlements().for_each(|(fact, _)| times.entry(fact.place).or_default().push(fact.settled.0));
    times.values_mut().for_each(|held| held.sort_unstable());
    let alike = |(fact, _): &&Cited| {
        let held = times.get(&fact.place).map(Vec::as_slice).unwrap_or_default();
        let at = held.partition_point(|time| *time < fact.settled.0 - ROW_SECONDS);
        held.get(at).is_some_and(|time| *time <= fact.settled.0 + ROW_SECONDS)
    };
    let mut joined = Vec::new();
    let from_afar = |fact: &Settlement| fact.class == CareClass::Drugstore && bench.away(fact);
    for tie in bench.ties(&[OccasionKind::DistantAccount, OccasionKind::TillRun]) {
        for person in [tie.a, tie.b].into_iter().filter(|party| bench.file(*party).is_some()) {
            let bought = bench.settlements(person).filter(|(fact, _)| counters.contains(&fact.place));
            let fits = bought.filter(|(fact, _)| empties_account(fact) || from_afar(fact));
            let bills: Vec<&Cited> = fits.filter(alike).collect();
            if !bills.is_empty() && !suspicion.people.contains_key(&person) {
                joined.push((person, (150, bills)));
            }
        }
    }
    suspicion.people.extend(joined);
}

/// Far more accounts from elsewhere than at the other counters of the city.
fn elsewhere(
    bench: &Bench,
    suspicion: &Suspicion,
    people: &BTreeSet<Party>,
    sold: &Sold,
    rows: Vec<crate::model::RowRef>,
) -> Factor {
    if is_next_door(bench, suspicion) {
        return from_next_door(bench, suspicion, people, rows);
    }
    let homes: BTreeSet<u32> = suspicion
        .settlements()
        .filter(|(fact, _)| bench.away(fact))
        .map(|(fact, _)| bench.references.regions.pool(fact.home))
        .collect();
    let beside = lift(sold.far.own, sold.far.known, sold.far.usual, 60, 250);
    let score = unlikely(bench, KINDS, people, 250).max(beside) + ln_ratio(number(homes.len()), 2).clamp(0, 100);
    let (all, usual) = (suspicion.people.len(), sold.far.usual / 10);
    let text = said(
        format!(
            "{all}人的个人账户在{}家药店被划空,{}%的账单来自{}个外地统筹区(同店其他顾客约{usual}%)",
            suspicion.places.len(),
            sold.far.own,
            homes.len()
        ),
        format!(
            "Accounts of {all} people were emptied at {}; {}% of the bills are of people insured in {} other cities (about {usual}% of the other customers there)",
            counted(suspicion.places.len(), "counter", "counters"),
            sold.far.own,
            homes.len()
        ),
    );
    factor("accounts_from_elsewhere", score, text, rows)
}

/// Whether most of the holders from elsewhere are insured in other counties of the same city.
fn is_next_door(bench: &Bench, suspicion: &Suspicion) -> bool {
    let count = |holds: &dyn Fn(&Settlement) -> bool| suspicion.settlements().filter(|(fact, _)| holds(fact)).count();
    count(&|fact| bench.next_door(fact)) > count(&|fact| bench.away(fact))
}

/// Far more of those insured in other counties had their accounts emptied here than at the other counters of the city.
fn from_next_door(
    bench: &Bench,
    suspicion: &Suspicion,
    people: &BTreeSet<Party>,
    rows: Vec<crate::model::RowRef>,
) -> Factor {
    let elsewhere = || suspicion.settlements().filter(|(fact, _)| bench.elsewhere(fact));
    let homes: BTreeSet<u32> = elsewhere().map(|(fact, _)| fact.home).collect();
    let share = percent(elsewhere().count(), suspicion.settlements().count());
    let score = unlikely(bench, KINDS, people, 250) + ln_ratio(number(homes.len()), 3).clamp(0, 60);
    let (all, places) = (suspicion.people.len(), suspicion.places.len());
    let text = said(
        format!(
            "{all}人的个人账户在{places}家药店被划空,{share}%的账单来自{}个其他区县;在本市其他药店,其他区县的顾客很少这样",
            homes.len()
        ),
        format!(
            "Accounts of {all} people were emptied at {}; {share}% of the bills are of people insured in {} other counties, of whom few do so at the other counters of the city",
            counted(places, "counter", "counters"),
            homes.len()
        ),
    );
    factor("accounts_from_elsewhere", score, text, rows)
}

/// One thing, again and again: the same total, or nearly.
fn one_amount(suspicion: &Suspicion, sold: &Sold) -> Option<Factor> {
    let mut totals: BTreeMap<i64, (usize, BTreeSet<Party>)> = BTreeMap::new();
    for (fact, _) in suspicion.settlements() {
        let held = totals.entry(fact.total_fen).or_default();
        held.0 += 1;
        held.1.insert(fact.person);
    }
    let repeated = totals.values().filter(|(_, people)| people.len() >= HOLDERS_MIN).map(|(bills, _)| bills).sum();
    let (share, near) = (percent(repeated, sold.narrow.known), sold.narrow);
    let score = ramp(share, 15, 70, 120).max(lift(near.own, near.known, near.usual, 60, 120));
    let text = said(
        format!(
            "{share}%的账单与至少两名他人金额完全相同,{}%在中位数{}元上下两成之内(同店通常{}%)",
            near.own,
            yuan(sold.median_fen),
            near.usual / 10
        ),
        format!(
            "{share}% of the bills have the very total of two others' or more, {}% lie within a fifth of ¥{} (usual there: {}%)",
            near.own,
            yuan(sold.median_fen),
            near.usual / 10
        ),
    );
    (score > 0).then(|| factor("one_amount", score, text, Vec::new()))
}

/// When the counter sees nobody else.
fn quiet(sold: &Sold) -> Option<Factor> {
    let quiet = sold.quiet;
    let score = lift(quiet.own, quiet.known, quiet.usual, 60, 130);
    let text = said(
        format!("{}%发生在该店冷清时段(其他顾客{}%)", quiet.own, quiet.usual / 10),
        format!("{}% fall into hours that are quiet there ({}% of the other customers)", quiet.own, quiet.usual / 10),
    );
    (score != 0).then(|| factor("quiet_hours", score, text, Vec::new()))
}

/// One account after the other: bills within minutes, and how evenly they are spaced.
fn in_a_row(suspicion: &Suspicion) -> Factor {
    let (share, expected_milli, even, gaps) = rows(suspicion);
    let bills = suspicion.settlements().count();
    let spacing = if gaps >= 6 { ramp(even, 35, 75, 80) } else { 0 };
    let score = lift(share, bills, expected_milli.max(20), 55, 170) + spacing;
    let text = said(
        format!("{share}%的账单十分钟内紧接另一人的账单(各自前来则约{}%),其中{even}%间隔均匀", expected_milli / 10),
        format!(
            "{share}% of the bills follow somebody else's within ten minutes (about {}% if all came on their own); {even}% of these gaps are alike",
            expected_milli / 10
        ),
    );
    factor("in_a_row", score, text, Vec::new())
}

/// In another city on the very day.
fn at_home(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    let pool = |area: u32| bench.references.regions.pool(area);
    let (mut twice, mut rows) = (0, Vec::new());
    for (person, (_, bills)) in &suspicion.people {
        let seen = rows.len();
        for (fact, origin) in bills {
            let apart = bench
                .settlements(*person)
                .filter(|(other, _)| other.settled.day() == fact.settled.day() && pool(other.area) != pool(fact.area));
            apart.for_each(|(_, other)| rows.extend([*origin, *other]));
        }
        twice += usize::from(rows.len() > seen);
    }
    let share = percent(twice, suspicion.people.len());
    let score = ramp(share, 3, 30, 200);
    let text = said(
        format!("{twice}人({share}%)同一天还在另一城市结算"),
        format!("{twice} people ({share}%) settled in another city on the same day"),
    );
    (twice >= 2 && score > 0).then(|| factor("two_cities_in_a_day", score, text, rows))
}

/// Holders from elsewhere whose accounts are emptied again and again where they are not known otherwise.
fn again(bench: &Bench, suspicion: &Suspicion, counters: &BTreeSet<Party>) -> Option<Factor> {
    let next_door = is_next_door(bench, suspicion);
    let share = strangers_again(bench, suspicion, counters, next_door);
    // Who works in the next county may know one counter there and no other.
    let score = ramp(share, 10, 60, if next_door { 75 } else { 150 });
    let there = if next_door { "county" } else { "city" };
    let text = said(
        format!("{share}%的外地持卡人在此多日消费,却从不在当地其他机构就医购药"),
        format!(
            "{share}% of the holders from elsewhere were here on several days, and nowhere else in that {there} ever"
        ),
    );
    (score > 0).then(|| factor("never_there_otherwise", score, text, Vec::new()))
}

/// Percent of the holders from elsewhere with bills on several days, and no others in the city, or in the county.
fn strangers_again(bench: &Bench, suspicion: &Suspicion, counters: &BTreeSet<Party>, next_door: bool) -> i32 {
    let pool = |area: u32| if next_door { area } else { bench.references.regions.pool(area) };
    let elsewhere = |fact: &Settlement| if next_door { bench.elsewhere(fact) } else { bench.away(fact) };
    let (mut far, mut again) = (0, 0);
    for (person, (_, bills)) in &suspicion.people {
        let Some((first, _)) = bills.iter().find(|(fact, _)| elsewhere(fact)) else { continue };
        let days: BTreeSet<Day> = bills.iter().map(|(fact, _)| fact.settled.day()).collect();
        let known = bench
            .settlements(*person)
            .any(|(other, _)| !counters.contains(&other.place) && pool(other.area) == pool(first.area));
        far += 1;
        again += usize::from(days.len() >= 2 && !known);
    }
    percent(again, far)
}

/// How it is paid, beside the other customers.
fn paid(sold: &Sold) -> Option<Factor> {
    let (account, electronic) = (sold.account, sold.electronic);
    let score = lift(account.own, account.known, account.usual, 40, 60)
        + if electronic.known > 0 { lift(electronic.own, electronic.known, electronic.usual, 40, 60) } else { 0 };
    let text = said(
        format!(
            "{}%由个人账户支付(同店通常{}%),{}%使用电子凭证(通常{}%)",
            account.own,
            account.usual / 10,
            electronic.own,
            electronic.usual / 10
        ),
        format!(
            "{}% were paid from the account (usual there: {}%), {}% with an electronic voucher ({}%)",
            account.own,
            account.usual / 10,
            electronic.own,
            electronic.usual / 10
        ),
    );
    (account.known > 0 && score != 0).then(|| factor("paid_from_the_account", score, text, Vec::new()))
}
