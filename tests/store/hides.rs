//! Are personal identifiers in the vault and nowhere else?

use super::breaks::files;
use super::{begin, source, workspace};
use medring::model::{Batch, Identifier, Names, Party, PartyKind, Person, Row, RowRef, Settlement, Stamp, Table};
use medring::store::{Outcomes, Workspace};
use std::collections::BTreeSet;
use std::path::Path;

const PERSON: &str = "34010019800101777X";
const PHONE: &str = "13800555777";

fn row<F>(table: Table, fact: F) -> Row<F> {
    let origin = RowRef::new(table, 1, 5);
    Row { key: 1, version: Stamp(2), content: 3, origin, live: true, fact }
}

fn batch() -> Batch {
    let (person, phone) = (Party::of(PartyKind::Person, PERSON), Party::of(PartyKind::Phone, PHONE));
    let names = Names {
        rows: [
            (RowRef::new(Table::PsnInfoB, 1, 5), format!("psn_info_b:{PERSON}")),
            (RowRef::new(Table::XIdent, 1, 5), format!("x_ident:phone|{PHONE}|{PERSON}")),
            (RowRef::new(Table::SetlD, 1, 5), "setl_d:S-0001".to_owned()),
        ]
        .into(),
        parties: [(person, PERSON.to_owned()), (phone, PHONE.to_owned())].into(),
    };
    let identifier = Identifier { identifier: phone, holder: person, ..Identifier::default() };
    Batch {
        persons: vec![row(Table::PsnInfoB, Person { person, phone, ..Person::default() })],
        identifiers: vec![row(Table::XIdent, identifier)],
        settlements: vec![row(Table::SetlD, Settlement { person, ..Settlement::default() })],
        names,
        ..Batch::default()
    }
}

/// Files of the workspace that hold a text.
fn holding(folder: &Path, text: &str) -> BTreeSet<String> {
    let holds = |bytes: Vec<u8>| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    let names = files(folder).into_iter().filter(|path| holds(std::fs::read(path).expect("reads")));
    names.map(|path| path.file_name().expect("a name").to_string_lossy().into_owned()).collect()
}

#[test]
fn the_vault_holds_identifiers_and_nothing_else_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let read = batch();
    {
        let mut store = workspace(folder.path());
        let mut pending = begin(&mut store, None);
        let numbered = pending.append(read.clone(), &source()).expect("appends");
        assert_eq!(numbered.names, Names::default());
        store.commit(pending, &Outcomes::default()).expect("commits");
    }
    let store = Workspace::open(folder.path()).expect("opens");
    for secret in [PERSON, PHONE] {
        let found = holding(folder.path(), secret);
        assert!(!found.is_empty() && found.iter().all(|name| name.starts_with("vault.db")), "{secret} is in {found:?}");
    }
    let rows = [Table::PsnInfoB, Table::XIdent, Table::SetlD].map(|table| RowRef::new(table, 0, 1)).into();
    let parties = read.names.parties.keys().copied().collect();
    let names = store.names(&rows, &parties).expect("names");
    assert_eq!(names.parties, read.names.parties);
    let mut texts: Vec<&String> = names.rows.values().collect();
    let mut expected: Vec<&String> = read.names.rows.values().collect();
    texts.sort();
    expected.sort();
    assert_eq!(texts, expected);
    // Segments are compressed, so the search above would miss a text in them: without the vault only the bill has a name.
    let vault = rusqlite::Connection::open(folder.path().join("vault.db")).expect("opens");
    vault.execute_batch("DELETE FROM party; DELETE FROM evidence").expect("empties");
    let left = store.names(&rows, &parties).expect("names");
    assert_eq!(
        (left.rows.into_values().collect::<Vec<_>>(), left.parties.len()),
        (vec!["setl_d:S-0001".to_owned()], 0)
    );
}

#[test]
fn identifiers_of_a_batch_that_was_never_committed_do_not_stay() {
    let folder = tempfile::tempdir().expect("a folder");
    let crashed = tempfile::tempdir().expect("a folder");
    let mut store = workspace(folder.path());
    let mut pending = begin(&mut store, None);
    pending.append(batch(), &source()).expect("appends");
    let crash = &mut |step| {
        if step == medring::store::CommitStep::VaultCommitted {
            for path in files(folder.path()).iter().filter(|path| path.parent() == Some(folder.path())) {
                std::fs::copy(path, crashed.path().join(path.file_name().expect("a name"))).expect("copies");
            }
        }
    };
    store.commit_observed(pending, &Outcomes::default(), crash).expect("commits");
    let parties: BTreeSet<Party> = [Party::of(PartyKind::Person, PERSON)].into();
    let store = Workspace::open(crashed.path()).expect("opens");
    assert_eq!(store.names(&BTreeSet::new(), &parties).expect("names"), Names::default());
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_the_vault() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let mut store = workspace(folder.path());
    let mut pending = begin(&mut store, None);
    pending.append(batch(), &source()).expect("appends");
    for path in files(folder.path()) {
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let mode = std::fs::metadata(&path).expect("there").permissions().mode() & 0o777;
        assert!(!name.starts_with("vault.db") || mode == 0o600, "{name} has mode {mode:o}");
    }
}
