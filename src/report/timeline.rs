//! When and where did the people of a ring come? One lane per institution, one bar per group that came on one day.
//!
//! A bar is as wide as the stay and as high as the group, so a batch stands out as a column and a single visit as a tick.

use super::RingActivity;
use super::drawing::{escape, put};
use super::layout::float;
use super::mask::Masks;
use super::table::{class_word, known};
use crate::model::{CareClass, Day, Party};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

const WIDTH: f64 = 1120.0;
const LEFT: f64 = 150.0;
const LANE: f64 = 46.0;
const TOP: f64 = 24.0;
const LANES: usize = 8;
const BARS: usize = 500;

type Group = (Day, Day, CareClass);

/// Draws the settlements of a ring; `None` when there are none with a day.
pub(super) fn draw(activity: &[&RingActivity], masks: &Masks) -> Option<String> {
    let mut lanes: BTreeMap<Party, BTreeMap<Group, BTreeSet<Party>>> = BTreeMap::new();
    for one in activity {
        let Some(day) = known(one.day) else { continue };
        let end = known(one.end).unwrap_or(day).max(day);
        lanes.entry(one.place).or_default().entry((day, end, one.class)).or_default().insert(one.person);
    }
    let first = lanes.values().flat_map(|groups| groups.keys()).map(|group| group.0).min()?;
    let last = lanes.values().flat_map(|groups| groups.keys()).map(|group| group.1).max()?;
    let axis = Axis { first: first.0 - 3, days: f64::from((last.0 - first.0 + 7).max(30)) };
    let mut order: Vec<(Party, BTreeMap<Group, BTreeSet<Party>>)> = lanes.into_iter().collect();
    order.sort_by_key(|(place, groups)| (Reverse(groups.values().map(BTreeSet::len).sum::<usize>()), *place));
    let hidden = order.len().saturating_sub(LANES);
    order.truncate(LANES);
    let largest = order.iter().flat_map(|(_, groups)| groups.values().map(BTreeSet::len)).max().unwrap_or(1);
    let height = TOP + LANE * float(order.len()) + 26.0;
    let mut svg = format!(r#"<svg class="timeline" viewBox="0 0 {WIDTH:.0} {height:.0}" role="img">"#);
    push_axis(&mut svg, &axis, height - 22.0);
    let mut bars = 0;
    for (lane, (place, groups)) in order.iter().enumerate() {
        let floor = TOP + LANE * float(lane + 1);
        let people: BTreeSet<Party> = groups.values().flatten().copied().collect();
        let id = masks.party(*place);
        let short: String = if id.chars().count() > 20 { id.chars().take(19).chain(['…']).collect() } else { id };
        let label = escape(&short);
        put(&mut svg, format_args!(r#"<text class="lane" x="0" y="{:.0}">{label}</text>"#, floor - 22.0));
        put(
            &mut svg,
            format_args!(r#"<text class="count" x="0" y="{:.0}">{}</text>"#, floor - 8.0, people_text(people.len())),
        );
        put(&mut svg, format_args!(r#"<path class="floor" d="M{LEFT:.0} {floor:.0}H{WIDTH:.0}"/>"#));
        for (group, persons) in groups {
            if bars < BARS {
                push_bar(&mut svg, &axis, floor, *group, persons.len(), largest);
            }
            bars += 1;
        }
    }
    push_rest(&mut svg, height, hidden, bars);
    svg.push_str("</svg>");
    Some(svg)
}

struct Axis {
    first: i32,
    days: f64,
}

impl Axis {
    fn at(&self, day: Day) -> f64 {
        LEFT + f64::from(day.0 - self.first) / self.days * (WIDTH - LEFT - 6.0)
    }
}

/// A line at the first of a month: every month, quarter or year, so that about a dozen fit.
fn push_axis(svg: &mut String, axis: &Axis, bottom: f64) {
    let every =
        [1, 2, 3, 6, 12, 24].into_iter().find(|months| axis.days / 30.4 / f64::from(*months) <= 13.0).unwrap_or(60);
    let (year, month, _) = Day(axis.first).date();
    let mut months = year * 12 + i32::try_from(month).unwrap_or(1) - 1;
    for _ in 0..400 {
        months += 1;
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
        let Some(day) = Day::of(year, month.unsigned_abs(), 1) else { break };
        let x = axis.at(day);
        if x > WIDTH - 6.0 {
            break;
        }
        if months % every == 0 {
            put(svg, format_args!(r#"<path class="grid" d="M{x:.0} {TOP:.0}V{bottom:.0}"/>"#));
            let x = x.min(WIDTH - 24.0);
            put(svg, format_args!(r#"<text class="month" x="{x:.0}" y="14">{year:04}-{month:02}</text>"#));
        }
    }
}

fn push_bar(svg: &mut String, axis: &Axis, floor: f64, (day, end, class): Group, people: usize, largest: usize) {
    let x = axis.at(day);
    let width = (axis.at(Day(end.0 + 1)) - x).max(2.5);
    let tall = (LANE - 10.0) * float(people).sqrt() / float(largest).sqrt();
    let y = floor - tall;
    put(
        svg,
        format_args!(
            r#"<rect class="c-{}" x="{x:.1}" y="{y:.1}" width="{width:.1}" height="{tall:.1}"><title>{day} – {end} · {people}</title></rect>"#,
            class_word(class)
        ),
    );
    if people >= 5 && people * 10 >= largest * 7 && largest > 5 && axis.days / 40.0 < 40.0 {
        let middle = x + width / 2.0;
        put(svg, format_args!(r#"<text class="size" x="{middle:.1}" y="{:.1}">{people}</text>"#, y - 2.0));
    }
}

fn push_rest(svg: &mut String, height: f64, hidden: usize, bars: usize) {
    if hidden == 0 && bars <= BARS {
        return;
    }
    let bars = bars.saturating_sub(BARS);
    put(
        svg,
        format_args!(
            r#"<text class="month rest" x="{WIDTH:.0}" y="{:.0}"><tspan class="zh">另有{hidden}家机构、{bars}组未绘制</tspan><tspan class="en">{hidden} more institutions and {bars} more groups not drawn</tspan></text>"#,
            height - 6.0
        ),
    );
}

fn people_text(people: usize) -> String {
    let noun = if people == 1 { "person" } else { "people" };
    format!(r#"<tspan class="zh">{people}人</tspan><tspan class="en">{people} {noun}</tspan>"#)
}
