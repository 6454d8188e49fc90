#![doc = include_str!("ARCHITECTURE.md")]

pub mod cli;
pub mod model;
pub mod synth;
