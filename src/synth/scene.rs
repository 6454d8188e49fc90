//! What do rings and honest groups leave behind? The stage on which both are planted, with what they need to act.

use super::benefit::Benefits;
use super::care::{blank, outpatient, stay};
use super::catalogue::{DISEASES, disease_of};
use super::claim::{Care, Claim, NONE};
use super::draw::{Draw, fen, mix, small};
use super::world::World;
use super::world::places::PlaceKind;
use super::{Parameters, care::money};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Somebody or something with an identifier of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Who {
    /// Number of a person.
    Person(u32),
    /// Number of a place.
    Place(u32),
    /// Number of a doctor.
    Doctor(u32),
    /// Index of a telephone.
    Phone(u32),
    /// An agent's identity card.
    Agent(u64),
    /// A bank account.
    Account(u64),
    /// An address that is not a household's.
    Address(u64),
    /// A device or vehicle.
    Device(u64),
    /// An employer, by the number of its name.
    Employer(u64),
    /// A clerk, assessor or caregiver.
    Staff(u64),
}

/// A row of the truth.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    /// `T01-0003` or `HN09-0001`.
    pub group: String,
    /// Slug of the typology, or the look-alike's number.
    pub typology: &'static str,
    /// Who.
    pub who: Who,
    /// What the party does.
    pub role: &'static str,
}

/// A link of `x_ident`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    /// The identifier.
    pub identifier: Who,
    /// Who holds it.
    pub holder: Who,
    /// `self`, `contact`, `agent`, `payee` or `submitter`.
    pub role: &'static str,
    /// First day.
    pub begin: i32,
}

/// A row of `out_appy_d`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Filing {
    /// Names the filing.
    pub key: u64,
    /// Person.
    pub person: u32,
    /// County of care.
    pub county: u32,
    /// `rloc_rea`.
    pub reason: &'static str,
    /// The agent's identity; 0 for none.
    pub agent: u64,
    /// The agent's telephone, or [`NONE`].
    pub phone: u32,
    /// Payee account; 0 for none.
    pub account: u64,
    /// Clerk who entered it.
    pub clerk: u64,
    /// First day.
    pub begin: i32,
    /// Last day.
    pub end: i32,
    /// Filed at, seconds.
    pub filed: i64,
}

/// What happened to a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Move {
    /// Bought by the place.
    Bought,
    /// Sold.
    Sold,
    /// Brought back.
    Returned,
}

/// A row of `drug_trac_d`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pack {
    /// Names the box.
    pub code: u64,
    /// When, seconds.
    pub at: i64,
    /// Where.
    pub place: u32,
    /// To whom, or [`NONE`].
    pub person: u32,
    /// In which visit; 0 for none.
    pub visit: u64,
    /// In which settlement; 0 for none.
    pub settlement: u64,
    /// Drug.
    pub drug: u16,
    /// What happened.
    pub what: Move,
    /// Sold in parts.
    pub split: bool,
}

/// Everything that was planted.
#[derive(Default)]
pub(crate) struct Planted {
    /// Visits.
    pub claims: Vec<Claim>,
    /// Boxes with a story of their own.
    pub packs: Vec<Pack>,
    /// Filings.
    pub filings: Vec<Filing>,
    /// Links.
    pub links: Vec<Link>,
    /// The truth.
    pub labels: Vec<Label>,
    /// What stands in the tables beside care itself.
    pub benefits: Benefits,
    /// Places that close or open, with the day.
    pub contracts: Vec<(u32, Option<i32>, Option<i32>)>,
    /// Doctors who have left, with the day, and whose seal goes on signing.
    pub gone: BTreeMap<u32, i32>,
    /// Visits that such a seal signs for; whoever else comes is seen by the doctor's successor.
    pub sealed: BTreeSet<u64>,
    /// Parameters of every group.
    pub stories: Vec<Value>,
    /// People who belong to a group already.
    pub taken: BTreeSet<u32>,
    /// Telephones, agents and accounts of people outside the world.
    pub outsiders: u32,
    /// Days in bed by person, as claimed.
    pub beds: BTreeSet<(u32, i32, i32)>,
    /// Days in bed on which the person really lay there and could not shop at home.
    pub lying: Vec<(u32, i32, i32)>,
}

/// One group's stage.
pub(crate) struct Scene<'a> {
    /// The world.
    pub world: &'a World,
    /// What the user asked for.
    pub parameters: &'a Parameters,
    /// The group's own chance.
    pub draw: Draw,
    /// Everything planted so far.
    pub planted: &'a mut Planted,
    /// The group's number.
    pub group: String,
    /// The group's typology.
    pub typology: &'static str,
    /// Whether the stays exist on paper only, so that people live on at home meanwhile.
    pub on_paper: bool,
    /// The group's parameters, for `world.json`.
    pub story: Map<String, Value>,
    /// Members so far, for labels once each.
    members: BTreeSet<(Who, &'static str)>,
    first_claim: usize,
    first_pack: usize,
    first_label: usize,
    first_filing: usize,
    first_link: usize,
}

impl<'a> Scene<'a> {
    /// An empty stage.
    pub(crate) fn new(
        world: &'a World,
        parameters: &'a Parameters,
        planted: &'a mut Planted,
        group: String,
        typology: &'static str,
    ) -> Scene<'a> {
        let stream = group.bytes().fold(7, |sum, byte| mix(sum, u64::from(byte)));
        let (first_claim, first_pack, first_label) = (planted.claims.len(), planted.packs.len(), planted.labels.len());
        let (first_filing, first_link) = (planted.filings.len(), planted.links.len());
        let draw = Draw::new(world.seed, stream);
        Scene {
            world,
            parameters,
            draw,
            planted,
            group,
            typology,
            on_paper: false,
            story: Map::new(),
            members: BTreeSet::new(),
            first_claim,
            first_pack,
            first_label,
            first_filing,
            first_link,
        }
    }

    /// Keeps a parameter for `world.json`.
    pub(crate) fn note(&mut self, name: &str, value: impl Into<Value>) {
        self.story.insert(name.to_owned(), value.into());
    }

    /// Names a member once.
    pub(crate) fn label(&mut self, who: Who, role: &'static str) {
        if self.members.insert((who, role)) {
            let label = Label { group: self.group.clone(), typology: self.typology, who, role };
            self.planted.labels.push(label);
        }
    }

    /// Whether a party has this role already.
    pub(crate) fn has(&self, who: Who, role: &'static str) -> bool {
        self.members.contains(&(who, role))
    }

    /// Whether another group of this typology has the party.
    pub(crate) fn is_anothers(&self, who: Who) -> bool {
        self.planted
            .labels
            .iter()
            .any(|label| label.who == who && label.typology == self.typology && label.group != self.group)
    }

    /// Picks people for the group who are in no other; a few per hundred may be.
    pub(crate) fn recruit(&mut self, pool: &[u32], n: usize, suits: impl Fn(&World, u32) -> bool) -> Vec<u32> {
        let mut pool = pool.to_vec();
        self.draw.shuffle(&mut pool);
        let mut chosen = Vec::new();
        for person in pool {
            if chosen.len() == n {
                break;
            }
            let free = !self.planted.taken.contains(&person) || self.draw.chance(0.03);
            if free && suits(self.world, person) {
                chosen.push(person);
            }
        }
        self.planted.taken.extend(&chosen);
        chosen
    }

    /// The people of a county, or of some of its towns.
    pub(crate) fn people(&mut self, county: usize, towns: usize) -> Vec<u32> {
        let range = self.world.regions.counties[county].towns.clone().collect::<Vec<_>>();
        let chosen = self.draw.some(&range, towns);
        chosen.into_iter().flat_map(|town| self.world.people.of_town[town].clone()).collect()
    }

    /// The people of one village: neighbours in one town.
    pub(crate) fn village(&mut self, county: usize, size: usize) -> Vec<u32> {
        let towns = self.world.regions.counties[county].towns.clone();
        let people = self.world.people.of_town[towns.start + self.draw.below(towns.len())].clone();
        let spare = people.len().saturating_sub(size);
        let start = people.start + small(self.draw.below(spare + 1));
        (start..people.end.min(start + small(size))).collect()
    }

    /// A county of a main city; rural when asked for.
    pub(crate) fn home_county(&mut self, rural: bool) -> usize {
        let regions = &self.world.regions;
        let fits = |at: &usize| regions.city(*at).main && !(rural && regions.counties[*at].urban);
        let counties: Vec<usize> = (0..regions.counties.len()).filter(fits).collect();
        let weights: Vec<f64> = counties.iter().map(|at| regions.counties[*at].people as f64).collect();
        counties[self.draw.weighted(&weights)]
    }

    /// A nursing home of a county, or a township hospital where there is none.
    pub(crate) fn nursing_home(&mut self, county: usize) -> u32 {
        let mut homes = self.world.places_of(county, |kind| kind == PlaceKind::Nursing);
        if homes.is_empty() {
            homes = self.world.places_of(county, |kind| kind == PlaceKind::Township);
        }
        self.draw.pick(&homes)
    }

    /// A telephone of somebody outside the world.
    pub(crate) fn outside_phone(&mut self) -> u32 {
        self.planted.outsiders += 1;
        small(self.world.people.persons.len()) + 10_000_000 + self.planted.outsiders
    }

    /// Some doctors of a place.
    pub(crate) fn doctors(&mut self, place: u32, n: usize) -> Vec<u32> {
        let (first, count) = self.world.place(place).doctors;
        let all: Vec<u32> = (first..first + count).collect();
        let n = n.clamp(1, all.len().max(1));
        self.draw.some(&all, n)
    }

    /// A stay with the usual money, doctor and papers, to be changed before it is added.
    pub(crate) fn stay(&mut self, person: u32, place: u32, day: i32, nights: i32, code: &str) -> Claim {
        let disease = disease_of(code);
        let world = self.world;
        let mut claim = blank(world, &mut self.draw, person, place, Care::Inpatient, day);
        claim.end = day + nights;
        claim.settled = i64::from(claim.end) * 86_400 + super::calendar::office_second(&mut self.draw);
        claim.diagnosis = disease;
        let known = &DISEASES[usize::from(disease).min(DISEASES.len() - 1)];
        claim.doctor = world.doctor(&mut self.draw, person, place, known.ward_group);
        let length = 0.35 + 0.65 * f64::from(nights) / known.nights;
        let yuan = self.draw.spread(known.yuan * world.place(place).level() * length, 0.35);
        money::pay(world, &mut self.draw, &mut claim, fen(yuan.max(250.0)));
        claim
    }

    /// An outpatient visit or purchase with the usual money and papers.
    pub(crate) fn visit(&mut self, person: u32, place: u32, care: Care, day: i32) -> Claim {
        outpatient::visit(self.world, &mut self.draw, person, place, care, day)
    }

    /// Adds a claim unless it leaves the window or its patient lies in bed already. Answers whether it was added.
    pub(crate) fn add(&mut self, claim: Claim) -> bool {
        let window = self.world.window;
        if !window.holds(claim.begin) || claim.settled >= i64::from(window.last + 1) * 86_400 {
            return false;
        }
        if claim.care.is_stay() {
            let mine = self.planted.beds.range((claim.person, i32::MIN, 0)..=(claim.person, i32::MAX, 0));
            if mine.into_iter().any(|bed| claim.begin < bed.2 && bed.1 < claim.end) {
                return false;
            }
            self.planted.beds.insert((claim.person, claim.begin, claim.end.max(claim.begin + 1)));
            if !self.on_paper {
                self.planted.lying.push((claim.person, claim.begin, claim.end));
            }
        }
        self.planted.claims.push(claim);
        true
    }

    /// Ordinary care that members use besides, in addition to the ordinary life that everybody has.
    pub(crate) fn genuine(&mut self, members: &[u32], places: &[u32], share: f64) {
        let events = (self.planted.claims.len() - self.first_claim) as f64;
        if members.is_empty() || share <= 0.0 {
            return;
        }
        let on_paper = std::mem::take(&mut self.on_paper);
        for _ in 0..self.draw.count(events * share) {
            let person = self.draw.pick(members);
            let day = self.world.window.visit(&mut self.draw, true);
            let who = self.world.person(person);
            let usual = self.draw.pick(&[who.clinic, who.hospital, who.pharmacy]);
            let place = if places.is_empty() || self.draw.chance(0.5) { usual } else { self.draw.pick(places) };
            let claim = if self.world.place(place).admits() && self.draw.chance(0.35) {
                let age = self.world.age(person, day);
                let illness = outpatient::disease(&mut self.draw, age, day, |disease| disease.ward * 2.0);
                stay::stay(self.world, &mut self.draw, person, place, day, illness)
            } else {
                self.visit(person, place, Care::Outpatient, day)
            };
            self.add(claim);
        }
        self.on_paper = on_paper;
    }

    /// Decides whether this group's stays exist on paper only.
    pub(crate) fn decide_on_paper(&mut self, share: f64) {
        self.on_paper = self.draw.chance(share);
        self.note("stays_on_paper_only", self.on_paper);
    }

    /// How much genuine care this group mixes in: what the user asked for, and for one ring in four 50–80 % of its own.
    pub(crate) fn care_mixed_in(&mut self) -> f64 {
        let own = if self.draw.chance(0.25) { self.draw.real(1.0, 4.0) } else { self.draw.real(0.0, 0.4) };
        let share = self.parameters.camouflage + own;
        self.note("genuine_care_per_planted", share);
        share
    }

    /// Shifts a day by the jitter asked for.
    pub(crate) fn jitter(&mut self, day: i32) -> i32 {
        day + self.draw.day(-self.parameters.jitter, self.parameters.jitter)
    }

    /// Links an identifier to a holder.
    pub(crate) fn link(&mut self, identifier: Who, holder: Who, role: &'static str, begin: i32) {
        self.planted.links.push(Link { identifier, holder, role, begin });
    }

    /// Files for care elsewhere.
    pub(crate) fn file(&mut self, person: u32, county: usize, reason: &'static str, days: (i32, i32)) -> &mut Filing {
        let filed = i64::from(days.0) * 86_400 + super::calendar::office_second(&mut self.draw);
        let filing = Filing {
            key: self.draw.key(),
            person,
            county: small(county),
            reason,
            agent: 0,
            phone: NONE,
            account: 0,
            clerk: self.draw.key() % 40,
            begin: days.0,
            end: days.1,
            filed,
        };
        self.planted.filings.push(filing);
        let last = self.planted.filings.len() - 1;
        &mut self.planted.filings[last]
    }

    /// All parties that the tables will show because of this group.
    fn seen(&self) -> BTreeSet<Who> {
        let claims = self.planted.claims[self.first_claim..].iter();
        let packs = self.planted.packs[self.first_pack..].iter();
        let filings = self.planted.filings[self.first_filing..].iter();
        let links = self.planted.links[self.first_link..].iter();
        let allowances = self.planted.benefits.paid.iter();
        let approved = self.planted.benefits.rights.iter();
        let prescribed = self.planted.benefits.scripts.iter();
        claims
            .flat_map(|claim| {
                // No table shows what telephone was left at a counter.
                let contact = if claim.care == Care::Drugstore { NONE } else { claim.contact };
                [Who::Place(claim.place), Who::Doctor(claim.doctor), Who::Phone(contact)]
            })
            .chain(packs.map(|pack| Who::Place(pack.place)))
            .chain(
                filings.flat_map(|filing| {
                    [Who::Agent(filing.agent), Who::Phone(filing.phone), Who::Account(filing.account)]
                }),
            )
            .chain(links.map(|link| link.identifier))
            .chain(allowances.flat_map(|paid| [Who::Agent(paid.agent), Who::Account(paid.account)]))
            .chain(
                approved
                    .flat_map(|right| [Who::Place(right.place), Who::Doctor(right.doctor), Who::Phone(right.phone)]),
            )
            .chain(prescribed.flat_map(|script| [Who::Place(script.place), Who::Doctor(script.doctor)]))
            .chain(self.planted.benefits.cared.iter().map(|visit| Who::Place(visit.place)))
            .collect()
    }

    /// Tells `world.json` what was planted, and takes back the labels of parties that left no trace.
    pub(crate) fn close(self) {
        let claims = &self.planted.claims[self.first_claim..];
        let seen = self.seen();
        let took_part = |label: &Label| {
            matches!(label.who, Who::Person(_) | Who::Employer(_) | Who::Staff(_)) || seen.contains(&label.who)
        };
        let labels = self.planted.labels.split_off(self.first_label);
        self.planted.labels.extend(labels.into_iter().filter(took_part));
        let total: i64 = claims.iter().map(|claim| claim.total).sum();
        let persons = self.members.iter().filter(|(who, _)| matches!(who, Who::Person(_))).count();
        let day = |day: Option<i32>| day.map(|day| crate::model::Day(day).to_string());
        self.planted.stories.push(json!({
            "group": self.group,
            "typology": self.typology,
            "persons": persons,
            "settlements": claims.len(),
            "total_fen": total,
            "first_day": day(claims.iter().map(|claim| claim.begin).min()),
            "last_day": day(claims.iter().map(|claim| claim.end).max()),
            "parameters": Value::Object(self.story),
        }));
    }
}
