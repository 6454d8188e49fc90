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

/// Name, persons, rings, multiple of look-alikes, and how rings hide: camouflage, rotation, jitter.
type Preset = (&'static str, usize, usize, f64, (f64, f64, i32));

/// The preset whose worlds have all tables.
const FULL: &str = "full";

/// The presets.
const PRESETS: [Preset; 6] = [
    ("demo", 8_000, 8, 1.0, (0.0, 0.0, 0)),
    ("county", 20_000, 7, 1.0, (0.0, 0.0, 0)),
    ("city", 100_000, 16, 1.0, (0.0, 0.0, 0)),
    ("careful", 100_000, 16, 1.0, (1.0, 0.25, 1)),
    ("clean", 100_000, 0, 2.0, (0.0, 0.0, 0)),
    (FULL, 100_000, 16, 1.0, (0.0, 0.0, 0)),
];

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
        let Some(preset) = PRESETS.iter().find(|preset| preset.0 == name) else {
            let choices = PRESETS.map(|preset| preset.0).join(", ");
            return Err(SynthError::Unknown { what: "the preset", word: name.to_owned(), choices });
        };
        Ok(Parameters {
            preset: name.to_owned(),
            persons: preset.1,
            seed,
            year: 2023,
            days: 731,
            rings: preset.2,
            typologies: Vec::new(),
            lookalikes: preset.3,
            camouflage: preset.4.0,
            rotate: preset.4.1,
            jitter: preset.4.2,
            benefits: name == FULL,
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
        self.persons = persons.max(500);
        self
    }

    /// The same world with about this many settlements.
    #[must_use]
    pub fn with_settlements(self, settlements: usize) -> Parameters {
        let persons = super::draw::whole(settlements as f64 / SETTLEMENTS_PER_PERSON);
        self.with_persons(usize::try_from(persons).unwrap_or(500))
    }

    /// Whether a table is to be written.
    #[must_use]
    pub fn wants(&self, table: &str) -> bool {
        self.tables.is_empty() || self.tables.iter().any(|wanted| wanted == table || wanted == "all")
    }

    pub(crate) fn check(&self) -> Result<(), SynthError> {
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
