//! The maintained answer against a recount: any order, any cut into epochs, any number of workers.

mod benefits;
mod exact;
mod handovers;
mod regulars;
mod scene;
mod waiting;
