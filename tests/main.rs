//! All tests in one binary, in folders that mirror `src/`.

mod evaluation;
mod report;
