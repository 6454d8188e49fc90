//! Does the community room give what plain definitions and published references give?

mod graphalytics;
mod lfr;
mod planted;
mod structure;
