//! How are the figures printed? Detectors side by side first, then the details of the first one.

use super::bootstrap::Interval;
use super::measure::{Ratio, RingScores, Scores};
use std::fmt::Write as _;

/// The language of the headings. Measures keep their English names in either, as papers have them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Headings {
    /// English, then Chinese.
    #[default]
    Both,
    /// Chinese.
    Zh,
    /// English.
    En,
}

/// The printed table. The first of `all` is the one whose details follow.
#[must_use]
pub fn print(all: &[Scores], headings: Headings) -> String {
    let mut text = String::new();
    let Some(first) = all.first() else { return text };
    let name = &first.detector;
    let sections = [
        ("detectors side by side".to_owned(), "各方法对照".to_owned(), side_by_side(all)),
        (format!("{name}: rings (95 % by bootstrap)"), format!("{name}: 团伙层面（95% 自助法区间）"), ring_rows(first)),
        ("members".to_owned(), "成员层面".to_owned(), member_rows(first)),
        ("roles".to_owned(), "角色".to_owned(), role_rows(first)),
        ("typologies".to_owned(), "手法类型".to_owned(), typology_rows(first)),
        ("innocent look-alikes reported as a ring".to_owned(), "无辜相似群体被误报".to_owned(), look_alike_rows(first)),
        ("head of the ranked list".to_owned(), "排序前列".to_owned(), head_rows(first)),
    ];
    for (en, zh, rows) in sections {
        let gap = if text.is_empty() { "" } else { "\n" };
        let heading = match headings {
            Headings::Both => format!("{en} · {zh}"),
            Headings::Zh => zh,
            Headings::En => en,
        };
        writeln!(text, "{gap}{heading}").expect("a String takes every write");
        grid(&mut text, &rows);
    }
    text
}

fn side_by_side(all: &[Scores]) -> Vec<Vec<String>> {
    let mut rows = vec![row([
        "detector",
        "reported",
        "R@0.5",
        "P@0.5",
        "R@0.8",
        "P@0.8",
        "fragments",
        "merges",
        "member P",
        "member R",
        "member F1",
        "organiser",
        "P@20",
        "ahead ×",
    ])];
    for scores in all {
        let members = scores.members.overall;
        let at_20 = scores.ranked.iter().find(|head| head.k == 20).map_or(Ratio::default(), |head| head.precision);
        rows.push(vec![
            scores.detector.clone(),
            scores.reported.to_string(),
            short(scores.at_50.recall),
            short(scores.at_50.precision),
            short(scores.at_80.recall),
            short(scores.at_80.precision),
            scores.fragments.hits.to_string(),
            scores.merges.hits.to_string(),
            short(members.precision()),
            short(members.recall()),
            short(members.f1()),
            short(scores.members.organiser_of_planted),
            short(at_20),
            number(scores.lift_over_it),
        ]);
    }
    rows
}

fn ring_rows(scores: &Scores) -> Vec<Vec<String>> {
    let level = |name: &str, level: &RingScores| -> [Vec<String>; 2] {
        [
            row([&format!("recall, Jaccard ≥ {name}"), &long(level.recall), &span(level.recall_interval)]),
            row([&format!("precision, Jaccard ≥ {name}"), &long(level.precision), &span(level.precision_interval)]),
        ]
    };
    let mut rows = vec![row(["", "value", "95 %"])];
    rows.extend(level("0.5", &scores.at_50));
    rows.extend(level("0.8", &scores.at_80));
    rows.push(row(["fragments per planted ring", &long(scores.fragments), &span(scores.fragments_interval)]));
    rows.push(row(["merges per reported ring", &long(scores.merges), &span(scores.merges_interval)]));
    rows.push(row(["right typology of matched", &long(scores.right_typology), ""]));
    rows.push(row(["rings per 100,000 persons", &number(scores.rings_per_100000), ""]));
    rows.push(row(["false rings per 100,000 persons", &number(scores.false_rings_per_100000), ""]));
    rows
}

fn member_rows(scores: &Scores) -> Vec<Vec<String>> {
    let members = &scores.members;
    let mut rows = vec![row(["", "matched rings", "all rings"])];
    rows.push(row(["precision", &long(members.matched.precision()), &long(members.overall.precision())]));
    rows.push(row(["recall", &long(members.matched.recall()), &long(members.overall.recall())]));
    rows.push(row(["F1", &short(members.matched.f1()), &short(members.overall.f1())]));
    rows.push(row(["innocents per true ring", &long(members.innocents_per_ring), ""]));
    for line in &members.named {
        rows.push(row([&format!("{} named", line.kind), &long(line.of_matched), &long(line.of_planted)]));
    }
    let (matched, planted) = (members.organiser_of_matched, members.organiser_of_planted);
    rows.push(row(["organiser or recruiter named", &long(matched), &long(planted)]));
    rows
}

fn role_rows(scores: &Scores) -> Vec<Vec<String>> {
    let mut rows = vec![row(["role", "named", "right role", "precision in matched rings"])];
    for line in &scores.members.roles {
        rows.push(row([&line.role, &long(line.named), &long(line.right_role), &long(line.precision)]));
    }
    rows
}

fn typology_rows(scores: &Scores) -> Vec<Vec<String>> {
    let mut rows = vec![row(["typology", "recall", "precision", "right typology"])];
    for line in &scores.typologies {
        rows.push(row([&line.typology, &long(line.recall), &long(line.precision), &long(line.right)]));
    }
    rows
}

fn look_alike_rows(scores: &Scores) -> Vec<Vec<String>> {
    let mut rows = vec![row(["class", "groups reported"])];
    rows.extend(scores.look_alikes.iter().map(|line| row([&line.class, &long(line.reported)])));
    rows
}

fn head_rows(scores: &Scores) -> Vec<Vec<String>> {
    let mut rows = vec![row(["first", "precision", "fund money, yuan", "of it in planted rings"])];
    let yuan = |fen: Option<i64>| fen.map_or("–".to_owned(), |fen| (fen / 100).to_string());
    for head in &scores.ranked {
        rows.push(row([&head.k.to_string(), &long(head.precision), &yuan(head.fund_fen), &yuan(head.true_fund_fen)]));
    }
    rows
}

/// Columns padded to their widest cell; the first to the left, the others to the right.
fn grid(text: &mut String, rows: &[Vec<String>]) {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
    for row in rows {
        let mut line = format!("  {:<1$}", row[0], widths[0]);
        for (cell, width) in row.iter().zip(&widths).skip(1) {
            write!(line, "  {cell:>width$}").expect("a String takes every write");
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
}

fn row<const N: usize>(cells: [&str; N]) -> Vec<String> {
    cells.map(str::to_owned).into()
}

fn short(ratio: Ratio) -> String {
    number(ratio.value())
}

fn long(ratio: Ratio) -> String {
    match ratio.value() {
        Some(value) => format!("{value:.3} ({}/{})", ratio.hits, ratio.of),
        None => "–".to_owned(),
    }
}

fn number(value: Option<f64>) -> String {
    value.map_or("–".to_owned(), |value| format!("{value:.3}"))
}

fn span(interval: Option<Interval>) -> String {
    interval.map_or(String::new(), |interval| format!("[{:.3}, {:.3}]", interval.low, interval.high))
}
