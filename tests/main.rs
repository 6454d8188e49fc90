//! All integration tests in one binary: one folder per room.

mod ingest;
