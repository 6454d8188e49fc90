//! What can the user ask for? Presets and the numbers behind them.

use super::{SynthError, ring, write};
use serde_json::{Value, json};

/// The format of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated text, one file a table.
    Csv,
    /// Parquet, one file a table or a folder of part files.
    Parquet,
}

/// Everything that decides a world.
#[derive(Clone, Debug)]
pub struct Parameters {
    /// Name of the preset.
    pub preset: String,
    /// Insured persons.
    pub persons: usize,
    /// Seed of all chance.
    pub seed: u64,
    /// First year of the window.
    pub year: i32,
    /// Days of the window.
    pub days: i32,
    /// Rings to plant.
    pub rings: usize,
    /// Typologies to plant; empty for all.
    pub typologies: Vec<String>,
    /// Honest look-alike groups, as a multiple of the usual number.
    pub lookalikes: f64,
    /// Genuine care that ring members add, per planted settlement: 0 to 2.
    pub camouflage: f64,
    /// Share of a batch replaced each time: 0 to 0.5.
    pub rotate: f64,
    /// Days by which members of a batch differ.
    pub jitter: i32,
    /// Also the tables beside care itself (prescriptions, qualifications, spells, allowances, long-term care), and the ways of
    /// cheating that leave their traces there.
    pub benefits: bool,
    /// Format of the tables.
    pub format: Format,
    /// Tables to write; empty for all.
    pub tables: Vec<String>,
    /// Untidy text: upper-case headers, a byte-order mark, tabs behind values, the word `null`, bad dates.
    pub dirty: bool,
}

/// A kind of world.
struct Preset {
    name: &'static str,
    persons: usize,
    rings: usize,
    /// Multiple of the usual number of look-alikes.
    lookalikes: f64,
    /// How rings hide: camouflage, rotation, jitter.
    hides: (f64, f64, i32),
    /// With the tables beside care itself, and all typologies.
    benefits: bool,
}

/// Rings as anybody would plant them.
const OPEN: (f64, f64, i32) = (0.0, 0.0, 0);
/// Rings of people who know what is looked for.
const HIDING: (f64, f64, i32) = (1.0, 0.25, 1);

/// The presets. A city has one ring of each kind at least.
const PRESETS: [Preset; 6] = [
    Preset { name: "demo", persons: 8_000, rings: 8, lookalikes: 1.0, hides: OPEN, benefits: false },
    Preset { name: "county", persons: 20_000, rings: 7, lookalikes: 1.0, hides: OPEN, benefits: false },
    Preset { name: "city", persons: 100_000, rings: 24, lookalikes: 1.0, hides: OPEN, benefits: true },
    Preset { name: "careful", persons: 100_000, rings: 24, lookalikes: 1.0, hides: HIDING, benefits: true },
    Preset { name: "clean", persons: 100_000, rings: 0, lookalikes: 2.0, hides: OPEN, benefits: true },
    Preset { name: "claims", persons: 100_000, rings: 16, lookalikes: 1.0, hides: OPEN, benefits: false },
];

/// Persons below which a world has no room for its places and groups.
pub const PERSONS_MIN: usize = 500;
/// Persons of whom a ring takes a part: more rings than one for so many would take the same people.
const PERSONS_PER_RING: usize = 100;

/// Settlements that one person has in the window, on average.
const SETTLEMENTS_PER_PERSON: f64 = 4.0;

impl Parameters {
    /// The parameters of a preset.
    ///
    /// # Errors
    /// When there is no such preset.
    ///
    /// ```
    /// # use medring::synth::Parameters;
    /// assert_eq!(Parameters::preset("city", 7)?.persons, 100_000);
    /// assert!(Parameters::preset("moon", 7).is_err());
    /// # Ok::<(), medring::synth::SynthError>(())
    /// ```
    pub fn preset(name: &str, seed: u64) -> Result<Parameters, SynthError> {
        let Some(preset) = PRESETS.iter().find(|preset| preset.name == name) else {
            let choices = PRESETS.each_ref().map(|preset| preset.name).join(", ");
            return Err(SynthError::Unknown { what: "the preset", word: name.to_owned(), choices });
        };
        Ok(Parameters {
            preset: name.to_owned(),
            persons: preset.persons,
            seed,
            year: 2023,
            days: 731,
            rings: preset.rings,
            typologies: Vec::new(),
            lookalikes: preset.lookalikes,
            camouflage: preset.hides.0,
            rotate: preset.hides.1,
            jitter: preset.hides.2,
            benefits: preset.benefits,
            format: Format::Csv,
            tables: Vec::new(),
            dirty: false,
        })
    }

    /// The same world with another number of people; the number of rings follows unless it is 0.
    #[must_use]
    pub fn with_persons(mut self, persons: usize) -> Parameters {
        let factor = libm::pow(persons as f64 / self.persons as f64, 0.7);
        let rings = super::draw::whole(self.rings as f64 * factor).max(i64::from(self.rings > 0));
        self.rings = usize::try_from(rings).unwrap_or(self.rings);
        self.persons = persons;
        self
    }

    /// The same world with about this many settlements.
    #[must_use]
    pub fn with_settlements(self, settlements: usize) -> Parameters {
        let persons = super::draw::whole(settlements as f64 / SETTLEMENTS_PER_PERSON);
        self.with_persons(usize::try_from(persons).unwrap_or(0))
    }

    /// Whether a table is to be written.
    #[must_use]
    pub fn wants(&self, table: &str) -> bool {
        self.tables.is_empty() || self.tables.iter().any(|wanted| wanted == table || wanted == "all")
    }

    /// Whether everything named exists and every number is in its range.
    ///
    /// # Errors
    /// Names what does not, and what would do.
    pub fn check(&self) -> Result<(), SynthError> {
        let out = |flag: &'static str, given: String, range: String| Err(SynthError::Range { flag, given, range });
        if self.persons < PERSONS_MIN {
            let range = format!("at least {PERSONS_MIN} persons ({} settlements)", PERSONS_MIN * 4);
            return out("persons", self.persons.to_string(), range);
        }
        let rings_max = self.persons / PERSONS_PER_RING;
        if self.rings > rings_max {
            let range = format!("at most {rings_max} among {} persons", self.persons);
            return out("rings", self.rings.to_string(), range);
        }
        for (flag, given, most) in
            [("camouflage", self.camouflage, 2.0), ("rotate", self.rotate, 0.5), ("lookalikes", self.lookalikes, 20.0)]
        {
            if !(0.0..=most).contains(&given) {
                return out(flag, given.to_string(), format!("a number from 0 to {most}"));
            }
        }
        if !(0..=30).contains(&self.jitter) {
            return out("jitter", self.jitter.to_string(), "days from 0 to 30".to_owned());
        }
        let table = |word: &&String| *word != "all" && !write::TABLES.contains(&word.as_str());
        if let Some(word) = self.tables.iter().find(table) {
            let choices = write::TABLES.join(", ");
            return Err(SynthError::Unknown { what: "the table", word: word.clone(), choices });
        }
        if let Some(word) = self.typologies.iter().find(|word| !ring::known(word)) {
            let choices = ring::names();
            return Err(SynthError::Unknown { what: "the typology", word: word.clone(), choices });
        }
        Ok(())
    }

    pub(crate) fn as_json(&self) -> Value {
        json!({
            "preset": self.preset, "persons": self.persons, "seed": self.seed, "year": self.year, "days": self.days,
            "rings": self.rings, "typologies": self.typologies, "lookalikes": self.lookalikes,
            "camouflage": self.camouflage, "rotate": self.rotate, "jitter": self.jitter, "benefits": self.benefits, "dirty": self.dirty,
        })
    }
}
