//! What does medring claim? Findings of the recognisers, and the rings made of them.

use super::{Day, Party, RowRef};
use serde::{Deserialize, Serialize};

/// What a member does in a ring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Holds the ring together from behind: phone, account, agent or controller over many members.
    Organiser,
    /// Brings people or collects cards.
    Recruiter,
    /// In most batches, or in several rings.
    ProfessionalPatient,
    /// An insured person, knowing or not.
    Patient,
    /// A practitioner who signs what the ring needs.
    Doctor,
    /// A medical institution.
    Institution,
    /// A retail pharmacy.
    Pharmacy,
    /// Between where a box is sold first and where it is sold again.
    Dealer,
    /// Assesses need of long-term care.
    Assessor,
    /// Gives long-term care.
    Caregiver,
    /// Insures people as employees.
    Employer,
    /// Works at the agency.
    Insider,
}

impl Role {
    /// The word in output files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Role::Organiser => "organiser",
            Role::Recruiter => "recruiter",
            Role::ProfessionalPatient => "professional_patient",
            Role::Patient => "patient",
            Role::Doctor => "doctor",
            Role::Institution => "institution",
            Role::Pharmacy => "pharmacy",
            Role::Dealer => "dealer",
            Role::Assessor => "assessor",
            Role::Caregiver => "caregiver",
            Role::Employer => "employer",
            Role::Insider => "insider",
        }
    }
}

/// A sentence in both languages. Always worded as a suspected lead, never as guilt.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct Sentence {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// One party of a ring. Scores are log-odds in hundredths, so that they add up exactly in any order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Member {
    /// Who.
    pub party: Party,
    /// What they do in it.
    pub role: Role,
    /// How strongly the evidence ties them to the ring, log-odds in hundredths.
    pub strength: i32,
    /// Why this role, in one sentence.
    pub why: Sentence,
}

/// Money of the ring's settlements, net of the reversals that name their original.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct Amount {
    /// Total fees, fen.
    pub total_fen: i64,
    /// Paid by the fund, fen.
    pub fund_fen: i64,
    /// What reversals of the ring's people at its places would take back that name no original, fen: they are not taken off.
    #[serde(default)]
    pub orphan_fen: i64,
}

/// One reason for the score.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Factor {
    /// Stable code, such as `batch_surprise`.
    pub code: String,
    /// Log-odds in hundredths.
    pub score: i32,
    /// The reason, with its numbers.
    pub text: Sentence,
    /// The rows that show it, sorted.
    pub facts: Vec<RowRef>,
}

/// One innocent explanation and what it takes off the score.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Counter {
    /// `HN01` … `HN25`.
    pub code: String,
    /// Log-odds in hundredths, zero or negative.
    pub score: i32,
    /// The explanation, with its numbers.
    pub text: Sentence,
}

/// One typology's score for the same members.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TypologyScore {
    /// Slug, such as `card_pool`.
    pub name: String,
    /// Log-odds in hundredths.
    pub score: i32,
}

/// What the recognisers say about a community. A function of the facts alone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Finding {
    /// Slug of the typology that fits best.
    pub typology: String,
    /// All typologies that fit, best first.
    pub typologies: Vec<TypologyScore>,
    /// Sum of factors and counter-evidence, log-odds in hundredths, unsaturated.
    pub score: i32,
    /// First day of the ring's occasions.
    pub first_day: Day,
    /// Last day of the ring's occasions.
    pub last_day: Day,
    /// Members sorted by role, then strength (strongest first), then party.
    pub members: Vec<Member>,
    /// Money of the ring's settlements.
    pub amount: Amount,
    /// Reasons for, strongest first.
    pub factors: Vec<Factor>,
    /// Reasons against, strongest first.
    pub counter_evidence: Vec<Counter>,
}

/// A finding with its id, rank and the number of such findings that chance alone would give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ring {
    /// `R-` and twelve hexadecimal digits; kept while the ring's core persists.
    pub id: String,
    /// From 1, by score and then money.
    pub rank: u32,
    /// Rings of at least this score that chance alone would give in data of this size, in thousandths.
    pub expected_by_chance_milli: u32,
    /// What was found.
    pub finding: Finding,
}
