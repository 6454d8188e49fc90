#![doc = include_str!("ARCHITECTURE.md")]

pub mod cli;
pub mod ingest;
pub mod model;
