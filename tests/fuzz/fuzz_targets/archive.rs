#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| medring_fuzz::run("archive", data));
