#![doc = include_str!("ARCHITECTURE.md")]

pub mod cli;
pub mod engine;
pub mod flow;
pub mod community;
pub mod model;
pub mod path;
pub mod store;
pub mod evaluation;
pub mod model;
pub mod report;
