//! When did the people of a ring come, and where? Lanes of groups, to be drawn by whoever asks.

use super::access::Asking;
use super::evidence::Evidence;
use super::parties::{Naming, PartyRef, asked};
use super::trouble::{Refusal, Trouble, question};
use crate::model::{CareClass, Day, Party};
use crate::report::class_word;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query};
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::{IntoParams, ToSchema};

/// Lanes of one answer.
const LANES: usize = 60;

/// Which lanes.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct TimelineAsked {
    /// The state of this epoch, or of this day or moment of Beijing: `7`, `2026-11-20`, `2026-11-20T08:30`.
    as_of: Option<String>,
    /// `place` (default) or `person`.
    by: Option<String>,
}

/// Lanes, the fullest first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TimelineAnswer {
    epoch: u64,
    /// The first day of any bar.
    first: Option<String>,
    /// The last day of any bar.
    last: Option<String>,
    lanes: Vec<Lane>,
    /// How many lanes there are.
    lanes_all: usize,
}

/// What happened at one place, or to one person.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Lane {
    party: PartyRef,
    /// People of the lane.
    people: usize,
    bars: Vec<Bar>,
}

/// People who came on one day and left on one day.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Bar {
    day: String,
    end: String,
    /// Kind of care.
    class: String,
    people: usize,
    total_fen: i64,
}

type Group = (Day, Day, CareClass);

/// The settlements that a ring's reasons cite, in lanes.
#[utoipa::path(get, path = "/v1/rings/{id}/timeline",
    params(("id" = String, Path, description = "R-…"), TimelineAsked),
    responses((status = 200, body = TimelineAnswer), (status = 404, body = Refusal)))]
pub(super) async fn timeline(
    asking: Asking,
    Path(id): Path<String>,
    query: Result<Query<TimelineAsked>, QueryRejection>,
) -> Result<Json<TimelineAnswer>, Trouble> {
    let asked = asked(query)?;
    asking.work(move |shared| lanes(shared, &id, &asked).map(Json)).await
}

fn lanes(shared: &Asking, id: &str, asked: &TimelineAsked) -> Result<TimelineAnswer, Trouble> {
    let by_person = match asked.by.as_deref().unwrap_or("place") {
        "place" => false,
        "person" => true,
        _ => return Err(question("by", "可用 place person", "place or person")),
    };
    let view = shared.view_at(shared.epoch_at(asked.as_of.as_deref())?)?;
    let listed = view.ring(id).ok_or_else(|| Trouble::NoSuchRing(id.to_owned()))?;
    let evidence = Evidence::of(shared, &view, listed)?;
    let mut lanes: BTreeMap<Party, BTreeMap<Group, (BTreeSet<Party>, i64)>> = BTreeMap::new();
    for one in &evidence.activity {
        let lane = if by_person { one.person } else { one.place };
        let group = lanes.entry(lane).or_default().entry((one.day, one.end.max(one.day), one.class)).or_default();
        group.0.insert(one.person);
        group.1 += one.total_fen;
    }
    let days = || lanes.values().flat_map(|groups| groups.keys());
    let (first, last) = (days().map(|group| group.0).min(), days().map(|group| group.1).max());
    let naming = Naming { shared, view: &view, names: &evidence.names };
    let lanes_all = lanes.len();
    let mut order: Vec<_> = lanes.into_iter().collect();
    order.sort_by_key(|(party, groups)| (Reverse(groups.values().map(|group| group.0.len()).sum::<usize>()), *party));
    let bar = |((day, end, class), (people, total_fen)): (Group, (BTreeSet<Party>, i64))| Bar {
        day: day.to_string(),
        end: end.to_string(),
        class: class_word(class).to_owned(),
        people: people.len(),
        total_fen,
    };
    let lane = |(party, groups): (Party, BTreeMap<Group, (BTreeSet<Party>, i64)>)| Lane {
        party: naming.party(party),
        people: groups.values().flat_map(|group| &group.0).collect::<BTreeSet<_>>().len(),
        bars: groups.into_iter().map(bar).collect(),
    };
    Ok(TimelineAnswer {
        epoch: view.epoch,
        first: first.map(|day| day.to_string()),
        last: last.map(|day| day.to_string()),
        lanes: order.into_iter().take(LANES).map(lane).collect(),
        lanes_all,
    })
}
