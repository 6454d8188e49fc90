//! How is a reason put into words? In both languages, with its numbers, as a suspected lead and never as guilt.

use crate::model::{Factor, Finding, Learned, RowRef, Sentence};

/// What is counted in reasons: by many, and by one.
const NOUNS: [(&str, &str); 17] = [
    ("boxes", "box"),
    ("cards", "card"),
    ("caregivers", "caregiver"),
    ("counters", "counter"),
    ("days", "day"),
    ("devices", "device"),
    ("employers", "employer"),
    ("hospitals", "hospital"),
    ("households", "household"),
    ("nights", "night"),
    ("people", "person"),
    ("places", "place"),
    ("settlements", "settlement"),
    ("stays", "stay"),
    ("stops", "stop"),
    ("times", "time"),
    ("visits", "visit"),
];

/// Both languages of one statement; English nouns in the singular after a one.
#[must_use]
pub(crate) fn said(zh: String, en: String) -> Sentence {
    let mut one = false;
    let words = en.split(' ').map(|word| {
        let noun = NOUNS.iter().find(|(many, _)| one && word.trim_end_matches([',', '.', ';', ':', ')']) == *many);
        one = word.trim_start_matches('(') == "1" || one && ["further", "other"].contains(&word);
        noun.map_or_else(|| word.to_owned(), |(many, single)| word.replacen(many, single, 1))
    });
    let en = words.collect::<Vec<_>>().join(" ");
    Sentence { zh, en }
}

/// A number with its English noun, in the singular where it is one.
#[must_use]
pub fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// One reason with the rows that show it.
#[must_use]
pub(crate) fn factor(code: &str, score: i32, text: Sentence, mut facts: Vec<RowRef>) -> Factor {
    facts.sort_unstable();
    facts.dedup();
    Factor { code: code.to_owned(), score, text, facts }
}

/// The price of suspecting anybody: most groups that do not meet by chance have an honest reason.
#[must_use]
pub(crate) fn prior(score: i32) -> Factor {
    let odds = libm::exp(f64::from(score) / 100.0);
    let percent = 100.0 * odds / (1.0 + odds);
    let text = said(
        format!("先验:非偶然聚集的人群约{percent:.1}%为团伙,其余有正常原因"),
        format!(
            "Prior: about {percent:.1}% of groups that do not meet by chance are rings; the rest have honest reasons"
        ),
    );
    factor("prior", score, text, Vec::new())
}

/// The code of the reason that says what verdicts taught.
const VERDICTS: &str = "verdicts";

/// By how much verdicts on earlier leads of the typology move the prior; nothing where they do not. It rests on no row.
#[must_use]
pub(crate) fn taught(learned: &Learned) -> Option<Factor> {
    let Learned { confirmed, refuted, shift } = *learned;
    let decided = confirmed + refuted;
    let text = said(
        format!("核查结论:同类线索已有{decided}条办结,其中查实{confirmed}条、排除{refuted}条,先验据此调整"),
        format!(
            "Verdicts: of {decided} decided leads of this kind {confirmed} were confirmed and {refuted} refuted, which moves the prior"
        ),
    );
    (shift != 0).then(|| factor(VERDICTS, shift, text, Vec::new()))
}

/// Whether a reason holds of every group, whoever is in it.
#[must_use]
pub fn holds_of_everybody(factor: &Factor) -> bool {
    ["prior", VERDICTS].contains(&factor.code.as_str())
}

/// What verdicts added to the score of a finding, hundredths.
#[must_use]
pub fn taught_in(finding: &Finding) -> i32 {
    finding.factors.iter().filter(|factor| factor.code == VERDICTS).map(|factor| factor.score).sum()
}

/// Fen as yuan, without the fen.
#[must_use]
pub(crate) fn yuan(fen: i64) -> i64 {
    fen / 100
}

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn one_is_singular() {
        let en = |text: &str| said(String::new(), text.to_owned()).en;
        assert_eq!(en("stays of 1 nights, on 11 days (1 places)"), "stays of 1 night, on 11 days (1 place)");
        assert_eq!(en("1 further people, 1 of 2 places"), "1 further person, 1 of 2 places");
    }
}
