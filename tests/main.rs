//! All tests of the house in one program, one module per room.

mod community;
mod path;
