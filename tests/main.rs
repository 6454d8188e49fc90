//! All tests that look at medring from outside, in one program: one link, one module per room.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should say where")]

mod cli;
mod community;
mod engine;
mod evaluation;
mod flow;
#[path = "fuzz/entry.rs"]
mod fuzz;
mod house;
mod ingest;
mod path;
mod report;
mod serve;
mod store;
mod synth;
mod typology;
