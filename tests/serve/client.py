"""Does notebooks/client.py get from a served workspace what is there?

    python3 tests/serve/client.py PROGRAM

Makes a small world, serves it without and with accounts, and asks. Needs nothing but Python 3.9; networkx is used where it is installed.
"""

import importlib.util
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "notebooks"))
from client import PAGE, Refused, Server  # noqa: E402

program = str(pathlib.Path(sys.argv[1]).resolve())


def run(*words):
    return subprocess.run([program, *words], check=True, capture_output=True, text=True).stdout


class Serving:
    """A program that serves a workspace as long as the block lasts."""

    def __init__(self, workspace):
        words = [program, "serve", str(workspace), "--listen", "127.0.0.1:0"]
        self.process = subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)

    def __enter__(self):
        for line in self.process.stderr:
            found = re.search(r"https?://[\d.:]+(?=/ )", line)
            if found:
                return found.group()
        raise SystemExit("the program ended before it listened")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.stderr.read()
        assert self.process.wait() == 0


def refused(deed, code):
    try:
        deed()
    except Refused as error:
        assert error.code == code, error
        return error
    raise AssertionError(f"{code} was expected")


def alone(workspace):
    with Serving(workspace) as base, Server(base) as medring:
        rings = list(medring.rings())
        assert len(rings) >= 3 and [one["rank"] for one in rings] == sorted(one["rank"] for one in rings)
        dear = list(medring.rings(sort="fund", fund_min=rings[0]["fund_fen"] // 100))
        assert dear and all(one["fund_fen"] >= rings[0]["fund_fen"] // 100 * 100 for one in dear)
        ring = rings[0]["id"]
        told = medring.ring(ring)
        rows = list(medring.facts(ring))
        assert len(rows) == medring.get(f"/v1/rings/{ring}/facts", limit=1)["total"] and all(row["file"] for row in rows)
        # A list that is longer than a page comes whole, each once.
        place = next(one["party"]["token"] for one in told["members"] if one["party"]["kind"] == "institution")
        linked = [one["party"]["token"] for one in medring.neighbours(place)]
        assert len(linked) == len(set(linked)) == medring.get(f"/v1/entities/{place}")["neighbours"]
        print(f"  {len(rings)} leads, {len(rows)} rows, {len(linked)} neighbours in pages of {PAGE}")
        people = [one["party"]["token"] for one in told["members"] if one["party"]["kind"] == "person"]
        found = medring.paths(people[0], people[1], k=2)
        assert found["paths"] and len(found["paths"]) <= 2
        around = medring.paths(people[0], people[1], k=2, avoid=[found["paths"][0]["hops"][0]["to"]["token"]])
        assert around["paths"] != found["paths"]
        if importlib.util.find_spec("networkx"):
            graph = medring.network(ring)
            assert graph.number_of_nodes() and all(person in graph for person in people[:5])
        assert medring.read(f"/v1/rings/{ring}/members.xlsx").startswith(b"PK")
        assert refused(lambda: medring.ring("R-000000000000"), "MR-WEB-002").status == 404
        refused(lambda: medring.ring("../status"), "MR-WEB-002")
        refused(lambda: list(medring.rings(sort="beauty")), "MR-WEB-004")
        assert medring.get("/v1/words")["typologies"]


def named(workspace, folder):
    secret = folder / "password"
    secret.write_text("correct horse battery\n")
    for name, role in [("lin", "investigator"), ("luo", "investigator")]:
        run("user", "add", name, "--role", role, "--workspace", str(workspace), "--password-file", str(secret))
    key = run("user", "key", "feed", "--workspace", str(workspace)).strip().split()[-1]
    with Serving(workspace) as base:
        refused(lambda: next(Server(base).rings()), "MR-WEB-013")
        refused(lambda: Server(base, name="lin", password="not the password"), "MR-WEB-014")
        with Server(base, name="lin", password="correct horse battery") as medring:
            ring = next(medring.rings())["id"]
            case = medring.post("/v1/cases", {"title": "一案", "rings": [ring]})["case"]["id"]
            medring.post(f"/v1/cases/{case}/staff", {"owner": "lin", "second": "luo"})
            assert medring.get("/v1/cases")["cases"][0]["second"] == "luo"
            assert medring.get(f"/v1/cases/{case}/bundle")["missing"]
            refused(lambda: medring.post(f"/v1/cases/{case}/bundle", {}), "MR-WEB-020")
        refused(lambda: next(medring.rings()), "MR-WEB-013")
        feed = Server(base, key=key)
        rows = (folder / "world" / "setl_d.csv").read_bytes()
        rows = b"".join(rows.splitlines(keepends=True)[:50])
        first, again = (feed.push("setl_d", rows, batch="again") for _ in range(2))
        assert first["epoch"] == again["epoch"] == 2 and not first["already"] and again["already"], (first, again)
        refused(lambda: feed.push("setl_d", rows[: len(rows) // 2], batch="again", tries=1), "MR-WEB-022")
        refused(lambda: feed.push("setl_d", b"no table", tries=1), "MR-WEB-008")


with tempfile.TemporaryDirectory() as place:
    folder = pathlib.Path(place)
    run("synth", str(folder / "world"), "--preset", "demo", "--seed", "1", "--persons", "4000")
    run("init", str(folder / "ws"))
    run("ingest", "run", "--workspace", str(folder / "ws"), str(folder / "world"))
    print("without accounts")
    alone(folder / "ws")
    print("with accounts and a key")
    named(folder / "ws", folder)
    print("client: all well")
