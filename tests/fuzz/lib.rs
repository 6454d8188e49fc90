//! The fuzz targets' way into medring: the same functions as the tests have.

mod entry;

/// Gives some bytes to a target.
pub fn run(target: &str, data: &[u8]) {
    let (_, entry) = entry::ENTRIES.into_iter().find(|(name, _)| *name == target).expect("a target of this name");
    entry(data);
}
