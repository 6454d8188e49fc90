//! What does a ring look like? Its parties and ties as one inline picture.
//!
//! Shape tells the kind even without colour: circle person, square institution, crossed square pharmacy, diamond doctor, triangle identifier, hexagon
//! shared circumstance; a second outline marks suspected organisers and recruiters; a dashed line says that somebody was treated there, without being a tie.

use super::RingActivity;
use super::caption;
use super::layout::{Point, positions};
use super::mask::Masks;
use super::sketch::{Node, Sketch, is_head};
use crate::model::{PartyKind, References, Ring, Sentence, Tie};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::fmt::Write as _;

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 520.0;
const MARGIN: f64 = 34.0;
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

/// Draws a ring; `None` when nothing connects its members.
pub(super) fn draw(
    ring: &Ring,
    ties: &[&Tie],
    activity: &[&RingActivity],
    references: &References,
    masks: &Masks,
) -> Option<Drawing> {
    let Sketch { nodes, nodes_all, ties: kept, visits } = Sketch::of(ring, ties, activity, references);
    if kept.is_empty() && visits.is_empty() {
        return None;
    }
    let pairs: Vec<(usize, usize)> = kept.iter().map(|(_, a, b)| (*a, *b)).chain(visits.iter().copied()).collect();
    let radii: Vec<f64> = nodes.iter().map(|node| if node.kind == PartyKind::Person { 5.0 } else { 15.0 }).collect();
    let places: Vec<Point> = positions(&radii, &pairs, WIDTH - 2.0 * MARGIN, HEIGHT - 2.0 * MARGIN)
        .into_iter()
        .map(|(x, y)| (x + MARGIN, y + MARGIN))
        .collect();
    let mut svg = format!(r#"<svg class="graph" viewBox="0 0 {WIDTH:.0} {HEIGHT:.0}" role="img">"#);
    push_path(&mut svg, "e0", visits.iter().copied(), &places);
    push_ties(&mut svg, &kept, &places);
    for (node, place) in nodes.iter().zip(&places) {
        push_node(&mut svg, node, *place, masks);
    }
    push_labels(&mut svg, &nodes, &places, masks);
    svg.push_str("</svg>");
    let connected: BTreeSet<usize> = pairs.iter().flat_map(|(a, b)| [*a, *b]).collect();
    let alone = connected.len() < nodes.len();
    Some(Drawing { svg, nodes: nodes.len(), nodes_all, ties: kept.len(), ties_all: ties.len(), alone })
}

/// Three paths, from weak to strong, so that six hundred ties stay small.
fn push_ties(svg: &mut String, ties: &[(&Tie, usize, usize)], places: &[Point]) {
    let heaviest = ties.iter().map(|(tie, _, _)| tie.weight).max().unwrap_or(0);
    let (third, two_thirds) = (heaviest / 3, heaviest / 3 * 2);
    for (class, low, high) in [("e1", 0, third), ("e2", third, two_thirds), ("e3", two_thirds, u32::MAX)] {
        let fits = ties.iter().filter(|(tie, _, _)| tie.weight >= low && tie.weight < high);
        push_path(svg, class, fits.map(|(_, a, b)| (*a, *b)), places);
    }
}

fn push_path(svg: &mut String, class: &str, pairs: impl Iterator<Item = (usize, usize)>, places: &[Point]) {
    let mut path = String::new();
    for (a, b) in pairs {
        let ((ax, ay), (bx, by)) = (places[a], places[b]);
        put(&mut path, format_args!("M{ax:.0} {ay:.0}L{bx:.0} {by:.0}"));
    }
    if !path.is_empty() {
        put(svg, format_args!(r#"<path class="{class}" d="{path}"/>"#));
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
