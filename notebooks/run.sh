#!/bin/sh
# Executes the notebooks on an output folder of `medring detect`; fails when any cell fails.
#   notebooks/run.sh OUT
# Makes a virtual environment in notebooks/.venv the first time. Executed copies go to OUT/notebooks.
set -eu
if [ $# -ne 1 ]; then
    echo "usage: $0 OUT   (a folder that medring detect wrote)" >&2
    exit 2
fi
for name in members ties evidence; do
    if [ ! -f "$1/$name.parquet" ]; then
        echo "$1/$name.parquet is missing: run medring detect … --out $1 first" >&2
        exit 2
    fi
done
out=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
venv=${MEDRING_VENV:-$here/.venv}
if ! cmp -s "$here/requirements.txt" "$venv/requirements.txt" 2>/dev/null; then
    python3 -m venv "$venv"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"
    cp "$here/requirements.txt" "$venv/requirements.txt"
fi
mkdir -p "$out/notebooks"
export MEDRING_OUT="$out" MPLBACKEND=module://matplotlib_inline.backend_inline
for notebook in "$here"/*.ipynb; do
    "$venv/bin/python" - "$notebook" "$out/notebooks/$(basename "$notebook")" <<'PYTHON'
import sys

import nbformat
from nbclient import NotebookClient

source, target = sys.argv[1:]
notebook = nbformat.read(source, as_version=4)
try:
    NotebookClient(notebook, timeout=600, kernel_name="python3").execute()
finally:
    nbformat.write(notebook, target)
print(f"executed {target}")
PYTHON
done
