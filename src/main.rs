//! The `medring` program.

fn main() {}
