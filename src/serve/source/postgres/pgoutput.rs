//! What does PostgreSQL's `pgoutput` plugin (protocol 1) say about committed transactions?
//!
//! Only messages that carry rows or their frame are looked at; the others (types, origins, logical messages) are passed over.
//! A message that does not make sense is an error and never a guess. Cost: one pass over the bytes.

use std::collections::BTreeMap;

/// The values of a row, in the order of its relation's columns; `None` is NULL.
pub(super) type Row = Vec<Option<String>>;

/// A table as the plugin described it last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Relation {
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) columns: Vec<String>,
}

/// One message that matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Message {
    /// A transaction begins.
    Begin,
    /// It was committed, and ends at this place of the log.
    Commit(u64),
    /// A row came.
    Insert(u32, Row),
    /// A row changed, from what it was.
    Update(u32, Row, Row),
    /// A row went.
    Delete(u32, Row),
    /// Tables were emptied.
    Truncate(Vec<u32>),
    /// Nothing that matters.
    Other,
}

/// What is wrong with a message, in words for the user.
pub(super) type Nonsense = String;

/// Relations known so far.
#[derive(Default)]
pub(super) struct Decoder {
    relations: BTreeMap<u32, Relation>,
}

/// A value of a changed row.
enum Value {
    Null,
    /// Large and as it was.
    Unchanged,
    Text(String),
}

impl Decoder {
    pub(super) fn relation(&self, id: u32) -> Option<&Relation> {
        self.relations.get(&id)
    }

    /// Reads one message.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Result<Message, Nonsense> {
        let mut bytes = Bytes(bytes);
        Ok(match bytes.byte()? {
            b'B' => Message::Begin,
            b'C' => {
                bytes.take(1 + 8)?;
                Message::Commit(bytes.eight()?)
            }
            b'R' => {
                let id = bytes.four()?;
                let (schema, name) = (bytes.text()?, bytes.text()?);
                bytes.take(1)?;
                let mut columns = Vec::new();
                for _ in 0..bytes.two()? {
                    bytes.take(1)?;
                    columns.push(bytes.text()?);
                    bytes.take(8)?;
                }
                self.relations.insert(id, Relation { schema, name, columns });
                Message::Other
            }
            b'I' => {
                let id = bytes.four()?;
                bytes.expect(b'N')?;
                Message::Insert(id, whole(self.tuple(id, &mut bytes)?)?)
            }
            b'U' => {
                let id = bytes.four()?;
                bytes.expect(b'O').map_err(|_| self.no_old(id))?;
                let old = whole(self.tuple(id, &mut bytes)?)?;
                bytes.expect(b'N')?;
                let new = self.tuple(id, &mut bytes)?.into_iter().zip(&old);
                let new = new.map(|(value, old)| match value {
                    Value::Null => None,
                    Value::Unchanged => old.clone(),
                    Value::Text(text) => Some(text),
                });
                Message::Update(id, new.collect(), old)
            }
            b'D' => {
                let id = bytes.four()?;
                bytes.expect(b'O').map_err(|_| self.no_old(id))?;
                Message::Delete(id, whole(self.tuple(id, &mut bytes)?)?)
            }
            b'T' => {
                let count = bytes.four()?;
                bytes.take(1)?;
                Message::Truncate((0..count).map(|_| bytes.four()).collect::<Result<_, _>>()?)
            }
            _ => Message::Other,
        })
    }

    fn no_old(&self, id: u32) -> Nonsense {
        let name = self.relation(id).map_or("a table", |relation| relation.name.as_str());
        format!(
            "{name} does not tell what a changed or deleted row was. Remedy: ALTER TABLE {name} REPLICA IDENTITY FULL, and start again / {name} 未给出被修改或删除的行的原值; 请执行 ALTER TABLE {name} REPLICA IDENTITY FULL 后重新启动"
        )
    }

    fn tuple(&self, id: u32, bytes: &mut Bytes<'_>) -> Result<Vec<Value>, Nonsense> {
        let known = self.relation(id).map(|relation| relation.columns.len());
        let count = usize::from(bytes.two()?);
        if known != Some(count) {
            return Err(format!("a row of relation {id} has {count} columns, {known:?} were announced"));
        }
        (0..count).map(|_| bytes.value()).collect()
    }
}

/// A row without large values left out.
fn whole(values: Vec<Value>) -> Result<Row, Nonsense> {
    let value = |value| match value {
        Value::Null => Ok(None),
        Value::Text(text) => Ok(Some(text)),
        Value::Unchanged => Err("a row leaves a value out".to_owned()),
    };
    values.into_iter().map(value).collect()
}

struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Nonsense> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or("a message is cut short")?;
        self.0 = rest;
        Ok(taken)
    }

    fn number(&mut self, count: usize) -> Result<u64, Nonsense> {
        Ok(self.take(count)?.iter().fold(0, |number, byte| number << 8 | u64::from(*byte)))
    }

    fn byte(&mut self) -> Result<u8, Nonsense> {
        Ok(self.take(1)?[0])
    }

    fn two(&mut self) -> Result<u16, Nonsense> {
        u16::try_from(self.number(2)?).map_err(|error| error.to_string())
    }

    fn four(&mut self) -> Result<u32, Nonsense> {
        u32::try_from(self.number(4)?).map_err(|error| error.to_string())
    }

    fn eight(&mut self) -> Result<u64, Nonsense> {
        self.number(8)
    }

    fn expect(&mut self, wanted: u8) -> Result<(), Nonsense> {
        match self.byte()? {
            byte if byte == wanted => Ok(()),
            byte => Err(format!("a message has {byte} where {wanted} was expected")),
        }
    }

    /// A text that ends with a zero byte.
    fn text(&mut self) -> Result<String, Nonsense> {
        let end = self.0.iter().position(|byte| *byte == 0).ok_or("a name does not end")?;
        let text = String::from_utf8_lossy(self.take(end)?).into_owned();
        self.take(1)?;
        Ok(text)
    }

    fn value(&mut self) -> Result<Value, Nonsense> {
        match self.byte()? {
            b'n' => Ok(Value::Null),
            b'u' => Ok(Value::Unchanged),
            b't' => {
                let length = usize::try_from(self.four()?).map_err(|error| error.to_string())?;
                let text = String::from_utf8(self.take(length)?.to_vec());
                text.map(Value::Text).map_err(|_| "a value is not UTF-8".to_owned())
            }
            kind => Err(format!("a value is of the unknown kind {kind}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relation() -> Vec<u8> {
        let mut bytes = b"R\x00\x00\x00\x07public\0setl_d\0f\x00\x02".to_vec();
        for name in ["setl_id", "big"] {
            bytes.extend([&b"\x01"[..], name.as_bytes(), b"\0\x00\x00\x00\x19\xff\xff\xff\xff"].concat());
        }
        bytes
    }

    #[test]
    fn a_transaction_is_read_and_what_is_large_and_unchanged_is_kept() {
        let mut decoder = Decoder::default();
        assert_eq!(decoder.read(&relation()), Ok(Message::Other));
        let row = |big: &str| vec![Some("S1".to_owned()), Some(big.to_owned())];
        let insert = b"I\x00\x00\x00\x07N\x00\x02t\x00\x00\x00\x02S1n";
        assert_eq!(decoder.read(insert), Ok(Message::Insert(7, vec![Some("S1".to_owned()), None])));
        let old = b"O\x00\x02t\x00\x00\x00\x02S1t\x00\x00\x00\x03all";
        let update = [&b"U\x00\x00\x00\x07"[..], old, b"N\x00\x02t\x00\x00\x00\x02S1u"].concat();
        assert_eq!(decoder.read(&update), Ok(Message::Update(7, row("all"), row("all"))));
        let delete = [&b"D\x00\x00\x00\x07"[..], old].concat();
        assert_eq!(decoder.read(&delete), Ok(Message::Delete(7, row("all"))));
        let mut commit = b"C\x00".to_vec();
        commit.extend([0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(decoder.read(&commit), Ok(Message::Commit(512)));
        assert_eq!(decoder.read(b"T\x00\x00\x00\x01\x00\x00\x00\x00\x07"), Ok(Message::Truncate(vec![7])));
    }

    #[test]
    fn what_makes_no_sense_is_an_error_at_every_length() {
        let mut decoder = Decoder::default();
        decoder.read(&relation()).expect("reads");
        let delete = b"D\x00\x00\x00\x07O\x00\x02t\x00\x00\x00\x02S1t\x00\x00\x00\x03all";
        for length in 0..delete.len() {
            assert!(decoder.read(&delete[..length]).is_err(), "{length}");
        }
        let by_key = decoder.read(b"D\x00\x00\x00\x07K\x00\x02t\x00\x00\x00\x02S1n").expect_err("refused");
        assert!(by_key.contains("ALTER TABLE setl_d REPLICA IDENTITY FULL"), "{by_key}");
        assert!(decoder.read(b"D\x00\x00\x00\x08O\x00\x00").is_err(), "an unknown relation");
    }
}
