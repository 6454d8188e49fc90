//! How is a party told: as a card and a table for people, as one object for programs?

use super::{Known, Span};
use crate::cli::check::Language;
use crate::cli::output::Listing;
use crate::cli::ring::score;
use crate::model::{Day, Party, PlaceKind, Sentence};
use crate::path::snapshot::Meeting;
use crate::report::{caption, masked, masked_row, shown_id, shown_kind, shown_row, yuan};
use crate::store::Membership;
use serde_json::{Value, json};

/// What is told, and to whom.
pub(super) struct Said<'a> {
    pub(super) known: &'a Known,
    pub(super) reveal: bool,
    pub(super) lang: Language,
}

impl Said<'_> {
    fn id(&self, party: Party) -> String {
        if self.reveal { shown_id(party, &self.known.names) } else { masked(party, &self.known.names) }
    }

    fn row(&self, meeting: &Meeting) -> String {
        let row = meeting.fact;
        if self.reveal { shown_row(row, &self.known.names) } else { masked_row(row, &self.known.names) }
    }

    fn word(&self, text: &Sentence) -> String {
        self.lang.choose(&text.zh, &text.en).to_owned()
    }

    /// The identity card: kind, id, where it is, and what the reference tables say.
    pub(super) fn head(&self) -> String {
        let (known, lang) = (self.known, self.lang);
        let kind = shown_kind(known.party, &known.references);
        let mut text = format!("{} {}\n", self.word(&caption::kind(kind)), self.id(known.party));
        let mut line = |zh: &str, en: &str, said: String| {
            text.push_str(&format!("  {}: {said}\n", lang.choose(zh, en)));
        };
        if let Some(place) = known.references.places.get(&known.party) {
            line("区划", "region", self.region(place.area));
            line("类型", "type", place_kind(place.kind).to_owned());
            if place.beds > 0 {
                line("床位", "beds", place.beds.to_string());
            }
            line("定点期间", "designated", span(Some(place.opened), Some(place.closed)));
        }
        for entry in known.references.doctors.get(&known.party).into_iter().flatten() {
            let period = span(Some(entry.begin), Some(entry.end));
            line("执业于", "practises at", format!("{}  {period}", self.id(entry.place)));
        }
        let whole = &known.whole;
        line("数据", "facts", format!("{}  {}  {}", whole.facts, span(whole.first, whole.last), yuan(whole.fen)));
        line("截至批次", "as of epoch", known.epoch.to_string());
        text
    }

    fn region(&self, code: u32) -> String {
        let named = self.known.references.regions.by_code.get(&code).map(|region| region.name.as_str());
        named.filter(|name| !name.is_empty()).map_or_else(|| code.to_string(), |name| format!("{name} ({code})"))
    }

    /// Rings now and earlier, relations by kind, facts by table, and the newest facts.
    pub(super) fn listing(&self) -> Listing {
        let heads = vec!["section", "what", "number", "first", "last", "yuan", "more"];
        let mut listing = Listing { heads, lines: vec![self.object().to_string()], ..Listing::default() };
        let lang = self.lang;
        let spanned = |section: (&str, &str), what: String, number: usize, span: &Span, more: String| {
            let day = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
            let section = lang.choose(section.0, section.1).to_owned();
            vec![section, what, number.to_string(), day(span.first), day(span.last), yuan(span.fen), more]
        };
        for (ring, versions) in &self.known.rings {
            let Some(last) = versions.last() else { continue };
            let section = if is_now(last) { ("现属团伙", "ring now") } else { ("曾属团伙", "ring earlier") };
            let role = format!("{} {} {}", last.role, last.version.typology, score(last.strength));
            let (from, to) = epochs(versions);
            let to = to.map_or_else(|| lang.choose("今", "now").to_owned(), |to| to.to_string());
            let epochs = format!("{} {from}–{to}  {role}", lang.choose("批次", "epochs"));
            let section = lang.choose(section.0, section.1).to_owned();
            let cells = [section, ring.clone(), last.version.members.to_string(), String::new(), String::new()];
            listing.rows.push(cells.into_iter().chain([yuan(last.version.fund_fen), epochs]).collect());
        }
        for relation in &self.known.relations {
            let kind = self.word(&caption::kind(relation.kind));
            let facts = format!("{} {}", relation.span.facts, lang.choose("条数据", "facts"));
            listing.rows.push(spanned(("关联", "relation"), kind, relation.parties, &relation.span, facts));
        }
        for (table, span) in &self.known.tables {
            listing.rows.push(spanned(("数据表", "table"), table.name().to_owned(), span.facts, span, String::new()));
        }
        let shown = format!("{} / {}", self.known.newest.len(), self.known.whole.facts);
        for meeting in &self.known.newest {
            let span = Span::of([meeting]);
            listing.rows.push(spanned(("数据", "fact"), self.row(meeting), 1, &span, shown.clone()));
        }
        listing
    }

    /// The party for programs.
    fn object(&self) -> Value {
        let known = self.known;
        let kind = shown_kind(known.party, &known.references).word();
        let place = known.references.places.get(&known.party).map(|place| {
            let day = |day: Day| known_day(day).map(|day| day.to_string());
            json!({"kind": place_kind(place.kind), "area": place.area, "region": self.region(place.area),
                "beds": place.beds, "opened": day(place.opened), "closed": day(place.closed), "private": place.private})
        });
        let practises = known.references.doctors.get(&known.party).into_iter().flatten();
        let practises: Vec<String> = practises.map(|entry| self.id(entry.place)).collect();
        let (now, earlier): (Vec<_>, Vec<_>) = known
            .rings
            .values()
            .filter(|versions| !versions.is_empty())
            .partition(|versions| is_now(&versions[versions.len() - 1]));
        let relations = known.relations.iter().map(|relation| {
            json!({"kind": relation.kind.word(), "parties": relation.parties, "span": whole(&relation.span)})
        });
        let tables = known.tables.iter().map(|(table, span)| (table.name().to_owned(), whole(span)));
        let newest = known.newest.iter().map(|meeting| {
            let day = known_day(meeting.day).map(|day| day.to_string());
            json!({"fact": self.row(meeting), "day": day, "total_fen": meeting.fen})
        });
        json!({
            "schema_version": 1, "kind": kind, "id": self.id(known.party), "epoch": known.epoch, "place": place,
            "practises_at": practises, "rings_now": now.into_iter().map(|one| membership(one)).collect::<Vec<_>>(),
            "rings_earlier": earlier.into_iter().map(|one| membership(one)).collect::<Vec<_>>(),
            "relations": relations.collect::<Vec<_>>(), "facts": whole(&known.whole),
            "tables": tables.collect::<serde_json::Map<_, _>>(), "newest": newest.collect::<Vec<_>>(),
        })
    }
}

/// Whether the party is in the ring still.
fn is_now(last: &Membership) -> bool {
    last.version.to.is_none()
}

/// The first epoch of the party in a ring, and the last one where it is over.
fn epochs(versions: &[Membership]) -> (u64, Option<u64>) {
    let first = versions.first().map_or(0, |version| version.version.from);
    (first, versions.last().and_then(|version| version.version.to).map(|to| to - 1))
}

fn membership(versions: &[Membership]) -> Value {
    let (from, until) = epochs(versions);
    versions.last().map_or(Value::Null, |last| {
        json!({"ring_id": last.ring, "role": last.role, "strength": f64::from(last.strength) / 100.0,
            "typology": last.version.typology, "score": f64::from(last.version.score) / 100.0,
            "members": last.version.members, "fund_fen": last.version.fund_fen, "from_epoch": from,
            "until_epoch": until})
    })
}

fn whole(span: &Span) -> Value {
    let day = |day: Option<Day>| day.map(|day| day.to_string());
    json!({"facts": span.facts, "first": day(span.first), "last": day(span.last), "total_fen": span.fen})
}

/// Neither open nor unknown.
fn known_day(day: Day) -> Option<Day> {
    Some(day).filter(|day| day.0 != i32::MIN && day.0 != i32::MAX)
}

fn span(first: Option<Day>, last: Option<Day>) -> String {
    let day = |day: Option<Day>| day.and_then(known_day).map_or_else(|| "…".to_owned(), |day| day.to_string());
    format!("{} – {}", day(first), day(last))
}

fn place_kind(kind: PlaceKind) -> &'static str {
    match kind {
        PlaceKind::Unknown => "unknown",
        PlaceKind::Hospital => "hospital",
        PlaceKind::Community => "community",
        PlaceKind::Pharmacy => "pharmacy",
        PlaceKind::LongStay => "long_stay",
        PlaceKind::Dialysis => "dialysis",
    }
}
