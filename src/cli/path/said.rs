//! How does a path read, as a sentence and as JSON?

use crate::cli::check::Language;
use crate::model::{Names, Party, References, Sentence};
use crate::path::question::{Chain, Hop, Limit, NoChain, Restriction};
use crate::report::{
    hop_sentence, limit_sentence, masked, no_chain_sentence, restriction_sentence, shown_id, shown_kind, shown_row,
};
use serde_json::{Value, json};

/// What is needed to name parties and rows.
pub(super) struct Said<'a> {
    pub(super) names: &'a Names,
    pub(super) references: &'a References,
    /// Identifiers in full.
    pub(super) reveal: bool,
}

impl Said<'_> {
    /// A path as one JSON object.
    pub(super) fn line(&self, rank: usize, chain: &Chain) -> String {
        let hops: Vec<Value> = chain.hops.iter().map(|hop| self.hop(hop)).collect();
        json!({
            "schema_version": 1,
            "rank": rank,
            "hops": hops,
            "cost": f64::from(chain.cost_milli) / 1_000.0,
            "weakest_hop_facts": chain.weakest,
        })
        .to_string()
    }

    fn hop(&self, hop: &Hop) -> Value {
        let facts: Vec<Value> = hop
            .shown
            .iter()
            .map(|meeting| {
                let day = (meeting.day.0 != i32::MIN).then(|| meeting.day.to_string());
                json!({"id": shown_row(meeting.fact, self.names), "day": day, "fen": meeting.fen})
            })
            .collect();
        let sentence = self.sentence(hop);
        json!({
            "from": self.party(hop.from),
            "to": self.party(hop.to),
            "day": hop.day.map(|day| day.to_string()),
            "fact_count": hop.facts,
            "facts": facts,
            "zh": sentence.zh,
            "en": sentence.en,
        })
    }

    fn party(&self, party: Party) -> Value {
        json!({"kind": shown_kind(party, self.references).word(), "id": shown_id(party, self.names)})
    }

    /// A hop as a row of the table.
    pub(super) fn row(&self, rank: usize, at: usize, hop: &Hop, lang: Language) -> Vec<String> {
        let sentence = self.sentence(hop);
        vec![
            rank.to_string(),
            at.to_string(),
            self.word(hop.from),
            self.word(hop.to),
            hop.day.map(|day| day.to_string()).unwrap_or_default(),
            hop.facts.to_string(),
            if lang == Language::Zh { sentence.zh } else { sentence.en },
        ]
    }

    fn word(&self, party: Party) -> String {
        let id = if self.reveal { shown_id(party, self.names) } else { masked(party, self.names) };
        format!("{}:{id}", shown_kind(party, self.references).word())
    }

    fn sentence(&self, hop: &Hop) -> Sentence {
        hop_sentence(hop, self.references, &|party| self.both(party))
    }

    fn both(&self, party: Party) -> Sentence {
        let word = self.word(party);
        Sentence { zh: word.clone(), en: word }
    }

    /// Why there is no path, as JSON.
    pub(super) fn none_line(&self, none: &NoChain) -> String {
        let words = |list: &[Restriction]| list.iter().map(|one| restriction_sentence(*one).en).collect::<Vec<_>>();
        let why = match none {
            NoChain::Unknown(party) => json!({"why": "unknown", "party": self.party(*party)}),
            NoChain::NotConnected => json!({"why": "not_connected"}),
            NoChain::Excluded { by, nearest } => json!({
                "why": "excluded",
                "by": words(by),
                "nearest": nearest.as_ref().map(|(lift, hops)| json!({"lift": words(lift), "hops": hops})),
            }),
        };
        let (zh, en) = (self.none(none, Language::Zh), self.none(none, Language::En));
        json!({"schema_version": 1, "paths": 0, "none": why, "zh": zh, "en": en}).to_string()
    }

    /// Why there is no path, as a sentence.
    pub(super) fn none(&self, none: &NoChain, lang: Language) -> String {
        let text = no_chain_sentence(none, &|party| self.both(party));
        lang.choose(&text.zh, &text.en).to_owned()
    }
}

/// What cut the answer short.
pub(super) fn limit(limit: Limit, lang: Language) -> String {
    let text = limit_sentence(limit);
    lang.choose(&text.zh, &text.en).to_owned()
}
