//! Do the files of a run say what was found, in the promised form?

mod files;
mod line;
mod page;
mod world;
