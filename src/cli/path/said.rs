//! How does a path read, as a sentence and as JSON?

use crate::cli::check::Language;
use crate::model::{Names, Party, PartyKind, References, Sentence};
use crate::path::question::{Chain, Hop, Limit, NoChain, Restriction};
use crate::report::{masked, shown_id, shown_kind, shown_row, yuan};
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

    /// «person A was treated by doctor B twice, 2024-01-01 – 2024-02-01, ¥2,000».
    fn sentence(&self, hop: &Hop) -> Sentence {
        // Facts are told of the holder: a person, or whoever holds the identifier.
        let holds = |party: Party| matches!(party.kind(), PartyKind::Person);
        let (one, other) = if holds(hop.from) || !holds(hop.to) { (hop.from, hop.to) } else { (hop.to, hop.from) };
        let (zh, en) = match shown_kind(other, self.references) {
            PartyKind::Institution | PartyKind::Pharmacy => ("就诊结算于", "was treated and settled at"),
            PartyKind::Doctor => ("由其接诊", "was treated by"),
            PartyKind::Agent => ("由其代办", "was acted for by"),
            PartyKind::Account => ("收款账户为", "is paid into"),
            _ => ("登记使用", "is registered with"),
        };
        let days: Vec<String> = hop
            .shown
            .iter()
            .filter(|meeting| meeting.day.0 != i32::MIN)
            .map(|meeting| meeting.day.to_string())
            .collect();
        let span = match (days.first(), days.last()) {
            (Some(first), Some(last)) if first != last => format!(", {first} – {last}"),
            (Some(day), _) => format!(", {day}"),
            _ => String::new(),
        };
        let fen: i64 = hop.shown.iter().map(|meeting| meeting.fen).sum();
        let money = if fen == 0 { String::new() } else { format!(", {}", yuan(fen)) };
        let (one, other) = (self.word(one), self.word(other));
        let cut = |more: &str| {
            if usize::try_from(hop.facts).unwrap_or(0) > hop.shown.len() { more.to_owned() } else { String::new() }
        };
        Sentence {
            zh: format!("{one} {zh} {other} {}次{span}{money}{}", hop.facts, cut(" (所列部分)")),
            en: format!("{one} {en} {other}, {} times{span}{money}{}", hop.facts, cut(" (of those listed)")),
        }
    }

    /// Why there is no path, as JSON.
    pub(super) fn none_line(&self, none: &NoChain) -> String {
        let words = |list: &[Restriction]| list.iter().map(|one| restriction(*one, Language::En)).collect::<Vec<_>>();
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
        let list = |restrictions: &[Restriction]| {
            restrictions.iter().map(|one| restriction(*one, lang)).collect::<Vec<_>>().join(", ")
        };
        match (none, lang) {
            (NoChain::Unknown(party), _) => self.unknown(*party, lang),
            (NoChain::NotConnected, Language::Zh) => "没有路径: 二者之间没有任何关联".to_owned(),
            (NoChain::NotConnected, Language::En) => {
                "no path: nothing joins the two, whatever the restrictions".to_owned()
            }
            (NoChain::Excluded { by, nearest }, Language::Zh) => {
                let way = nearest.as_ref().map_or_else(
                    || "放宽后也未找到".to_owned(),
                    |(lift, hops)| format!("最近的放宽: 去掉 {} 后有 {hops} 步的路径", list(lift)),
                );
                format!("没有路径; 起限制作用的条件: {}; {way}", list(by))
            }
            (NoChain::Excluded { by, nearest }, Language::En) => {
                let way = nearest.as_ref().map_or_else(
                    || "none was found without them either".to_owned(),
                    |(lift, hops)| format!("nearest relaxation: without {} there is one of {hops} hops", list(lift)),
                );
                format!("no path; restrictions in force: {}; {way}", list(by))
            }
        }
    }

    /// A party without any link.
    pub(super) fn unknown(&self, party: Party, lang: Language) -> String {
        let text = lang.choose("数据中没有任何记录", "nothing is known of it in these data");
        format!("{}: {text}", self.word(party))
    }
}

fn restriction(restriction: Restriction, lang: Language) -> &'static str {
    let (zh, en) = match restriction {
        Restriction::TimeOrder => ("时间递增", "--order time"),
        Restriction::Window => ("时间窗口", "--within"),
        Restriction::Degree => ("跳过大节点", "--skip-hubs"),
        Restriction::Avoid => ("避开", "--avoid"),
        Restriction::Via => ("途经", "--via"),
        Restriction::Hops => ("最大步数", "--max-hops"),
    };
    lang.choose(zh, en)
}

/// What cut the answer short.
pub(super) fn limit(limit: Limit, lang: Language) -> String {
    match (limit, lang) {
        (Limit::Work(work), Language::Zh) => format!("已查看 {work} 条关联后停止, 可能还有更多或更好的路径"),
        (Limit::Work(work), Language::En) => {
            format!("stopped after looking at {work} links: there can be more or better paths")
        }
        (Limit::Count(most), Language::Zh) => format!("最多列出 {most} 条路径"),
        (Limit::Count(most), Language::En) => format!("at most {most} paths are listed"),
        (Limit::Hops(most), Language::Zh) => format!("最多 {most} 步"),
        (Limit::Hops(most), Language::En) => format!("paths of at most {most} hops are searched"),
        (Limit::Via(most), Language::Zh) => format!("最多途经 {most} 处"),
        (Limit::Via(most), Language::En) => format!("at most {most} parties to pass are taken into account"),
    }
}
