//! What does a row of `admdvs_b` say? A region, its name and what it belongs to.

use super::Record;
use crate::ingest::cell::Kind;
use crate::ingest::column::columns;
use crate::ingest::scene::{Fault, Scene};
use crate::ingest::text::normal;
use crate::model::{Batch, Region, Row, hash_words};

columns! {
    Code: Kind::Region, Required, ["admdvs"];
    Name: Kind::Text, Loose, ["admdvs_name"];
    Parent: Kind::Region, Loose, ["prnt_admdvs"];
    Level: Kind::Number, Loose, ["admdvs_lv"];
    Valid: Kind::Number, Loose, ["vali_flag"];
    Deleted: Kind::Number, Loose, ["deleted"];
    Version: Kind::Time, Version, ["updt_time", "exch_updt_time", "crte_time"];
}

impl Record for Region {
    fn row(scene: &Scene<'_>) -> Result<Row<Region>, Fault> {
        let cells = scene.cells;
        let fact = Region {
            code: cells.region(At::Code),
            name: normal(&scene.texts.text(At::Name as usize)).to_owned(),
            parent: cells.region(At::Parent),
            level: cells.small(At::Level, 3),
        };
        let key = hash_words(&[u64::from(fact.code)]);
        let live = cells.live(At::Valid, At::Deleted, usize::MAX);
        Ok(Row {
            key,
            version: cells.version(At::Version),
            content: cells.content,
            origin: Default::default(),
            live,
            fact,
        })
    }

    fn rows(batch: &mut Batch) -> &mut Vec<Row<Region>> {
        &mut batch.regions
    }
}
