//! Do the graph algorithms give what the LDBC Graphalytics references say, directed and undirected?

use medring::community::graph::Graph;
use medring::community::{clustering, components, distance, label_propagation, page_rank};
use medring::model::Party;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Weights are given with at most two digits behind the point.
const WEIGHT_UNIT: f64 = 100.0;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/graphalytics")
}

fn text(name: &str) -> String {
    fs::read_to_string(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A graph of the collection and its parameters.
struct Case {
    name: String,
    properties: BTreeMap<String, String>,
    graph: Graph,
}

impl Case {
    fn read(name: &str) -> Case {
        let prefix = format!("graph.{name}.");
        let property = |line: &str| {
            let (key, value) = line.strip_prefix(&prefix)?.split_once('=')?;
            Some((key.trim().to_owned(), value.trim().to_owned()))
        };
        let properties: BTreeMap<String, String> =
            text(&format!("{name}.properties")).lines().filter_map(property).collect();
        let party = |id: &str| Party(id.parse().expect("a number"));
        let alone: Vec<Party> = text(&format!("{name}.v")).split_whitespace().map(party).collect();
        let ties: Vec<_> = text(&format!("{name}.e"))
            .lines()
            .map(|line| {
                let mut fields = line.split_whitespace();
                let mut end = || party(fields.next().expect("an end"));
                let (from, to) = (end(), end());
                (from, to, fields.next().map_or(1, |weight| units(weight.parse().expect("a weight"))))
            })
            .collect();
        let directed = properties["directed"] == "true";
        let graph = if directed { Graph::directed(&alone, ties) } else { Graph::undirected(&alone, ties) };
        assert_eq!(graph.len().to_string(), properties["meta.vertices"], "{name}");
        Case { name: name.to_owned(), properties, graph }
    }

    fn all(algorithm: &str) -> Vec<Case> {
        let mut names: Vec<String> = fs::read_dir(folder())
            .expect("the collection is there")
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_suffix(".properties").map(str::to_owned))
            .collect();
        names.sort();
        let mut cases: Vec<Case> = names.iter().map(|name| Case::read(name)).collect();
        cases.retain(|case| case.properties["algorithms"].split(", ").any(|own| own == algorithm));
        assert_eq!(cases.len(), 4, "an example and a test graph, directed and undirected");
        cases
    }

    fn number(&self, key: &str) -> usize {
        self.properties[key].parse().expect("a number")
    }

    fn source(&self, algorithm: &str) -> usize {
        let source = self.number(&format!("{algorithm}.source-vertex"));
        self.graph.node(Party(source as u64)).expect("the source is there")
    }

    /// The reference, in the order of the nodes.
    fn reference(&self, algorithm: &str) -> Vec<String> {
        let text = text(&format!("{}-{algorithm}", self.name));
        let values: BTreeMap<u64, String> = text
            .lines()
            .filter_map(|line| line.split_once(' '))
            .map(|(id, value)| (id.parse().expect("a number"), value.trim().to_owned()))
            .collect();
        self.graph.parties().iter().map(|party| values[&party.0].clone()).collect()
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "weights are small and positive")]
fn units(weight: f64) -> u32 {
    (weight * WEIGHT_UNIT).round() as u32
}

fn close(found: f64, reference: &str) -> bool {
    let reference: f64 = reference.parse().expect("a number");
    (found - reference).abs() <= 1e-4 * reference.abs().max(1e-12)
}

#[test]
fn breadth_first_search() {
    for case in Case::all("bfs") {
        let found = distance::hops(&case.graph, case.source("bfs")).into_iter();
        let found: Vec<String> = found.map(|hops| hops.map_or(i64::MAX, i64::from).to_string()).collect();
        assert_eq!(found, case.reference("BFS"), "{}", case.name);
    }
}

#[test]
fn weakly_connected_components() {
    for case in Case::all("wcc") {
        let found = components::components(&case.graph);
        let mut names = BTreeMap::new();
        for (label, reference) in found.iter().zip(case.reference("WCC")) {
            assert_eq!(names.entry(*label).or_insert_with(|| reference.clone()), &reference, "{}", case.name);
        }
        let distinct: std::collections::BTreeSet<_> = names.values().collect();
        assert_eq!(distinct.len(), names.len(), "{}", case.name);
    }
}

#[test]
fn community_detection_by_label_propagation() {
    for case in Case::all("cdlp") {
        let found = label_propagation::label_propagation(&case.graph, case.number("cdlp.max-iterations"));
        let found: Vec<String> = found.iter().map(|label| label.0.to_string()).collect();
        assert_eq!(found, case.reference("CDLP"), "{}", case.name);
    }
}

#[test]
fn page_rank_of_every_graph() {
    for case in Case::all("pr") {
        assert_eq!(case.properties["pr.damping-factor"], "0.85");
        let found = page_rank::page_rank(&case.graph, 85, case.number("pr.num-iterations"));
        for (rank, reference) in found.iter().zip(case.reference("PR")) {
            let share = *rank as f64 / page_rank::WHOLE as f64;
            assert!(close(share, &reference), "{}: {share} is not {reference}", case.name);
        }
    }
}

#[test]
fn local_clustering_coefficient() {
    for case in Case::all("lcc") {
        for (closed, reference) in clustering::clustering(&case.graph).into_iter().zip(case.reference("LCC")) {
            let share = closed.arcs as f64 / closed.pairs.max(1) as f64;
            assert!(close(share, &reference), "{}: {closed:?} is not {reference}", case.name);
        }
    }
}

#[test]
fn single_source_shortest_paths() {
    for case in Case::all("sssp") {
        let found = distance::cheapest(&case.graph, case.source("sssp"));
        for (cost, reference) in found.into_iter().zip(case.reference("SSSP")) {
            match cost {
                None => assert_eq!(reference, "infinity", "{}", case.name),
                Some(cost) => {
                    assert!(close(cost as f64 / WEIGHT_UNIT, &reference), "{}: {cost} {reference}", case.name)
                }
            }
        }
    }
}
