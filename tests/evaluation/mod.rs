//! Are the figures of `medring eval` the ones that a hand count gives?

mod baseline;
mod figures;
mod reading;
