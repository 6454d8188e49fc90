//! Where can the program be made to die, or the disk to fail, on purpose?
//!
//! `MEDRING_FAIL_POINT=name:nth` ends the process when it comes to that place for the nth time, as a kill would: nothing is
//! unwound, flushed or removed. `name:nth:io`, `:full` and `:readonly` make the disk answer there with an error instead, once.
//! The places are always compiled in, so that what the crash tests kill is what is shipped; they stand at files and
//! commits, never at rows, and cost one read of a variable that never changes.

use std::io;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Names the place, how often it is passed before something happens, and what happens.
const VARIABLE: &str = "MEDRING_FAIL_POINT";

/// All places of the store: fourteen that a batch passes, in that order, then those of backups, retention and compaction. Those from `segment-create` to `database-commit` can fail
/// as well as kill.
pub const FAIL_POINTS: [&str; 21] = [
    "opened",
    "begun",
    "segment-create",
    "segment-write",
    "appended",
    "segment-sync",
    "synced",
    "segment-rename",
    "folder-sync",
    "vault-commit",
    "vault-committed",
    "database-write",
    "database-commit",
    "committed",
    "backup-copied",
    "retiring",
    "compact-written",
    "compact-renamed",
    "compact-commit",
    "compacted",
    "compact-removing",
];

struct Plan {
    name: String,
    left: AtomicU32,
    how: How,
}

#[derive(Clone, Copy)]
enum How {
    Die,
    Answer(io::ErrorKind),
}

fn plan() -> Option<&'static Plan> {
    static PLAN: OnceLock<Option<Plan>> = OnceLock::new();
    PLAN.get_or_init(|| parse(&std::env::var(VARIABLE).ok()?)).as_ref()
}

fn parse(text: &str) -> Option<Plan> {
    let mut words = text.split(':');
    let (name, nth) = (words.next()?, words.next()?.parse().ok()?);
    let how = match words.next() {
        None => How::Die,
        Some("io") => How::Answer(io::ErrorKind::Other),
        Some("full") => How::Answer(io::ErrorKind::StorageFull),
        Some("readonly") => How::Answer(io::ErrorKind::ReadOnlyFilesystem),
        Some(_) => return None,
    };
    Some(Plan { name: name.to_owned(), left: AtomicU32::new(nth), how })
}

/// Passes a place where the disk may fail.
///
/// # Errors
/// The one that `MEDRING_FAIL_POINT` asks for; none without it.
pub fn fail_point(name: &str) -> io::Result<()> {
    let Some(plan) = plan().filter(|plan| plan.name == name) else { return Ok(()) };
    let before = plan.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
    match (before, plan.how) {
        (Ok(1), How::Die) => std::process::abort(),
        (Ok(1), How::Answer(kind)) => Err(io::Error::new(kind, format!("{VARIABLE} asked for this failure"))),
        _ => Ok(()),
    }
}

/// Passes a place where nothing can fail but the process can die.
pub fn crash_point(name: &str) {
    // A place without a call to the disk has no error to give.
    let _ = fail_point(name);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_names_place_time_and_what_happens() {
        let plan = parse("segment-sync:3:full").expect("a plan");
        assert_eq!((plan.name.as_str(), plan.left.into_inner()), ("segment-sync", 3));
        assert!(matches!(plan.how, How::Answer(io::ErrorKind::StorageFull)));
        assert!(matches!(parse("committed:1").expect("a plan").how, How::Die));
        for odd in ["", "committed", "committed:x", "committed:1:later"] {
            assert!(parse(odd).is_none(), "{odd}");
        }
        assert!(fail_point("committed").is_ok(), "without the variable nothing happens");
    }
}
