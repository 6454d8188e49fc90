//! Rows of the tables beside care itself, as crowded as the rest: every kind of occasion that follows from them occurs.

use medring::model::{
    Allowance, Assessment, Batch, CareClass, CareVisit, Day, Enrolment, Entitlement, Party, PartyKind, Person,
    Prescription, Row, RowRef, Settlement, Stamp, Table, hash_words,
};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

fn party(kind: PartyKind, word: &str, number: u64) -> Party {
    Party::of(kind, &format!("{word}{number}"))
}

/// A row with a version, now and then an older or newer one of a key seen before.
fn row<F>(random: &mut ChaCha8Rng, table: Table, number: u64, fact: F) -> Row<F> {
    let key = if random.random_range(0..8) == 0 { random.random_range(1..40) } else { 1_000 + number };
    Row {
        key: hash_words(&[table as u64, key]),
        version: Stamp(i64::try_from(number).unwrap()),
        content: hash_words(&[number, table as u64]),
        origin: RowRef::new(table, 0, 1_000_000 + number),
        live: random.random_range(0..15) > 0,
        fact,
    }
}

/// Adds `count` rows of each table.
pub(super) fn add(random: &mut ChaCha8Rng, batch: &mut Batch, count: u64) {
    for number in 1..=count {
        let person = party(PartyKind::Person, "P", random.random_range(0..60));
        let place = party(PartyKind::Institution, "H", random.random_range(0..3));
        let day = Day(19_000 + random.random_range(0..300));
        let second = random.random_range(0..86_400_i64);
        let at = Stamp(Stamp::midnight(day).0 + second);
        let employer = party(PartyKind::Employer, "E", random.random_range(0..3));
        let doctor = party(PartyKind::Doctor, "D", random.random_range(0..3));
        let unseen = party(PartyKind::Institution, "U", 0);
        let online = random.random_range(0..2) == 0;
        let issued = if online { Stamp(Stamp::midnight(Day(19_000)).0 + second / 40) } else { at };
        let told = if number % 4 == 0 { 0 } else { random.random_range(0..3) };
        let counter = party(PartyKind::Institution, "C", told);
        // Two counters of three dispense for patients who were seen.
        let visit = if told == 0 { 0 } else { hash_words(&[number, 78]) };
        let fact = Prescription {
            person,
            place: unseen,
            counter,
            doctor,
            id: number,
            visit,
            issued,
            online,
            ..Default::default()
        };
        batch.prescriptions.push(row(random, Table::RxD, number, fact));
        let begin = Day(day.0 - random.random_range(0..400));
        batch.enrolments.push(row(
            random,
            Table::PsnInsuD,
            number,
            Enrolment { person, employer, begin, ..Default::default() },
        ));
        let approved = Day(19_000 + 40 * random.random_range(0..4));
        let fact = Entitlement { person, disease: 7, place, doctor, begin: approved, ..Default::default() };
        batch.entitlements.push(row(random, Table::OpspRegD, number, fact));
        let fact = Allowance { person, employer, birth: day, paid: day, ..Default::default() };
        batch.allowances.push(row(random, Table::XMatnAlwnD, number, fact));
        let assessor = party(PartyKind::Agent, "A", random.random_range(0..3));
        batch.assessments.push(row(
            random,
            Table::XLtcEval,
            number,
            Assessment { person, place, assessor, at, ..Default::default() },
        ));
        let patient = party(PartyKind::Person, "L", random.random_range(0..12));
        let device = party(PartyKind::Device, "V", random.random_range(0..2));
        let end = Stamp(at.0 + 3_600);
        batch.care_visits.push(row(
            random,
            Table::XLtcServ,
            number,
            CareVisit {
                person: patient,
                place: unseen,
                carer: party(PartyKind::Agent, "A", 0),
                device,
                begin: at,
                end,
                ..Default::default()
            },
        ));
        let death = if random.random_range(0..3) == 0 { Day(19_000) } else { Day(i32::MIN) };
        batch.persons.push(row(random, Table::PsnInfoB, number, Person { person, death, ..Default::default() }));
        let till = random.random_range(1..4);
        let second = if till == 1 { 80_000 } else { 40_000 };
        let at = Stamp(Stamp::midnight(day).0 + second);
        let gone = number % 4 == 0;
        let dead = party(PartyKind::Person, "Q", number % 11);
        if gone {
            let fact = Person { person: dead, death: Day(18_000), ..Default::default() };
            batch.persons.push(row(random, Table::PsnInfoB, 10_000 + number, fact));
        }
        let fact = Settlement {
            person: if gone { dead } else { person },
            place: if gone { unseen } else { place },
            id: hash_words(&[number, 77]),
            visit: hash_words(&[number, 78]),
            settled: at,
            begin: day,
            end: day,
            total_fen: 1_000_000,
            class: CareClass::Chronic,
            diagnosis: 0x4430_0000,
            home: 340_101,
            area: 340_101,
            till,
            settled_by: Settlement::BY_HAND,
            invoice: 5_000_000 + random.random_range(0..200) * (1 + 99 * (number % 2)),
            ..Settlement::default()
        };
        batch.settlements.push(row(random, Table::SetlD, number, fact));
    }
}
