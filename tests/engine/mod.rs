//! Does the engine give one answer, however the facts came?

mod cuts;
mod retention;
mod workspace;
