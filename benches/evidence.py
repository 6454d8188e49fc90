#!/usr/bin/env python3
"""Does a ring stand and fall with the rows that it cites?

    cargo build --release
    python3 benches/evidence.py --preset city --seed 9604

Makes a world, detects, and detects twice more: without any row that a ring cites (none of them may be left), and on nothing but these rows, the
tables of entities and what was usual in the first run (every ring must be found again: two that lie side by side may become one on the rows of
both, and such a one is tried once more on its own rows alone). Ends with 1 where either fails. Prints, for each ring, the Jaccard similarity of
its people to the most similar ring of both runs. Needs nothing but Python; rows are named `table:id`, as in `rings.jsonl`.
"""
import argparse, csv, json, pathlib, subprocess, sys, tempfile

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--program", default="target/release/medring")
parser.add_argument("--preset", default="city")
parser.add_argument("--seed", type=int, default=9604)
parser.add_argument("--persons", type=int)
parser.add_argument("--world", type=pathlib.Path, help="a folder of CSV tables that is there already")
asked = parser.parse_args()

ENTITIES = {"psn_info_b", "fixmedins_b", "dr_b", "admdvs_b"}
KEYS = {
    "setl_d": ["setl_id"], "mdtrt_d": ["mdtrt_id"], "fee_list_d": ["mdtrt_id", "feedetl_sn"], "drug_trac_d": ["drug_trac_codg"],
    "rx_d": ["hi_rxno"], "x_ident": ["ident_type", "ident_value", "holder_id"], "out_appy_d": ["trt_dcla_detl_sn"],
    "opsp_reg_d": ["trt_dcla_detl_sn"], "x_ltc_serv": ["serv_id"], "psn_insu_d": ["psn_no", "insutype", "psn_insu_date"],
    "x_matn_alwn_d": ["psn_no", "pay_date"],
}


def run(*words):
    done = subprocess.run([asked.program, *map(str, words)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"medring {' '.join(map(str, words))} ended with {done.returncode}: {done.stderr}")


def detect(world, out, *more):
    run("detect", world, "--out", out, *more)
    rings = [json.loads(line) for line in (out / "rings.jsonl").open(encoding="utf-8")]
    people = lambda ring: {member["id"] for member in ring["members"] if member["kind"] == "person"}
    return [(ring["typology"], people(ring), {fact for factor in ring["factors"] for fact in factor["facts"]}) for ring in rings]


def copy(world, into, keep):
    """The tables of a world, with the rows of which `keep` says so, given the name of the row and of its table."""
    into.mkdir()
    for path in sorted(world.iterdir()):
        table = path.stem
        if path.suffix != ".csv" or table in ENTITIES or table == "labels":
            if table != "labels":
                (into / path.name).write_bytes(path.read_bytes())
            continue
        with path.open(encoding="utf-8-sig", newline="") as source, (into / path.name).open("w", encoding="utf-8", newline="") as target:
            rows, written = csv.DictReader(source), None
            names = {name.strip().lower(): name for name in rows.fieldnames}
            keys = [names[key] for key in KEYS.get(table, [next(iter(names))])]
            written = csv.DictWriter(target, rows.fieldnames, lineterminator="\n", extrasaction="ignore")
            written.writeheader()
            written.writerows(row for row in rows if keep(table + ":" + "|".join((row[key] or "").strip() for key in keys)))


def nearest(people, rings):
    return max((len(people & other) / len(people | other) for _, other, _ in rings), default=0)


with tempfile.TemporaryDirectory() as folder:
    work = pathlib.Path(folder)
    world = asked.world or work / "world"
    if not asked.world:
        run("synth", world, "--preset", asked.preset, "--seed", asked.seed, *(["--persons", asked.persons] if asked.persons else []))
    rings = detect(world, work / "out")
    cited = set().union(*(facts for _, _, facts in rings))
    copy(world, work / "without", lambda row: row not in cited)
    copy(world, work / "alone", lambda row: row in cited)
    left = detect(work / "without", work / "out-without")
    again = detect(work / "alone", work / "out-alone", "--baselines", work / "out")
    print(f"{len(rings)} rings cite {len(cited)} rows; {len(left)} rings are left without them, {len(again)} are found on them alone")
    # Where the rows of many rings are gone, what is usual at their places is another: a lead that was just below the threshold may come up.
    remains = lambda people: any(len(people & other) * 2 >= len(people) for _, other, _ in rings)
    failed = False
    for typology, people, _ in left:
        failed |= remains(people)
        print(f"{typology:<26} {len(people):>5} people {'are left of a ring' if remains(people) else 'of no ring come up as a new lead'}")
    for at, (typology, people, facts) in enumerate(rings):
        alone, how = nearest(people, again), ""
        if alone < 0.5:
            copy(world, work / f"own-{at}", lambda row: row in facts)
            how = f"   (on its own rows only; {alone:.2f} among those of all)"
            alone = nearest(people, detect(work / f"own-{at}", work / f"out-own-{at}", "--baselines", work / "out"))
        failed |= alone < 0.5
        print(f"{typology:<26} {len(people):>5} people {len(facts):>6} rows   without {nearest(people, left):.2f}   alone {alone:.2f}{how}")
    if failed:
        sys.exit("a ring is left without the rows that it cites, or not found on them alone")
