//! What is known about regions, institutions and doctors? Small tables that every worker holds whole.

use super::{CareClass, Day, Party, Settlement};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A row of `admdvs_b`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct Region {
    /// `admdvs` as a number.
    pub code: u32,
    /// `admdvs_name`.
    pub name: String,
    /// `prnt_admdvs` as a number; 0 when empty.
    pub parent: u32,
    /// `admdvs_lv`: 1 province, 2 city, 3 county; 0 unknown.
    pub level: u8,
}

/// How far a patient is from home, by administrative division.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum RegionDistance {
    /// Same county.
    SameCounty,
    /// Another county of the same city (pool).
    SameCity,
    /// Another city of the same province.
    SameProvince,
    /// Another province.
    OtherProvince,
}

/// The regions, with the prefix rule for what the table leaves out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Regions {
    /// Rows of `admdvs_b` by code.
    pub by_code: BTreeMap<u32, Region>,
}

impl Regions {
    /// The pool (city, or a municipality as a whole) that a code belongs to. Follows `prnt_admdvs` up to level 2; without
    /// a row, the prefix rule: two digits for 11, 12, 31 and 50, four digits otherwise.
    #[must_use]
    pub fn pool(&self, code: u32) -> u32 {
        let mut at = code;
        for _ in 0..4 {
            match self.by_code.get(&at) {
                Some(region) if region.level == 2 => return region.code,
                Some(region) if region.level == 3 && region.parent != 0 => at = region.parent,
                _ => break,
            }
        }
        match code / 10_000 {
            province @ (11 | 12 | 31 | 50) => province * 10_000,
            _ => code / 100 * 100,
        }
    }

    /// The distance class between two codes.
    #[must_use]
    pub fn distance(&self, home: u32, area: u32) -> RegionDistance {
        if home == area {
            RegionDistance::SameCounty
        } else if self.pool(home) == self.pool(area) {
            RegionDistance::SameCity
        } else if home / 10_000 == area / 10_000 {
            RegionDistance::SameProvince
        } else {
            RegionDistance::OtherProvince
        }
    }
}

/// The codes that `admdvs_b` lists, a bit for each of a million; none when the table is absent.
#[derive(Clone, Debug, Default)]
pub struct ListedRegions {
    codes: Vec<u64>,
}

impl ListedRegions {
    /// The codes of the regions.
    #[must_use]
    pub fn of(regions: &Regions) -> ListedRegions {
        let mut codes = if regions.by_code.is_empty() { Vec::new() } else { vec![0_u64; 1_000_000_usize.div_ceil(64)] };
        for code in regions.by_code.keys() {
            if let Some(word) = usize::try_from(code / 64).ok().and_then(|word| codes.get_mut(word)) {
                *word |= 1 << (code % 64);
            }
        }
        ListedRegions { codes }
    }

    /// Whether there is a list at all.
    #[must_use]
    pub fn is_there(&self) -> bool {
        !self.codes.is_empty()
    }

    /// Whether a code may be used: listed, empty (0), or there is no list.
    #[must_use]
    pub fn admit(&self, code: u32) -> bool {
        let listed = |word: &u64| word >> (code % 64) & 1 == 1;
        code == 0
            || !self.is_there()
            || usize::try_from(code / 64).ok().and_then(|word| self.codes.get(word)).is_some_and(listed)
    }
}

/// What kind of place an institution is, as far as base rates differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub enum PlaceKind {
    /// Not known.
    #[default]
    Unknown,
    /// General hospital.
    Hospital,
    /// Community or township health centre, village clinic, clinic.
    Community,
    /// Retail pharmacy.
    Pharmacy,
    /// Psychiatric, rehabilitation or nursing institution.
    LongStay,
    /// Dialysis centre.
    Dialysis,
}

/// A row of `fixmedins_b`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct PlaceEntry {
    /// `fixmedins_code`.
    pub place: Party,
    /// What kind of place it is.
    pub kind: PlaceKind,
    /// `fix_blng_admdvs`.
    pub area: u32,
    /// `bed_cnt`; 0 when unknown.
    pub beds: u32,
    /// `begntime` of the contract; `Day(i32::MIN)` when unknown.
    pub opened: Day,
    /// `endtime` of the contract; `Day(i32::MAX)` when open.
    pub closed: Day,
    /// Who is behind it, two short hashes: in the upper half of `actl_ctrler`, else of `legrep_certno`, in the lower half of `uscc`,
    /// the licence that the shops of one chain share; 0 when unknown.
    pub controller: u64,
    /// `medins_natu` says private.
    pub private: bool,
}

/// A row of `dr_b`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct DoctorEntry {
    /// `dr_code`.
    pub doctor: Party,
    /// `prac_fixmedins_code`; [`Party::NONE`] when not told.
    pub place: Party,
    /// `begndate`; `Day(i32::MIN)` when unknown.
    pub begin: Day,
    /// `enddate`; `Day(i32::MAX)` when open.
    pub end: Day,
}

/// What verdicts on earlier leads of a typology taught.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Learned {
    /// Leads that were confirmed.
    pub confirmed: u32,
    /// Leads that were refuted.
    pub refuted: u32,
    /// What is added to the prior: log-odds in hundredths.
    pub shift: i32,
}

/// What judging looks up: the reference tables as of an epoch, and what verdicts taught.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct References {
    /// `admdvs_b`.
    pub regions: Regions,
    /// `fixmedins_b` by place.
    pub places: BTreeMap<Party, PlaceEntry>,
    /// `dr_b` by doctor; one doctor may practise at several places.
    pub doctors: BTreeMap<Party, Vec<DoctorEntry>>,
    /// What verdicts taught, by typology; of a calibration, not of a table.
    pub verdicts: BTreeMap<String, Learned>,
}

impl PlaceEntry {
    /// Both hashes as one [`PlaceEntry::controller`].
    #[must_use]
    pub fn behind(controller: u64, licence: u64) -> u64 {
        controller >> 32 << 32 | licence >> 32
    }

    /// Whether one controller or one licence stands behind both.
    #[must_use]
    pub fn is_sister(&self, other: &PlaceEntry) -> bool {
        let both = self.controller ^ other.controller;
        let same = |half: u64| self.controller & half != 0 && both & half == 0;
        same(u64::MAX << 32) || same(u64::MAX >> 32)
    }
}

impl DoctorEntry {
    /// Days that a register may lag behind.
    const LAG_DAYS: i32 = 30;

    /// Whether the doctor is registered at a place, as far as the entry tells where.
    #[must_use]
    pub fn is_at(&self, place: Party) -> bool {
        !self.place.is_some() || self.place == place
    }

    /// When a doctor with these entries had left the place of a settlement that was signed weeks later: the end of the last entry
    /// there, or of the last anywhere where there never was one; nothing while an entry is open.
    #[must_use]
    pub fn left_before(entries: &[DoctorEntry], fact: &Settlement) -> Option<Day> {
        let here = entries.iter().filter(|entry| entry.is_at(fact.place)).map(|entry| entry.end).max();
        let left = here.or_else(|| entries.iter().map(|entry| entry.end).max())?;
        (left < Day(i32::MAX) && fact.begin.since(left) > DoctorEntry::LAG_DAYS).then_some(left)
    }
}

/// What the register says of doctors who may sign where they are not.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Seats {
    /// Doctors at several places, at the same time or one after the other.
    pub several: BTreeSet<Party>,
    /// The entries of doctors who left a place.
    pub left: BTreeMap<Party, Vec<DoctorEntry>>,
}

impl References {
    /// Whether the references say that a place is a pharmacy.
    #[must_use]
    pub fn is_pharmacy(&self, place: Party) -> bool {
        self.places.get(&place).is_some_and(|entry| entry.kind == PlaceKind::Pharmacy)
    }

    /// The doctors of `dr_b` who may sign where they are not.
    #[must_use]
    pub fn seats(&self) -> Seats {
        let several = |entries: &[DoctorEntry]| entries.iter().any(|entry| entry.place != entries[0].place);
        let left = |entries: &[DoctorEntry]| entries.iter().any(|entry| entry.end < Day(i32::MAX));
        let of = |fits: fn(&[DoctorEntry]) -> bool| self.doctors.iter().filter(move |(_, entries)| fits(entries));
        Seats {
            several: of(several).map(|(doctor, _)| *doctor).collect(),
            left: of(left).map(|(doctor, entries)| (*doctor, entries.clone())).collect(),
        }
    }

    /// Takes what settlements say about places that `fixmedins_b` does not name: where purchases at a pharmacy were settled is one.
    pub fn learn<'s>(&mut self, settlements: impl Iterator<Item = &'s Settlement>) {
        for fact in settlements.filter(|fact| fact.class == CareClass::Drugstore) {
            self.places.entry(fact.place).or_insert_with(|| PlaceEntry {
                place: fact.place,
                kind: PlaceKind::Pharmacy,
                area: fact.area,
                opened: Day(i32::MIN),
                closed: Day(i32::MAX),
                ..PlaceEntry::default()
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn municipalities_are_one_pool() {
        let regions = Regions::default();
        assert_eq!(regions.pool(310_104), regions.pool(310_115));
        assert_eq!(regions.distance(340_123, 340_124), RegionDistance::SameCity);
        assert_eq!(regions.distance(340_123, 340_223), RegionDistance::SameProvince);
        assert_eq!(regions.distance(340_123, 320_223), RegionDistance::OtherProvince);
    }
}
