//! Is the planted truth too easy? No single figure about a person tells ring members from everybody else.

use super::{preset, rows, world};
use std::collections::{BTreeMap, BTreeSet};

const FEATURES: [&str; 14] = [
    "stays",
    "visits",
    "fees",
    "largest fee",
    "share without cash",
    "stays without cash",
    "stays outside the city",
    "visits outside the city",
    "short stays",
    "institutions",
    "same day elsewhere",
    "people who share a telephone",
    "people settled within five minutes",
    "people admitted on one day from one county",
];

#[derive(Default, Clone)]
struct Person {
    figures: [f64; FEATURES.len()],
    places: BTreeSet<String>,
    days: BTreeMap<String, BTreeSet<String>>,
}

#[test]
fn no_single_feature_separates_ring_members() {
    for seed in [41, 42] {
        let folder = world(&preset("city", seed, &["setl_d", "mdtrt_d"]));
        let mut members = BTreeSet::new();
        rows(folder.path(), "labels", &["ring_id", "party_kind", "party_id"], |cells| {
            if !cells[0].starts_with("HN") && cells[1] == "person" {
                members.insert(cells[2].to_owned());
            }
        });
        let people = figures(folder.path());
        for (at, feature) in FEATURES.iter().enumerate() {
            let mut scores: Vec<(f64, bool)> =
                people.iter().map(|(id, person)| (person.figures[at], members.contains(id))).collect();
            let f1 = best_f1(&mut scores, members.len() as f64);
            assert!(f1 <= 0.6, "seed {seed}: «{feature}» alone finds ring members with F1 {f1:.2}");
        }
    }
}

/// The best F1 over all thresholds, from either side.
fn best_f1(scores: &mut [(f64, bool)], members: f64) -> f64 {
    let mut best: f64 = 0.0;
    for _ in 0..2 {
        scores.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        let mut found = 0.0;
        for (at, (score, member)) in scores.iter().enumerate() {
            found += f64::from(u8::from(*member));
            if scores.get(at + 1).is_none_or(|next| next.0.total_cmp(score).is_ne()) {
                best = best.max(2.0 * found / (at as f64 + 1.0 + members));
            }
        }
        scores.iter_mut().for_each(|score| score.0 = -score.0);
    }
    best
}

fn figures(folder: &std::path::Path) -> BTreeMap<String, Person> {
    let mut people: BTreeMap<String, Person> = BTreeMap::new();
    let mut minutes: BTreeMap<(String, i64), BTreeSet<String>> = BTreeMap::new();
    let mut arrivals: BTreeMap<(String, String, String), BTreeSet<String>> = BTreeMap::new();
    let columns = [
        "psn_no",
        "fixmedins_code",
        "insu_admdvs",
        "fix_blng_admdvs",
        "begndate",
        "enddate",
        "setl_time",
        "med_type",
        "medfee_sumamt",
        "cash_payamt",
        "refd_setl_flag",
        "vali_flag",
    ];
    rows(folder, "setl_d", &columns, |cells| {
        if cells[10] == "1" || cells[11] == "0" {
            return;
        }
        let person = people.entry(cells[0].to_owned()).or_default();
        let (fee, cash): (f64, f64) = (cells[8].parse().expect("money"), cells[9].parse().expect("money"));
        let stay = f64::from(u8::from(matches!(cells[7], "21" | "22" | "28" | "52")));
        let free = f64::from(u8::from(cash < 1.0));
        let away = f64::from(u8::from(cells[2][..4] != cells[3][..4]));
        let short = f64::from(u8::from(day(cells[5]) - day(cells[4]) <= 2));
        let figures = &mut person.figures;
        figures[0] += stay;
        figures[1] += 1.0;
        figures[2] += fee;
        figures[3] = figures[3].max(fee);
        figures[4] += free;
        figures[5] += stay * free;
        figures[6] += stay * away;
        figures[7] += away;
        figures[8] += stay * short;
        person.places.insert(cells[1].to_owned());
        person.days.entry(cells[4].to_owned()).or_default().insert(cells[1].to_owned());
        let minute = i64::from(day(cells[6])) * 288 + clock(cells[6]) / 300;
        minutes.entry((cells[1].to_owned(), minute)).or_default().insert(cells[0].to_owned());
        if stay > 0.0 {
            let key = (cells[1].to_owned(), cells[4].to_owned(), cells[2].to_owned());
            arrivals.entry(key).or_default().insert(cells[0].to_owned());
        }
    });
    for person in people.values_mut() {
        person.figures[4] /= person.figures[1];
        person.figures[9] = person.places.len() as f64;
        person.figures[10] = person.days.values().filter(|places| places.len() > 1).count() as f64;
    }
    let mut phones: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    rows(folder, "mdtrt_d", &["psn_no", "tel"], |cells| {
        if !cells[1].is_empty() {
            phones.entry(cells[1].to_owned()).or_default().insert(cells[0].to_owned());
        }
    });
    largest(&mut people, 11, phones.values());
    largest(&mut people, 12, minutes.values());
    largest(&mut people, 13, arrivals.values());
    people
}

fn largest<'a>(
    people: &mut BTreeMap<String, Person>,
    figure: usize,
    groups: impl Iterator<Item = &'a BTreeSet<String>>,
) {
    for group in groups {
        for id in group {
            if let Some(person) = people.get_mut(id) {
                person.figures[figure] = person.figures[figure].max(group.len() as f64);
            }
        }
    }
}

fn day(text: &str) -> i32 {
    let part = |range: std::ops::Range<usize>| text[range].parse::<i32>().expect("a number");
    let unsigned = |range| u32::try_from(part(range)).expect("positive");
    medring::model::Day::of(part(0..4), unsigned(5..7), unsigned(8..10)).expect("a day").0
}

fn clock(text: &str) -> i64 {
    let part = |range: std::ops::Range<usize>| text[range].parse::<i64>().expect("a number");
    part(11..13) * 3_600 + part(14..16) * 60 + part(17..19)
}
