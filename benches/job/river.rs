//! What does medring cost on the job: bulk, batches, single rows, the long run, and the same answer from scratch?

use super::claims::Claims;
use super::measure::{Since, held, peak, percentiles};
use super::quality;
use super::world::{Visit, World};
use medring::engine::{Cluster, Recognise, River, Standing, settings};
use medring::flow::{Epoch, Found, Stage};
use medring::model::{Batch, Judgement, Member, Party, PartyKind, References, Tie};
use medring::typology::{REPORT_SCORE_MIN, judge};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

const ROWS_PER_BATCH: usize = 100_000;
const ROWS_PER_EPOCH: usize = 750_000;
const FLOWS: &str = "the river flows to its end";
/// What the long run repeats.
const LONG_RUN: u32 = 1_000;
const LONG_RUN_MAX: Duration = Duration::from_secs(60);

/// A river with what it says.
struct Running {
    river: River,
    standing: Standing,
    epoch: Epoch,
    /// Findings that went or came so far.
    changed: usize,
}

impl Running {
    /// Bulk load.
    fn load<'a>(
        workers: usize,
        recognise: Recognise,
        claims: &Claims<'_>,
        rows: impl Iterator<Item = (u64, &'a Visit)>,
    ) -> Running {
        let settings = settings(&References::default(), recognise, Stage::load());
        let river = River::start(&Cluster::local(workers), settings).expect(FLOWS);
        let mut running = Running { river, standing: Standing::default(), epoch: 0, changed: 0 };
        let (mut rows, mut waiting) = (rows.peekable(), 0);
        while rows.peek().is_some() {
            let batch = claims.parties.batch(claims.world, rows.by_ref().take(ROWS_PER_BATCH));
            waiting += batch.rows();
            running.river.feed(batch, 1).expect(FLOWS);
            if waiting >= ROWS_PER_EPOCH {
                running.settle();
                waiting = 0;
            }
        }
        let (mut answer, next) = running.river.open(running.epoch).expect(FLOWS);
        running.standing.apply(&mut answer);
        running.epoch = next;
        running
    }

    fn settle(&mut self) {
        let mut answer = self.river.settle(self.epoch).expect(FLOWS);
        let (gone, come) = self.standing.apply(&mut answer);
        self.changed += gone.len() + come.len();
        self.epoch += 1;
    }

    /// One epoch: wall and processor seconds until the new answer stands.
    fn change(&mut self, come: Batch, go: Option<Batch>) -> (f64, f64) {
        let since = Since::now();
        self.river.feed(come, 1).expect(FLOWS);
        if let Some(go) = go {
            self.river.feed(go, -1).expect(FLOWS);
        }
        self.settle();
        since.seconds()
    }

    fn answer(&self) -> (BTreeSet<&Found>, BTreeSet<&Tie>) {
        (self.standing.found().collect(), self.standing.ties().collect())
    }
}

/// Measures medring.
pub(crate) fn run(size: u64, batches: u32, say: &mut dyn FnMut(&str, f64)) {
    let world = World::new(size);
    let mut claims = Claims::of(&world);
    let mut running = bulk(1, judge, &claims, say);
    say("ties", running.standing.ties().count() as f64);
    said(&running, &claims, say);
    epochs(3, (900, 100), &mut running, &mut claims);
    let before = running.changed;
    let (wall, cpu) = epochs(batches, (900, 100), &mut running, &mut claims);
    percentiles("batch", wall, say);
    percentiles("batch_cpu", cpu, say);
    say("changed", (running.changed - before) as f64 / f64::from(batches.max(1)));
    let (wall, cpu) = epochs(1_000, (1, 0), &mut running, &mut claims);
    percentiles("row", wall, say);
    percentiles("row_cpu", cpu, say);
    long_run(size, &mut running, &mut claims, say);
    let Running { river, standing, epoch: _, changed: _ } = running;
    drop(river);
    let since = Since::now();
    let fresh = Running::load(1, judge, &claims, claims.standing());
    let (wall, cpu) = since.seconds();
    say("again_wall", wall);
    say("again_cpu", cpu);
    let same = (standing.found().collect(), standing.ties().collect()) == fresh.answer();
    say("same", f64::from(u8::from(same)));
}

/// So many epochs, each with rows that come and rows that go: wall and processor seconds of each.
fn epochs(
    count: u32,
    (come, go): (usize, u64),
    running: &mut Running,
    claims: &mut Claims<'_>,
) -> (Vec<f64>, Vec<f64>) {
    let one = |_| {
        let (more, less) = (claims.add(come), (go > 0).then(|| claims.take_back(go)));
        running.change(more, less)
    };
    (0..count).map(one).unzip()
}

/// Half additions, half retractions, until the memory should have been flat for long; cut short when that takes minutes.
fn long_run(size: u64, running: &mut Running, claims: &mut Claims<'_>, say: &mut dyn FnMut(&str, f64)) {
    let long = u32::try_from(size / 1_000).unwrap_or(LONG_RUN).min(LONG_RUN);
    let begun = Instant::now();
    let mut done = 0;
    for at in 0..long {
        if begun.elapsed() > LONG_RUN_MAX {
            break;
        }
        epochs(1, (500, 500), running, claims);
        done += 1;
        if at == long / 20 {
            say("long_first", held() as f64);
        }
    }
    say("long_batches", f64::from(done));
    say("long_last", held() as f64);
}

/// Measures the dataflow with nobody to judge what it ties.
pub(crate) fn run_unjudged(size: u64, batches: u32, say: &mut dyn FnMut(&str, f64)) {
    let world = World::new(size);
    let mut claims = Claims::of(&world);
    let mut running = bulk(1, |_, _| Judgement::default(), &claims, say);
    epochs(3, (900, 100), &mut running, &mut claims);
    let (wall, cpu) = epochs(batches, (900, 100), &mut running, &mut claims);
    percentiles("batch", wall, say);
    percentiles("batch_cpu", cpu, say);
    let (wall, cpu) = epochs(1_000, (1, 0), &mut running, &mut claims);
    percentiles("row", wall, say);
    percentiles("row_cpu", cpu, say);
}

/// Measures only the bulk load, with two workers.
pub(crate) fn run_bulk(size: u64, workers: usize, say: &mut dyn FnMut(&str, f64)) {
    let world = World::new(size);
    bulk(workers, judge, &Claims::of(&world), say);
}

fn bulk(workers: usize, recognise: Recognise, claims: &Claims<'_>, say: &mut dyn FnMut(&str, f64)) -> Running {
    let (before, since) = (held(), Since::now());
    let running = Running::load(workers, recognise, claims, claims.standing());
    let (wall, cpu) = since.seconds();
    say("wall", wall);
    say("cpu", cpu);
    say("peak", peak().saturating_sub(before) as f64);
    say("steady", held().saturating_sub(before) as f64);
    running
}

/// People and contexts of the largest piece that hangs together by ties, and the number of pieces.
fn pieces(running: &Running) -> (usize, usize) {
    let mut above: BTreeMap<Party, Party> = BTreeMap::new();
    let root = |above: &mut BTreeMap<Party, Party>, mut party: Party| {
        while let Some(next) = above.get(&party).copied().filter(|next| *next != party) {
            let further = above.get(&next).copied().unwrap_or(next);
            above.insert(party, further);
            party = next;
        }
        party
    };
    for tie in running.standing.ties() {
        let (a, b) = (root(&mut above, tie.a), root(&mut above, tie.b));
        above.insert(a, a);
        above.insert(b, a);
    }
    let mut sizes: BTreeMap<Party, usize> = BTreeMap::new();
    let parties: Vec<Party> = above.keys().copied().collect();
    for party in parties {
        *sizes.entry(root(&mut above, party)).or_default() += 1;
    }
    (sizes.values().copied().max().unwrap_or(0), sizes.len())
}

/// The quality of what is reported.
fn said(running: &Running, claims: &Claims<'_>, say: &mut dyn FnMut(&str, f64)) {
    let party = |ring: &BTreeSet<u32>| ring.iter().map(|person| claims.parties.person(*person)).collect();
    let planted: Vec<BTreeSet<Party>> = claims.world.rings.iter().map(party).collect();
    let people = |found: &Found| {
        let parties = found.finding.members.iter().map(|member| member.party);
        parties.filter(|party| party.kind() == PartyKind::Person).collect()
    };
    let reported = running.standing.found().filter(|found| found.finding.score >= REPORT_SCORE_MIN);
    let found: Vec<BTreeSet<Party>> = reported.map(people).collect();
    let (precision, recall) = quality::of(&planted, &found);
    let (largest, count) = pieces(running);
    say("largest", largest as f64);
    say("pieces", count as f64);
    say("found", found.len() as f64);
    say("precision", precision);
    say("recall", recall);
}

/// Members and scores of what a fresh river reports of the rows that stand.
pub(crate) fn reported(claims: &Claims<'_>) -> BTreeSet<(Vec<Member>, i32)> {
    let fresh = Running::load(1, judge, claims, claims.standing());
    let strong = fresh.standing.found().filter(|found| found.finding.score >= REPORT_SCORE_MIN);
    strong.map(|found| (found.finding.members.clone(), found.finding.score)).collect()
}

/// After incremental batches the answer is that of a fresh river.
pub(crate) fn check(world: &World) {
    let mut claims = Claims::of(world);
    let mut running = Running::load(1, judge, &claims, claims.standing());
    for _ in 0..20 {
        let (come, go) = (claims.add(90), claims.take_back(40));
        running.change(come, Some(go));
    }
    let fresh = Running::load(2, judge, &claims, claims.standing());
    assert_eq!(running.answer(), fresh.answer());
    assert!(!fresh.answer().0.is_empty(), "the small world has something to find");
}
