//! Which rings do the report's tests print? Five invented ones: two hospitals' day trips, a card pool, drugs that flow
//! back, a large recruiting ring, and a small one whose identifiers try to break the page.

use medring::model::{
    Amount, CareClass, Counter, Day, Factor, Finding, Member, Names, Occasion, OccasionKind, Party, PartyKind,
    PlaceEntry, PlaceKind, References, Ring, Role, RowRef, Sentence, Table, Tie, TypologyScore,
};
use medring::report::{Edition, InputFile, LimitHit, NotRun, RingActivity, RunSummary, Stage, TableCount};
use std::collections::BTreeMap;

/// Everything an [`Edition`] borrows.
#[derive(Default)]
pub(crate) struct World {
    pub(crate) rings: Vec<Ring>,
    pub(crate) names: Names,
    pub(crate) ties: Vec<Tie>,
    pub(crate) activity: Vec<RingActivity>,
    pub(crate) references: References,
    pub(crate) run: RunSummary,
    rows: u64,
}

impl World {
    pub(crate) fn edition(&self) -> Edition<'_> {
        Edition {
            rings: &self.rings,
            names: &self.names,
            ties: &self.ties,
            activity: &self.activity,
            references: &self.references,
            run: &self.run,
        }
    }

    /// Five rings.
    pub(crate) fn five() -> World {
        let mut world = World { run: run_summary(), ..World::default() };
        world.day_trip();
        world.card_pool();
        world.backflow();
        world.recruited();
        world.hostile();
        world
    }

    /// Many small rings, for the size of the page.
    pub(crate) fn many(rings: usize) -> World {
        let mut world = World { run: run_summary(), ..World::default() };
        for number in 0..rings {
            let start = Day(19_700 + i32::try_from(number % 200).expect("small"));
            world.batches(&Plan {
                slug: "recruited_fake_admission",
                tag: &format!("m{number}"),
                people: 24,
                batches: 4,
                start,
                nights: 6,
                context: false,
            });
        }
        world
    }

    fn day_trip(&mut self) {
        let plan = Plan {
            slug: "cross_region_day_trip",
            tag: "a",
            people: 84,
            batches: 14,
            start: Day(19_783),
            nights: 1,
            context: true,
        };
        self.batches(&plan);
    }

    fn recruited(&mut self) {
        let plan = Plan {
            slug: "recruited_fake_admission",
            tag: "d",
            people: 420,
            batches: 40,
            start: Day(19_500),
            nights: 7,
            context: false,
        };
        self.batches(&plan);
    }

    fn batches(&mut self, plan: &Plan) {
        let index = self.rings.len();
        let hospitals: Vec<Party> =
            (0..2).map(|n| self.place(&format!("H3401{}{n:04}", plan.tag), PlaceKind::Hospital)).collect();
        let doctors: Vec<Party> =
            (0..3).map(|n| self.party(PartyKind::Doctor, &format!("D{}{n:03}", plan.tag))).collect();
        let phone = self.party(PartyKind::Phone, &format!("1380000{}88", plan.tag));
        let people: Vec<Party> =
            (0..plan.people).map(|n| self.party(PartyKind::Person, &format!("3401{}{n:08}", plan.tag))).collect();
        let arrival = Party::context(PartyKind::Arrival, &[hospitals[0].0, 340_123]);
        let mut facts = Vec::new();
        let mut total = Amount::default();
        let mut met: BTreeMap<(Party, Party), Vec<Occasion>> = BTreeMap::new();
        for batch in 0..plan.batches {
            let day = Day(plan.start.0 + i32::try_from(batch * 23 + batch * batch % 5).expect("small"));
            let place = hospitals[usize::from(batch * 3 > plan.batches * 2)];
            let group: Vec<Party> = (0..12).map(|n| people[(batch * 7 + n * (1 + batch % 3)) % people.len()]).collect();
            let occasion = Occasion { day, place, kind: OccasionKind::Arrival, size: 12, surprise: 640 };
            for (at, person) in group.iter().enumerate() {
                let fact = self.row(Table::SetlD, &format!("setl_d:S{}{batch:03}{at:02}", plan.tag));
                facts.push(fact);
                let total_fen = 312_000 + i64::try_from(at * 1_700 + batch * 311).expect("small");
                total.total_fen += total_fen;
                total.fund_fen += total_fen * 9 / 10;
                self.activity.push(RingActivity {
                    ring: index,
                    day,
                    end: Day(day.0 + plan.nights),
                    person: *person,
                    place,
                    doctor: Party::NONE,
                    fact,
                    total_fen,
                    fund_fen: total_fen * 9 / 10,
                    class: CareClass::Inpatient,
                });
                let doctor = doctors[(batch + at) % doctors.len()];
                for other in [place, doctor]
                    .into_iter()
                    .chain((at % 4 == 0).then_some(phone))
                    .chain(plan.context.then_some(arrival))
                {
                    met.entry(pair(*person, other)).or_default().push(occasion);
                }
                let next = group[(at + 1) % group.len()];
                if next != *person {
                    met.entry(pair(*person, next)).or_default().push(occasion);
                }
            }
        }
        self.tie_up(met);
        let days = (plan.start, Day(plan.start.0 + 23 * i32::try_from(plan.batches).expect("small")));
        let members = batch_members(phone, &doctors, &hospitals, &people);
        let (factors, counters) = batch_reasons(plan.batches, &facts);
        self.ring(plan.slug, total, days, members, factors, counters);
    }

    fn card_pool(&mut self) {
        let index = self.rings.len();
        let tills: Vec<Party> = (0..5).map(|n| self.place(&format!("P34010{n:05}"), PlaceKind::Pharmacy)).collect();
        let device = self.party(PartyKind::Device, "ECQR-77120");
        let cards: Vec<Party> = (0..17).map(|n| self.party(PartyKind::Person, &format!("3402b{n:08}"))).collect();
        let mut met: BTreeMap<(Party, Party), Vec<Occasion>> = BTreeMap::new();
        let (mut facts, mut total) = (Vec::new(), Amount::default());
        for round in 0..9_usize {
            for (stop, place) in tills.iter().enumerate() {
                let day = Day(19_900 + i32::try_from(round * 30).expect("small"));
                for (at, person) in cards.iter().enumerate().filter(|(at, _)| (at + stop + round) % 6 != 0) {
                    let fact = self.row(Table::SetlD, &format!("setl_d:Sb{round:02}{stop}{at:02}"));
                    facts.push(fact);
                    total.total_fen += 48_000;
                    total.fund_fen += 31_000;
                    self.activity.push(RingActivity {
                        ring: index,
                        day,
                        end: day,
                        person: *person,
                        place: *place,
                        doctor: Party::NONE,
                        fact,
                        total_fen: 48_000,
                        fund_fen: 31_000,
                        class: CareClass::Chronic,
                    });
                    let occasion =
                        Occasion { day, place: *place, kind: OccasionKind::TillRun, size: 14, surprise: 900 };
                    met.entry(pair(*person, cards[(at + 1) % cards.len()])).or_default().push(occasion);
                    met.entry(pair(*person, *place)).or_default().push(occasion);
                    if at % 3 == 0 {
                        met.entry(pair(*person, device)).or_default().push(occasion);
                    }
                }
            }
        }
        self.tie_up(met);
        let mut members =
            vec![member(device, Role::Organiser, 540, ("6张卡在同一设备上刷出", "6 cards were shown from one device"))];
        members.extend(tills.iter().map(|place| {
            member(*place, Role::Pharmacy, 260, ("卡片连续在此结算", "the cards were settled here in a row"))
        }));
        members.extend(cards.iter().map(|card| {
            member(*card, Role::Patient, 380, ("在5处按同一顺序结算", "settled in the same order at 5 places"))
        }));
        let factors = vec![
            factor(
                "till_order",
                720,
                (
                    "17张卡在5家药店按同一顺序、几分钟内连续结算",
                    "17 cards settled in the same order within minutes at 5 pharmacies",
                ),
                facts.clone(),
            ),
            factor(
                "same_basket",
                130,
                ("药品组合相同", "the same basket of drugs"),
                facts.into_iter().take(40).collect(),
            ),
        ];
        self.ring(
            "card_pool",
            total,
            (Day(19_900), Day(20_140)),
            members,
            factors,
            vec![counter("HN13", -30, ("2人同址", "2 people live at one address"))],
        );
    }

    fn backflow(&mut self) {
        let index = self.rings.len();
        let places: Vec<Party> = (0..3).map(|n| self.place(&format!("P34020{n:05}"), PlaceKind::Pharmacy)).collect();
        let sellers: Vec<Party> = (0..22).map(|n| self.party(PartyKind::Person, &format!("3403c{n:08}"))).collect();
        let flow = Party::context(PartyKind::Flow, &[places[0].0, places[2].0]);
        let dealer = self.party(PartyKind::Account, "6222*0031");
        let mut met: BTreeMap<(Party, Party), Vec<Occasion>> = BTreeMap::new();
        let (mut facts, mut boxes, mut total) = (Vec::new(), Vec::new(), Amount::default());
        for (at, person) in sellers.iter().enumerate() {
            for visit in 0..3_usize {
                let day = Day(19_850 + i32::try_from(at * 4 + visit * 45).expect("small"));
                let fact = self.row(Table::SetlD, &format!("setl_d:Sc{at:02}{visit}"));
                boxes.push(self.row(Table::DrugTracD, &format!("drug_trac_d:8430{at:02}{visit}0119")));
                facts.push(fact);
                total.total_fen += 61_200;
                total.fund_fen += 40_000;
                self.activity.push(RingActivity {
                    ring: index,
                    day,
                    end: day,
                    person: *person,
                    place: places[at % 2],
                    doctor: Party::NONE,
                    fact,
                    total_fen: 61_200,
                    fund_fen: 40_000,
                    class: CareClass::Drugstore,
                });
                let occasion =
                    Occasion { day, place: places[at % 2], kind: OccasionKind::TraceRepeat, size: 2, surprise: 500 };
                met.entry(pair(*person, flow)).or_default().push(occasion);
                met.entry(pair(*person, places[at % 2])).or_default().push(occasion);
            }
            if at % 5 == 0 {
                met.entry(pair(*person, dealer)).or_default().push(Occasion {
                    day: Day(i32::MIN),
                    size: 5,
                    surprise: 300,
                    kind: OccasionKind::SharedIdentifier,
                    place: Party::NONE,
                });
            }
        }
        met.entry(pair(flow, places[2])).or_default().push(Occasion {
            day: Day(19_990),
            place: places[2],
            kind: OccasionKind::TraceRepeat,
            size: 66,
            surprise: 900,
        });
        self.tie_up(met);
        let mut members = vec![member(
            dealer,
            Role::Dealer,
            300,
            ("5名参保人的款项流入此账户", "money of 5 insured persons goes to this account"),
        )];
        members.extend(places.iter().map(|place| {
            member(*place, Role::Pharmacy, 330, ("66盒药在此再次售出", "66 boxes were sold here a second time"))
        }));
        members.extend(sellers.iter().map(|person| {
            member(*person, Role::Patient, 250, ("3盒药在别处再次售出", "3 boxes were sold again elsewhere"))
        }));
        let factors = vec![
            factor(
                "trace_repeat",
                590,
                (
                    "66个追溯码先后在两地售出，间隔中位数61天",
                    "66 trace codes sold at two places, 61 days apart in the median",
                ),
                boxes,
            ),
            factor(
                "over_supply",
                140,
                ("22人的药量超过用药天数1.8倍", "22 people got 1.8 times the days' supply"),
                facts,
            ),
        ];
        self.ring(
            "drug_backflow",
            total,
            (Day(19_850), Day(20_024)),
            members,
            factors,
            vec![counter("HN16", 0, ("没有拆零或退货", "no split packs and no returns"))],
        );
    }

    fn hostile(&mut self) {
        let script = self.party(PartyKind::Person, "<script>alert(1)</script>");
        let quote = self.party(PartyKind::Person, "\"quoted\"\\ 'and' &amp; \u{2028}");
        let place = self.place("</template><img src=x onerror=alert(2)>", PlaceKind::Unknown);
        let fact = self.row(Table::XIdent, "x_ident:tel|</script><b>|1");
        let occasion = Occasion { day: Day(20_000), place, kind: OccasionKind::CoStay, size: 2, surprise: 200 };
        self.tie_up(BTreeMap::from([(pair(script, quote), vec![occasion]), (pair(script, place), vec![occasion])]));
        let members = vec![
            member(script, Role::Patient, 120, ("<i>斜体</i>", "<i>italic</i>")),
            member(quote, Role::Patient, 110, ("同上", "the same")),
            member(place, Role::Institution, 90, ("同上", "the same")),
        ];
        let factors =
            vec![factor("co_stay", 150, ("两人 <b>同住</b>", "two people <b>together</b>"), vec![fact, fact])];
        let amount = Amount { total_fen: -5, fund_fen: 0, orphan_fen: 120 };
        self.ring("unclassified", amount, (Day(20_000), Day(20_000)), members, factors, Vec::new());
    }

    fn ring(
        &mut self,
        slug: &str,
        amount: Amount,
        days: (Day, Day),
        mut members: Vec<Member>,
        factors: Vec<Factor>,
        counter_evidence: Vec<Counter>,
    ) {
        members.sort_by_key(|member| (member.role, -member.strength, member.party));
        let rank = u32::try_from(self.rings.len() + 1).expect("few rings");
        let score = factors.iter().map(|one| one.score).sum::<i32>()
            + counter_evidence.iter().map(|one| one.score).sum::<i32>();
        let typologies = vec![TypologyScore { name: slug.to_owned(), score }];
        self.rings.push(Ring {
            id: format!("R-{:012x}", 0x00a1_b2c3_0000_u64 + u64::from(rank)),
            rank,
            expected_by_chance_milli: 20 * rank,
            finding: Finding {
                typology: slug.to_owned(),
                typologies,
                score,
                first_day: days.0,
                last_day: days.1,
                members,
                amount,
                factors,
                counter_evidence,
            },
        });
    }

    fn tie_up(&mut self, met: BTreeMap<(Party, Party), Vec<Occasion>>) {
        self.ties.extend(met.into_iter().map(|((a, b), mut occasions)| {
            occasions.sort();
            let weight = occasions.iter().map(|occasion| occasion.surprise).sum();
            Tie { a, b, weight, occasions: occasions.into() }
        }));
    }

    fn party(&mut self, kind: PartyKind, id: &str) -> Party {
        let party = Party::of(kind, id);
        self.names.parties.insert(party, id.to_owned());
        party
    }

    fn place(&mut self, id: &str, kind: PlaceKind) -> Party {
        let place = self.party(PartyKind::Institution, id);
        self.references.places.insert(place, PlaceEntry { place, kind, area: 340_100, ..PlaceEntry::default() });
        place
    }

    fn row(&mut self, table: Table, name: &str) -> RowRef {
        self.rows += 1;
        let row = RowRef::new(table, 0, self.rows);
        self.names.rows.insert(row, name.to_owned());
        row
    }
}

struct Plan<'a> {
    slug: &'a str,
    tag: &'a str,
    people: usize,
    batches: usize,
    start: Day,
    nights: i32,
    context: bool,
}

fn batch_members(phone: Party, doctors: &[Party], hospitals: &[Party], people: &[Party]) -> Vec<Member> {
    let mut members = vec![member(
        phone,
        Role::Organiser,
        610,
        ("43名参保人登记同一联系电话", "43 insured persons gave this contact number"),
    )];
    members.extend(doctors.iter().map(|doctor| {
        member(
            *doctor,
            Role::Doctor,
            280,
            ("其住院病人中64%属于本线索", "64 % of this doctor's admissions belong to this lead"),
        )
    }));
    members.extend(hospitals.iter().map(|place| {
        member(*place, Role::Institution, 200, ("本线索的批次在此入院", "the batches of this lead were admitted here"))
    }));
    members.extend(people.iter().enumerate().map(|(n, person)| {
        let strength = 420 - i32::try_from(n % 37).expect("small") * 7;
        member(
            *person,
            if n % 29 == 0 { Role::ProfessionalPatient } else { Role::Patient },
            strength,
            ("参加4个批次", "took part in 4 batches"),
        )
    }));
    members
}

fn batch_reasons(batches: usize, facts: &[RowRef]) -> (Vec<Factor>, Vec<Counter>) {
    let batch_text = (
        format!("{}个批次，每批12人同日入院，来自同一县", batches),
        format!("{} batches of 12 people from one county admitted on one day", batches),
    );
    let factors = vec![
        factor("batch_surprise", 640, (&batch_text.0, &batch_text.1), facts.to_vec()),
        factor(
            "impossible_presence",
            210,
            ("9次住院期间在家乡门诊结算", "9 stays overlap with outpatient settlements at home"),
            facts.iter().take(9).copied().collect(),
        ),
        factor(
            "shared_identifier",
            180,
            ("43人共用1部手机", "43 people share one telephone"),
            facts.iter().skip(3).take(30).copied().collect(),
        ),
    ];
    let counters = vec![
        counter("HN01", -60, ("该县53%的住院本就在县外", "53 % of this county's admissions are outside it anyway")),
        counter("HN05", -20, ("3次住院带有日间手术项目", "3 stays carry day-surgery items")),
    ];
    (factors, counters)
}

fn pair(a: Party, b: Party) -> (Party, Party) {
    (a.min(b), a.max(b))
}

fn sentence((zh, en): (&str, &str)) -> Sentence {
    Sentence { zh: zh.to_owned(), en: en.to_owned() }
}

fn member(party: Party, role: Role, strength: i32, why: (&str, &str)) -> Member {
    Member { party, role, strength, why: sentence(why) }
}

fn factor(code: &str, score: i32, text: (&str, &str), mut facts: Vec<RowRef>) -> Factor {
    facts.sort();
    Factor { code: code.to_owned(), score, text: sentence(text), facts }
}

fn counter(code: &str, score: i32, text: (&str, &str)) -> Counter {
    Counter { code: code.to_owned(), score, text: sentence(text) }
}

fn run_summary() -> RunSummary {
    let count = |table: &str, read: u64, quarantined: u64| TableCount {
        table: table.to_owned(),
        read,
        accepted: read - 70 - quarantined,
        corrected: 30,
        stale: 8,
        duplicate: 12,
        retracted: 20,
        quarantined,
        reasons: BTreeMap::from([("E02".to_owned(), quarantined), ("E10".to_owned(), 4)]),
        orphan_reversal_fen: 0,
        remarks: Vec::new(),
    };
    RunSummary {
        schema_version: 1,
        versions: BTreeMap::from([
            ("medring".to_owned(), "0.1.0".to_owned()),
            ("baselines".to_owned(), "1".to_owned()),
        ]),
        input: vec![InputFile {
            table: "setl_d".to_owned(),
            file: "setl_d.csv".to_owned(),
            rows: 1_048_211,
            bytes: 213_400_119,
        }],
        persons: 182_300,
        settlements: 1_046_870,
        first_day: "2023-05-01".to_owned(),
        last_day: "2025-04-30".to_owned(),
        conservation: vec![count("setl_d", 1_048_211, 113), count("mdtrt_d", 61_002, 0), count("x_ident", 190_554, 2)],
        typologies_run: ["cross_region_day_trip", "card_pool", "recruited_fake_admission", "unclassified"]
            .map(str::to_owned)
            .into(),
        typologies_not_run: vec![NotRun {
            typology: "phantom_dialysis".to_owned(),
            reason: sentence(("缺少 fee_list_d 表", "table fee_list_d absent")),
        }],
        typologies_limited: vec![NotRun {
            typology: "identity_misuse".to_owned(),
            reason: sentence((
                "看不到死亡后使用: 缺少表 psn_info_b 的列 die_date",
                "use after death not seen: column die_date of table psn_info_b absent",
            )),
        }],
        candidates: 41,
        rings: 5,
        stages: vec![
            Stage { name: "ingest".to_owned(), seconds: 3.2, peak_bytes: 410_000_000 },
            Stage { name: "flow".to_owned(), seconds: 11.75, peak_bytes: 1_320_000_000 },
        ],
        limits: vec![LimitHit {
            name: "identifier_holders".to_owned(),
            limit: 200,
            times: 3,
            text: sentence((
                "3个标识符持有人超过200，未用于关联",
                "3 identifiers with more than 200 holders were not used as ties",
            )),
        }],
    }
}
