//! The maintained answer against a recount: any order, any cut into epochs, any number of workers.

mod exact;
mod scene;
