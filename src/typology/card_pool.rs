//! T06: which cards go from counter to counter in one hand?
//!
//! Cards of a pool are settled within minutes of each other, at several places, on several days, often in the same order and
//! several places a day; or, where their holder takes his time, at the same places on the same days. A couple on an errand does
//! this at one or two places; a village doctor's refill at one.

use super::bench::{Bench, Cited};
use super::excess::supply_exceeded;
use super::lack::Sight;
use super::lines;
use super::membership::near;
use super::odds::{even, lift, ln_ratio, median, number, percent, ramp};
use super::recruits::recruits;
use super::sentence::{factor, prior, said, yuan};
use super::sold::{ONE_TOTAL, ROW_SECONDS, ToTheFen, to_the_fen};
use super::suspicion::Suspicion;
use super::usual::Rate;
use super::{Typology, companions};
use crate::model::{CareClass, Day, Factor, OccasionKind, Party, Sentence, Table, Tie, at_counter};
use std::collections::{BTreeMap, BTreeSet};

/// Card pooling, serial prescribing.
pub(crate) struct CardPool;

const PRIOR: i32 = -450;
/// So many cards and more are no family's.
const FAMILY_MAX: i32 = 6;
/// Two cards are a couple.
const CARDS_MIN: usize = 3;
const KINDS: &[OccasionKind] = &[OccasionKind::TillRun, OccasionKind::Tour];
/// So many of the bills at several counters lie within a fifth of their median where everybody buys what he needs.
const USUAL_HEIGHT: Rate = Rate::stated(300);
/// More than one place: [`even_places`] in hundredths.
const TWO_PLACES: i32 = 150;
/// Cards in one hand are settled within so many seconds of each other.
const IN_LINE_SECONDS: i64 = 240;

/// Where and when at least two cards of the pool were settled within minutes, or on one tour, in order.
type Stops<'a> = BTreeMap<(Party, Day), Vec<&'a Cited>>;

/// Neighbours who go out together, and so many times there that some others are met by chance.
const NEIGHBOURS_MAX: usize = 4;
const OFTEN_THERE: usize = 6;

impl Typology for CardPool {
    fn slug(&self) -> &'static str {
        "card_pool"
    }

    fn name(&self) -> (&'static str, &'static str) {
        ("收卡集中配药", "card pooling")
    }

    fn prior(&self) -> i32 {
        PRIOR
    }

    fn question(&self) -> Sentence {
        said(
            "哪些医保卡被集中在一人手中轮流刷卡配药?".to_owned(),
            "Which cards go from counter to counter in one hand?".to_owned(),
        )
    }

    fn tables(&self) -> &'static [Table] {
        &[Table::SetlD]
    }

    fn sees_by(&self) -> &'static [Sight] {
        const BY: &[Sight] = &[
            Sight::new(Table::SetlD, "opter_id", "同一收银台的连续刷卡", "cards used one after another at one till"),
            Sight::HOUSEHOLDS,
            Sight::CONTACTS,
            Sight::new(Table::XIdent, "ident_value", "共用电话", "shared telephones"),
            Sight::SUPPLY,
        ];
        BY
    }

    fn recognise<'a>(&self, bench: &Bench<'a>) -> Vec<Suspicion<'a>> {
        let ties: Vec<Tie> = bench.ties(KINDS).cloned().collect();
        let groups = companions::rounds(bench, &ties);
        groups.into_iter().filter_map(|people| suspect(bench, &ties, people, self.slug())).collect()
    }
}

fn suspect<'a>(bench: &Bench<'a>, ties: &[Tie], people: BTreeSet<Party>, slug: &'static str) -> Option<Suspicion<'a>> {
    if people.len() < CARDS_MIN {
        return None;
    }
    let stops = stops(bench, ties, &people);
    let mut suspicion = Suspicion { typology: slug, ..Suspicion::default() };
    for settlement in stops.values().flatten() {
        suspicion.people.entry(settlement.0.person).or_insert((0, Vec::new())).1.push(settlement);
    }
    for tie in ties {
        for (person, (strength, _)) in &mut suspicion.people {
            if (tie.a == *person || tie.b == *person) && people.contains(&tie.a) && people.contains(&tie.b) {
                *strength = (*strength + i32::try_from(tie.weight).unwrap_or(0) / 4).min(2_000);
            }
        }
    }
    if suspicion.people.len() < CARDS_MIN {
        return None;
    }
    recruits(bench, &mut suspicion, |(fact, _)| stops.contains_key(&(fact.place, fact.settled.day())));
    suspicion
        .people
        .values_mut()
        .for_each(|(_, held)| held.sort_unstable_by_key(|(fact, origin)| (fact.begin, fact.settled, fact.id, *origin)));
    if !pooled(&stops, suspicion.people.len()) {
        return None;
    }
    let rows = suspicion.rows(bench);
    let mut factors = vec![prior(PRIOR)];
    let mut tandem = tandem(&stops, suspicion.people.len());
    tandem.facts = rows;
    tandem.facts.sort_unstable();
    tandem.facts.dedup();
    factors.push(tandem);
    factors.extend(
        [
            rounds(&stops),
            order(&stops),
            strangers(bench, &suspicion),
            few(suspicion.people.len()),
            the_same_few(&stops),
            medicine(&stops),
            errands(&stops),
            cloned(&stops),
            one_height(&stops),
            one_total(bench, &stops),
            online(bench, &suspicion),
            supply_exceeded(bench, &suspicion),
        ]
        .into_iter()
        .flatten(),
    );
    suspicion.factors = factors;
    Some(suspicion)
}

/// Purchases of medicine before it tells that they are equal.
const ONE_TOTAL_BILLS_MIN: usize = 10;

/// The settlements that the pool's ties are made of, by place and day.
fn stops<'a>(bench: &Bench<'a>, ties: &[Tie], people: &BTreeSet<Party>) -> Stops<'a> {
    let mut wanted: BTreeSet<(Party, Party, Day)> = BTreeSet::new();
    let mut toured: BTreeSet<(Party, Day)> = BTreeSet::new();
    for tie in ties.iter().filter(|tie| people.contains(&tie.a) && people.contains(&tie.b)) {
        for one in &tie.occasions {
            match one.kind {
                OccasionKind::TillRun => wanted.extend([(tie.a, one.place, one.day), (tie.b, one.place, one.day)]),
                OccasionKind::Tour => toured.extend([(tie.a, one.day), (tie.b, one.day)]),
                _ => {}
            }
        }
    }
    let mut stops: Stops = BTreeMap::new();
    for person in people {
        for cited in bench.settlements(*person) {
            let fact = &cited.0;
            let day = fact.settled.day();
            let part = wanted.contains(&(*person, fact.place, day)) || toured.contains(&(*person, day));
            if at_counter(fact) && part {
                stops.entry((fact.place, day)).or_default().push(cited);
            }
        }
    }
    stops.retain(|_, held| held.iter().any(|(fact, _)| fact.person != held[0].0.person));
    stops.values_mut().for_each(|held| held.sort_unstable_by_key(|(fact, origin)| (fact.settled, fact.id, *origin)));
    stops
}

/// Whether most of the cards at a stop were settled within minutes of another.
fn in_line(held: &[&Cited]) -> bool {
    let follow = |pair: &&[&Cited]| {
        pair[0].0.person != pair[1].0.person && pair[1].0.settled.0 - pair[0].0.settled.0 <= IN_LINE_SECONDS
    };
    let gaps = held.len().saturating_sub(1);
    gaps > 0 && held.windows(2).filter(follow).count() * 2 >= gaps
}

/// Whether these are cards in one hand: most of them come along, or at least medicine is fetched. People who go round clinics
/// in changing company without any are something else, and left to `unclassified`.
fn pooled(stops: &Stops, cards: usize) -> bool {
    let all = stops.values().flatten();
    let fetched =
        all.clone().filter(|(fact, _)| matches!(fact.class, CareClass::Drugstore | CareClass::Chronic)).count();
    let mut days: BTreeMap<Day, BTreeSet<Party>> = BTreeMap::new();
    for ((_, day), held) in stops {
        days.entry(*day).or_default().extend(held.iter().map(|(fact, _)| fact.person));
    }
    // With how many of the pool a card goes, on average: two that meet on a day of their own do not thin out a queue of thirty.
    let together = |power: u32| days.values().map(|cards| cards.len().pow(power)).sum::<usize>();
    let along = percent(together(2), together(1) * cards);
    percent(fetched, all.count()) >= 5 || along >= 35
}

/// Cards, places, days.
fn tandem(stops: &Stops, cards: usize) -> Factor {
    let places: BTreeSet<Party> = stops.keys().map(|(place, _)| *place).collect();
    let even = even_places(stops);
    let days: BTreeSet<Day> = stops.keys().map(|(_, day)| *day).collect();
    let (places, days) = (places.len(), days.len());
    // From one place (a refill, a clinic) over two (a family's) to three and more.
    let roundabout = ramp(even, 100, 200, 210) + ramp(even, 200, 300, 120) - 150
        + ln_ratio(u64::try_from(even).unwrap_or(0), 300).clamp(0, 120);
    let score =
        roundabout + ln_ratio(number(days), 2).clamp(0, 200) * 6 / 10 + ln_ratio(number(cards), 2).min(250) * 8 / 10;
    let (all, in_line) = (stops.len(), stops.values().filter(|held| in_line(held)).count());
    let text = if in_line == all {
        said(
            format!("{cards}张卡在{places}个机构、{days}天里排队先后结算(多数前后相隔数分钟),共{all}次同行"),
            format!(
                "{cards} cards were settled in lines, most of them within minutes of another, at {places} places on {days} days, {all} stops"
            ),
        )
    } else {
        said(
            format!(
                "{cards}张卡在{days}天里同日走同样的{places}个机构,共{all}次同行,其中{in_line}次多数前后相隔数分钟"
            ),
            format!(
                "{cards} cards went the same way on {days} days, to {places} places: {all} stops, at {in_line} of them most came within minutes of another"
            ),
        )
    };
    factor("tandem", score, text, Vec::new())
}

/// How many places, in hundredths, if all were used alike: 100 when nearly everything happens at one.
fn even_places(stops: &Stops) -> i32 {
    let mut at: BTreeMap<Party, usize> = BTreeMap::new();
    stops.iter().for_each(|((place, _), held)| *at.entry(*place).or_default() += held.len());
    even(at.values())
}

/// Several places on one day, in line at each: that all go to two places is what a tour is.
fn rounds(stops: &Stops) -> Option<Factor> {
    let mut tours: BTreeMap<Day, usize> = BTreeMap::new();
    for ((_, day), held) in stops {
        *tours.entry(*day).or_default() += usize::from(in_line(held));
    }
    let rounds = tours.values().filter(|places| **places >= 2).count();
    let share = percent(rounds, tours.len());
    let score = ramp(share, 5, 60, 180);
    let text = said(
        format!("{rounds}天({share}%)同一天在两个以上机构接连结算:在每家机构内,多数卡前后相隔仅数分钟"),
        format!(
            "On {rounds} days ({share}%) they settled in a row, most of them minutes apart, at each of two or more places"
        ),
    );
    (rounds >= 2).then(|| factor("rounds", score, text, Vec::new()))
}

/// The same card first.
fn order(stops: &Stops) -> Option<Factor> {
    let mut before: BTreeMap<(Party, Party), (usize, usize)> = BTreeMap::new();
    for held in stops.values() {
        for pair in held.windows(2) {
            let (one, next) = (pair[0].0.person, pair[1].0.person);
            if one != next {
                let counts = before.entry((one.min(next), one.max(next))).or_default();
                if one < next { counts.0 += 1 } else { counts.1 += 1 }
            }
        }
    }
    let repeated = before.values().filter(|(ahead, behind)| ahead + behind >= 3);
    let (same, all) =
        repeated.fold((0, 0), |(same, all), (ahead, behind)| (same + ahead.max(behind), all + ahead + behind));
    let share = percent(same, all);
    let score = ramp(share, 70, 95, 80);
    let text = said(
        format!("刷卡先后顺序有{share}%相同({same}/{all})"),
        format!("The cards come in the same order {share}% of the time ({same} of {all})"),
    );
    (all >= 6 && score > 0).then(|| factor("same_order", score, text, Vec::new()))
}

/// Three or four cards are most often a family's.
fn few(cards: usize) -> Option<Factor> {
    let score = -ramp(FAMILY_MAX - i32::try_from(cards).unwrap_or(FAMILY_MAX), 0, 2, 100);
    let text = said(
        format!("只有{cards}张卡,也可能是一家人或邻里互相代办"),
        format!("Only {cards} cards: a family, or neighbours who run errands for each other"),
    );
    (score < 0).then(|| factor("few_cards", score, text, Vec::new()))
}

/// Neighbours who go out together are the same two, three or four each time; and who knows several such makes no pool of them all.
fn the_same_few(stops: &Stops) -> Option<Factor> {
    let close = |one: &&Cited, next: &&Cited| next.0.settled.0 - one.0.settled.0 <= ROW_SECONDS;
    let there =
        |run: &[&Cited]| run.iter().map(|(fact, _)| fact.person).collect::<BTreeSet<Party>>().into_iter().collect();
    let lines: Vec<Vec<Party>> = stops.values().flat_map(|held| held.chunk_by(close)).map(there).collect();
    let companions = lines::companions(&lines);
    let mut stood: BTreeMap<Party, usize> = BTreeMap::new();
    lines.iter().flatten().for_each(|person| *stood.entry(*person).or_default() += 1);
    // Who came often met some by chance.
    let few = |(person, known): &(&Party, &BTreeMap<Party, usize>)| {
        let least = if stood[*person] >= OFTEN_THERE { 2 } else { 1 };
        known.values().filter(|times| **times >= least).count() < NEIGHBOURS_MAX
    };
    let few = companions.iter().filter(few).count();
    let share = percent(few, companions.len());
    let score = -ramp(share, 40, 80, 250);
    let text = said(
        format!("{share}%的卡从来只与至多{}张其他卡同行,像是结伴出门的邻里", NEIGHBOURS_MAX - 1),
        format!(
            "{share}% of the cards never came with more than {} others: like neighbours who go out together",
            NEIGHBOURS_MAX - 1
        ),
    );
    (companions.len() > NEIGHBOURS_MAX && score < 0).then(|| factor("the_same_few", score, text, Vec::new()))
}

/// Different households.
fn strangers(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    let cards = suspicion.people.len();
    let households = bench.households(suspicion.people.keys());
    let score = ramp(percent(households, cards), 50, 90, 120) - ramp(100 - percent(households, cards), 50, 75, 250);
    let text =
        said(format!("{cards}张卡分属{households}户"), format!("The {cards} cards belong to {households} households"));
    bench.known.addresses.then(|| factor("households", score, text, Vec::new()))
}

/// Fetching medicine: some stops are pharmacies or refills of a registered disease.
fn medicine(stops: &Stops) -> Option<Factor> {
    let all: Vec<CareClass> = stops.values().flatten().map(|(fact, _)| fact.class).collect();
    let fetched = all.iter().filter(|class| matches!(class, CareClass::Drugstore | CareClass::Chronic)).count();
    let share = percent(fetched, all.len());
    let score = if share < 15 { -250 } else { ramp(share, 15, 70, 60) };
    let text = said(
        format!("{share}%为药店购药或慢特病配药"),
        format!("{share}% are purchases at pharmacies or refills for a registered disease"),
    );
    (score != 0).then(|| factor("fetching_medicine", score, text, Vec::new()))
}

/// With the card in hand, not its holder.
fn errands(stops: &Stops) -> Option<Factor> {
    let all: Vec<&&Cited> = stops.values().flatten().collect();
    let physical = all.iter().filter(|(fact, _)| fact.shown() == 3).count();
    let told = all.iter().filter(|(fact, _)| fact.shown() != 0).count();
    let share = percent(physical, told);
    let score = ramp(share, 60, 95, 60);
    let text = said(format!("{share}%使用实体卡结算"), format!("{share}% were settled with the plastic card"));
    (told * 2 > all.len() && score > 0).then(|| factor("plastic_cards", score, text, Vec::new()))
}

/// Prescribed over the internet within a minute of each other: the names go round, not the cards.
fn online(bench: &Bench, suspicion: &Suspicion) -> Option<Factor> {
    let tied: BTreeSet<Party> = bench.ties(&[OccasionKind::OnlineRun]).flat_map(|tie| [tie.a, tie.b]).collect();
    let share = percent(suspicion.people.keys().filter(|person| tied.contains(person)).count(), suspicion.people.len());
    let score = -ramp(share, 20, 60, 300);
    let text = said(
        format!("{share}%的人由互联网医院在一分钟内连续开方:更像线上批量处方"),
        format!(
            "{share}% of the people were prescribed for online within a minute of each other: rather an online mill"
        ),
    );
    (score < 0).then(|| factor("prescribed_online", score, text, Vec::new()))
}

/// Bills kept at one height from place to place: under what would be looked at.
fn one_height(stops: &Stops) -> Option<Factor> {
    let mut fees: Vec<i64> = stops.values().flatten().map(|(fact, _)| fact.total_fen).collect();
    let middle = median(&mut fees);
    let share = percent(fees.iter().filter(|fen| near(**fen, middle)).count(), fees.len());
    let score = lift(share, fees.len(), USUAL_HEIGHT.milli, 100, 130);
    let beside = USUAL_HEIGHT.said();
    let text = said(
        format!("{share}%的账单在{}元上下两成之内{}", yuan(middle), beside.zh),
        format!("{share}% of the bills lie within a fifth of ¥{}{}", yuan(middle), beside.en),
    );
    let roundabout = even_places(stops) >= TWO_PLACES;
    (roundabout && score > 0).then(|| factor("one_height", score, text, Vec::new()))
}

/// Bills of one total, to the fen, whoever's card it is.
fn one_total(bench: &Bench, stops: &Stops) -> Option<Factor> {
    let ToTheFen { share, all, equal } = to_the_fen(stops.values().flatten().copied());
    let score = ramp(share, ONE_TOTAL.0, ONE_TOTAL.1, 250);
    let text = said(
        format!("{share}%的购药账单与同日同店至少两人金额分毫不差:各人所需之药本不相同"),
        format!(
            "{share}% of the purchases of medicine have the very total of two others' or more at that place on that day: patients need different things"
        ),
    );
    let rows = equal.into_iter().flat_map(|bill| bench.rows(bill)).collect();
    (all >= ONE_TOTAL_BILLS_MIN && score > 0).then(|| factor("one_total", score, text, rows))
}

/// The same basket for different people at one stop.
fn cloned(stops: &Stops) -> Option<Factor> {
    let (mut same, mut all) = (0, 0);
    for pair in stops.values().flat_map(|held| held.windows(2)) {
        if pair[0].0.basket != 0 && pair[1].0.basket != 0 {
            all += 1;
            same += usize::from(pair[0].0.basket == pair[1].0.basket);
        }
    }
    let share = percent(same, all);
    let score = ramp(share, 10, 50, 100);
    let text = said(
        format!("相邻两卡的药品清单{share}%完全相同"),
        format!("{share}% of neighbouring bills hold the same items"),
    );
    (all >= 5 && score > 0).then(|| factor("same_basket", score, text, Vec::new()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{PartyKind, RowRef, Settlement, Stamp};

    /// What it takes off that these cards, one after the other in each line, are the same few.
    fn taken_off(lines: &[Vec<u64>]) -> i32 {
        let day = |at: usize| Day(19_000 + i32::try_from(at).unwrap_or(0));
        let bill = |at: usize, seat: usize, card: u64| {
            let settled = Stamp(Stamp::midnight(day(at)).0 + 36_000 + i64::try_from(seat).unwrap_or(0) * 120);
            let person = Party::of(PartyKind::Person, &card.to_string());
            (Settlement { person, settled, ..Settlement::default() }, RowRef(0))
        };
        let held: Vec<Vec<Cited>> = (0..lines.len())
            .map(|at| lines[at].iter().enumerate().map(|(seat, card)| bill(at, seat, *card)).collect())
            .collect();
        let stops: Stops = (0..lines.len()).map(|at| ((Party(1 << 4), day(at)), held[at].iter().collect())).collect();
        the_same_few(&stops).map_or(0, |one| one.score)
    }

    #[test]
    fn neighbours_are_the_same_three_each_time_and_a_courier_takes_others() {
        let neighbours: Vec<Vec<u64>> = (0..18).map(|at| (0..3).map(|card| at % 3 * 3 + card).collect()).collect();
        assert_eq!(taken_off(&neighbours), -250);
        let courier: Vec<Vec<u64>> = (0..18).map(|at| (0..4).map(|card| (at * 5 + card * 2) % 9).collect()).collect();
        assert_eq!(taken_off(&courier), 0);
    }
}
