#!/usr/bin/env bash
# Everything that must hold before a change lands: format, lints, tests, the benches' self-checks, the demo, the notebook, the page.
# Needs Rust's toolchain, a C compiler and python3 (for the notebook, which installs what it needs in a folder of its own).
set -euo pipefail
cd "$(dirname "$0")/.."
step() { printf '\n== %s\n' "$*"; }

step format
cargo fmt --check
step lints
cargo clippy --release --all-targets -- -D warnings
step tests, with a PostgreSQL
tests/postgres.sh cargo test --release
step benches check their answers
cargo bench --profile release --bench paths -- 20000
cargo bench --profile release --bench communities -- 1000
cargo bench --profile release --bench store -- 2000 40
cargo bench --profile release --bench null -- --check
cargo bench --profile release --bench job -- --check
python3 benches/soak.py --processes 3 --persons 2000 --batches 12 --rows 200 --kill-every 5
cargo bench --profile release --bench desk -- --check
step demo
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo run --release -- demo --no-serve --dir "$work/demo"
step notebook
out=$(dirname "$(find "$work/demo" -name rings.jsonl)")
MEDRING_VENV="${MEDRING_VENV:-$work/venv}" notebooks/run.sh "$out"
MEDRING_SWEEP=short MEDRING_SWEEP_OUT="$work/time" MEDRING_VENV="${MEDRING_VENV:-$work/venv}" notebooks/run.sh time
step the client in Python
python3 tests/serve/client.py target/release/medring
step what the description promises
MEDRING_SCHEMATHESIS_VENV="${MEDRING_SCHEMATHESIS_VENV:-$work/schemathesis}" tests/serve/schemathesis.sh target/release/medring 40
step page
tests/web/run.sh target/release/medring
step all passed
