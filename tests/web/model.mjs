// What a canvas holds, without a browser: limits, stacks, filters, and that what is pinned or stands there already never moves.
//
//   node tests/web/model.mjs          (needs src/serve/web/node_modules, see run.sh)
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(new URL("../../src/serve/web/", import.meta.url));
const { build } = require("esbuild");
const source = new URL("../../src/serve/web/source/", import.meta.url).pathname;
const { outputFiles } = await build({
  stdin: { contents: `export * from "./graph/model"; export * from "./graph/stacks"; export { relaid } from "./graph/layout"; export { gexf, graphml, partiesCsv, tiesCsv } from "./graph/files";`, resolveDir: source, loader: "ts" },
  bundle: true, write: false, format: "esm",
});
const folder = mkdtempSync(join(tmpdir(), "medring-model-"));
writeFileSync(join(folder, "model.mjs"), outputFiles[0].contents);
const m = await import(pathToFileURL(join(folder, "model.mjs")));
rmSync(folder, { recursive: true });

let seed = 11;
const chance = () => (seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648;
const party = (token, kind = "person") => ({ token, kind, id: `*${token}`, rings: 0 });
const neighbour = (token, first, last, kind) => ({ party: party(token, kind), facts: 2, total_fen: 500, first, last, neighbours: 7, rings: [] });
const places = (model) => new Map([...model.nodes.values()].map((one) => [one.token, `${one.x} ${one.y}`]));
const same = (a, b, note) => assert.deepEqual([[...a.nodes.keys()].sort(), [...a.links.keys()].sort()], [[...b.nodes.keys()].sort(), [...b.links.keys()].sort()], note);
const stands = (before, after, but = []) => {
  const now = places(after);
  for (const [token, place] of places(before)) if (now.has(token) && !but.includes(token)) assert.equal(now.get(token), place, `${token} moved`);
};

// Ten thousand are shown; the rest is one, with its number.
const hub = m.ofParty(party("hub", "institution"));
const many = Array.from({ length: 12_340 }, (_, at) => neighbour(`p${at}`, null, null));
const full = m.expanded(hub, "hub", many);
const stack = [...full.nodes.values()].find((one) => one.stack);
assert.equal(full.nodes.size, m.NODES_MAX + 1);
assert.equal(stack.stack.count, 12_340 - (m.NODES_MAX - 1));
assert.equal([...full.nodes.values()].reduce((sum, one) => sum + (one.stack?.count ?? 1), 0), 12_341, "somebody is not counted");
stands(hub, full);

// What is not asked for one by one is one; it stands for fewer as more of them are shown, and goes with the last.
const some = m.expanded(hub, "hub", many.slice(0, 5));
let rest = m.aggregated(some, "hub", "person", 20);
assert.equal([...rest.nodes.values()].find((one) => one.stack).stack.count, 15);
rest = m.expanded(rest, "hub", many.slice(3, 12));
assert.equal([...rest.nodes.values()].find((one) => one.stack).stack.count, 8);
assert.equal([...m.expanded(rest, "hub", many.slice(0, 20)).nodes.values()].some((one) => one.stack), false);
assert.equal(m.aggregated(some, "hub", "person", 5), some, "nothing is left to be one");

// A graph by chance: dated and undated links, some pinned.
let graph = m.expanded(hub, "hub", many.slice(0, 60));
for (let at = 0; at < 200; at++) {
  const center = `p${Math.floor(chance() * 60)}`;
  const month = String(1 + Math.floor(chance() * 12)).padStart(2, "0");
  const dated = chance() < 0.7;
  graph = m.expanded(graph, center, [neighbour(`p${Math.floor(chance() * 60)}`, dated ? `2024-${month}-03` : null, dated ? `2024-${month}-20` : null)].filter((one) => one.party.token !== center));
}
for (const token of ["p3", "p7", "p30"]) graph = m.moved(graph, token, graph.nodes.get(token).x + 40, graph.nodes.get(token).y, true);

// Shown as one and taken apart again it is what it was; whoever is inside is found there by later expansions.
for (let times = 0; times < 50; times++) {
  const tokens = [...graph.nodes.keys()].filter(() => chance() < 0.15);
  if (tokens.length < 2) continue;
  const one = m.combined(graph, tokens);
  assert.equal(one.nodes.size, graph.nodes.size - tokens.length + 1);
  const name = [...one.nodes.keys()].find((token) => !graph.nodes.has(token));
  assert.equal(one.nodes.get(name).stack.count, tokens.length);
  stands(graph, one);
  for (const link of one.links.values()) assert(one.nodes.has(link.a) && one.nodes.has(link.b) && link.a !== link.b);
  const inner = tokens.find((token) => token !== "hub");
  const again = m.expanded(one, one.nodes.has("hub") ? "hub" : name, [neighbour(inner, null, null)]);
  assert.equal(again.nodes.has(inner), false, "somebody stands twice");
  const apart = m.split(one, name);
  same(apart, graph, "taken apart it is not what it was");
  stands(graph, apart);
  // Two stacks side by side, whichever is taken apart first: no link between them is lost.
  const others = [...one.nodes.keys()].filter((token) => token !== name && chance() < 0.2);
  if (others.length > 1) {
    const two = m.combined(one, others);
    const second = [...two.nodes.keys()].find((token) => !one.nodes.has(token));
    same(m.split(m.split(two, name), second), graph, "a link between two stacks");
    same(m.split(m.split(two, second), name), graph, "a link between two stacks");
  }
  // Twice: a stack in a stack, taken apart from outside in.
  const outer = m.combined(one, [name, [...one.nodes.keys()].find((token) => token !== name)]);
  const shell = [...outer.nodes.keys()].find((token) => !one.nodes.has(token));
  same(m.split(m.split(outer, shell), name), graph, "a stack in a stack");
}

// Laid out anew: the pinned stand, nobody is lost, and the same comes out again.
const laid = m.relaid(graph);
const [before, now] = [places(graph), places(laid)];
for (const one of graph.nodes.values()) if (one.pinned) assert.equal(now.get(one.token), before.get(one.token), "a pinned party moved");
assert([...now].some(([token, place]) => before.get(token) !== place));
assert.deepEqual(places(m.relaid(graph)), now);
assert([...laid.nodes.values()].every((one) => Number.isFinite(one.x) && Number.isFinite(one.y)));

// A window of days: exactly the links that touch it, and whoever has one, or is pinned, or stands beside without a day.
for (const [from, to] of [["2024-03-01", "2024-04-30"], ["2024-12-21", "2024-12-31"], ["2024-01-01", "2024-12-31"]]) {
  const seen = m.seen(graph, () => true, [from, to]);
  const touches = (link) => link.note?.first && link.note.first <= to && link.note.last >= from;
  for (const [name, link] of graph.links) if (touches(link)) assert(seen.links.has(name), `${name} is missing`);
  for (const link of seen.links.values()) assert(!link.note?.first || touches(link));
  for (const one of seen.nodes.values()) {
    const own = [...graph.links.values()].filter((link) => link.a === one.token || link.b === one.token);
    assert(one.pinned || own.some(touches) || own.every((link) => !link.note?.first), `${one.token} has no business here`);
  }
  assert([...graph.nodes.values()].filter((one) => one.pinned).every((one) => seen.nodes.has(one.token)));
}
same(m.seen(graph, () => true, null), graph);
assert([...m.seen(graph, (one) => one.kind === "person", null).nodes.values()].every((one) => one.kind === "person"));

// Files: what a cell begins with is no formula, what a name holds is no markup.
const sly = m.ofParty({ token: "x", kind: "person", id: "=cmd|' /C calc'!A0", rings: 0 });
assert.match(m.partiesCsv(sly), /\r\nx,person,'=cmd/);
const script = m.ofParty({ token: "x", kind: "person", id: "<script>alert(1)</script>", rings: 0 });
for (const text of [m.graphml(script), m.gexf(script)]) assert(!text.includes("<script>") && text.includes("&#60;script"));
assert.equal(m.tiesCsv(graph).trim().split("\r\n").length, graph.links.size + 1);
console.log("model: all well");
