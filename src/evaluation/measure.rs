//! What are the figures? Everything that the printed table shows, for one detector.

use super::bootstrap::{Interval, interval};
use super::matching::{Matching, Overlap, matched, overlaps};
use super::member::{MemberScores, member_scores};
use super::{Labels, Reported};
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// `hits` of `of`; no value when there was nothing to hit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ratio {
    /// How many.
    pub hits: u64,
    /// Of how many.
    pub of: u64,
}

impl Ratio {
    /// The quotient.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        (self.of > 0).then(|| quotient(self.hits, self.of))
    }

    pub(super) fn count(flags: impl IntoIterator<Item = bool>) -> Ratio {
        let mut ratio = Ratio::default();
        for flag in flags {
            ratio.of += 1;
            ratio.hits += u64::from(flag);
        }
        ratio
    }
}

impl Serialize for Ratio {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = BTreeMap::new();
        map.insert("hits", serde_json::Value::from(self.hits));
        map.insert("of", serde_json::Value::from(self.of));
        map.insert("value", serde_json::Value::from(self.value()));
        map.serialize(serializer)
    }
}

/// Ring level, at one threshold of Jaccard similarity.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RingScores {
    /// Planted rings that were found.
    pub recall: Ratio,
    /// Interval of the recall.
    pub recall_interval: Option<Interval>,
    /// Reported rings that are planted ones.
    pub precision: Ratio,
    /// Interval of the precision.
    pub precision_interval: Option<Interval>,
}

/// One typology.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TypologyLine {
    /// Slug.
    pub typology: String,
    /// Planted rings found at 0.5.
    pub recall: Ratio,
    /// Reported rings of this typology that are planted rings (of any typology).
    pub precision: Ratio,
    /// Matched planted rings that were given this typology.
    pub right: Ratio,
}

/// One class of innocent look-alikes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LookAlike {
    /// `HN01` … `HN25`.
    pub class: String,
    /// Groups of the class that were reported as a ring.
    pub reported: Ratio,
}

/// The head of the ranked list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AtK {
    /// Length of the head.
    pub k: u64,
    /// Rings in it that are planted ones.
    pub precision: Ratio,
    /// Fund money of the rings in it, fen.
    pub fund_fen: Option<i64>,
    /// Fund money of the planted rings in it, fen.
    pub true_fund_fen: Option<i64>,
}

/// All figures of one detector.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Scores {
    /// The detector.
    pub detector: String,
    /// Rings planted.
    pub planted: u64,
    /// Rings reported.
    pub reported: u64,
    /// At Jaccard 0.5.
    pub at_50: RingScores,
    /// At Jaccard 0.8.
    pub at_80: RingScores,
    /// Reported rings too many: pieces of a planted ring beyond the first, per planted ring.
    pub fragments: Ratio,
    /// Interval of the fragments.
    pub fragments_interval: Option<Interval>,
    /// Reported rings that swallowed half or more of two planted rings, per reported ring.
    pub merges: Ratio,
    /// Interval of the merges.
    pub merges_interval: Option<Interval>,
    /// Member level.
    pub members: MemberScores,
    /// Matched rings with the right typology.
    pub right_typology: Ratio,
    /// Per typology.
    pub typologies: Vec<TypologyLine>,
    /// Per class of look-alikes.
    pub look_alikes: Vec<LookAlike>,
    /// Heads of the ranked list.
    pub ranked: Vec<AtK>,
    /// Planted rings among the reported, rank by rank.
    #[serde(skip)]
    pub found_by_rank: Vec<u64>,
    /// How many times as many planted rings the detector that it stands beside finds, as far down its list as that is at least as
    /// precise; see [`beside`].
    pub lift_over_it: Option<f64>,
    /// Reported rings per 100,000 persons.
    pub rings_per_100000: Option<f64>,
    /// Reported rings that are no planted rings, per 100,000 persons.
    pub false_rings_per_100000: Option<f64>,
}

/// Judges one detector. `population`: insured persons in the data, if known. `seed`: for the intervals.
/// Cost: linear in the persons of all rings, and a thousand resamples of the rings.
#[must_use]
pub fn judge(detector: &str, labels: &Labels, reported: &[Reported], population: Option<u64>, seed: u64) -> Scores {
    let pairs = overlaps(&labels.rings, reported);
    let matching = matched(&pairs, (1, 2));
    let fragments = extra_pieces(&pairs, labels.rings.len());
    let merges = swallowed(&pairs, reported.len());
    let per_100000 = |rings: u64| population.filter(|persons| *persons > 0).map(|all| quotient(rings * 100_000, all));
    let right = |planted: usize, ring: usize| reported[ring].typology.as_ref() == Some(&labels.rings[planted].typology);
    Scores {
        detector: detector.to_owned(),
        planted: count(labels.rings.len()),
        reported: count(reported.len()),
        at_50: ring_scores(&matching, labels.rings.len(), reported.len(), seed),
        at_80: ring_scores(&matched(&pairs, (4, 5)), labels.rings.len(), reported.len(), seed),
        fragments: Ratio { hits: fragments.iter().sum(), of: count(fragments.len()) },
        fragments_interval: interval(&fragments, seed),
        merges: Ratio { hits: merges.iter().sum(), of: count(merges.len()) },
        merges_interval: interval(&merges, seed),
        members: member_scores(labels, reported, &matching),
        right_typology: Ratio::count(matching.reported_of.iter().map(|(planted, ring)| right(*planted, *ring))),
        typologies: typology_lines(labels, reported, &matching),
        look_alikes: look_alikes(labels, reported, &matching),
        ranked: [10, 20, 50].into_iter().map(|k| head(k, reported, &matching)).collect(),
        found_by_rank: found_by_rank(&matching, reported.len()),
        lift_over_it: None,
        rings_per_100000: per_100000(count(reported.len())),
        false_rings_per_100000: per_100000(count(reported.len() - matching.planted_of.len())),
    }
}

/// Says of each of the others how far the first detector is ahead at an equal precision.
pub fn beside(first: &Scores, others: &mut [Scores]) {
    for other in others {
        let (found, of) = (other.at_50.precision.hits, other.at_50.precision.of);
        let as_precise = (1..).zip(&first.found_by_rank).filter(|(told, right)| **right * of >= found * told);
        let right = as_precise.map(|(_, right)| *right).max().unwrap_or(0);
        other.lift_over_it = (found > 0).then(|| quotient(right, found));
    }
}

/// Planted rings among the first, the first two, … of the reported.
fn found_by_rank(matching: &Matching, reported: usize) -> Vec<u64> {
    let right = (0..reported).map(|ring| u64::from(matching.planted_of.contains_key(&ring)));
    right
        .scan(0, |sum, right| {
            *sum += right;
            Some(*sum)
        })
        .collect()
}

fn ring_scores(matching: &Matching, planted: usize, reported: usize, seed: u64) -> RingScores {
    let found: Vec<u64> = (0..planted).map(|one| u64::from(matching.reported_of.contains_key(&one))).collect();
    let right: Vec<u64> = (0..reported).map(|one| u64::from(matching.planted_of.contains_key(&one))).collect();
    RingScores {
        recall: Ratio { hits: found.iter().sum(), of: count(planted) },
        recall_interval: interval(&found, seed),
        precision: Ratio { hits: right.iter().sum(), of: count(reported) },
        precision_interval: interval(&right, seed),
    }
}

/// Per planted ring: reported rings mostly inside it, beyond the first.
fn extra_pieces(pairs: &[Overlap], planted: usize) -> Vec<u64> {
    let mut pieces = vec![0_u64; planted];
    for pair in pairs.iter().filter(|pair| pair.inside_planted() && pair.common >= 2) {
        pieces[pair.planted] += 1;
    }
    pieces.into_iter().map(|pieces| pieces.saturating_sub(1)).collect()
}

/// Per reported ring: 1 when it holds half or more of at least two planted rings.
fn swallowed(pairs: &[Overlap], reported: usize) -> Vec<u64> {
    let mut held = vec![0_u64; reported];
    for pair in pairs.iter().filter(|pair| pair.covers_planted()) {
        held[pair.reported] += 1;
    }
    held.into_iter().map(|held| u64::from(held >= 2)).collect()
}

fn typology_lines(labels: &Labels, reported: &[Reported], matching: &Matching) -> Vec<TypologyLine> {
    let planted = labels.rings.iter().map(|ring| ring.typology.clone());
    let mut names: Vec<String> = planted.chain(reported.iter().filter_map(|ring| ring.typology.clone())).collect();
    names.sort();
    names.dedup();
    let of_planted = |name: &str| -> Vec<usize> {
        (0..labels.rings.len()).filter(|one| labels.rings[*one].typology == name).collect()
    };
    let of_reported = |name: &str| -> Vec<usize> {
        (0..reported.len()).filter(|one| reported[*one].typology.as_deref() == Some(name)).collect()
    };
    let line = |name: String| {
        let rings = of_planted(&name);
        let matches: Vec<usize> = rings.iter().filter_map(|one| matching.reported_of.get(one).copied()).collect();
        let named = |ring: usize| reported[ring].typology.as_deref() == Some(&name);
        TypologyLine {
            recall: Ratio { hits: count(matches.len()), of: count(rings.len()) },
            precision: Ratio::count(of_reported(&name).into_iter().map(|one| matching.planted_of.contains_key(&one))),
            right: Ratio::count(matches.into_iter().map(named)),
            typology: name,
        }
    };
    names.into_iter().map(line).collect()
}

/// A group counts as reported when a ring resembles it (Jaccard 0.5), or a ring that is no planted one holds half of it.
fn look_alikes(labels: &Labels, reported: &[Reported], matching: &Matching) -> Vec<LookAlike> {
    let mut hit = vec![false; labels.look_alikes.len()];
    for pair in overlaps(&labels.look_alikes, reported) {
        let is_false_ring = !matching.planted_of.contains_key(&pair.reported);
        hit[pair.planted] |= pair.reaches((1, 2)) || (is_false_ring && pair.covers_planted());
    }
    let mut classes: BTreeMap<String, Ratio> = BTreeMap::new();
    for (group, hit) in labels.look_alikes.iter().zip(hit) {
        let ratio = classes.entry(group.typology.to_uppercase()).or_default();
        ratio.of += 1;
        ratio.hits += u64::from(hit);
    }
    classes.into_iter().map(|(class, reported)| LookAlike { class, reported }).collect()
}

fn head(k: usize, reported: &[Reported], matching: &Matching) -> AtK {
    let rings = &reported[..k.min(reported.len())];
    let is_true = |index: &usize| matching.planted_of.contains_key(index);
    let fund = |index: usize| rings[index].fund_fen;
    AtK {
        k: count(k),
        precision: Ratio::count((0..rings.len()).map(|index| is_true(&index))),
        fund_fen: (0..rings.len()).map(fund).sum(),
        true_fund_fen: (0..rings.len()).filter(is_true).map(fund).sum(),
    }
}

pub(super) fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// A quotient for print.
#[expect(clippy::cast_precision_loss, reason = "counts of rings and persons are far below 2^52")]
pub(super) fn quotient(hits: u64, of: u64) -> f64 {
    hits as f64 / of as f64
}
