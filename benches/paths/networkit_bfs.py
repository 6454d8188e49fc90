"""The same questions to networkit's BidirectionalBFS, which is what a data scientist would take. Prints NAME=VALUE lines.

networkit_bfs.py FOLDER ROUNDS, where FOLDER holds links.u32 (two ends each), pairs.u32 (from, to) and hops.u32 (the answers, the largest
number for none).
"""

import sys
import time

import networkit
import numpy

folder, rounds = sys.argv[1], int(sys.argv[2])


def numbers(name, width):
    return numpy.fromfile(f"{folder}/{name}.u32", dtype=numpy.uint32).reshape(-1, width).astype(numpy.uint64)


def ask(start, end, with_path):
    """Seconds and hops of one question."""
    begun = time.perf_counter()
    search = networkit.distance.BidirectionalBFS(graph, start, end, with_path)
    search.run()
    if with_path:
        search.getPath()
    took = time.perf_counter() - begun
    return took, search.getDistance()


networkit.setNumberOfThreads(1)
links = numbers("links", 2)
graph = networkit.GraphFromCoo((links[:, 0], links[:, 1]), n=int(links.max()) + 1)
pairs = [(int(start), int(end)) for start, end in numbers("pairs", 2)]
hops = [int(count) for count in numbers("hops", 1)[:, 0]]
for name, with_path in [("chain", True), ("hops", False)]:
    quickest = [float("inf")] * len(pairs)
    for _ in range(rounds):
        for at, (start, end) in enumerate(pairs):
            took, found = ask(start, end, with_path)
            quickest[at] = min(quickest[at], took)
            found = found if found < 2**31 else 2**32 - 1
            if found != hops[at]:
                sys.exit(f"{start} to {end}: {found} hops, not {hops[at]}")
    quickest.sort()
    print(f"{name}_rate={len(quickest) / sum(quickest)}")
    for word, permille in [("p50", 500), ("p99", 990), ("max", 1_000)]:
        print(f"{name}_{word}={quickest[min(len(quickest) * permille // 1_000, len(quickest) - 1)] * 1_000}")
