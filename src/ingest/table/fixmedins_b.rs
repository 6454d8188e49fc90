//! What does a row of `fixmedins_b` say? An institution or pharmacy: what kind, where, how many beds, under whom.

use super::Record;
use crate::ingest::cell::Kind;
use crate::ingest::column::{Cells, columns};
use crate::ingest::scene::{Fault, Scene};
use crate::model::{Batch, Day, PartyKind, PlaceEntry, PlaceKind, Reason, Row, hash_words};

/// Numbers of [`KINDS`], in the order in which names are searched: a nursing hospital is long-stay, not a hospital.
const KIND_WORDS: Kind = Kind::Contains(&[
    ("药店", 3),
    ("药房", 3),
    ("pharmacy", 3),
    ("drugstore", 3),
    ("血透", 5),
    ("透析", 5),
    ("dialysis", 5),
    ("精神", 4),
    ("护理", 4),
    ("康复", 4),
    ("养老", 4),
    ("psychiatric", 4),
    ("nursing", 4),
    ("rehabilitation", 4),
    ("社区", 2),
    ("卫生院", 2),
    ("卫生室", 2),
    ("卫生所", 2),
    ("卫生服务", 2),
    ("诊所", 2),
    ("门诊部", 2),
    ("中医馆", 2),
    ("community", 2),
    ("township", 2),
    ("village", 2),
    ("clinic", 2),
    ("医院", 1),
    ("hospital", 1),
]);
const KINDS: [PlaceKind; 6] = [
    PlaceKind::Unknown,
    PlaceKind::Hospital,
    PlaceKind::Community,
    PlaceKind::Pharmacy,
    PlaceKind::LongStay,
    PlaceKind::Dialysis,
];
const OWNERS: Kind =
    Kind::Contains(&[("公立", 1), ("public", 1), ("民营", 2), ("私", 2), ("private", 2), ("社会办", 2)]);
/// `fixmedins_type` of a retail pharmacy.
const RETAIL: u64 = 2;

columns! {
    Place: Kind::Party(PartyKind::Institution), Required, ["fixmedins_code"];
    PlaceRegion: Kind::RegionInCode, Loose, ["fixmedins_code"];
    Letter: Kind::OneOf(&[("P", 1)]), Loose, ["fixmedins_code"];
    Area: Kind::Region, Strict, ["fix_blng_admdvs"];
    Type: Kind::Number, Loose, ["fixmedins_type"];
    KindWords: KIND_WORDS, Loose, ["medins_type"];
    NameWords: KIND_WORDS, Loose, ["fixmedins_name"];
    Owner: OWNERS, Loose, ["medins_natu"];
    Beds: Kind::Number, Loose, ["bed_cnt"];
    Begin: Kind::Time, Loose, ["begntime", "begndate"];
    End: Kind::Time, Loose, ["endtime", "enddate"];
    Controller: Kind::Text, Loose, ["actl_ctrler", "legrep_certno"];
    Licence: Kind::Text, Loose, ["uscc"];
    Valid: Kind::Number, Loose, ["vali_flag"];
    Deleted: Kind::Number, Loose, ["deleted"];
    Version: Kind::Time, Version, ["updt_time", "exch_updt_time", "crte_time"];
}

impl Record for PlaceEntry {
    fn row(scene: &Scene<'_>) -> Result<Row<PlaceEntry>, Fault> {
        let cells = scene.cells;
        let area = match (cells.region(At::Area), cells.region(At::PlaceRegion)) {
            (0, 0) => return Err(Fault::new(Reason::E01, At::Area)),
            (0, area) | (area, _) => area,
        };
        let place = cells.party(At::Place);
        let fact = PlaceEntry {
            place,
            kind: kind(cells),
            area,
            beds: cells.region(At::Beds),
            opened: cells.day(At::Begin).unwrap_or(Day(i32::MIN)),
            closed: cells.day(At::End).unwrap_or(Day(i32::MAX)),
            controller: PlaceEntry::behind(cells.hash(At::Controller), cells.hash(At::Licence)),
            private: cells.number(At::Owner) == Some(2),
        };
        let live = cells.live(At::Valid, At::Deleted, usize::MAX);
        let version = cells.version(At::Version);
        Ok(Row { key: hash_words(&[place.0]), version, content: cells.content, origin: Default::default(), live, fact })
    }

    fn rows(batch: &mut Batch) -> &mut Vec<Row<PlaceEntry>> {
        &mut batch.places
    }
}

fn kind(cells: &Cells) -> PlaceKind {
    if cells.number(At::Type) == Some(RETAIL) || (!cells.has(At::Type) && cells.has(At::Letter)) {
        return PlaceKind::Pharmacy;
    }
    let words = cells.number(At::KindWords).or(cells.number(At::NameWords));
    words.and_then(|number| KINDS.get(usize::try_from(number).ok()?)).copied().unwrap_or_default()
}
