//! How do ten million settlements fit into memory? Packed, about 70 bytes each instead of 184, unpacked when their person is
//! looked at.
//!
//! Numbers are written as variable-length integers relative to what they are close to (the end day to the begin day, the
//! version to the settlement); places, doctors, tills and areas as indices into a table of the worker. Packing and unpacking
//! lose nothing: `content` alone is cut to 32 bits, and it is only ever compared between rows of one key.
//!
//! Cost: about 50 ns a row each way.

use super::Epoch;
use super::ledger::Arrived;
use crate::model::{CareClass, Day, Party, Row, RowRef, Settlement, Stamp};
use hashbrown::HashMap;

/// The distinct hashes of a worker, by index.
#[derive(Default)]
pub(crate) struct Interner {
    index: HashMap<u64, u32>,
    values: Vec<u64>,
}

impl Interner {
    fn index(&mut self, value: u64) -> u64 {
        let next =
            u32::try_from(self.values.len()).expect("a worker sees fewer than 4 billion places, doctors and tills");
        let index = *self.index.entry(value).or_insert(next);
        if index == next {
            self.values.push(value);
        }
        u64::from(index)
    }

    fn value(&self, index: u64) -> u64 {
        usize::try_from(index).ok().and_then(|index| self.values.get(index)).copied().unwrap_or(0)
    }
}

/// Rows, one after the other.
#[derive(Default)]
pub(crate) struct Packed {
    bytes: Vec<u8>,
}

/// Gives the packed form of a row to `to`.
fn packed(row: &Row<Settlement>, epoch: Epoch, table: &mut Interner, to: impl FnOnce(&[u8])) {
    let mut out = Writer { bytes: [0; 256], length: 0 };
    write(&mut out, row, epoch, table);
    to(&out.bytes[..out.length]);
}

/// Bytes of one chunk of [`Waiting`].
const CHUNK: usize = 1 << 20;

/// Packed rows of a bulk load in the order they came, until their persons' turn comes. Appending is sequential, and each
/// person's rows are then written once, in one piece, instead of growing row by row all over the memory.
#[derive(Default)]
pub(crate) struct Waiting {
    chunks: Vec<Vec<u8>>,
    /// Person, chunk, first byte, length.
    rows: Vec<(Party, u32, u32, u16)>,
}

impl Waiting {
    /// Appends a row.
    pub(crate) fn push(&mut self, row: &Row<Settlement>, epoch: Epoch, table: &mut Interner) {
        if self.chunks.last().is_none_or(|chunk| chunk.len() + 256 > CHUNK) {
            self.chunks.push(Vec::with_capacity(CHUNK));
        }
        let number = u32::try_from(self.chunks.len() - 1).unwrap_or(u32::MAX);
        let Some(chunk) = self.chunks.last_mut() else { return };
        let first = u32::try_from(chunk.len()).unwrap_or(u32::MAX);
        packed(row, epoch, table, |bytes| {
            chunk.extend_from_slice(bytes);
            let length = u16::try_from(bytes.len()).unwrap_or(u16::MAX);
            self.rows.push((row.fact.person, number, first, length));
        });
    }

    /// Gives everybody's rows to `to`, person by person: how many bytes, and the rows.
    pub(crate) fn deal(mut self, mut to: impl FnMut(Party, usize, &mut dyn Iterator<Item = &[u8]>)) {
        self.rows.sort_unstable();
        for rows in self.rows.chunk_by(|(left, ..), (right, ..)| left == right) {
            let bytes = |(_, chunk, first, length): &(Party, u32, u32, u16)| {
                let (chunk, first) = (usize::try_from(*chunk).unwrap_or(0), usize::try_from(*first).unwrap_or(0));
                &self.chunks[chunk][first..first + usize::from(*length)]
            };
            let length = rows.iter().map(|(.., length)| usize::from(*length)).sum();
            to(rows[0].0, length, &mut rows.iter().map(bytes));
        }
    }
}

const LIVE: u64 = 1;
const REFUND: u64 = 2;
const TIME_ONLY: u64 = 4;
const VERSIONED: u64 = 8;
const ID_IS_KEY: u64 = 16;
const VISIT_IS_ID: u64 = 32;
const ORIGINAL: u64 = 64;
const MESSAGE: u64 = 128;
const CASH: u64 = 256;
const ACCOUNT: u64 = 512;
const INVOICE: u64 = 1 << 29;

impl Packed {
    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Appends a row.
    pub(crate) fn push(&mut self, row: &Row<Settlement>, epoch: Epoch, table: &mut Interner) {
        packed(row, epoch, table, |bytes| self.append(bytes.len(), [bytes]));
    }

    /// Appends packed rows of so many bytes in all.
    pub(crate) fn append<'b>(&mut self, length: usize, rows: impl IntoIterator<Item = &'b [u8]>) {
        self.bytes.reserve_exact(length);
        rows.into_iter().for_each(|row| self.bytes.extend_from_slice(row));
    }

    /// All rows, in the order they came.
    pub(crate) fn unpack(&self, table: &Interner, rows: &mut Vec<Arrived<Settlement>>, person: Party) {
        let mut input = Reader { bytes: &self.bytes, at: 0 };
        while input.at < self.bytes.len() {
            rows.push(read(&mut input, table, person));
        }
    }

    /// Removes the first row for which `is` holds; answers whether there was one.
    pub(crate) fn remove(&mut self, table: &Interner, person: Party, is: impl Fn(&Row<Settlement>) -> bool) -> bool {
        let mut input = Reader { bytes: &self.bytes, at: 0 };
        while input.at < self.bytes.len() {
            let start = input.at;
            if is(&read(&mut input, table, person).0) {
                let end = input.at;
                self.bytes.drain(start..end);
                return true;
            }
        }
        false
    }
}

fn write(out: &mut Writer, row: &Row<Settlement>, epoch: Epoch, table: &mut Interner) {
    let fact = &row.fact;
    let versioned = row.version != Stamp(i64::MIN);
    let flag = |bit: u64, set: bool| if set { bit } else { 0 };
    out.number(
        flag(LIVE, row.live)
            | flag(REFUND, fact.refund)
            | flag(TIME_ONLY, fact.time_only)
            | flag(VERSIONED, versioned)
            | flag(ID_IS_KEY, fact.id == row.key)
            | flag(VISIT_IS_ID, fact.visit == fact.id)
            | flag(ORIGINAL, fact.original != 0)
            | flag(MESSAGE, fact.message != 0)
            | flag(CASH, fact.cash_fen != i64::MIN)
            | flag(ACCOUNT, fact.account_fen != i64::MIN)
            | flag(INVOICE, fact.invoice != 0)
            | (fact.class as u64) << 10
            | u64::from(fact.card) << 13
            | u64::from(fact.settled_by) << 21,
    );
    out.hash(row.key);
    out.cut(row.content);
    out.number(row.origin.row());
    out.number((row.origin.table() as u64) << 20 | u64::from(row.origin.file()));
    out.number(u64::from(epoch));
    if fact.id != row.key {
        out.hash(fact.id);
    }
    if fact.visit != fact.id {
        out.hash(fact.visit);
    }
    [fact.original, fact.message].into_iter().filter(|hash| *hash != 0).for_each(|hash| out.hash(hash));
    for value in [fact.place.0, fact.doctor.0, u64::from(fact.home), u64::from(fact.area), u64::from(fact.till)] {
        out.number(table.index(value));
    }
    out.number(table.index(u64::from(fact.diagnosis)));
    out.signed(i64::from(fact.begin.0));
    out.signed(i64::from(fact.end.0) - i64::from(fact.begin.0));
    out.signed(fact.settled.0.wrapping_sub(Stamp::midnight(fact.end).0));
    if versioned {
        out.signed(row.version.0.wrapping_sub(fact.settled.0));
    }
    out.signed(fact.total_fen);
    out.signed(fact.total_fen.wrapping_sub(fact.fund_fen));
    [fact.cash_fen, fact.account_fen].into_iter().filter(|fen| *fen != i64::MIN).for_each(|fen| out.signed(fen));
    if fact.invoice != 0 {
        out.number(fact.invoice);
    }
}

fn read(input: &mut Reader<'_>, table: &Interner, person: Party) -> Arrived<Settlement> {
    let flags = input.number();
    let has = |bit: u64| flags & bit != 0;
    let key = input.hash();
    let content = input.cut();
    let row = input.number();
    let source = input.number();
    let kind = crate::model::Table::ALL[usize::try_from(source >> 20).unwrap_or(0).min(16)];
    let origin = RowRef::new(kind, u32::try_from(source & 0xf_ffff).unwrap_or(0), row);
    let epoch = Epoch::try_from(input.number()).unwrap_or(Epoch::MAX);
    let id = if has(ID_IS_KEY) { key } else { input.hash() };
    let visit = if has(VISIT_IS_ID) { id } else { input.hash() };
    let original = if has(ORIGINAL) { input.hash() } else { 0 };
    let message = if has(MESSAGE) { input.hash() } else { 0 };
    let mut indexed = || table.value(input.number());
    let (place, doctor) = (Party(indexed()), Party(indexed()));
    let mut narrow = || u32::try_from(indexed()).unwrap_or(0);
    let (home, area, till, diagnosis) = (narrow(), narrow(), narrow(), narrow());
    let begin = Day(i32::try_from(input.signed()).unwrap_or(0));
    let end = Day(i32::try_from(i64::from(begin.0) + input.signed()).unwrap_or(0));
    let settled = Stamp(input.signed().wrapping_add(Stamp::midnight(end).0));
    let version = if has(VERSIONED) { Stamp(input.signed().wrapping_add(settled.0)) } else { Stamp(i64::MIN) };
    let total_fen = input.signed();
    let fund_fen = total_fen.wrapping_sub(input.signed());
    let cash_fen = if has(CASH) { input.signed() } else { i64::MIN };
    let account_fen = if has(ACCOUNT) { input.signed() } else { i64::MIN };
    let invoice = if has(INVOICE) { input.number() } else { 0 };
    let fact = Settlement {
        person,
        place,
        id,
        original,
        message,
        visit,
        doctor,
        basket: 0,
        settled,
        total_fen,
        fund_fen,
        cash_fen,
        account_fen,
        begin,
        end,
        home,
        area,
        till,
        diagnosis,
        class: class(flags >> 10 & 7),
        card: byte(flags >> 13),
        settled_by: byte(flags >> 21),
        invoice,
        refund: has(REFUND),
        time_only: has(TIME_ONLY),
    };
    (Row { key, version, content, origin, live: has(LIVE), fact }, epoch)
}

fn class(number: u64) -> CareClass {
    const CLASSES: [CareClass; 8] = [
        CareClass::Outpatient,
        CareClass::Chronic,
        CareClass::Inpatient,
        CareClass::DayCase,
        CareClass::Drugstore,
        CareClass::Maternity,
        CareClass::LongTermCare,
        CareClass::Other,
    ];
    CLASSES[usize::try_from(number & 7).unwrap_or(7)]
}

fn byte(number: u64) -> u8 {
    u8::try_from(number & 255).unwrap_or(0)
}

struct Writer {
    bytes: [u8; 256],
    length: usize,
}

impl Writer {
    fn number(&mut self, mut number: u64) {
        while number >= 128 {
            self.bytes[self.length] = byte(number & 127) | 128;
            self.length += 1;
            number >>= 7;
        }
        self.bytes[self.length] = byte(number);
        self.length += 1;
    }

    fn signed(&mut self, number: i64) {
        self.number((number.wrapping_shl(1) ^ (number >> 63)).cast_unsigned());
    }

    fn hash(&mut self, hash: u64) {
        self.bytes[self.length..self.length + 8].copy_from_slice(&hash.to_le_bytes());
        self.length += 8;
    }

    fn cut(&mut self, hash: u64) {
        self.bytes[self.length..self.length + 4].copy_from_slice(&hash.to_le_bytes()[..4]);
        self.length += 4;
    }
}

struct Reader<'b> {
    bytes: &'b [u8],
    at: usize,
}

impl Reader<'_> {
    fn number(&mut self) -> u64 {
        let (mut number, mut shift) = (0, 0);
        loop {
            let byte = self.bytes[self.at];
            self.at += 1;
            number |= u64::from(byte & 127) << shift;
            if byte < 128 {
                return number;
            }
            shift += 7;
        }
    }

    fn signed(&mut self) -> i64 {
        let number = self.number();
        (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
    }

    fn hash(&mut self) -> u64 {
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&self.bytes[self.at..self.at + 8]);
        self.at += 8;
        u64::from_le_bytes(bytes)
    }

    fn cut(&mut self) -> u64 {
        let mut bytes = [0; 4];
        bytes.copy_from_slice(&self.bytes[self.at..self.at + 4]);
        self.at += 4;
        u64::from(u32::from_le_bytes(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_packed_comes_back(words in prop::array::uniform32(any::<u64>()), narrow in prop::array::uniform8(any::<u32>()), plain in any::<bool>()) {
            let day = |word: u32| Day((word % 60_000).cast_signed() - 20_000);
            let fact = Settlement {
                person: Party(words[0] | 16),
                place: Party(words[1]),
                id: if plain { words[2] } else { words[3] },
                original: if plain { 0 } else { words[4] },
                message: if plain { 0 } else { words[5] },
                visit: if plain { words[2] } else { words[6] },
                doctor: Party(words[7]),
                basket: 0,
                settled: Stamp(i64::from(narrow[0])),
                total_fen: words[8].cast_signed(),
                fund_fen: words[9].cast_signed(),
                cash_fen: if plain { i64::MIN } else { words[10].cast_signed() },
                account_fen: if plain { i64::MIN } else { words[11].cast_signed() },
                begin: day(narrow[1]),
                end: day(narrow[2]),
                home: narrow[3],
                area: narrow[4],
                till: narrow[5],
                diagnosis: narrow[6],
                class: class(words[12]),
                card: byte(words[13]),
                settled_by: byte(words[14]),
                invoice: if plain { 0 } else { words[18] },
                refund: words[15] & 1 == 1,
                time_only: words[15] & 2 == 2,
            };
            let row = Row {
                key: words[2],
                version: if plain { Stamp(i64::MIN) } else { Stamp(i64::from(narrow[7])) },
                content: words[16] & 0xffff_ffff,
                origin: RowRef::new(crate::model::Table::SetlD, narrow[0] & 0xf_ffff, words[17] & 0xf_ffff_ffff),
                live: words[15] & 4 == 4,
                fact,
            };
            let (mut packed, mut table, mut rows) = (Packed::default(), Interner::default(), Vec::new());
            packed.push(&row, 7, &mut table);
            packed.push(&row, 8, &mut table);
            packed.unpack(&table, &mut rows, fact.person);
            prop_assert_eq!(&rows, &vec![(row, 7), (row, 8)]);
            prop_assert!(packed.remove(&table, fact.person, |held| held.origin == row.origin));
            prop_assert!(packed.remove(&table, fact.person, |held| held.origin == row.origin));
            prop_assert!(packed.is_empty());
        }
    }
}
