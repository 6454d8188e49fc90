#![doc = include_str!("ARCHITECTURE.md")]

pub mod cli;
pub mod evaluation;
pub mod model;
pub mod report;
