//! What is left after a crash, a full disk, a flipped byte? Always the last whole epoch, and a clear word.

use super::dice::{self, Dice};
use super::{begin, replayed, source, take, workspace};
use medring::store::{CommitStep, Outcomes, StoreError, Workspace};
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};

/// All files below a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("lists") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

pub(crate) fn copy(from: &Path, to: &Path) {
    for path in files(from) {
        let copied = to.join(path.strip_prefix(from).expect("below"));
        fs::create_dir_all(copied.parent().expect("a folder")).expect("creates");
        fs::copy(&path, copied).expect("copies");
    }
}

/// Opens what a crash left and checks that it is a whole number of epochs, to which the batch can be given again.
fn recovers(folder: &Path, epochs: usize, all: &[(u64, medring::model::Batch)], next: u64) {
    let mut store = Workspace::open(folder).expect("opens after the crash");
    assert_eq!(replayed(&store, 0, 1_000), all[..epochs]);
    assert_eq!(store.verify().expect("verifies"), []);
    assert!(files(folder).iter().all(|path| path.extension() != Some("part".as_ref())));
    if epochs < all.len() {
        let again = take(&mut store, next, 30);
        assert_eq!(again, all[epochs].1);
        assert_eq!(replayed(&store, 0, 1_000), all);
    }
}

#[test]
fn a_crash_at_any_step_leaves_the_last_whole_epoch() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = workspace(folder.path());
    let first = take(&mut store, 1, 30);
    let crashes = tempfile::tempdir().expect("a folder");
    let crash = |name: &str| {
        let to = crashes.path().join(name);
        copy(folder.path(), &to);
        to
    };
    let mut pending = begin(&mut store, None);
    let mut seen = vec![(crash("begun"), 1)];
    let second = pending.append(dice::batch(2, 1, 1, 30), &source()).expect("appends");
    seen.push((crash("appended"), 1));
    let step = &mut |step: CommitStep| {
        seen.push((crash(&format!("{step:?}")), if step == CommitStep::Committed { 2 } else { 1 }));
    };
    store.commit_observed(pending, &Outcomes::default(), step).expect("commits");
    assert_eq!(seen.len(), 7);
    let all = [(1, first), (2, second)];
    for (folder, epochs) in seen {
        recovers(&folder, epochs, &all, 2);
    }
}

#[test]
fn a_torn_temporary_file_is_swept_away_and_a_stranger_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = workspace(folder.path());
    let first = take(&mut store, 1, 30);
    let mut pending = begin(&mut store, None);
    let second = pending.append(dice::batch(2, 1, 1, 30), &source()).expect("appends");
    let torn = tempfile::tempdir().expect("a folder");
    copy(folder.path(), torn.path());
    for path in files(torn.path()).iter().filter(|path| path.extension() == Some("part".as_ref())) {
        fs::write(path, "PAR1 and then the power went").expect("tears");
    }
    let stranger = torn.path().join("segments/setl_d/notes.part");
    fs::write(&stranger, "mine").expect("writes");
    let mut opened = Workspace::open(torn.path()).expect("opens");
    assert!(stranger.is_file());
    assert_eq!(replayed(&opened, 0, 1_000), [(1, first.clone())]);
    assert_eq!(take(&mut opened, 2, 30), second);
    // A pending batch that is dropped leaves nothing behind.
    drop(pending);
    assert!(files(folder.path()).iter().all(|path| path.extension() != Some("part".as_ref())));
    assert_eq!(store.verify().expect("verifies"), []);
    assert_eq!(replayed(&store, 0, 1_000), [(1, first)]);
}

#[test]
fn a_failed_rename_poisons_the_handle_and_costs_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = workspace(folder.path());
    let first = take(&mut store, 1, 30);
    let mut pending = begin(&mut store, None);
    pending.append(dice::batch(2, 1, 1, 30), &source()).expect("appends");
    let mut parts = files(folder.path()).into_iter().filter(|path| path.extension() == Some("part".as_ref()));
    let in_the_way = parts.next_back().expect("a part").with_extension("");
    fs::create_dir(&in_the_way).expect("a folder where the file should go");
    assert!(matches!(store.commit(pending, &Outcomes::default()), Err(StoreError::Io { action: "rename", .. })));
    assert!(matches!(store.begin(None), Err(StoreError::Poisoned { .. })));
    assert!(matches!(store.set_setting("a", "b"), Err(StoreError::Poisoned { .. })));
    drop(store);
    fs::remove_dir(&in_the_way).expect("out of the way");
    let store = Workspace::open(folder.path()).expect("opens");
    assert_eq!(replayed(&store, 0, 1_000), [(1, first)]);
    assert_eq!(store.verify().expect("verifies"), []);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_named_and_the_last_epoch_is_intact() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = workspace(folder.path());
    let first = take(&mut store, 1, 30);
    let mut pending = begin(&mut store, None);
    // The temporary file of the batch's first list leads to a device that is always full.
    let part = folder.path().join("segments/admdvs_b/00000002-0000.parquet.part");
    fs::create_dir_all(part.parent().expect("a folder")).expect("creates");
    std::os::unix::fs::symlink("/dev/full", &part).expect("links");
    let batch = dice::batch(2, 1, 1, 30);
    assert!(!batch.regions.is_empty());
    let failed = pending.append(batch, &source()).err();
    let failed = failed.or_else(|| store.commit(pending, &Outcomes::default()).err()).expect("no room");
    assert!(matches!(failed, StoreError::DiskFull { .. }), "{failed}");
    assert!(failed.to_string().contains("disk is full"));
    drop(store);
    let mut store = Workspace::open(folder.path()).expect("opens");
    assert_eq!(replayed(&store, 0, 1_000), [(1, first)]);
    take(&mut store, 2, 30);
}

#[test]
fn a_newer_or_unfinished_workspace_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    drop(workspace(folder.path()));
    let database = rusqlite::Connection::open(folder.path().join("medring.db")).expect("opens");
    database.pragma_update(None, "user_version", medring::store::DISK_FORMAT + 1).expect("set");
    let refused = Workspace::open(folder.path()).err().expect("refused");
    assert!(matches!(refused, StoreError::NewerFormat { .. }));
    assert!(refused.to_string().contains("use a newer medring"));
    database.pragma_update(None, "application_id", 0).expect("set");
    assert!(matches!(Workspace::open(folder.path()), Err(StoreError::NotAWorkspace { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn any_flipped_byte_of_a_segment_is_found(seed in any::<u64>()) {
        let folder = tempfile::tempdir().expect("a folder");
        let mut store = workspace(folder.path());
        take(&mut store, seed, 30);
        let dice = &mut Dice(seed);
        for segment in store.segments(0).expect("segments") {
            let whole = fs::read(&segment.path).expect("reads");
            for _ in 0..20 {
                let mut bytes = whole.clone();
                let at = dice.below(bytes.len());
                bytes[at] ^= 1 << dice.below(8);
                if dice.below(4) == 0 {
                    bytes.truncate(at);
                }
                fs::write(&segment.path, &bytes).expect("writes");
                let problems = store.verify().expect("verifies");
                prop_assert_eq!(problems.len(), 1);
                prop_assert_eq!(&problems[0].path, &segment.path);
                let read = store.replay(0, 10, &mut |_, _| std::ops::ControlFlow::Continue(()));
                let named = matches!(&read, Err(StoreError::Damaged { path, .. }) if *path == segment.path);
                prop_assert!(named, "{:?}", read);
            }
            fs::write(&segment.path, &whole).expect("writes");
        }
        prop_assert_eq!(store.verify().expect("verifies"), []);
    }
}
