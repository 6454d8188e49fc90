#![doc = include_str!("ARCHITECTURE.md")]

pub mod cli;
pub mod community;
pub mod engine;
pub mod evaluation;
pub mod flow;
pub mod ingest;
pub mod model;
pub mod path;
pub mod report;
pub mod serve;
pub mod store;
pub mod synth;
pub mod typology;
