#!/bin/sh
# Executes a notebook; fails when any cell fails.
#   notebooks/run.sh OUT          01_rings on an output folder of `medring detect`; the executed copy goes to OUT/notebooks
#   notebooks/run.sh camouflage   02_camouflage: makes worlds, detects, measures; all goes to target/camouflage
#   notebooks/run.sh time         03_time_to_detection: replays worlds batch by batch; all goes to target/time
# The last two run the program that MEDRING names (default target/release/medring) and take minutes;
# MEDRING_SWEEP=short tries a few points, or one small world, in about one, MEDRING_SWEEP_OUT is another folder for what it makes.
# Makes a virtual environment in notebooks/.venv the first time.
set -eu
if [ $# -ne 1 ]; then
    echo "usage: $0 OUT   (a folder that medring detect wrote)" >&2
    echo "       $0 camouflage | time" >&2
    exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
if [ "$1" = camouflage ] || [ "$1" = time ]; then
    notebook=02_camouflage.ipynb
    [ "$1" = camouflage ] || notebook=03_time_to_detection.ipynb
    seconds_per_cell=7200
    export MEDRING="${MEDRING:-$here/../target/release/medring}"
    if [ ! -x "$MEDRING" ]; then
        echo "$MEDRING is missing: run cargo build --release first, or set MEDRING" >&2
        exit 2
    fi
    mkdir -p "${MEDRING_SWEEP_OUT:=$here/../target/$1}"
    out=$(cd "$MEDRING_SWEEP_OUT" && pwd)
    export MEDRING_SWEEP_OUT="$out"
    executed=$out
else
    notebook=01_rings.ipynb
    seconds_per_cell=600
    for name in members ties evidence; do
        if [ ! -f "$1/$name.parquet" ]; then
            echo "$1/$name.parquet is missing: run medring detect … --out $1 first" >&2
            exit 2
        fi
    done
    out=$(cd "$1" && pwd)
    export MEDRING_OUT="$out"
    executed=$out/notebooks
fi
venv=${MEDRING_VENV:-$here/.venv}
if ! cmp -s "$here/requirements.txt" "$venv/requirements.txt" 2>/dev/null; then
    python3 -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"
    cp "$here/requirements.txt" "$venv/requirements.txt"
fi
mkdir -p "$executed"
export MPLBACKEND=module://matplotlib_inline.backend_inline
"$venv/bin/python" - "$here/$notebook" "$executed/$notebook" "$seconds_per_cell" <<'PYTHON'
import sys

import nbformat
from nbclient import NotebookClient

source, target, seconds_per_cell = sys.argv[1:]
notebook = nbformat.read(source, as_version=4)
try:
    NotebookClient(notebook, timeout=int(seconds_per_cell), kernel_name="python3").execute()
finally:
    nbformat.write(notebook, target)
print(f"executed {target}")
PYTHON
