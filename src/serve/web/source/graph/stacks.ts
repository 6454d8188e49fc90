// Several parties shown as one, and the neighbours of a party: links between stacks are worked out from those of their parties.
import type { Neighbour, Party } from "../api";
import { around, settle } from "./layout";
import { key, neighboursOf, node, NODES_MAX, type Link, type Model, type Node } from "./model";

/** The stack that a party is shown in, or itself. */
function homes(model: Model): (token: string) => string {
  const of = new Map<string, string>();
  const enter = (nodes: Node[], stack: string) => {
    for (const one of nodes) {
      of.set(one.token, stack);
      if (one.stack?.inside) enter(one.stack.inside, stack);
    }
  };
  for (const one of model.nodes.values()) if (one.stack?.inside) enter(one.stack.inside, one.token);
  return (token) => of.get(token) ?? token;
}

/** The model with the links between what is shown: those of a stack are those of its parties. */
function linked(model: Model): Model {
  const home = homes(model);
  const links = new Map<string, Link>();
  for (const link of model.raw.values()) {
    const [a, b] = [home(link.a), home(link.b)];
    if (a === b || !model.nodes.has(a) || !model.nodes.has(b)) continue;
    const there = links.get(key(a, b));
    links.set(key(a, b), !there && a === link.a && b === link.b ? link : joined(there, link, a, b));
  }
  return { ...model, links };
}

/** The model with neighbours of a party; those who are new stand around it, nobody else moves. What does not fit is a stack. */
export function expanded(model: Model, center: string, neighbours: Neighbour[], most = NODES_MAX): Model {
  const hub = model.nodes.get(center);
  if (!hub) return model;
  const next: Model = { ...model, nodes: new Map(model.nodes), raw: new Map(model.raw) };
  const home = homes(model);
  const unseen = neighbours.filter((one) => !model.nodes.has(home(one.party.token)));
  const fresh = unseen.slice(0, Math.max(0, most - model.nodes.size));
  const places = around(model, hub, fresh.length);
  for (const one of fresh) {
    const [x, y] = places.next().value as [number, number];
    next.nodes.set(one.party.token, { ...node(one.party, x, y), neighbours: one.neighbours });
  }
  settle(next, new Set(fresh.map((one) => one.party.token)));
  for (const one of neighbours) {
    const token = one.party.token;
    if (!next.nodes.has(home(token)) || token === center) continue;
    const there = next.raw.get(key(center, token));
    const seen = { facts: one.facts, fen: one.total_fen };
    next.raw.set(
      key(center, token),
      there
        ? { ...there, ...seen }
        : { a: center, b: token, tie: false, weight: 0, ...seen,
            note: { kinds: [], occasions: one.facts, first: one.first, last: one.last } },
    );
  }
  // A stack beside the party stands for fewer, now that some of them are shown.
  for (const stack of neighboursOf(model, center)) {
    const one = next.nodes.get(stack)!;
    if (!one.stack || one.stack.inside) continue;
    const count = one.stack.count - fresh.filter((each) => each.party.kind === one.kind).length;
    if (count > 0) next.nodes.set(stack, { ...one, stack: { count, inside: null } });
    else next.nodes.delete(stack);
  }
  const rest = unseen.slice(fresh.length);
  return linked(rest.length ? stacked(next, hub, rest[0].party.kind, rest.length) : next);
}

/** A stack beside a party for those of a kind that are not asked for one by one. */
function stacked(model: Model, hub: Node, kind: string, count: number): Model {
  const token = stackName("a", model.made + 1);
  const [x, y] = around(model, hub, 1).next().value as [number, number];
  const party: Party = { token, kind, id: "", rings: 0 };
  const nodes = new Map(model.nodes).set(token, { ...node(party, x, y), stack: { count, inside: null } });
  const raw = new Map(model.raw).set(key(hub.token, token), { a: hub.token, b: token, tie: false, weight: 0, note: null, facts: 0, fen: 0 });
  const next = { ...model, nodes, raw, made: model.made + 1 };
  settle(next, new Set([token]));
  return next;
}

const stackName = (letter: "a" | "c", made: number) => `${letter}${String(made).padStart(7, "0")}`;

/** All neighbours of a kind that are not shown, as one. */
export function aggregated(model: Model, center: string, kind: string, total: number): Model {
  const hub = model.nodes.get(center);
  if (!hub) return model;
  const shown = [...neighboursOf(model, center)].reduce((sum, token) => sum + leaves(model.nodes.get(token), kind), 0);
  return total > shown ? linked(stacked(model, hub, kind, total - shown)) : model;
}
const leaves = (one: Node | undefined, kind: string): number =>
  !one || (one.kind !== kind && !one.stack?.inside) ? 0
    : one.stack?.inside ? one.stack.inside.reduce((sum, inner) => sum + leaves(inner, kind), 0)
      : one.stack?.count ?? 1;

/** Several parties shown as one. A way of looking, not a finding: nothing is told to the server. */
export function combined(model: Model, tokens: string[]): Model {
  const parts = tokens.map((token) => model.nodes.get(token)).filter((one): one is Node => one !== undefined);
  if (parts.length < 2) return model;
  const gone = new Set(parts.map((one) => one.token));
  const token = stackName("c", model.made + 1);
  const fixed = parts.find((one) => one.pinned);
  const middle = (side: "x" | "y") => fixed?.[side] ?? parts.reduce((sum, one) => sum + one[side], 0) / parts.length;
  const count = parts.reduce((sum, one) => sum + (one.stack?.count ?? 1), 0);
  const nodes = new Map([...model.nodes].filter(([name]) => !gone.has(name)));
  nodes.set(token, {
    ...parts[0], token, kind: commonest(parts), id: "", role: null, head: parts.some((one) => one.head), rings: 0, neighbours: null, since: undefined, what: undefined,
    x: middle("x"), y: middle("y"), pinned: fixed !== undefined, stack: { count, inside: parts },
  });
  return linked({ ...model, nodes, made: model.made + 1 });
}

const commonest = (parts: Node[]): string => {
  const number = (kind: string) => parts.filter((one) => one.kind === kind).length;
  return [...new Set(parts.map((one) => one.kind))].sort((a, b) => number(b) - number(a))[0];
};

/** Two links as one: what can be added is added, the strongest tie stands for all. */
function joined(there: Link | undefined, link: Link, a: string, b: string): Link {
  if (!there) return { ...link, a, b };
  const [one, two] = [there.note, link.note];
  const note = one && two
    ? { kinds: [...new Set([...one.kinds, ...two.kinds])], occasions: one.occasions + two.occasions,
        first: [one.first, two.first].filter(Boolean).sort()[0] ?? null, last: [one.last, two.last].filter(Boolean).sort().pop() ?? null }
    : one ?? two;
  return { a, b, tie: there.tie || link.tie, weight: Math.max(there.weight, link.weight), note, facts: there.facts + link.facts, fen: there.fen + link.fen };
}

/** The parties of a stack, where they were. */
export function split(model: Model, token: string): Model {
  const inside = model.nodes.get(token)?.stack?.inside;
  if (!inside) return model;
  const nodes = new Map(model.nodes);
  nodes.delete(token);
  for (const one of inside) nodes.set(one.token, one);
  return linked({ ...model, nodes });
}
