//! Who is linked to whom by the frozen rows? As GraphML for other programs, as a drawing for people.
//!
//! Two parties are linked when one row names both. Identifiers are those of the rows: masked where they are personal.

use super::RingPart;
use crate::model::{Party, PartyKind, References};
use crate::report::drawing::{escape, put};
use crate::report::picture::{HEIGHT, Picture, Placed, WIDTH, picture};
use crate::report::{RingActivity, caption};
use std::collections::BTreeMap;

/// A party by its opaque name: kind, id, role.
type Known<'a> = BTreeMap<&'a str, (&'a str, &'a str, &'a str)>;

fn parties(part: &RingPart) -> Known<'_> {
    let named = part.rows.iter().flat_map(|row| row.read["parties"].as_array().into_iter().flatten());
    let mut known: Known<'_> = named
        .map(|party| {
            let word = |key: &str| party[key].as_str().unwrap_or_default();
            (word("token"), (word("kind"), word("id"), ""))
        })
        .collect();
    for member in &part.members {
        known.insert(&member.token, (&member.kind, &member.id, member.role));
    }
    known
}

/// The graph for other programs.
pub(super) fn graphml(part: &RingPart) -> String {
    let known = parties(part);
    let mut links: BTreeMap<(&str, &str), (usize, i64)> = BTreeMap::new();
    for row in &part.rows {
        let all = row.read["parties"].as_array().into_iter().flatten();
        let mut tokens: Vec<&str> = all.filter_map(|party| party["token"].as_str()).collect();
        tokens.sort_unstable();
        tokens.dedup();
        for (at, one) in tokens.iter().enumerate() {
            for other in &tokens[at + 1..] {
                let link = links.entry((one, other)).or_default();
                (link.0, link.1) = (link.0 + 1, link.1 + row.read["fund_fen"].as_i64().unwrap_or(0));
            }
        }
    }
    let mut text = String::from(concat!(
        r#"<?xml version="1.0" encoding="UTF-8"?>"#,
        "\n",
        r#"<graphml xmlns="http://graphml.graphdrawing.org/xmlns">"#,
        "\n"
    ));
    let keys = [
        ("kind", "node", "string"),
        ("id", "node", "string"),
        ("role", "node", "string"),
        ("rows", "edge", "int"),
        ("fund_fen", "edge", "long"),
    ];
    for (name, of, kind) in keys {
        put(
            &mut text,
            format_args!("<key id=\"{of}_{name}\" for=\"{of}\" attr.name=\"{name}\" attr.type=\"{kind}\"/>\n"),
        );
    }
    put(&mut text, format_args!("<graph id=\"{}\" edgedefault=\"undirected\">\n", escape(&part.ring.id)));
    for (token, (kind, id, role)) in &known {
        let (kind, id, role) = (escape(kind), escape(&plain(id)), escape(role));
        let data = format!("<data key=\"node_kind\">{kind}</data><data key=\"node_id\">{id}</data>");
        put(
            &mut text,
            format_args!("<node id=\"{}\">{data}<data key=\"node_role\">{role}</data></node>\n", escape(token)),
        );
    }
    for ((one, other), (rows, fen)) in &links {
        let data = format!("<data key=\"edge_rows\">{rows}</data><data key=\"edge_fund_fen\">{fen}</data>");
        let (one, other) = (escape(one), escape(other));
        put(&mut text, format_args!("<edge source=\"{one}\" target=\"{other}\">{data}</edge>\n"));
    }
    text.push_str("</graph>\n</graphml>\n");
    text
}

/// XML allows no control characters, however they are written.
fn plain(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).collect()
}

const STYLE: &str = "text{font:11px 'Noto Sans SC','Microsoft YaHei','PingFang SC',sans-serif;text-anchor:middle;fill:#1d2430}\
path{stroke:#8b94a1;stroke-width:.8;fill:none}.person{fill:#0072b2}.institution{fill:#d55e00}.pharmacy{fill:#b07900}\
.doctor{fill:#00876a}.identifier{fill:#b3507f}.head{stroke:#1d2430;stroke-width:2.5}";
/// Names of the largest hubs that are written.
const LABELS: usize = 20;

/// The drawing for people: places without chance, shapes that tell the kind without colour.
pub(super) fn drawing(part: &RingPart, references: &References) -> String {
    let activity: Vec<&RingActivity> = part.activity.iter().collect();
    let drawn = picture(&part.ring, &[], &activity, references);
    let (width, height) = (WIDTH, HEIGHT + 40.0);
    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="-20 -20 {:.0} {:.0}" role="img"><title>{}</title><style>{STYLE}</style>"#,
        width + 40.0,
        height + 40.0,
        escape(&part.ring.id)
    );
    let mut path = String::new();
    for (a, b) in &drawn.visits {
        let (a, b) = (&drawn.parties[*a], &drawn.parties[*b]);
        put(&mut path, format_args!("M{:.0} {:.0}L{:.0} {:.0}", a.x, a.y, b.x, b.y));
    }
    if !path.is_empty() {
        put(&mut svg, format_args!(r#"<path d="{path}"/>"#));
    }
    // Members stand in the order of the finding.
    let members = part.ring.finding.members.iter().map(|member| member.party);
    let ids: BTreeMap<Party, &str> = members.zip(part.members.iter().map(|member| member.id.as_str())).collect();
    for node in &drawn.parties {
        shape(&mut svg, node, ids.get(&node.party).copied().unwrap_or_default());
    }
    labels(&mut svg, &drawn, &ids);
    put(&mut svg, format_args!(r#"<text x="{:.0}" y="{:.0}">{}</text></svg>"#, width / 2.0, height, note(&drawn)));
    svg.push('\n');
    svg
}

fn note(drawn: &Picture<'_>) -> String {
    let (shown, all) = (drawn.parties.len(), drawn.parties_all);
    format!("疑似线索 suspected lead · 显示主体 parties shown {shown} / {all} · 圆=人 方=机构 菱=医师 三角=标识")
}

fn shape(svg: &mut String, node: &Placed, id: &str) {
    let (x, y) = (node.x, node.y);
    let (class, form) = match node.kind {
        PartyKind::Person => ("person", format!(r#"circle cx="{x:.0}" cy="{y:.0}" r="5""#)),
        PartyKind::Institution => ("institution", square(x, y)),
        PartyKind::Pharmacy => ("pharmacy", square(x, y)),
        PartyKind::Doctor => ("doctor", corners(x, y, &[(0.0, -10.0), (9.0, 0.0), (0.0, 10.0), (-9.0, 0.0)])),
        _ => ("identifier", corners(x, y, &[(0.0, -10.0), (9.5, 7.0), (-9.5, 7.0)])),
    };
    let head = if node.head { " head" } else { "" };
    let role = node.role.map(|role| caption::role(role).zh).unwrap_or_default();
    let (tag, title) = (form.split(' ').next().unwrap_or("g"), escape(&plain(&format!("{id} {role}"))));
    put(svg, format_args!(r#"<{form} class="{class}{head}"><title>{title}</title></{tag}>"#));
}

fn square(x: f64, y: f64) -> String {
    format!(r#"rect x="{:.0}" y="{:.0}" width="18" height="18" rx="2.5""#, x - 9.0, y - 9.0)
}

fn corners(x: f64, y: f64, corners: &[(f64, f64)]) -> String {
    let points: Vec<String> = corners.iter().map(|(dx, dy)| format!("{:.1},{:.1}", x + dx, y + dy)).collect();
    format!(r#"polygon points="{}""#, points.join(" "))
}

fn labels(svg: &mut String, drawn: &Picture<'_>, ids: &BTreeMap<Party, &str>) {
    let mut hubs: Vec<&Placed> = drawn.parties.iter().filter(|node| node.kind != PartyKind::Person).collect();
    hubs.sort_by_key(|node| (!node.head, std::cmp::Reverse(node.degree), node.party));
    for node in hubs.into_iter().take(LABELS) {
        let id: String = plain(ids.get(&node.party).copied().unwrap_or_default()).chars().take(18).collect();
        let kind = caption::kind(node.kind).zh;
        put(svg, format_args!(r#"<text x="{:.0}" y="{:.0}">{} {}</text>"#, node.x, node.y + 22.0, kind, escape(&id)));
    }
}
