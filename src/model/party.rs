//! Who or what takes part? A party is a kind and a 60-bit content hash of its identifier.
//!
//! Why a hash and not a counter: the same identifier gets the same number in every process, in any order of arrival,
//! without a shared dictionary; ties are broken by content; no raw identifier enters the graph. Two of *n* identifiers
//! of one kind share a hash with probability about n² / 2⁶¹: 0.2 % for the 60 million insured of a province.

use serde::{Deserialize, Serialize};
use std::fmt;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// What a party is. The first ten may be members of a ring; the rest are contexts, places in time where people meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum PartyKind {
    /// An insured person.
    Person = 0,
    /// A practitioner.
    Doctor = 1,
    /// A designated medical institution or, where the references say so, a pharmacy.
    Institution = 2,
    /// Only in output: an institution that is a retail pharmacy. Inside the graph both are [`PartyKind::Institution`].
    Pharmacy = 3,
    /// A telephone number.
    Phone = 4,
    /// An address.
    Address = 5,
    /// A bank or payment account.
    Account = 6,
    /// Somebody who files or pays for others.
    Agent = 7,
    /// A device, vehicle, network address or electronic-card token.
    Device = 8,
    /// An employer.
    Employer = 9,
    /// Context: the people of one home area who arrive at one institution.
    Arrival = 10,
    /// Context: the people who pay one and the same sum at one institution, whatever the bill.
    Package = 11,
    /// Context: the ordered pair of institutions between which patients are handed on.
    Corridor = 12,
    /// Context: boxes sold first at one place and again at another.
    Flow = 13,
    /// Context: any other shared circumstance.
    Circumstance = 14,
}

impl PartyKind {
    /// All kinds, in the order of their numbers.
    pub const ALL: [PartyKind; 15] = [
        PartyKind::Person,
        PartyKind::Doctor,
        PartyKind::Institution,
        PartyKind::Pharmacy,
        PartyKind::Phone,
        PartyKind::Address,
        PartyKind::Account,
        PartyKind::Agent,
        PartyKind::Device,
        PartyKind::Employer,
        PartyKind::Arrival,
        PartyKind::Package,
        PartyKind::Corridor,
        PartyKind::Flow,
        PartyKind::Circumstance,
    ];

    /// The word used on the command line, in output files and on the page.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            PartyKind::Person => "person",
            PartyKind::Doctor => "doctor",
            PartyKind::Institution => "institution",
            PartyKind::Pharmacy => "pharmacy",
            PartyKind::Phone => "phone",
            PartyKind::Address => "address",
            PartyKind::Account => "account",
            PartyKind::Agent => "agent",
            PartyKind::Device => "device",
            PartyKind::Employer => "employer",
            PartyKind::Arrival => "arrival",
            PartyKind::Package => "package",
            PartyKind::Corridor => "corridor",
            PartyKind::Flow => "flow",
            PartyKind::Circumstance => "circumstance",
        }
    }

    /// Whether a party of this kind is a context rather than somebody or something that can be a member.
    #[must_use]
    pub fn is_context(self) -> bool {
        self >= PartyKind::Arrival
    }
}

/// A party: 60 bits of hash above 4 bits of kind. Sorting by it is sorting by content.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
pub struct Party(pub u64);

impl Party {
    /// No party: an empty column.
    pub const NONE: Party = Party(0);

    /// The party with this identifier; an empty identifier is [`Party::NONE`]. Pharmacies share the numbers of
    /// institutions, because which one a place is depends on the references and not on the row.
    #[must_use]
    pub fn of(kind: PartyKind, identifier: &str) -> Party {
        if identifier.is_empty() {
            return Party::NONE;
        }
        Party::from_hash(kind, hash_text(identifier))
    }

    /// A context made of numbers, such as an institution and a home area.
    #[must_use]
    pub fn context(kind: PartyKind, parts: &[u64]) -> Party {
        Party::from_hash(kind, hash_words(parts))
    }

    /// The city of an area, as a place whose own baseline says what is usual there.
    #[must_use]
    pub fn city(area: u32) -> Party {
        Party::context(PartyKind::Circumstance, &[u64::from(area / 100)])
    }

    /// What kind of party this is; [`Party::NONE`] answers `Person`.
    #[must_use]
    pub fn kind(self) -> PartyKind {
        PartyKind::ALL[usize::try_from(self.0 & 15).unwrap_or(0).min(14)]
    }

    /// Whether there is a party at all.
    #[must_use]
    pub fn is_some(self) -> bool {
        self.0 != 0
    }

    fn from_hash(kind: PartyKind, hash: u64) -> Party {
        let kind = if kind == PartyKind::Pharmacy { PartyKind::Institution } else { kind };
        Party((hash << 4 | kind as u64).max(16))
    }
}

impl fmt::Debug for Party {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{:015x}", self.kind().word(), self.0 >> 4)
    }
}

/// The content hash that stands for a text everywhere in medring. Stable across machines and versions.
#[must_use]
pub fn hash_text(text: &str) -> u64 {
    xxh3_64_with_seed(text.as_bytes(), 0x006d_6564_7269_6e67)
}

/// The content hash of a few numbers in order.
#[must_use]
pub fn hash_words(words: &[u64]) -> u64 {
    let mut bytes = [0_u8; 64];
    let mut length = 0;
    for word in words.iter().take(8) {
        bytes[length..length + 8].copy_from_slice(&word.to_le_bytes());
        length += 8;
    }
    xxh3_64_with_seed(&bytes[..length], 0x006d_6564_7269_6e67)
}
