//! The `medring` program.

use std::ffi::c_int;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_purge_delay` of mimalloc 3, which its Rust bindings do not name.
const PURGE_DELAY: c_int = 15;

fn main() -> std::process::ExitCode {
    keep_memory();
    medring::cli::run()
}

/// Memory that was freed is kept for what comes next. Given back, it comes back as pages that the system clears first: a third of the
/// processor time of a whole run.
#[expect(unsafe_code, reason = "an option of the allocator, set before any other thread runs")]
fn keep_memory() {
    // SAFETY: stores a number in a table of the allocator, in bounds for every version that has the option.
    unsafe { libmimalloc_sys::mi_option_set(PURGE_DELAY, -1) };
}
