//! How does a path read as sentences? The same words on the command line and on the page.

use super::naming::shown_kind;
use super::section::yuan;
use crate::model::{Party, PartyKind, References, Sentence};
use crate::path::question::{Hop, Limit, NoChain, Restriction};

/// «person A was treated by doctor B, twice, 2024-01-01 – 2024-02-01, ¥2,000», with the words that `word` gives parties.
#[must_use]
pub fn hop_sentence(hop: &Hop, references: &References, word: &dyn Fn(Party) -> Sentence) -> Sentence {
    // Facts are told of the holder: a person, or whoever holds the identifier.
    let holds = |party: Party| matches!(party.kind(), PartyKind::Person);
    let (one, other) = if holds(hop.from) || !holds(hop.to) { (hop.from, hop.to) } else { (hop.to, hop.from) };
    let (zh, en) = match shown_kind(other, references) {
        // An identifier of the place's own: nobody was there.
        _ if !holds(one) => ("登记使用", "is registered with"),
        PartyKind::Institution | PartyKind::Pharmacy => ("就诊或结算于", "was treated or settled at"),
        PartyKind::Doctor => ("由其接诊", "was treated by"),
        PartyKind::Agent => ("由其代办", "was acted for by"),
        PartyKind::Account => ("收款账户为", "is paid into"),
        _ => ("登记使用", "is registered with"),
    };
    let days: Vec<String> =
        hop.shown.iter().filter(|meeting| meeting.day.0 != i32::MIN).map(|meeting| meeting.day.to_string()).collect();
    let span = match (days.first(), days.last()) {
        (Some(first), Some(last)) if first != last => format!(", {first} – {last}"),
        (Some(day), _) => format!(", {day}"),
        _ => String::new(),
    };
    let fen: i64 = hop.shown.iter().map(|meeting| meeting.fen).sum();
    let money = if fen == 0 { String::new() } else { format!(", {}", yuan(fen)) };
    let times = match hop.facts {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        facts => format!("{facts} times"),
    };
    let (one, other) = (word(one), word(other));
    let cut = |more: &str| {
        if usize::try_from(hop.facts).unwrap_or(0) > hop.shown.len() { more.to_owned() } else { String::new() }
    };
    Sentence {
        zh: format!("{} {zh} {} {}次{span}{money}{}", one.zh, other.zh, hop.facts, cut(" (所列部分)")),
        en: format!("{} {en} {}, {times}{span}{money}{}", one.en, other.en, cut(" (of those listed)")),
    }
}

/// Why there is no path.
#[must_use]
pub fn no_chain_sentence(none: &NoChain, word: &dyn Fn(Party) -> Sentence) -> Sentence {
    let both = |zh: &str, en: &str| Sentence { zh: zh.to_owned(), en: en.to_owned() };
    let list = |restrictions: &[Restriction], pick: fn(Sentence) -> String| {
        restrictions.iter().map(|one| pick(restriction_sentence(*one))).collect::<Vec<_>>().join(", ")
    };
    match none {
        NoChain::Unknown(party) => {
            let word = word(*party);
            Sentence {
                zh: format!("{}: 数据中没有任何记录", word.zh),
                en: format!("{}: nothing is known of it in these data", word.en),
            }
        }
        NoChain::NotConnected => {
            both("没有路径: 二者之间没有任何关联", "no path: nothing joins the two, whatever the restrictions")
        }
        NoChain::Excluded { by, nearest } => {
            type Word = fn(Sentence) -> String;
            let (zh, en): (Word, Word) = (|text| text.zh, |text| text.en);
            let way_zh = nearest.as_ref().map_or_else(
                || "放宽后也未找到".to_owned(),
                |(lift, hops)| format!("最近的放宽: 去掉 {} 后有 {hops} 步的路径", list(lift, zh)),
            );
            let way_en = nearest.as_ref().map_or_else(
                || "none was found without them either".to_owned(),
                |(lift, hops)| format!("nearest relaxation: without {} there is one of {hops} hops", list(lift, en)),
            );
            Sentence {
                zh: format!("没有路径; 起限制作用的条件: {}; {way_zh}", list(by, zh)),
                en: format!("no path; restrictions in force: {}; {way_en}", list(by, en)),
            }
        }
    }
}

/// A restriction of a question; in English by the option that sets it.
#[must_use]
pub fn restriction_sentence(restriction: Restriction) -> Sentence {
    let (zh, en) = match restriction {
        Restriction::TimeOrder => ("时间递增", "--order time"),
        Restriction::Window => ("时间窗口", "--within"),
        Restriction::Degree => ("跳过大节点", "--skip-hubs"),
        Restriction::Avoid => ("避开", "--avoid"),
        Restriction::Via => ("途经", "--via"),
        Restriction::Hops => ("最大步数", "--max-hops"),
    };
    Sentence { zh: zh.to_owned(), en: en.to_owned() }
}

/// What cut an answer short.
#[must_use]
pub fn limit_sentence(limit: Limit) -> Sentence {
    let (zh, en) = match limit {
        Limit::Work(work) => (
            format!("已查看 {work} 条关联后停止, 可能还有更多或更好的路径"),
            format!("stopped after looking at {work} links: there can be more or better paths"),
        ),
        Limit::Count(most) => (format!("最多列出 {most} 条路径"), format!("at most {most} paths are listed")),
        Limit::Hops(most) => (format!("最多 {most} 步"), format!("paths of at most {most} hops are searched")),
        Limit::Via(most) => {
            (format!("最多途经 {most} 处"), format!("at most {most} parties to pass are taken into account"))
        }
    };
    Sentence { zh, en }
}
