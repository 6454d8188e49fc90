"""The job by DuckDB and igraph: what a data scientist would write. Prints NAME=VALUE lines.

duckdb_igraph.py FOLDER BATCHES, where FOLDER holds tables/setl_d.parquet and updates.parquet.
"""

import resource
import sys
import time

import duckdb
import igraph

folder, batches = sys.argv[1], int(sys.argv[2])
OCCASION = """psn_no AS person,
  CASE WHEN insu_admdvs <> fix_blng_admdvs THEN hash(fixmedins_code, begndate)
       ELSE hash(fixmedins_code, atddr_no, begndate) END AS occasion"""


def seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return time.perf_counter(), usage.ru_utime + usage.ru_stime


def say(name, value):
    print(f"{name}={value}", flush=True)


def graph(ties):
    """Components and Leiden communities of the ties."""
    graph = igraph.Graph.TupleList(zip(ties["a"], ties["b"]))
    components = graph.connected_components()
    graph.community_leiden(objective_function="modularity", n_iterations=2)
    return components


start = seconds()
db = duckdb.connect()
db.execute("SET preserve_insertion_order = false")
db.execute(f"CREATE TABLE entry AS SELECT DISTINCT {OCCASION} FROM '{folder}/tables/setl_d.parquet'")
db.execute("""
CREATE TABLE pair AS
WITH crowd AS (SELECT occasion FROM entry GROUP BY occasion HAVING count(*) BETWEEN 2 AND 64),
     met AS (SELECT person, occasion FROM entry SEMI JOIN crowd USING (occasion))
SELECT l.person AS a, r.person AS b, count(*)::INTEGER AS shared
FROM met l JOIN met r ON l.occasion = r.occasion AND l.person < r.person GROUP BY ALL""")
db.execute("CREATE TABLE tie AS SELECT a, b FROM pair WHERE shared >= 3")
components = graph(db.execute("SELECT a, b FROM tie").fetchnumpy())
end = seconds()
say("wall", end[0] - start[0])
say("cpu", end[1] - start[1])
say("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
say("pieces", len(components))

took = []
for batch in range(batches):
    db.execute(f"CREATE OR REPLACE TEMP TABLE come AS SELECT DISTINCT {OCCASION} "
               f"FROM '{folder}/updates.parquet' WHERE batch = {batch}")
    start = time.perf_counter()
    db.execute("DELETE FROM come WHERE EXISTS (SELECT 1 FROM entry WHERE entry.person = come.person "
               "AND entry.occasion = come.occasion)")
    db.execute("INSERT INTO entry SELECT * FROM come")
    db.execute("""
    CREATE OR REPLACE TEMP TABLE delta AS
    WITH near AS (SELECT * FROM entry SEMI JOIN come USING (occasion)),
         crowd AS (SELECT occasion FROM near GROUP BY occasion HAVING count(*) BETWEEN 2 AND 64)
    SELECT least(l.person, r.person) AS a, greatest(l.person, r.person) AS b,
           count(DISTINCT l.occasion)::INTEGER AS shared
    FROM come l JOIN near r ON l.occasion = r.occasion AND l.person <> r.person
    WHERE l.occasion IN (SELECT occasion FROM crowd) GROUP BY ALL""")
    db.execute("INSERT INTO pair SELECT * FROM delta")
    db.execute("""
    INSERT INTO tie
    SELECT a, b FROM pair SEMI JOIN delta USING (a, b) GROUP BY a, b HAVING sum(shared) >= 3
    EXCEPT SELECT a, b FROM tie""")
    graph(db.execute("SELECT a, b FROM tie").fetchnumpy())
    took.append((time.perf_counter() - start) * 1000)
took.sort()
say("batch_p50", took[len(took) // 2])
say("batch_p99", took[-(-len(took) * 99 // 100) - 1])
say("batch_max", took[-1])
