//! The fuzz targets' way into medring: the same functions as the tests have.

mod entry;

use std::panic::{set_hook, take_hook};
use std::path::Path;
use std::process::abort;
use std::sync::Once;

/// Gives some bytes to a target.
pub fn run(target: &str, data: &[u8]) {
    static FIRST: Once = Once::new();
    FIRST.call_once(spare_what_readers_catch);
    let (_, entry) = entry::ENTRIES.into_iter().find(|(name, _)| *name == target).expect("a target of this name");
    entry(data);
}

/// The fuzzer's own hook ends the run at every panic, also at those of a library that readers catch and call damage. A panic of
/// medring's own code still ends it, on any thread; one of a library does where nobody catches it.
fn spare_what_readers_catch() {
    drop(take_hook());
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src").canonicalize().expect("the crate's folder");
    set_hook(Box::new(move |panic| {
        eprintln!("{panic}");
        if panic.location().is_some_and(|at| Path::new(at.file()).starts_with(&own)) {
            abort();
        }
    }));
}
