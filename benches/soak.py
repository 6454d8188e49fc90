#!/usr/bin/env python3
"""How does `medring serve` do over a while, on one process or several, also when one of them is killed?

    cargo build --release
    python3 benches/soak.py --processes 3 --persons 20000 --batches 40 --kill-every 10
    python3 benches/soak.py --persons 242000 --minutes 10 --readers 4

Makes a world, takes most of it in, and pushes batches of 1,000 settlements (half new, half taken back once there is something to take
back) while readers ask for rings. Prints, and needs nothing but Python: latency of an epoch from push to acknowledged answer, of reads,
memory, bytes between processes (from `ss`, where there is one), how soon the others end when one is killed with SIGKILL, and how soon the
cluster answers again. In the end `db check` must be clean, every acknowledged batch must be in once, and a workspace that takes the same
batches in one process, without a kill, must have the same digest of every epoch.
"""
import argparse, csv, http.client, io, json, os, pathlib, random, re, signal, socket, subprocess, sys, tempfile, threading, time

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--program", default="target/release/medring")
parser.add_argument("--processes", type=int, default=1)
parser.add_argument("--workers", type=int, default=1, help="threads of each process")
parser.add_argument("--persons", type=int, default=20000)
parser.add_argument("--batches", type=int, default=0)
parser.add_argument("--minutes", type=float, default=0)
parser.add_argument("--every", type=float, default=0, help="seconds between two batches at least")
parser.add_argument("--rows", type=int, default=1000)
parser.add_argument("--kill-every", type=int, default=0, help="kill a process after so many batches")
parser.add_argument("--readers", type=int, default=2)
parser.add_argument("--no-compare", action="store_true", help="do not take the batches again in one process")
parser.add_argument("--seed", type=int, default=21)
parser.add_argument("--dir", help="where to work; kept afterwards")
asked = parser.parse_args()
program = os.path.abspath(asked.program)
keep = tempfile.TemporaryDirectory() if not asked.dir else None
work = pathlib.Path(keep.name if keep else asked.dir)
work.mkdir(parents=True, exist_ok=True)
chance = random.Random(asked.seed)


def run(*words):
    started = time.monotonic()
    done = subprocess.run([program, *map(str, words)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"medring {' '.join(map(str, words))} ended with {done.returncode}: {done.stderr}")
    return done.stdout, time.monotonic() - started


def share(values, part):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * part))] if values else float("nan")


def told(name, values, unit="ms", scale=1e3):
    print(f"{name:<44} n {len(values):>6}   p50 {share(values, .5) * scale:9.1f}   p99 {share(values, .99) * scale:9.1f}   max {max(values, default=0) * scale:9.1f} {unit}", flush=True)


# --- the world: most of it is there from the beginning, the rest is a pool of rows that come and go ---
world, base, workspace = work / "world", work / "base", work / "ws"
if not world.exists():
    run("synth", world, "--preset", "claims", "--persons", asked.persons, "--seed", asked.seed)
base.mkdir(exist_ok=True)
with open(world / "setl_d.csv", encoding="utf-8", newline="") as file:
    head, *lines = csv.reader(file)
pool_rows = min(20_000, len(lines) // 5)
for path in world.iterdir():
    if path.suffix == ".csv" and path.name not in ("labels.csv", "setl_d.csv") and not (base / path.name).exists():
        os.link(path, base / path.name)
chance.shuffle(lines)
pool, lines = lines[:pool_rows], lines[pool_rows:]
with open(base / "setl_d.csv", "w", encoding="utf-8", newline="") as file:
    csv.writer(file).writerows([head, *lines])
at = {name: column for column, name in enumerate(head)}
settlements = len(lines)


def rows_of(batch):
    """Half new rows; half of those that came ten batches earlier, taken back."""
    def some(number, live):
        for offset in range(asked.rows // 2):
            row = list(pool[(number * asked.rows // 2 + offset) % len(pool)])
            row[at["setl_id"]] += f"-{number}"
            for name, value in (("vali_flag", "1" if live else "0"), ("updt_time", "2030-01-01 00:00:00" if live else "2030-01-02 00:00:00")):
                if name in at:
                    row[at[name]] = value
                else:
                    row.append(value)
            yield row
    out = io.StringIO()
    extra = [name for name in ("vali_flag", "updt_time") if name not in at]
    csv.writer(out).writerows([head + extra, *some(batch, True), *(some(batch - 10, False) if batch >= 10 else ())])
    return out.getvalue().encode()


out = run("init", workspace)
_, took = run("ingest", "run", "--workspace", workspace, base, "--batch-id", "base", "--max-reject", 100)
print(f"{settlements} settlements taken in by `ingest run` in {took:.0f} s; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True)


def ports(count):
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    found = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return found


class Cluster:
    def __init__(self):
        links, (self.port,) = ports(asked.processes), ports(1)
        (work / "hosts").write_text("".join(f"127.0.0.1:{port}\n" for port in links))
        self.links, self.children = links, []
        started = time.monotonic()
        for process in reversed(range(asked.processes)):
            words = [program, "serve", workspace, "--listen", f"127.0.0.1:{self.port}", "--workers", str(asked.workers), "--max-reject", "100", "--lang", "en"]
            if asked.processes > 1:
                words += ["--processes", str(asked.processes), "--process", str(process), "--hosts", work / "hosts"]
            self.children.insert(0, subprocess.Popen(words, stderr=open(work / f"process-{process}.log", "a")))
        while not self.answers("/readyz"):
            for child in self.children:
                if child.poll() is not None:
                    sys.exit(f"a process ended with {child.returncode}: see {work}")
            time.sleep(.02)
        self.ready = time.monotonic() - started

    def answers(self, path):
        try:
            return self.ask("GET", path)[0] == 200
        except OSError:
            return False

    def ask(self, method, path, body=None, headers={}):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        said = answer.status, answer.read()
        connection.close()
        return said

    def push(self, batch):
        try:
            status, said = self.ask("POST", "/v1/batches?table=setl_d", rows_of(batch), {"Content-Type": "text/csv", "Idempotency-Key": f"batch-{batch:06}"})
            return status if status in (200, 201) else sys.exit(f"batch {batch}: {status} {said!r}")
        except (OSError, http.client.HTTPException):
            return None

    def memory(self):
        def of(child):
            text = pathlib.Path(f"/proc/{child.pid}/status").read_text()
            return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024
        return [of(child) for child in self.children]

    def seconds(self):
        """Processor time of each process so far."""
        def of(child):
            fields = pathlib.Path(f"/proc/{child.pid}/stat").read_text().rsplit(")", 1)[1].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return [round(of(child), 1) for child in self.children]

    def traffic(self):
        """Bytes and segments with data that went between the processes so far."""
        try:
            said = subprocess.run(["ss", "-tinH"], capture_output=True, text=True).stdout
        except OSError:
            return None
        sent = segments = 0
        for line, detail in zip(*[iter(said.splitlines())] * 2):
            if any(f":{port} " in line + " " for port in self.links):
                sent += int((re.search(r"bytes_sent:(\d+)", detail) or [0, 0])[1])
                segments += int((re.search(r"data_segs_out:(\d+)", detail) or [0, 0])[1])
        return sent, segments

    def kill(self, victim):
        """Kills one; answers after how many seconds all others had ended."""
        os.kill(self.children[victim].pid, signal.SIGKILL)
        started = time.monotonic()
        for child in self.children:
            child.wait(60)
        return time.monotonic() - started

    def stop(self):
        self.children[0].send_signal(signal.SIGTERM)
        return [child.wait(600) for child in self.children]


cluster = Cluster()
size = sum(path.stat().st_size for path in workspace.rglob("*") if path.is_file())
print(f"workspace: {size} bytes on disk, {size / settlements:.0f} a settlement with what belongs to it")
print(f"ready after {cluster.ready:.1f} s; processor seconds {cluster.seconds()}; memory MB {[round(one) for one in cluster.memory()]}; bytes and segments between processes so far: {cluster.traffic()}", flush=True)
reads, over = [], threading.Event()


def read(number):
    mine = random.Random(number)
    ids = []
    while not over.is_set():
        path = f"/v1/rings/{mine.choice(ids)}" if ids and mine.random() < .7 else "/v1/rings?limit=50"
        started = time.monotonic()
        try:
            status, said = cluster.ask("GET", path)
            if status == 200:
                reads.append(time.monotonic() - started)
                if path.endswith("50"):
                    ids = [ring["id"] for ring in json.loads(said).get("rings", []) if "id" in ring]
        except (OSError, http.client.HTTPException, ValueError):
            pass
        over.wait(.02)


readers = [threading.Thread(target=read, args=(number,)) for number in range(asked.readers)]
for reader in readers:
    reader.start()
epochs, fallen, back, memory, pushed, kills = [], [], [], [cluster.memory()], 0, 0
before, begun, busy = cluster.traffic(), time.monotonic(), cluster.seconds()
end = begun + asked.minutes * 60 if asked.minutes else float("inf")
while time.monotonic() < end and (not asked.batches or pushed < asked.batches):
    if asked.kill_every and pushed % asked.kill_every == asked.kill_every - 1:
        victim = kills % asked.processes
        pushing = threading.Thread(target=cluster.push, args=(pushed,))
        pushing.start()
        time.sleep(chance.random() * (share(epochs, .5) if epochs else .2))
        fallen.append(cluster.kill(victim))
        pushing.join()
        cluster = Cluster()
        back.append(cluster.ready)
        kills += 1
        before = None
    started = time.monotonic()
    if cluster.push(pushed) is None:
        sys.exit(f"batch {pushed} was not answered")
    epochs.append(time.monotonic() - started)
    pushed += 1
    memory.append(cluster.memory())
    time.sleep(max(0, asked.every - (time.monotonic() - started)))
after, busy = cluster.traffic(), [round(now - then, 1) for now, then in zip(cluster.seconds(), busy)]
over.set()
for reader in readers:
    reader.join()
codes = cluster.stop()
minutes = (time.monotonic() - begun) / 60
print(f"{pushed} batches of {asked.rows} rows in {minutes:.1f} minutes; {asked.processes} processes with {asked.workers} workers; load {os.getloadavg()[0]:.1f}")
told("push to acknowledged epoch", epochs)
told("read of rings under that load", reads)
if not kills:
    print(f"processor time of a pushed row, µs, by process: {[round(one / pushed / asked.rows * 1e6) for one in busy]}")
if kills:
    told("SIGKILL of one until all had ended", fallen, "s", 1)
    told("start of all until /readyz", back, "s", 1)
for process in range(asked.processes):
    own = [one[process] for one in memory]
    tenth = max(1, len(own) // 10)
    first, last = sum(own[tenth:2 * tenth] or own) / len(own[tenth:2 * tenth] or own), sum(own[-tenth:]) / tenth
    print(f"memory of process {process}, MB: second tenth of the run {first:.0f}, last tenth {last:.0f}, peak {max(own):.0f}")
if before and after and asked.processes > 1:
    print(f"between processes, a pushed row: {(after[0] - before[0]) / pushed / asked.rows:.0f} bytes, {(after[1] - before[1]) / pushed / asked.rows:.2f} segments")
assert codes == [0] * asked.processes, f"the end was not clean: {codes}"
run("db", "check", workspace)
digests, _ = run("db", "digest", workspace, "--all", "-o", "jsonl")
batches = [json.loads(line)["batch_id"] for line in digests.splitlines()]
assert batches == ["base"] + [f"batch-{number:06}" for number in range(pushed)], "a batch is missing or in twice"
print(f"db check is clean; {len(batches)} epochs, each batch once, after {kills} kills")
if not asked.no_compare:
    alone, sent = work / "alone", work / "sent"
    run("init", alone)
    run("ingest", "run", "--workspace", alone, base, "--batch-id", "base", "--max-reject", 100, "--workers", 2)
    workspace, asked.processes = alone, 1
    cluster = Cluster()
    for number in range(pushed):
        assert cluster.push(number) == 201
    cluster.stop()
    again, _ = run("db", "digest", alone, "--all", "-o", "jsonl")
    assert again == digests, "the digests differ"
    print(f"one process without a kill gives the same {len(batches)} digests")
