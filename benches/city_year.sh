#!/usr/bin/env bash
# How much memory does `detect` take for a city's year, 7 million settlements with 14 fee lines each?
# Usage: benches/city_year.sh SETTLEMENTS FOLDER [PROGRAM]; PYTHON is one that has duckdb. FOLDER takes 0.5 GB a million.
#
# The world is that of `medring synth`, all tables of the preset `claims`, two years. It bills 1.3 to 1.6 lines a settlement; here each
# line becomes ten, with serial numbers of their own and a tenth of the amount each. First without fee lines, then with them: the
# difference is what a line costs. With 7,200,000 it takes 20 GB of memory.
set -euo pipefail
settlements=$1 folder=$2 program=$(realpath "${3:-target/release/medring}")
mkdir -p "$folder"
"$program" synth "$folder/world" --settlements "$settlements" --seed 21 --format parquet --force --lang en
"${PYTHON:-python3}" - "$folder/world" <<'SPLIT'
import pathlib, shutil, sys
import duckdb
world = pathlib.Path(sys.argv[1])
def files(table):
    folder = world / table
    return str(folder / '*.parquet' if folder.is_dir() else folder.with_suffix('.parquet'))
db = duckdb.connect()
db.execute("SET threads = 1; SET memory_limit = '4GB'; SET preserve_insertion_order = false")
db.execute(f"""COPY (
  SELECT * EXCLUDE (part, share) REPLACE (
    feedetl_sn || '-' || part AS feedetl_sn,
    init_feedetl_sn || '-' || part AS init_feedetl_sn,
    printf('%.6f', share / 100.0 / cnt::DOUBLE) AS pric,
    printf('%.2f', share / 100.0) AS det_item_fee_sumamt)
  FROM (SELECT lines.*, part, floor((round(det_item_fee_sumamt::DOUBLE * 100) + part) / 10)::BIGINT AS share
        FROM '{files('fee_list_d')}' AS lines, range(10) AS parts(part))
) TO '{world.parent}/lines.parquet' (FORMAT parquet)""")
shutil.rmtree(world / "fee_list_d", ignore_errors=True)
(world.parent / "lines.parquet").replace(world / "fee_list_d.parquet")
for table in ["setl_d", "fee_list_d"]:
    print(table, db.execute(f"SELECT count(*) FROM '{files(table)}'").fetchone()[0], "rows")
SPLIT
run() {
  /usr/bin/time -f "$1: peak %M KB, wall %e s, cpu %U + %S s, exit %x" \
    "$program" detect "$folder/world" --out "$folder/out-$1" --lang en >"$folder/$1.txt"
  "${PYTHON:-python3}" -c "
import json, sys
for stage in json.load(open(sys.argv[1]))['stages']: print('  ', stage)" "$folder/out-$1/run.json"
}
mv "$folder/world/fee_list_d.parquet" "$folder/fee_list_d.parquet"
run without-lines
mv "$folder/fee_list_d.parquet" "$folder/world/fee_list_d.parquet"
run with-lines
