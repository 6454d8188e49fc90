//! Small crowded worlds: few people, places and days, so that everything collides; with corrections, reversals, duplicates.

use medring::model::{
    Batch, CareClass, Day, Identifier, IdentifierRole, Party, PartyKind, Row, RowRef, Settlement, Stamp, Table, Trace,
    TraceKind, Visit, hash_words,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Rows of a crowded world, all with version times, so that their order does not matter.
pub(super) fn rows(seed: u64, count: u64) -> Batch {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut batch = Batch::default();
    for row in 1..=count {
        let settlement = settlement(&mut random, row);
        batch.settlements.push(settlement);
        match random.random_range(0..12) {
            0 => batch.settlements.push(reversal(&settlement, count + row)),
            1 => batch.settlements.push(correction(&settlement, 2 * count + row)),
            2 => batch.settlements.push(Row { origin: origin(Table::SetlD, 3 * count + row), ..settlement }),
            3 => batch.settlements.push(Row {
                live: false,
                content: 9,
                version: Stamp(settlement.version.0 + 7),
                origin: origin(Table::SetlD, 4 * count + row),
                ..settlement
            }),
            4 | 5 => batch.visits.push(visit(&settlement, row)),
            _ => {}
        }
        if random.random_range(0..5) == 0 {
            batch.identifiers.push(identifier(&mut random, row));
        }
        if random.random_range(0..3) == 0 {
            batch.traces.push(trace(&mut random, row));
        }
    }
    for row in 1..=count / 5 {
        let bill = emptied(&mut random, 10 * count + row);
        batch.settlements.push(bill);
    }
    for (row, person) in (1..).zip((0..12).cycle().take(120)) {
        let visit = regular(&mut random, 20 * count + row, person, i32::try_from(row / 12).unwrap());
        batch.settlements.push(visit);
    }
    super::benefits::add(&mut random, &mut batch, count / 4);
    batch
}

fn origin(table: Table, row: u64) -> RowRef {
    RowRef::new(table, 0, row)
}

fn person(number: u64) -> Party {
    Party::of(PartyKind::Person, &format!("P{number}"))
}

fn place(number: u64) -> Party {
    Party::of(PartyKind::Institution, &format!("H{number}"))
}

fn settlement(random: &mut ChaCha8Rng, row: u64) -> Row<Settlement> {
    let begin = Day(19_000 + 10 * random.random_range(0..30));
    let class = [CareClass::Inpatient, CareClass::Inpatient, CareClass::Drugstore, CareClass::Outpatient]
        [random.random_range(0..4)];
    let nights = if class == CareClass::Inpatient { random.random_range(0..9) } else { 0 };
    let end = Day(begin.0 + nights);
    let total_fen = random.random_range(1_000..500_000);
    let fact = Settlement {
        person: person(random.random_range(0..60)),
        place: place(random.random_range(0..6)),
        id: hash_words(&[row]),
        visit: hash_words(&[row, 1]),
        settled: Stamp(Stamp::midnight(end).0 + 3_600 * 9 + 60 * random.random_range(0..12)),
        total_fen,
        fund_fen: total_fen / 2,
        cash_fen: 100 * random.random_range(1..4),
        account_fen: 0,
        begin,
        end,
        home: [340_101, 340_202][random.random_range(0..2)],
        area: 340_101,
        class,
        ..Settlement::default()
    };
    Row {
        key: fact.id,
        version: Stamp(1_000 + i64::try_from(row).unwrap()),
        content: hash_words(&[row, 2]),
        origin: origin(Table::SetlD, row),
        live: true,
        fact,
    }
}

/// A purchase at a counter where accounts of another city are emptied; now and then of this one.
fn emptied(random: &mut ChaCha8Rng, row: u64) -> Row<Settlement> {
    let mut row = settlement(random, row);
    let fact = &mut row.fact;
    (fact.place, fact.class, fact.card) = (place(60), CareClass::Drugstore, 1);
    fact.home = if random.random_range(0..9) == 0 { 340_101 } else { 340_202 };
    (fact.total_fen, fact.fund_fen, fact.cash_fen, fact.account_fen) = (59_000, 0, 0, 59_000);
    fact.end = fact.begin;
    row
}

/// A visit of somebody who comes every twelfth day, or nearly.
fn regular(random: &mut ChaCha8Rng, row: u64, number: u64, turn: i32) -> Row<Settlement> {
    let mut row = settlement(random, row);
    let fact = &mut row.fact;
    (fact.person, fact.place, fact.class) = (person(number), place(61), CareClass::Outpatient);
    fact.begin = Day(19_000 + 12 * turn + random.random_range(0..2));
    fact.end = fact.begin;
    fact.settled = Stamp(Stamp::midnight(fact.end).0 + 3_600 * 9);
    row
}

fn reversal(original: &Row<Settlement>, row: u64) -> Row<Settlement> {
    let mut fact = original.fact;
    fact.original = fact.id;
    fact.id = hash_words(&[row]);
    fact.refund = true;
    fact.total_fen = -fact.total_fen;
    fact.fund_fen = -fact.fund_fen;
    Row { key: fact.id, content: hash_words(&[row, 2]), origin: origin(Table::SetlD, row), fact, ..*original }
}

fn correction(original: &Row<Settlement>, row: u64) -> Row<Settlement> {
    let mut fact = original.fact;
    fact.begin = Day(fact.begin.0 - 10);
    let (version, content) = (Stamp(original.version.0 + 5), hash_words(&[row, 2]));
    Row { version, content, origin: origin(Table::SetlD, row), fact, ..*original }
}

fn visit(settlement: &Row<Settlement>, row: u64) -> Row<Visit> {
    let fact = Visit {
        person: settlement.fact.person,
        place: settlement.fact.place,
        id: settlement.fact.visit,
        doctor: Party::of(PartyKind::Doctor, &format!("D{}", row % 4)),
        ..Visit::default()
    };
    let version = Stamp(1);
    Row { key: fact.id, version, content: row, origin: origin(Table::MdtrtD, row), live: true, fact }
}

fn identifier(random: &mut ChaCha8Rng, row: u64) -> Row<Identifier> {
    let fact = Identifier {
        identifier: Party::of(PartyKind::Phone, &format!("138{}", random.random_range(0..3))),
        holder: person(random.random_range(0..60)),
        begin: Day(i32::MIN),
        role: IdentifierRole::Contact,
    };
    let key = hash_words(&[fact.identifier.0, fact.holder.0, row]);
    Row { key, version: Stamp(1), content: row, origin: origin(Table::XIdent, row), live: true, fact }
}

fn trace(random: &mut ChaCha8Rng, row: u64) -> Row<Trace> {
    let fact = Trace {
        code: random.random_range(0..40),
        place: place(random.random_range(0..6)),
        person: person(random.random_range(0..60)),
        at: Stamp::midnight(Day(19_000 + random.random_range(0..300))),
        kind: if random.random_range(0..6) == 0 { TraceKind::Returned } else { TraceKind::Sold },
        ..Trace::default()
    };
    let key = hash_words(&[row, 5]);
    Row { key, version: Stamp(1), content: row, origin: origin(Table::DrugTracD, row), live: true, fact }
}

/// The same world with other row numbers, keys and ids.
pub(super) fn renumbered(mut batch: Batch, by: u64) -> Batch {
    let moved = |origin: RowRef| RowRef::new(origin.table(), origin.file(), origin.row() + by);
    let other = |number: u64| if number == 0 { 0 } else { hash_words(&[number, by]) };
    for row in &mut batch.settlements {
        (row.key, row.origin) = (other(row.key), moved(row.origin));
        (row.fact.id, row.fact.original, row.fact.visit) =
            (other(row.fact.id), other(row.fact.original), other(row.fact.visit));
    }
    for row in &mut batch.visits {
        (row.key, row.origin, row.fact.id) = (other(row.key), moved(row.origin), other(row.fact.id));
    }
    for row in &mut batch.identifiers {
        (row.key, row.origin) = (other(row.key), moved(row.origin));
    }
    for row in &mut batch.traces {
        (row.key, row.origin) = (other(row.key), moved(row.origin));
    }
    macro_rules! move_all {
        ($($list:ident),*) => {
            $(batch.$list.iter_mut().for_each(|row| (row.key, row.origin) = (other(row.key), moved(row.origin)));)*
        };
    }
    move_all!(persons, prescriptions, enrolments, entitlements, allowances, assessments, care_visits);
    batch
}
