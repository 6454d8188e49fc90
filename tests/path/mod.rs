//! Are the chains the ones that a plain search finds?

mod ranked;
mod shortest;
