//! `medring entity`: who or what is this party, in which rings is it and was it, whom is it linked to, and by which facts?
//!
//! Reading only, beside any writer. Cost: the rows of all people once, as for `path`.

mod said;

use super::check::{self, Language};
use super::detect::{failure, store_failure};
use super::output::{self, Shape};
use super::party::{Named, named};
use super::{FOUND_PROBLEMS, Failure};
use crate::engine::{book_of, snapshot};
use crate::model::{Day, Names, Party, PartyKind, References, RowRef, Table};
use crate::path::snapshot::{Meeting, Snapshot};
use crate::report::shown_kind;
use crate::store::{Membership, Workspace};
use clap::Args;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// `medring entity`.
#[derive(Args, Debug)]
#[command(after_help = "Example / 示例:\n  medring entity institution:H34012300101 --workspace ws --lang en")]
pub(super) struct Arguments {
    /// person:ID, institution:ID, doctor:ID, phone:ID …
    #[arg(value_name = "KIND:ID", value_parser = named)]
    party: Named,
    /// The workspace
    #[arg(long, value_name = "WS")]
    workspace: PathBuf,
    /// List at most this many facts, newest first
    #[arg(long, value_name = "N", default_value_t = 20)]
    facts: usize,
    /// Show identifiers in full in the table; JSON and CSV always have them, because programs join on them
    #[arg(long)]
    reveal: bool,
    /// How to print
    #[arg(short = 'o', long = "output", value_enum)]
    output: Option<Shape>,
    /// The language of the table
    #[arg(long, value_enum, default_value_t)]
    lang: Language,
}

/// Everything that is known of a party.
struct Known {
    party: Party,
    epoch: u64,
    references: References,
    names: Names,
    /// Rings by id, each with its versions that have the party, oldest first.
    rings: BTreeMap<String, Vec<Membership>>,
    /// Neighbours by the kind shown, most first.
    relations: Vec<Relation>,
    /// Facts by table.
    tables: BTreeMap<Table, Span>,
    /// The newest facts.
    newest: Vec<Meeting>,
    /// All facts.
    whole: Span,
}

/// Neighbours of one kind.
struct Relation {
    kind: PartyKind,
    parties: usize,
    span: Span,
}

/// How many facts, over which days, of how much money.
#[derive(Clone, Copy, Default)]
struct Span {
    facts: usize,
    first: Option<Day>,
    last: Option<Day>,
    fen: i64,
}

impl Span {
    fn of<'a>(meetings: impl IntoIterator<Item = &'a Meeting>) -> Span {
        let mut span = Span::default();
        for meeting in meetings {
            span.facts += 1;
            span.fen += meeting.fen;
            // Facts without a day lie in every window.
            if let Some(day) = Some(meeting.day).filter(|day| day.0 != i32::MIN) {
                span.first = Some(span.first.map_or(day, |first| first.min(day)));
                span.last = Some(span.last.map_or(day, |last| last.max(day)));
            }
        }
        span
    }
}

/// Looks the party up and prints what is known.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let known = known(arguments)?;
    if known.whole.facts == 0 && known.rings.is_empty() && !is_referred(&known) {
        let id = format!("{}:{}", arguments.party.party.kind().word(), arguments.party.id);
        let zh = format!("{id}: 工作区的数据与团伙中均没有该主体。处理: 核对类别与编号, 参见 medring entity --help");
        let en = format!("{id}: neither in the facts nor in the rings of the workspace. Remedy: check kind and ID");
        return Err(Failure::new(FOUND_PROBLEMS, arguments.lang.choose(&zh, &en)));
    }
    let shape = output::shape(arguments.output);
    let said = said::Said {
        known: &known,
        reveal: arguments.reveal || shape != Shape::Table,
        // Programs read the same words in either language.
        lang: if shape == Shape::Table { arguments.lang } else { Language::En },
    };
    let text = said.listing().text(shape)?;
    output::print(&if shape == Shape::Table { format!("{}\n{text}", said.head()) } else { text })
}

/// Whether a reference table names it.
fn is_referred(known: &Known) -> bool {
    known.references.places.contains_key(&known.party) || known.references.doctors.contains_key(&known.party)
}

fn known(arguments: &Arguments) -> Result<Known, Failure> {
    let workspace = Workspace::open_reader(&arguments.workspace).map_err(store_failure)?;
    let epoch = workspace.latest().map_err(store_failure)?;
    let references = book_of(&workspace).map_err(failure)?.references();
    let party = arguments.party.party;
    let mut rings: BTreeMap<String, Vec<Membership>> = BTreeMap::new();
    for membership in workspace.memberships(party).map_err(store_failure)? {
        rings.entry(membership.ring.clone()).or_default().push(membership);
    }
    let facts = crate::engine::Facts::Workspace(workspace);
    let (graph, _) = snapshot(&facts, &check::stop_on_interrupt()).map_err(failure)?;
    let all = meetings(&graph, party);
    let mut by_table: BTreeMap<Table, Vec<Meeting>> = BTreeMap::new();
    for meeting in &all {
        by_table.entry(meeting.fact.table()).or_default().push(*meeting);
    }
    let mut newest: Vec<Meeting> = all.iter().copied().collect();
    newest.sort_by_key(|meeting| (Reverse(meeting.day), meeting.fact));
    newest.truncate(arguments.facts);
    let rows: BTreeSet<RowRef> = newest.iter().map(|meeting| meeting.fact).collect();
    let mut parties = BTreeSet::from([party]);
    parties.extend(references.doctors.get(&party).into_iter().flatten().map(|entry| entry.place));
    let mut names = facts.names(&rows, &parties).map_err(failure)?;
    // What the user wrote is known without looking it up.
    names.parties.entry(party).or_insert_with(|| arguments.party.id.clone());
    Ok(Known {
        party,
        epoch,
        relations: relations(&graph, party, &references),
        references,
        names,
        rings,
        tables: by_table.iter().map(|(table, meetings)| (*table, Span::of(meetings))).collect(),
        newest,
        whole: Span::of(&all),
    })
}

/// All facts that link a party, each once: a settlement links a person with a place and with a doctor.
fn meetings(graph: &Snapshot, party: Party) -> BTreeSet<Meeting> {
    let links = graph.node(party).map(|node| graph.links_of(node)).unwrap_or_default();
    links.iter().flat_map(|link| graph.meetings(*link)).copied().collect()
}

fn relations(graph: &Snapshot, party: Party, references: &References) -> Vec<Relation> {
    let Some(node) = graph.node(party) else { return Vec::new() };
    let mut kinds: BTreeMap<PartyKind, (usize, BTreeSet<Meeting>)> = BTreeMap::new();
    for (other, link) in graph.neighbours(node).iter().zip(graph.links_of(node)) {
        let of_kind = kinds.entry(shown_kind(graph.party(*other), references)).or_default();
        of_kind.0 += 1;
        of_kind.1.extend(graph.meetings(*link));
    }
    let relation = |(kind, (parties, facts)): (PartyKind, (usize, BTreeSet<Meeting>))| Relation {
        kind,
        parties,
        span: Span::of(&facts),
    };
    let mut relations: Vec<Relation> = kinds.into_iter().map(relation).collect();
    relations.sort_by_key(|relation| (Reverse(relation.parties), relation.kind));
    relations
}
