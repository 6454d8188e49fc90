//! Do the figures equal a count by hand on a small world?

use medring::evaluation::{Headings, Labels, Ratio, Reported, Scores, beside, judge, print};
use std::fmt::Write as _;

fn ratio(hits: u64, of: u64) -> Ratio {
    Ratio { hits, of }
}

/// `P3..7` as four persons of a label file.
fn label(text: &mut String, ring: &str, typology: &str, persons: std::ops::Range<u32>, heads: &[(&str, &str, &str)]) {
    for person in persons {
        writeln!(text, "{ring},{typology},person,P{person},patient").expect("a String");
    }
    for (kind, id, role) in heads {
        writeln!(text, "{ring},{typology},{kind},{id},{role}").expect("a String");
    }
}

fn labels() -> Labels {
    let mut text = "ring_id,typology,party_kind,party_id,role\n".to_owned();
    label(&mut text, "A", "card_pool", 0..10, &[("phone", "138", "organiser"), ("pharmacy", "X", "pharmacy")]);
    label(&mut text, "B", "membership_mill", 10..20, &[("institution", "H", "institution"), ("doctor", "D", "doctor")]);
    label(&mut text, "C", "card_pool", 20..24, &[]);
    label(&mut text, "D", "card_pool", 24..28, &[("agent", "G", "recruiter")]);
    label(&mut text, "HN09-0001", "HN09", 40..50, &[]);
    label(&mut text, "HN09-0002", "HN09", 50..60, &[]);
    label(&mut text, "HN13-0001", "HN13", 60..62, &[]);
    Labels::read("labels.csv", text.as_bytes()).expect("well-formed")
}

fn line(rank: u32, typology: &str, persons: &[u32], others: &[(&str, &str, &str)], fund_fen: i64) -> String {
    let persons =
        persons.iter().map(|id| format!(r#"{{"kind":"person","id":"P{id}","role":"patient","strength":1.00}}"#));
    let others = others
        .iter()
        .map(|(kind, id, role)| format!(r#"{{"kind":"{kind}","id":"{id}","role":"{role}","strength":1.00}}"#));
    let members: Vec<String> = persons.chain(others).collect();
    format!(
        r#"{{"schema_version":1,"ring_id":"R-{rank}","rank":{rank},"typology":"{typology}","members":[{}],"amount":{{"total_fen":1,"fund_fen":{fund_fen}}}}}"#,
        members.join(",")
    )
}

fn reported() -> Vec<Reported> {
    let whole: Vec<u32> = (0..9).chain([90]).collect();
    let lines = [
        line(1, "card_pool", &whole, &[("phone", "138", "organiser"), ("pharmacy", "X", "pharmacy")], 500),
        line(2, "long_stay_farm", &[10, 11, 12, 13, 14, 15], &[("institution", "H", "institution")], 300),
        line(3, "membership_mill", &[16, 17, 18, 19], &[("doctor", "D", "doctor")], 200),
        line(4, "card_pool", &(20..28).collect::<Vec<_>>(), &[], 100),
        line(5, "unclassified", &(40..48).collect::<Vec<_>>(), &[], 50),
    ];
    Reported::read("rings.jsonl", lines.join("\n").as_bytes()).expect("well-formed")
}

fn scores() -> Scores {
    judge("medring", &labels(), &reported(), Some(50_000), 7)
}

#[test]
fn rings_are_matched_one_to_one() {
    let scores = scores();
    // A by R-1 (9 of 11), B by R-2 (6 of 10), one of C and D by R-4 (4 of 8); the other and R-3, R-5 stay alone.
    assert_eq!((scores.at_50.recall, scores.at_50.precision), (ratio(3, 4), ratio(3, 5)));
    assert_eq!((scores.at_80.recall, scores.at_80.precision), (ratio(1, 4), ratio(1, 5)));
    assert_eq!(scores.fragments, ratio(1, 4), "B came in two pieces");
    assert_eq!(scores.merges, ratio(1, 5), "R-4 holds C and D");
}

#[test]
fn members_are_counted_over_matched_pairs_and_over_all() {
    let members = scores().members;
    assert_eq!((members.matched.right, members.matched.wrong, members.matched.missed), (9 + 6 + 4, 1 + 4, 1 + 4));
    assert_eq!((members.overall.right, members.overall.wrong, members.overall.missed), (27, 9, 1));
    assert_eq!(members.innocents_per_ring, ratio(1, 3), "only P90 is in no planted ring");
}

#[test]
fn organisers_places_and_roles_are_counted() {
    let members = scores().members;
    assert_eq!((members.organiser_of_planted, members.organiser_of_matched), (ratio(1, 2), ratio(1, 1)));
    let named: Vec<_> = members.named.iter().map(|line| (line.kind.as_str(), line.of_planted)).collect();
    assert_eq!(named, [("institution", ratio(1, 1)), ("pharmacy", ratio(1, 1)), ("doctor", ratio(0, 1))]);
    let patient = members.roles.iter().find(|line| line.role == "patient").expect("a line");
    assert_eq!((patient.named, patient.right_role, patient.precision), (ratio(19, 28), ratio(19, 19), ratio(19, 24)));
}

#[test]
fn typologies_look_alikes_and_heads_are_counted() {
    let scores = scores();
    assert_eq!(scores.right_typology, ratio(2, 3));
    let pool = scores.typologies.iter().find(|line| line.typology == "card_pool").expect("a line");
    assert_eq!((pool.recall, pool.precision, pool.right), (ratio(2, 3), ratio(2, 2), ratio(2, 2)));
    let classes: Vec<_> = scores.look_alikes.iter().map(|line| (line.class.as_str(), line.reported)).collect();
    assert_eq!(classes, [("HN09", ratio(1, 2)), ("HN13", ratio(0, 1))]);
    assert_eq!(scores.ranked[0].precision, ratio(3, 5));
    assert_eq!((scores.ranked[0].fund_fen, scores.ranked[0].true_fund_fen), (Some(1150), Some(900)));
    assert_eq!(format!("{:?}", scores.rings_per_100000), "Some(10.0)");
}

#[test]
fn another_detector_is_held_against_the_first_at_its_precision() {
    let people = |rank, persons: std::ops::Range<u32>| line(rank, "card_pool", &persons.collect::<Vec<_>>(), &[], 1);
    let other = |lines: [String; 2]| {
        let reported = Reported::read("rings.jsonl", lines.join("\n").as_bytes()).expect("well-formed");
        let mut others = [judge("other", &labels(), &reported, None, 1)];
        beside(&scores(), &mut others);
        others[0].lift_over_it.map(|lift| format!("{lift:.1}"))
    };
    // The first finds three among five: as precise as one of two to the end, as two of two for its first two.
    assert_eq!(other([people(1, 0..10), people(2, 70..80)]), Some("3.0".to_owned()));
    assert_eq!(other([people(1, 0..10), people(2, 10..20)]), Some("1.0".to_owned()));
    assert_eq!(other([people(1, 60..70), people(2, 70..80)]), None, "nothing was found");
}

#[test]
fn intervals_hold_the_value_and_repeat_with_the_seed() {
    let interval = scores().at_50.recall_interval.expect("there are rings");
    assert!(interval.low <= 0.75 && 0.75 <= interval.high && interval.low < interval.high, "{interval:?}");
    assert_eq!(scores(), scores());
}

#[test]
fn the_printed_table_names_every_part() {
    let (zh, en) = (print(&[scores()], Headings::Zh), print(&[scores()], Headings::En));
    assert!(
        zh.contains("成员层面\n") && !zh.contains("members ·") && en.contains("\nmembers\n") && !en.contains("成员")
    );
    let text = print(&[scores()], Headings::Both);
    for part in
        ["R@0.5", "0.750 (3/4)", "recruiter named", "HN09", "card_pool", "innocents per true ring", "无辜相似群体"]
    {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}

#[test]
fn nothing_reported_and_nothing_planted_gives_dashes_and_no_panic() {
    let silent = judge("medring", &labels(), &[], None, 1);
    assert_eq!((silent.at_50.recall, silent.at_50.precision.value()), (ratio(0, 4), None));
    let empty = judge("medring", &Labels::default(), &reported(), None, 1);
    assert_eq!((empty.at_50.precision, empty.at_50.recall.value()), (ratio(0, 5), None));
    assert!(print(&[silent, empty], Headings::Both).contains('–'));
}
