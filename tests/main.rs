//! All tests that look at medring from outside, in one binary: one link, one target.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod flow;
//! All tests of the house in one program, one module per room.

mod community;
mod path;
//! All tests that look at medring from outside, in one program so that it is linked once.

mod store;
//! All tests in one binary, in folders that mirror `src/`.

mod evaluation;
mod report;
