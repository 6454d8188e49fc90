//! What does a ring look like? Its parties and ties as one inline picture.
//!
//! At most 150 parties and 600 ties are drawn; the page says how many there are. Shape tells the kind even without
//! colour: circle person, square institution, crossed square pharmacy, diamond doctor, triangle identifier, hexagon
//! shared circumstance; a second outline marks suspected organisers and recruiters.

use super::caption;
use super::layout::{Point, positions};
use super::mask::Masks;
use super::naming::shown_kind;
use crate::model::{Member, Party, PartyKind, References, Ring, Role, Sentence, Tie};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 520.0;
const MARGIN: f64 = 34.0;
const NODES: usize = 150;
const HUBS: usize = 40;
const CONTEXTS: usize = 20;
const TIES_TO_HUBS: usize = 350;
const TIES: usize = 600;
const LABELS: usize = 14;

/// A picture and what it leaves out.
pub(super) struct Drawing {
    pub(super) svg: String,
    pub(super) nodes: usize,
    pub(super) nodes_all: usize,
    pub(super) ties: usize,
    pub(super) ties_all: usize,
    /// Whether some parties have no drawn tie.
    pub(super) alone: bool,
}

struct Node<'a> {
    party: Party,
    kind: PartyKind,
    member: Option<&'a Member>,
    degree: usize,
}

/// Draws a ring; `None` when it has no ties.
pub(super) fn draw(ring: &Ring, ties: &[&Tie], references: &References, masks: &Masks) -> Option<Drawing> {
    if ties.is_empty() {
        return None;
    }
    let (nodes, nodes_all) = chosen(ring, ties, references);
    let index: BTreeMap<Party, usize> = nodes.iter().enumerate().map(|(at, node)| (node.party, at)).collect();
    let mut edges: Vec<(&Tie, usize, usize)> =
        ties.iter().filter_map(|tie| Some((*tie, *index.get(&tie.a)?, *index.get(&tie.b)?))).collect();
    edges.sort_by_key(|(tie, _, _)| (Reverse(tie.weight), tie.a, tie.b));
    let is_hub = |tie: &Tie| tie.a.kind() != PartyKind::Person || tie.b.kind() != PartyKind::Person;
    let (mut kept, rest): (Vec<_>, Vec<_>) = edges.into_iter().partition(|(tie, _, _)| is_hub(tie));
    kept.truncate(TIES_TO_HUBS);
    kept.extend(rest);
    kept.truncate(TIES);
    let pairs: Vec<(usize, usize)> = kept.iter().map(|(_, a, b)| (*a, *b)).collect();
    let radii: Vec<f64> = nodes.iter().map(|node| if node.kind == PartyKind::Person { 5.0 } else { 15.0 }).collect();
    let places: Vec<Point> = positions(&radii, &pairs, WIDTH - 2.0 * MARGIN, HEIGHT - 2.0 * MARGIN)
        .into_iter()
        .map(|(x, y)| (x + MARGIN, y + MARGIN))
        .collect();
    let mut svg = format!(r#"<svg class="graph" viewBox="0 0 {WIDTH:.0} {HEIGHT:.0}" role="img">"#);
    push_edges(&mut svg, &kept, &places);
    for (node, place) in nodes.iter().zip(&places) {
        push_node(&mut svg, node, *place, masks);
    }
    push_labels(&mut svg, &nodes, &places, masks);
    svg.push_str("</svg>");
    let tied: BTreeSet<usize> = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
    let alone = tied.len() < nodes.len();
    Some(Drawing { svg, nodes: nodes.len(), nodes_all, ties: kept.len(), ties_all: ties.len(), alone })
}

/// Hubs first (they start in the middle), then contexts, then the persons who are tied most strongly.
fn chosen<'a>(ring: &'a Ring, ties: &[&Tie], references: &References) -> (Vec<Node<'a>>, usize) {
    let mut degree: BTreeMap<Party, usize> = BTreeMap::new();
    for party in ties.iter().flat_map(|tie| [tie.a, tie.b]) {
        *degree.entry(party).or_default() += 1;
    }
    let node = |party: Party, member: Option<&'a Member>| Node {
        party,
        kind: shown_kind(party, references),
        member,
        degree: degree.get(&party).copied().unwrap_or(0),
    };
    let members: BTreeSet<Party> = ring.finding.members.iter().map(|member| member.party).collect();
    let contexts = degree.iter().filter(|(party, ties)| party.kind().is_context() && **ties >= 2);
    let mut contexts: Vec<Node> =
        contexts.filter(|(party, _)| !members.contains(party)).map(|(party, _)| node(*party, None)).collect();
    let (mut persons, mut hubs): (Vec<Node>, Vec<Node>) = ring
        .finding
        .members
        .iter()
        .map(|member| node(member.party, Some(member)))
        .partition(|node| node.kind == PartyKind::Person);
    let all = contexts.len() + persons.len() + hubs.len();
    contexts.sort_by_key(|node| (Reverse(node.degree), node.party));
    contexts.truncate(CONTEXTS);
    hubs.sort_by_key(|node| (Reverse(node.degree), node.party));
    hubs.truncate(HUBS);
    persons.sort_by_key(|node| {
        (node.degree == 0, !is_head(node), Reverse(strength(node)), Reverse(node.degree), node.party)
    });
    hubs.extend(contexts);
    persons.truncate(NODES.saturating_sub(hubs.len()));
    hubs.extend(persons);
    (hubs, all)
}

fn strength(node: &Node) -> i32 {
    node.member.map_or(0, |member| member.strength)
}

fn is_head(node: &Node) -> bool {
    node.member.is_some_and(|member| matches!(member.role, Role::Organiser | Role::Recruiter | Role::Dealer))
}

/// Three paths, from weak to strong, so that six hundred ties stay small.
fn push_edges(svg: &mut String, edges: &[(&Tie, usize, usize)], places: &[Point]) {
    let heaviest = edges.iter().map(|(tie, _, _)| tie.weight).max().unwrap_or(0);
    for (class, low, high) in
        [("e1", 0, heaviest / 3), ("e2", heaviest / 3, heaviest / 3 * 2), ("e3", heaviest / 3 * 2, u32::MAX)]
    {
        let mut path = String::new();
        for (_, a, b) in edges.iter().filter(|(tie, _, _)| tie.weight >= low && tie.weight < high) {
            let ((ax, ay), (bx, by)) = (places[*a], places[*b]);
            put(&mut path, format_args!("M{ax:.0} {ay:.0}L{bx:.0} {by:.0}"));
        }
        if !path.is_empty() {
            put(svg, format_args!(r#"<path class="{class}" d="{path}"/>"#));
        }
    }
}

fn push_node(svg: &mut String, node: &Node, (x, y): Point, masks: &Masks) {
    let names = match node.member {
        Some(member) => caption::role(member.role),
        None => caption::kind(node.kind),
    };
    let title = escape(&format!("{} {} / {}", masks.party(node.party), names.zh, names.en));
    let head = if is_head(node) { " head" } else { "" };
    let shape = match node.kind {
        PartyKind::Person => format!(r#"<circle class="person{head}" cx="{x:.0}" cy="{y:.0}" r="5">"#),
        PartyKind::Institution => square("institution", head, x, y),
        PartyKind::Pharmacy => square("pharmacy", head, x, y),
        PartyKind::Doctor => polygon("doctor", head, (x, y), &[(0.0, -10.0), (9.0, 0.0), (0.0, 10.0), (-9.0, 0.0)]),
        kind if kind.is_context() => {
            let corners = [(-9.0, 0.0), (-4.5, -8.0), (4.5, -8.0), (9.0, 0.0), (4.5, 8.0), (-4.5, 8.0)];
            polygon("context", head, (x, y), &corners)
        }
        _ => polygon("identifier", head, (x, y), &[(0.0, -10.0), (9.5, 7.0), (-9.5, 7.0)]),
    };
    let tag = shape[1..].split(' ').next().unwrap_or("g").to_owned();
    put(svg, format_args!("{shape}<title>{title}</title></{tag}>"));
    if node.kind == PartyKind::Pharmacy {
        put(svg, format_args!(r#"<path class="cross" d="M{x:.0} {:.0}v10M{:.0} {y:.0}h10"/>"#, y - 5.0, x - 5.0));
    }
}

fn square(class: &str, head: &str, x: f64, y: f64) -> String {
    format!(r#"<rect class="{class}{head}" x="{:.0}" y="{:.0}" width="18" height="18" rx="2.5">"#, x - 9.0, y - 9.0)
}

fn polygon(class: &str, head: &str, (x, y): Point, corners: &[Point]) -> String {
    let points: Vec<String> = corners.iter().map(|(dx, dy)| format!("{:.1},{:.1}", x + dx, y + dy)).collect();
    format!(r#"<polygon class="{class}{head}" points="{}">"#, points.join(" "))
}

/// Names of the largest hubs, below them, or above when there is no room; a name without room is left out.
fn push_labels(svg: &mut String, nodes: &[Node], places: &[Point], masks: &Masks) {
    let mut hubs: Vec<usize> = (0..nodes.len()).filter(|at| nodes[*at].kind != PartyKind::Person).collect();
    hubs.sort_by_key(|at| (!is_head(&nodes[*at]), Reverse(nodes[*at].degree), nodes[*at].party));
    let mut taken: Vec<(Point, f64)> = Vec::new();
    for hub in hubs.into_iter().take(LABELS) {
        let (node, (x, y)) = (&nodes[hub], places[hub]);
        let kind = caption::kind(node.kind);
        let id: String = masks.party(node.party).chars().take(16).collect();
        let half =
            3.6 * super::layout::float(id.chars().count()).max(super::layout::float(kind.en.chars().count())) + 6.0;
        let x = x.clamp(half, WIDTH - half);
        let free = |spot: f64, taken: &[(Point, f64)]| {
            spot < HEIGHT - 14.0
                && spot > 12.0
                && !taken.iter().any(|((ox, oy), other)| (ox - x).abs() < half + other && (oy - spot).abs() < 27.0)
        };
        let Some(spot) = [y + 21.0, y - 26.0].into_iter().find(|spot| free(*spot, &taken)) else { continue };
        taken.push(((x, spot), half));
        let id = escape(&id);
        put(svg, format_args!(r#"<text x="{x:.0}" y="{spot:.0}">{}"#, spans(&kind)));
        if !id.is_empty() {
            put(svg, format_args!(r#"<tspan class="id" x="{x:.0}" dy="12">{id}</tspan>"#));
        }
        svg.push_str("</text>");
    }
}

/// Both languages inside a picture's text.
pub(super) fn spans(text: &Sentence) -> String {
    format!(r#"<tspan class="zh">{}</tspan><tspan class="en">{}</tspan>"#, escape(&text.zh), escape(&text.en))
}

/// Text as it may stand in a page, in or outside an attribute.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

pub(super) fn put(text: &mut String, arguments: std::fmt::Arguments) {
    text.write_fmt(arguments).expect("a String takes every write");
}
