#!/usr/bin/env python3
"""What is found in made-up worlds nobody has looked at, and what is mistaken for a ring?

    cargo build --release
    python3 benches/quality.py --preset city 9701 9702 9703 9704 9705
    python3 benches/quality.py --preset clean 9711 9712
    python3 benches/quality.py --world DIR DIR …          folders of CSV tables with a labels.csv, made by anybody

Makes each world, detects, and prints, at Jaccard 0.5: recall and precision, F1 of the members, right typology and organiser or recruiter
named per world; the same per typology and look-alike over all worlds; the simple detectors of `medring eval` beside it; and, with
`--expand N`, how much of a ring `medring expand` recovers from two random members, for N rings a world. Needs nothing but Python.
"""
import argparse, collections, csv, json, pathlib, random, subprocess, sys, tempfile

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--program", default="target/release/medring")
parser.add_argument("--preset", default="city")
parser.add_argument("--persons", type=int)
parser.add_argument("--world", action="store_true", help="the words are folders, not seeds")
parser.add_argument("--expand", type=int, default=0, metavar="N")
parser.add_argument("--no-baselines", action="store_true", help="without the simple detectors")
parser.add_argument("which", nargs="+", metavar="SEED|DIR")
asked = parser.parse_args()


def run(*words, code=0):
    done = subprocess.run([asked.program, *map(str, words)], capture_output=True, text=True)
    if done.returncode not in (0, code):
        sys.exit(f"medring {' '.join(map(str, words))} ended with {done.returncode}: {done.stderr}")
    return done.stdout


def add(sums, key, ratio):
    sums[key][0] += ratio["hits"]
    sums[key][1] += ratio["of"]


def share(hits, of):
    return f"{hits / of:5.3f}" if of else "    –"


def value(ratio):
    return share(ratio["hits"], ratio["of"])


def f1(members):
    return share(2 * members["right"], 2 * members["right"] + members["wrong"] + members["missed"])


def line(name, scores):
    ring, members = scores["at_50"], scores["members"]
    wrong = scores["false_rings_per_100000"]
    print(f"{name:<34} {scores['planted']:>4} {scores['reported']:>4}   {value(ring['recall'])} {value(ring['precision'])}   "
          f"{f1(members['matched'])} {value(scores['right_typology'])} {value(members['organiser_of_matched'])}   "
          f"{'–' if wrong is None else f'{wrong:.1f}'}", flush=True)


def expanded(world, chance):
    """Recall and innocents of the ring around two random members, for some rings."""
    rings = collections.defaultdict(set)
    with open(world / "labels.csv", encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["party_kind"] == "person" and not row["typology"].startswith("HN"):
                rings[row["ring_id"]].add(row["party_id"])
    big = sorted(ring for ring, people in rings.items() if len(people) >= 5)
    found = []
    for ring in chance.sample(big, min(asked.expand, len(big))):
        people = rings[ring]
        seeds = chance.sample(sorted(people), 2)
        lines = run("expand", *(f"person:{seed}" for seed in seeds), "--input", world, "-o", "jsonl", code=1)
        grown = {row["id"] for row in map(json.loads, lines.splitlines()) if row.get("kind") == "person"} | set(seeds)
        anybody = set().union(*rings.values())
        found.append((len(grown & people) / len(people), len(grown - anybody) / len(grown)))
    return found


heads = "rings told   recall prec.    F1   type  named   wrong in 100,000"
print(f"{'':<34} {heads}")
typologies, right, honest = (collections.defaultdict(lambda: [0, 0]) for _ in range(3))
others, sums, grown = {}, collections.defaultdict(lambda: [0, 0]), []
with tempfile.TemporaryDirectory() as folder:
    for word in asked.which:
        work = pathlib.Path(folder) / word.replace("/", "_")
        work.mkdir()
        world = pathlib.Path(word) if asked.world else work / "world"
        if not asked.world:
            run("synth", world, "--preset", asked.preset, "--seed", word, *(["--persons", asked.persons] if asked.persons else []))
        run("detect", world, "--out", work / "out")
        judged = run("eval", "--labels", world / "labels.csv", "--rings", work / "out" / "rings.jsonl", "-o", "json",
                     *([] if asked.no_baselines else ["--input", world]))
        medring, *simple = json.loads(judged)["detectors"]
        line(f"{asked.preset} {word}" if not asked.world else word[-34:], medring)
        for one in medring["typologies"]:
            add(typologies, one["typology"], one["recall"])
            add(right, one["typology"], one["right"])
        for one in medring["look_alikes"]:
            add(honest, one["class"], one["reported"])
        for name, ratio in (("recall", medring["at_50"]["recall"]), ("precision", medring["at_50"]["precision"]),
                            ("typology", medring["right_typology"]), ("named", medring["members"]["organiser_of_matched"])):
            add(sums, name, ratio)
        for other in simple:
            rows = others.setdefault(other["detector"], [[0, 0], [0, 0], 0.0])
            for at, part in enumerate(("recall", "precision")):
                rows[at][0] += other["at_50"][part]["hits"]
                rows[at][1] += other["at_50"][part]["of"]
            rows[2] += (other["lift_over_it"] or 0) * other["at_50"]["recall"]["hits"]
        if asked.expand:
            grown += expanded(world, random.Random(word))
        if not asked.world:
            for path in sorted(work.rglob("*"), reverse=True):
                path.rmdir() if path.is_dir() else path.unlink()

print("\nover all rings   " + "   ".join(f"{name} {share(*counts)}" for name, counts in sums.items()))
for name, (recall, precision, ahead) in others.items():
    lift = f"medring finds {ahead / recall[0]:.1f} times as many at its precision" if recall[0] else "finds none"
    print(f"  {name:<40} recall {share(*recall)} precision {share(*precision)}   {lift}")
if typologies:
    print(f"\n{'typology':<28} found        right name")
    for name in sorted(typologies):
        found, named = typologies[name], right[name]
        print(f"{name:<28} {found[0]:>3} of {found[1]:<3}   {named[0]:>3} of {named[1]:<3}")
if honest:
    print("\nlook-alikes reported: " + ", ".join(f"{name} {hits}/{of}" for name, (hits, of) in sorted(honest.items())))
if grown:
    middle = lambda at: sorted(one[at] for one in grown)[len(grown) // 2]
    print(f"\nexpand from two members, {len(grown)} rings: median recall {middle(0):.3f}, innocents {middle(1):.3f}")
