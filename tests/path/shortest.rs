//! Is the chain real, and is none shorter?

use medring::model::{Day, Party, RowRef};
use medring::path::shortest::Searcher;
use medring::path::snapshot::{Link, Snapshot};
use proptest::prelude::*;
use std::collections::VecDeque;

pub(crate) fn links(pairs: &[(u64, u64)]) -> Vec<Link> {
    (0..).zip(pairs).map(|(row, &(a, b))| link(a, b, 0, row)).collect()
}

pub(crate) fn link(a: u64, b: u64, day: i32, row: u64) -> Link {
    Link { a: Party(a), b: Party(b), day: Day(day), fact: RowRef(row), fen: 100 }
}

/// Hops by plain breadth-first search.
fn hops(snapshot: &Snapshot, from: u32, to: u32) -> Option<usize> {
    let mut far = vec![usize::MAX; snapshot.parties()];
    far[from as usize] = 0;
    let mut queue = VecDeque::from([from]);
    while let Some(node) = queue.pop_front() {
        for &next in snapshot.neighbours(node) {
            if far[next as usize] == usize::MAX {
                far[next as usize] = far[node as usize] + 1;
                queue.push_back(next);
            }
        }
    }
    (far[to as usize] != usize::MAX).then_some(far[to as usize])
}

proptest! {
    #[test]
    fn equals_plain_search(pairs in prop::collection::vec((1_u64..40, 1_u64..40), 1..70)) {
        let snapshot = Snapshot::of(links(&pairs));
        let mut searcher = Searcher::default();
        let count = u32::try_from(snapshot.parties()).expect("small");
        for from in 0..count {
            for to in 0..count {
                let chain = searcher.shortest(&snapshot, from, to);
                prop_assert_eq!(chain.as_ref().map(|nodes| nodes.len() - 1), hops(&snapshot, from, to));
                if let Some(nodes) = chain {
                    prop_assert_eq!((nodes[0], nodes[nodes.len() - 1]), (from, to));
                    for pair in nodes.windows(2) {
                        prop_assert!(snapshot.neighbours(pair[0]).contains(&pair[1]));
                    }
                }
            }
        }
    }

    #[test]
    fn any_order_and_direction_of_links_gives_the_same_chain(
        pairs in prop::collection::vec((1_u64..30, 1_u64..30), 1..60)
    ) {
        let mut turned: Vec<Link> = links(&pairs);
        turned.reverse();
        for link in &mut turned {
            std::mem::swap(&mut link.a, &mut link.b);
        }
        let (one, other) = (Snapshot::of(links(&pairs)), Snapshot::of(turned));
        let (mut first, mut second) = (Searcher::default(), Searcher::default());
        let count = u32::try_from(one.parties()).expect("small");
        for to in 0..count {
            prop_assert_eq!(first.shortest(&one, 0, to), second.shortest(&other, 0, to));
        }
    }
}
