//! Does a copy made beside a writer hold one whole epoch, and is a damaged copy refused before anything is put in place?

use super::breaks::files;
use super::dice::{self, Dice};
use super::{begin, replayed, source, take, workspace};
use medring::store::{Outcomes, Segments, StoreError, Workspace, restore, verify_backup};
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

fn reader(folder: &Path) -> Workspace {
    Workspace::open_reader(folder).expect("opens")
}

#[test]
fn a_backup_comes_back_equal_with_its_names_and_can_be_written_to() {
    for form in ["copy", "copy.tar"] {
        for segments in [Segments::Copy, Segments::Link] {
            let folder = tempfile::tempdir().expect("a folder");
            let root = folder.path().join("ws");
            let mut store = workspace(&root);
            let first = take(&mut store, 1, 30);
            let second = take(&mut store, 2, 30);
            let to = folder.path().join(form);
            let made = reader(&root).backup(&to, segments).expect("backs up");
            assert_eq!((made.epoch, made.path.as_path()), (2, to.as_path()));
            // What came later is not in it.
            let third = take(&mut store, 3, 30);
            assert_eq!(verify_backup(&to).expect("verifies").epoch, 2);
            let again = reader(&root).backup(&to, segments);
            assert!(again.is_err_and(|error| error.to_string().contains("exists already")));
            let into = folder.path().join("restored");
            assert_eq!(restore(&to, &into).expect("restores").epoch, 2);
            let rows: std::collections::BTreeSet<_> = dice::origins(&first).into_iter().collect();
            let names = |store: &Workspace| store.names(&rows, &std::collections::BTreeSet::new()).expect("names");
            assert_eq!(names(&reader(&into)), names(&store));
            let mut restored = Workspace::open(&into).expect("opens for writing");
            assert_eq!(take(&mut restored, 3, 30), third);
            assert_eq!(replayed(&restored, 0, 1_000), [(1, first), (2, second), (3, third)]);
            assert_eq!(restored.verify().expect("verifies"), []);
            assert!(matches!(restore(&to, &into), Err(StoreError::NotAWorkspace { .. })), "not over what is there");
            let left =
                |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".medring"));
            assert!(!fs::read_dir(folder.path()).expect("lists").any(|entry| left(&entry.expect("an entry").path())));
        }
    }
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_a_backup() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("ws");
    let mut store = workspace(&root);
    take(&mut store, 1, 30);
    for form in ["copy", "copy.tar"] {
        let to = folder.path().join(form);
        reader(&root).backup(&to, Segments::Copy).expect("backs up");
        assert_eq!(fs::metadata(&to).expect("looks").permissions().mode() & 0o077, 0, "{form}");
    }
}

#[test]
fn a_backup_beside_a_busy_writer_is_one_whole_epoch() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("ws");
    let mut store = workspace(&root);
    take(&mut store, 0, 30);
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| {
            let mut seed = 1;
            while !ended.load(Ordering::Relaxed) {
                take(&mut store, seed, 30);
                seed += 1;
            }
            store
        });
        let mut made = Vec::new();
        for number in 0..8 {
            let to = folder.path().join(if number % 2 == 0 { format!("{number}") } else { format!("{number}.tar") });
            made.push((to.clone(), reader(&root).backup(&to, Segments::Copy).expect("backs up").epoch));
        }
        ended.store(true, Ordering::Relaxed);
        let all = replayed(&writer.join().expect("writes"), 0, 1_000);
        for (to, epoch) in made {
            let into = to.with_extension("restored");
            assert_eq!(restore(&to, &into).expect("restores").epoch, epoch);
            let kept: Vec<_> = all.iter().filter(|(of, _)| *of <= epoch).cloned().collect();
            assert_eq!(replayed(&reader(&into), 0, 1_000), kept);
        }
    });
}

#[test]
fn a_damaged_backup_is_named_and_puts_nothing_in_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path().join("ws");
    let mut store = workspace(&root);
    take(&mut store, 1, 30);
    let (copy, tar, into) = (folder.path().join("copy"), folder.path().join("copy.tar"), folder.path().join("into"));
    reader(&root).backup(&copy, Segments::Copy).expect("backs up");
    reader(&root).backup(&tar, Segments::Copy).expect("backs up");
    let refused = |from: &Path, names: &str| {
        let error = restore(from, &into).expect_err("refused");
        assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
        assert!(error.to_string().contains(names), "{error}");
        assert!(!into.exists(), "something was put in place");
        assert!(verify_backup(from).is_err());
    };
    let dice = &mut Dice(7);
    for path in files(&copy).into_iter().filter(|path| path.extension().is_some_and(|kind| kind == "parquet")) {
        let whole = fs::read(&path).expect("reads");
        let mut bytes = whole.clone();
        let at = dice.below(bytes.len());
        bytes[at] ^= 4;
        fs::write(&path, &bytes).expect("damages");
        refused(&copy, &path.file_name().expect("a name").to_string_lossy());
        fs::write(&path, &whole).expect("mends");
    }
    let whole = fs::read(&tar).expect("reads");
    for length in [0, 700, whole.len() / 3, whole.len() / 2] {
        fs::write(&tar, &whole[..length]).expect("cuts");
        refused(&tar, "copy.tar");
    }
    fs::write(&tar, &whole).expect("mends");
    restore(&tar, &into).expect("restores");
    fs::remove_dir_all(&into).expect("removes");
    restore(&copy, &into).expect("restores");
}

#[test]
fn an_archive_that_leads_out_of_its_folder_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let tar = folder.path().join("bad.tar");
    let mut builder = tar::Builder::new(fs::File::create(&tar).expect("creates"));
    let mut header = tar::Header::new_gnu();
    header.set_size(4);
    header.set_mode(0o644);
    header.as_gnu_mut().expect("gnu").name[..11].copy_from_slice(b"../evil.db\0");
    header.set_cksum();
    builder.append(&header, &b"evil"[..]).expect("appends");
    builder.into_inner().expect("ends");
    let error = restore(&tar, &folder.path().join("into")).expect_err("refused");
    assert!(error.to_string().contains("which no backup holds"), "{error}");
    assert!(!folder.path().join("evil.db").exists());
}

#[test]
fn what_belongs_to_nothing_is_damage_and_what_is_under_way_is_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = workspace(folder.path());
    take(&mut store, 1, 30);
    let mut pending = begin(&mut store, None);
    pending.append(dice::batch(2, 1, 1, 30), &source()).expect("appends");
    let beside = reader(folder.path()).check().expect("checks");
    assert_eq!((beside.problems.as_slice(), beside.leftovers.is_empty()), (&[][..], false));
    store.commit(pending, &Outcomes::default()).expect("commits");
    let segment = store.segments(0).expect("segments").remove(0).path;
    let stray = segment.with_file_name("00000009-0000.parquet");
    fs::copy(&segment, &stray).expect("copies");
    let problems = store.verify().expect("verifies");
    assert!(problems.len() == 1 && problems[0].path == stray, "{problems:?}");
    fs::remove_file(&stray).expect("removes");
    fs::remove_file(&segment).expect("removes");
    let problems = store.verify().expect("verifies");
    assert!(problems.len() == 1 && problems[0].path == segment, "{problems:?}");
}

#[test]
fn a_manifest_or_vault_that_was_tampered_with_is_named() {
    let changes = [
        ("medring.db", "DELETE FROM epoch WHERE epoch = 1", "epoch"),
        ("medring.db", "UPDATE segment SET sums = zeroblob(length(sums)) WHERE id = 1", "checksum"),
        ("medring.db", "DELETE FROM segment WHERE id = 1", "belong"),
        ("vault.db", "UPDATE last SET epoch = 1", "identifiers are missing"),
    ];
    for (database, change, says) in changes {
        let folder = tempfile::tempdir().expect("a folder");
        let mut store = workspace(folder.path());
        take(&mut store, 1, 30);
        take(&mut store, 2, 30);
        drop(store);
        let connection = rusqlite::Connection::open(folder.path().join(database)).expect("opens");
        connection.execute_batch(change).expect("changes");
        drop(connection);
        let problems = reader(folder.path()).verify().expect("verifies");
        assert!(problems.iter().any(|problem| problem.what.contains(says)), "{change}: {problems:?}");
    }
}
