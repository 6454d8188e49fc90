#![doc = include_str!("ARCHITECTURE.md")]

pub mod cli;
pub mod flow;
pub mod model;
pub mod typology;
