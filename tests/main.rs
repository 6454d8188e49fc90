//! All tests that look at medring from outside, in one program so that it is linked once.

mod store;
