//! Do the communities match those that were planted in LFR graphs?

use flate2::read::GzDecoder;
use medring::community::{graph::Graph, resolution};
use medring::model::Party;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// Normalised mutual information of two labellings (arithmetic mean of the entropies).
pub(crate) fn nmi(a: &[u32], b: &[u32]) -> f64 {
    let mut joint: BTreeMap<(u32, u32), f64> = BTreeMap::new();
    let (mut left, mut right): (BTreeMap<u32, f64>, BTreeMap<u32, f64>) = Default::default();
    for (&x, &y) in a.iter().zip(b) {
        *joint.entry((x, y)).or_default() += 1.0;
        *left.entry(x).or_default() += 1.0;
        *right.entry(y).or_default() += 1.0;
    }
    let all = a.len() as f64;
    let entropy = |counts: &BTreeMap<u32, f64>| -> f64 { counts.values().map(|c| -c / all * (c / all).ln()).sum() };
    let shared: f64 = joint.iter().map(|((x, y), c)| c / all * (c * all / (left[x] * right[y])).ln()).sum();
    2.0 * shared / (entropy(&left) + entropy(&right))
}

/// The public graphs lie beside the clone, or beside the folder that holds several clones.
fn folder() -> PathBuf {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let beside = ["../shared/data/lfr", "../../shared/data/lfr"].map(|path| home.join(path));
    beside.iter().find(|path| path.is_dir()).unwrap_or(&beside[0]).clone()
}

pub(crate) fn read(name: &str) -> Option<(Graph, Vec<u32>)> {
    let open = |suffix: &str| File::open(folder().join(format!("{name}{suffix}"))).ok().map(GzDecoder::new);
    let truth: serde_json::Value = serde_json::from_reader(open(".truth.json.gz")?).expect("truth is JSON");
    let mut of = BTreeMap::new();
    for (label, community) in (0_u32..).zip(truth["communities"].as_array().expect("a list")) {
        for node in community.as_array().expect("a list") {
            of.insert(node.as_u64().expect("a number"), label);
        }
    }
    let ties = BufReader::new(open(".csv.gz")?).lines().map(|line| {
        let line = line.expect("text");
        let mut ends = line.split('\t').map(|end| end.parse::<u64>().unwrap_or(0));
        (Party(ends.next().unwrap_or(0)), Party(ends.next().unwrap_or(0)), 1)
    });
    let parties: Vec<Party> = of.keys().map(|&node| Party(node)).collect();
    let graph = Graph::undirected(&parties, ties);
    let labels = graph.parties().iter().map(|party| of[&party.0]).collect();
    Some((graph, labels))
}

#[test]
fn public_lfr_graphs_are_read_as_well_as_igraph_reads_them() {
    let floors = [(1_000, 0.98, 0.84), (5_000, 0.99, 0.91), (10_000, 0.98, 0.89)];
    for (parties, floor_one, floor_two) in floors {
        for (mixing, floor) in [("0.1", floor_one), ("0.2", floor_two)] {
            let name = format!("LFR_N{parties}_ad5_mc50_mu{mixing}");
            let Some((graph, truth)) = read(&name) else {
                eprintln!("SKIPPED: {} is not there", folder().join(name).display());
                return;
            };
            let begun = std::time::Instant::now();
            let found = resolution::partition(&graph);
            let reached = nmi(&found.community, &truth);
            eprintln!(
                "{name}: NMI {reached:.4} in {:?} resolution {}",
                begun.elapsed(),
                found.resolution as f64 / 65536.0
            );
            assert!((reached * 100.0).round() >= floor * 100.0, "{name}: {reached:.4} is below {floor}");
        }
    }
}
