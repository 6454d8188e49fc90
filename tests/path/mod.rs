//! Are the chains the ones that a plain search finds?

mod shortest;
