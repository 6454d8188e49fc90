//! How is a reason put into words? In both languages, with its numbers, as a suspected lead and never as guilt.

use crate::model::{Factor, RowRef, Sentence};

/// Both languages of one statement.
#[must_use]
pub(crate) fn said(zh: String, en: String) -> Sentence {
    Sentence { zh, en }
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
    let percent = match score {
        ..=-600 => "0.2%",
        -599..=-500 => "0.7%",
        -499..=-400 => "2%",
        _ => "5%",
    };
    let text = said(
        format!("先验:非偶然聚集的人群约{percent}为团伙,其余有正常原因"),
        format!("Prior: about {percent} of groups that do not meet by chance are rings; the rest have honest reasons"),
    );
    factor("prior", score, text, Vec::new())
}

/// Fen as yuan, without the fen.
#[must_use]
pub(crate) fn yuan(fen: i64) -> i64 {
    fen / 100
}
