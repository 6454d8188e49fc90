//! What is known about one piece of the graph? The recognisers read this and nothing else.

use super::{
    Allowance, Assessment, CareClass, CareVisit, Day, Diagnosis, Enrolment, Entitlement, Explains, Filing, Finding,
    Goods, Identifier, Party, Person, Prescription, RowRef, SaleCounts, Settlement, Trace, Visit, explains, hash_words,
};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use std::collections::BTreeSet;

/// What several parties shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[repr(u8)]
pub enum OccasionKind {
    /// Admitted on one day at one institution, from one home area outside its pool.
    #[default]
    Arrival = 0,
    /// Admitted on one day at one institution, local patients, by doctor.
    CoStay = 1,
    /// Settled within minutes at one till.
    TillRun = 2,
    /// One phone, address, account, agent or device.
    SharedIdentifier = 3,
    /// Filed for by one agent on one day.
    Filing = 4,
    /// One box sold more than once.
    TraceRepeat = 5,
    /// One and the same fee basket.
    ClonedBill = 6,
    /// One doctor's prescriptions dispensed at one counter.
    PrescriptionChannel = 7,
    /// Discharged at one institution and admitted at the next within a day.
    Relay = 8,
    /// Paid one and the same sum at one institution, whatever the bill.
    Package = 9,
    /// Settled elsewhere while lying in one institution.
    Absence = 10,
    /// Approved for one disease by one doctor on one day.
    Approval = 11,
    /// Paper bills of one hospital with neighbouring numbers.
    InvoiceRun = 12,
    /// Paper bills settled by one clerk while the office is closed.
    AfterHours = 13,
    /// Prescribed over the internet by one doctor within a minute.
    OnlineRun = 14,
    /// Settled at one place after death.
    AfterDeath = 15,
    /// Joined one employer while expecting.
    EmployerBirth = 16,
    /// Cared for, on paper, by one caregiver whose records contradict themselves.
    CareRecord = 17,
    /// One disease treated at two hospitals at once, time and again.
    TwoHospitals = 18,
    /// Came back on one day to one institution, days after a long stay.
    WardTurn = 19,
    /// Billed for more dialysis sessions at one institution than its schedule has.
    SurplusSession = 20,
    /// Purchases at one counter that emptied accounts kept in other cities.
    DistantAccount = 21,
    /// Came to one outpatient place at a strict interval, over and over.
    StrictBeat = 22,
    /// Bought boxes at one place that nobody delivered there.
    UnsuppliedSale = 23,
    /// Came back again and again to one institution, as most of those from the same home area did.
    OftenBack = 24,
    /// Admitted to the same two institutions, each at a time of his own, as many from the same home area.
    SamePlaces = 25,
    /// Handed on, perhaps once, between institutions among which people are passed in a circle.
    Circuit = 26,
    /// At the same two counters on one day.
    Tour = 27,
    /// Bought boxes at one place that the place had sold before.
    SoldTwice = 28,
    /// Signed for by one doctor on a day on which he signed at two institutions at once.
    TwoSeats = 29,
    /// Cared for by one caregiver on a day on which she was in two homes at once.
    TwoHomes = 30,
    /// Signed for, at one institution, by one doctor who had left it.
    LeftSeat = 31,
    /// Settled within minutes in a line of people at one quiet till.
    Line = 32,
    /// Left an account empty at one counter, again and again.
    Drained = 33,
    /// Had nothing to pay at one institution, as far more than at the city's others.
    FreeStay = 34,
    /// Came to a quiet clinic on the same days as the same others.
    Along = 35,
    /// Billed for dialysis sessions at one institution without the consumables that each uses up.
    SessionGoods = 36,
    /// Came to one outpatient place for as long and as often as hardly anybody does.
    Frequent = 37,
    /// Emptied an account kept in another city at one counter on a day on which more did than come there by chance.
    EmptiedDay = 38,
}

/// The number under which a place stands where groups are places ([`OccasionKind::SamePlaces`], [`OccasionKind::OftenBack`],
/// [`OccasionKind::FreeStay`]): even.
#[must_use]
pub fn place_number(place: Party) -> i32 {
    short(&[place.0]) << 1
}

/// The number of a pair of places, in any order: odd.
#[must_use]
pub fn pair_number(one: Party, other: Party) -> i32 {
    short(&[one.min(other).0, one.max(other).0]) << 1 | 1
}

fn short(words: &[u64]) -> i32 {
    i32::try_from(hash_words(words) >> 34).unwrap_or(0)
}

/// One shared occasion as seen from a tie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct Occasion {
    /// When; `Day(i32::MIN)` for occasions without a day (a shared phone).
    pub day: Day,
    /// Where; [`Party::NONE`] for occasions without a place.
    pub place: Party,
    /// What it was.
    pub kind: OccasionKind,
    /// How many people took part.
    pub size: u32,
    /// How unlikely chance is: −ln p in hundredths.
    pub surprise: u32,
}

impl Occasion {
    /// The day, for kinds that have one. Elsewhere the number says which bill, sum, booklet, counter or clerk it was.
    #[must_use]
    pub fn date(&self) -> Option<Day> {
        use OccasionKind::{
            Absence, Along, Approval, Arrival, CoStay, Filing, LeftSeat, Line, OnlineRun, Relay, TillRun, Tour,
            TraceRepeat, TwoHomes, TwoSeats, WardTurn,
        };
        let dated = matches!(
            self.kind,
            Arrival
                | CoStay
                | TillRun
                | Tour
                | Filing
                | TraceRepeat
                | Relay
                | Absence
                | Along
                | Approval
                | OnlineRun
                | LeftSeat
                | Line
                | TwoHomes
                | TwoSeats
                | WardTurn
        );
        (dated && self.day.0 != i32::MIN && self.day.0 != i32::MAX).then_some(self.day)
    }
}

/// What two parties have in common. `a < b`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Tie {
    /// The smaller party.
    pub a: Party,
    /// The larger party.
    pub b: Party,
    /// How unlikely chance is, over all shared occasions and net of the number of pairs that could have met: −ln p in
    /// hundredths. Repetition within one habit grows slowly, across institutions fast.
    pub weight: u32,
    /// The shared occasions, sorted.
    pub occasions: SmallVec<[Occasion; 2]>,
}

/// Nobody is missed in a shorter stay.
const ABSENT_NIGHTS_MIN: i32 = 2;
/// Visits to a place outside a stay from which on it is where the patient's medicine comes from: families collect it with the card.
const HABIT_VISITS_MIN: usize = 3;

/// Counts of what admissions to a place are like, so that a group can be compared with the place's other patients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct StayCounts {
    /// Admissions by nights: 0 to 30 one by one, then more.
    pub nights: [i32; 32],
    /// Admissions by total: eighths of octaves from ¥164 on ([`StayCounts::fee_step`]), in two halves.
    pub fees: [[i32; 32]; 2],
    /// Admissions with known cash, and those paid almost without.
    pub cash: [i32; 2],
    /// Admissions with a diagnosis, and those at discretion.
    pub diagnosed: [i32; 2],
    /// People admitted, and those admitted more than once.
    pub people: [i32; 2],
    /// Returns of a person, and those within a month of discharge.
    pub returns: [i32; 2],
    /// Admissions with a doctor, and those of the two busiest doctors.
    pub signed: [i32; 2],
    /// Admissions with a fee basket, and those whose basket another admission has too.
    pub baskets: [i32; 2],
    /// Admissions of at least two nights, and those during which the patient settled elsewhere ([`absences`]).
    #[serde(default)]
    pub absent: [i32; 2],
    /// Of a city: hand-overs whose visits are known, and those with a transfer on record. Rounded down to a quarter of an octave: they
    /// say whether transfers are kept at all.
    #[serde(default)]
    pub transfers: [i32; 2],
}

impl StayCounts {
    /// A person admitted again within this many days of discharge comes back soon.
    pub const SOON_DAYS: i32 = 31;

    /// The class of a number of nights.
    #[must_use]
    pub fn nights_step(nights: i32) -> usize {
        usize::try_from(nights.clamp(0, 31)).unwrap_or(0)
    }

    /// The nights of all admissions; those of more than a month are taken to be of a month and a half.
    #[must_use]
    pub fn all_nights(&self) -> i64 {
        const LONG: i64 = 45;
        let nights = (0..31).chain([LONG]);
        self.nights.iter().zip(nights).map(|(count, nights)| i64::from(*count) * nights).sum()
    }

    /// The class of a total: eight to a doubling.
    #[must_use]
    pub fn fee_step(total_fen: i64) -> usize {
        let fen = total_fen.clamp(1 << 14, (1 << 22) - 1).unsigned_abs();
        let octave = fen.ilog2();
        let eighth = fen >> (octave - 3) & 7;
        usize::try_from(u64::from(octave - 14) * 8 + eighth).unwrap_or(63)
    }

    /// The smallest total of a class, fen.
    #[must_use]
    pub fn fee_edge(step: i64) -> i64 {
        (1_i64 << (14 + step / 8)) * (8 + step % 8) / 8
    }

    /// Adds (1) or takes back (−1) one admission, given the same person's admission to the place before it and whether that
    /// was a return already. Doctors, baskets and absences are counted elsewhere: they need more than the admission.
    pub fn take(&mut self, stay: &Settlement, before: Option<(&Settlement, bool)>, sign: i32) {
        let count = |of: &mut [i32; 2], known: bool, holds: bool| {
            of[0] += i32::from(known) * sign;
            of[1] += i32::from(holds) * sign;
        };
        self.nights[StayCounts::nights_step(stay.nights())] += sign;
        let step = StayCounts::fee_step(stay.total_fen);
        self.fees[step / 32][step % 32] += sign;
        self.absent[0] += i32::from(may_be_missed(stay)) * sign;
        count(&mut self.cash, stay.cash().is_some(), stay.without_cash());
        count(&mut self.diagnosed, stay.diagnosis != 0, explains(stay.diagnosis) == Explains::AtWill);
        match before {
            Some((last, again)) => {
                let soon = stay.begin.since(last.end) <= StayCounts::SOON_DAYS;
                count(&mut self.returns, true, soon);
                count(&mut self.people, false, !again);
            }
            None => count(&mut self.people, true, false),
        }
    }

    /// All counts, for sums.
    pub fn each_mut(&mut self) -> impl Iterator<Item = &mut i32> {
        self.nights
            .iter_mut()
            .chain(self.fees.iter_mut().flatten())
            .chain(&mut self.cash)
            .chain(&mut self.diagnosed)
            .chain(&mut self.people)
            .chain(&mut self.returns)
            .chain(&mut self.signed)
            .chain(&mut self.baskets)
            .chain(&mut self.absent)
            .chain(&mut self.transfers)
    }
}

/// Whether a stay is long enough for its patient to be missed.
#[must_use]
pub fn may_be_missed(stay: &Settlement) -> bool {
    stay.nights() >= ABSENT_NIGHTS_MIN
}

/// Settlements at a counter elsewhere strictly within a stay of at least two nights, where the patient does not go otherwise: nobody is
/// in two places. Stays that overlap do not count: a transfer or a late discharge is booked that way every day. Both lists sorted by
/// begin day; answers the stay and the other settlement.
///
/// Cost: linear in the settlements, and once more for each one within a stay.
pub fn absences<'a>(
    stays: impl Iterator<Item = &'a (Settlement, RowRef)> + 'a,
    settlements: &'a [(Settlement, RowRef)],
) -> impl Iterator<Item = (&'a (Settlement, RowRef), &'a (Settlement, RowRef))> + 'a {
    stays.filter(|(stay, _)| may_be_missed(stay)).flat_map(move |stay| {
        let from = settlements.partition_point(|(other, _)| other.begin <= stay.0.begin);
        let within = settlements[from..].iter().take_while(|(other, _)| other.begin < stay.0.end);
        within
            .filter(|(other, _)| {
                let counter = !matches!(other.class, CareClass::Inpatient | CareClass::DayCase | CareClass::Other);
                counter && other.place != stay.0.place && !is_habit(&stay.0, other.place, settlements)
            })
            .map(move |other| (stay, other))
    })
}

/// Whether a patient goes to a place anyway, beside one stay.
fn is_habit(stay: &Settlement, place: Party, settlements: &[(Settlement, RowRef)]) -> bool {
    let outside = |fact: &&Settlement| fact.place == place && !(stay.begin..=stay.end).contains(&fact.begin);
    let mut days: Vec<Day> = settlements.iter().map(|(fact, _)| fact).filter(outside).map(|fact| fact.begin).collect();
    days.dedup();
    days.len() >= HABIT_VISITS_MIN
}

/// What is usual at a place; of a city ([`Party::city`]) only [`StayCounts::transfers`] is kept. Each figure from 512 on is
/// rounded down by less than one in 256: a ring's own share is taken out of it, and what is left must be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct PlaceBaseline {
    /// The place.
    pub place: Party,
    /// Live settlements.
    pub settlements: u32,
    /// Live admissions and day cases.
    pub stays: u32,
    /// Admissions of people from outside the pool.
    pub stays_from_outside: u32,
    /// Settlements of class drugstore.
    pub drugstore: u32,
    /// Fund money, yuan.
    pub fund_yuan: u32,
    /// First day seen, rounded down to a multiple of 32 days.
    pub first_day: Day,
    /// Last day seen, rounded up to a multiple of 32 days.
    pub last_day: Day,
    /// The two doctors who signed most of its admissions.
    #[serde(default)]
    pub busiest: [Party; 2],
    /// What its admissions are like.
    #[serde(default)]
    pub stay: StayCounts,
    /// What the settlements at its counters are like.
    #[serde(default)]
    pub sale: SaleCounts,
}

/// Everything known about one person of the piece, each fact with its source. All lists are sorted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct PersonFile {
    /// The person.
    pub person: Party,
    /// Live settlements by begin day, whether or not they have to do with a ring.
    pub settlements: Vec<(Settlement, RowRef)>,
    /// Reversals whose original is not there (E08): at which place, and what they would take back, fen.
    #[serde(default)]
    pub orphans: Vec<(Party, i64)>,
    /// What the fee lines of visits bill, by visit; of those that have some.
    #[serde(default)]
    pub goods: Vec<(u64, Goods)>,
    /// Visits (`mdtrt_d`).
    pub visits: Vec<(Visit, RowRef)>,
    /// Diagnoses (`setl_diag_list_d`).
    pub diagnoses: Vec<(Diagnosis, RowRef)>,
    /// Fee lines of admissions, by visit: the rows that a copied bill is shown by.
    #[serde(default)]
    pub lines: Vec<(u64, RowRef)>,
    /// Identifiers held.
    pub identifiers: Vec<(Identifier, RowRef)>,
    /// Cross-region filings.
    pub filings: Vec<(Filing, RowRef)>,
    /// Boxes bought.
    pub traces: Vec<(Trace, RowRef)>,
    /// Prescriptions, by when they were issued.
    pub prescriptions: Vec<(Prescription, RowRef)>,
    /// Spells of insurance, by their first day.
    pub enrolments: Vec<(Enrolment, RowRef)>,
    /// Rights to treatment of a chronic or special disease.
    pub entitlements: Vec<(Entitlement, RowRef)>,
    /// Maternity allowances.
    pub allowances: Vec<(Allowance, RowRef)>,
    /// Assessments of need for long-term care.
    pub assessments: Vec<(Assessment, RowRef)>,
    /// Visits of caregivers, by check-in.
    pub care_visits: Vec<(CareVisit, RowRef)>,
    /// The register's entry.
    pub record: Option<(Person, RowRef)>,
    /// Everyday care that shows in which county somebody lives who is insured with the city itself.
    #[serde(default)]
    pub home_seen: Option<RowRef>,
}

impl PersonFile {
    /// What the fee lines of a settlement's visit bill, where there are some.
    #[must_use]
    pub fn goods_of(&self, fact: &Settlement) -> Option<&Goods> {
        let at = self.goods.binary_search_by_key(&fact.visit, |(visit, _)| *visit);
        at.ok().map(|at| &self.goods[at].1)
    }
}

/// One connected piece of the tie graph with all that is known about its people and places.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Dossier {
    /// The ties, sorted.
    pub ties: Vec<Tie>,
    /// The people, sorted by party.
    pub persons: Vec<PersonFile>,
    /// What is usual at each place that admitted several people of the piece, sorted by place.
    pub places: Vec<PlaceBaseline>,
    /// What is usual at each place whose counters tie people of the piece, sorted by place.
    #[serde(default)]
    pub counters: Vec<PlaceBaseline>,
}

impl Dossier {
    /// The file of a person of this piece.
    #[must_use]
    pub fn person(&self, person: Party) -> Option<&PersonFile> {
        self.persons.binary_search_by_key(&person, |file| file.person).ok().map(|at| &self.persons[at])
    }
}

/// What is found in a piece, and what that rests on besides the piece.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Judgement {
    /// The findings.
    pub findings: Vec<Finding>,
    /// Places whose baselines were looked up: when one of them changes, the piece is judged again.
    pub asked: BTreeSet<Party>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_is_no_date() {
        let on = |kind| Occasion { day: Day(19_700), kind, ..Occasion::default() };
        assert_eq!(on(OccasionKind::CoStay).date(), Some(Day(19_700)));
        assert_eq!(on(OccasionKind::ClonedBill).date(), None);
        assert_eq!(Occasion { day: Day(i32::MIN), ..on(OccasionKind::Arrival) }.date(), None);
    }
}
