// What stands on a canvas: parties with places, links between them. Every change makes a new model, so undo is a pointer.
import type { Graph, Neighbour, Party } from "../api";

const CONTEXTS = new Set(["arrival", "package", "corridor", "flow", "circumstance"]);
export const isContext = (kind: string): boolean => CONTEXTS.has(kind);

export interface Node {
  token: string;
  kind: string;
  id: string;
  role: string | null;
  head: boolean;
  rings: number;
  neighbours: number | null;
  x: number;
  y: number;
  pinned: boolean;
  /** The first day of a shared circumstance: what tells it from others of its kind. */
  since?: string;
  /** The kind of occasion that a circumstance is. */
  what?: string;
  /** Several parties shown as one: how many; what was there before, unless nobody asked the server for it. */
  stack?: { count: number; inside: Node[] | null };
}
export interface Link {
  a: string;
  b: string;
  /** A tie of a ring, or a fact that links. */
  tie: boolean;
  weight: number;
  note: { kinds: string[]; occasions: number; first: string | null; last: string | null } | null;
  facts: number;
  fen: number;
}
export interface Model {
  nodes: Map<string, Node>;
  links: Map<string, Link>;
  /** Links between parties themselves, whatever stack they are in: `links` is what is left of them. */
  raw: Map<string, Link>;
  /** How many stacks were made: it numbers the next one. */
  made: number;
  /** Parties and links that the server holds of what was asked for. */
  of?: [number, number];
}

export const NODES_WARN = 3000;
export const NODES_MAX = 10000;
export const empty = (): Model => ({ nodes: new Map(), links: new Map(), raw: new Map(), made: 0 });
const key = (a: string, b: string) => (a < b ? `${a} ${b}` : `${b} ${a}`);

const node = (party: Party, x: number, y: number): Node => ({
  token: party.token,
  kind: party.kind,
  id: party.id || (party.region ?? ""),
  role: null,
  head: false,
  rings: party.rings,
  neighbours: null,
  x,
  y,
  pinned: false,
});

/** A ring as the server placed it. */
export function ofRing(graph: Graph): Model {
  const model = empty();
  for (const one of graph.nodes)
    model.nodes.set(one.party.token, {
      ...node(one.party, one.x, one.y),
      role: one.role,
      head: one.head,
      neighbours: one.neighbours,
    });
  const token = (at: number) => graph.nodes[at].party.token;
  for (const [a, b] of graph.visits)
    model.links.set(key(token(a), token(b)), {
      a: token(a), b: token(b), tie: false, weight: 0, note: null, facts: 0, fen: 0,
    });
  for (const tie of graph.ties) {
    const { kinds, occasions, first, last } = tie;
    model.links.set(key(token(tie.a), token(tie.b)), {
      a: token(tie.a), b: token(tie.b), tie: true, weight: tie.weight, note: { kinds, occasions, first, last }, facts: 0, fen: 0,
    });
    for (const end of [tie.a, tie.b]) {
      const one = model.nodes.get(token(end))!;
      if (!isContext(one.kind)) continue;
      one.what ??= kinds[0];
      if (first && (!one.since || first < one.since)) one.since = first;
    }
  }
  model.raw = model.links;
  model.of = [graph.nodes_all, graph.ties_all + graph.visits.length];
  return model;
}

/** One party alone. */
export function ofParty(party: Party): Model {
  const model = empty();
  model.nodes.set(party.token, node(party, 0, 0));
  return model;
}

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

/** Places around a party for so many new ones, away from the middle of what is there. */
function* around(model: Model, hub: Node, many: number): Generator<[number, number]> {
  let [mx, my] = [0, 0];
  for (const one of model.nodes.values()) [mx, my] = [mx + one.x, my + one.y];
  [mx, my] = [mx / model.nodes.size, my / model.nodes.size];
  const alone = model.nodes.size === 1;
  const away = alone ? -Math.PI / 2 : Math.atan2(hub.y - my, hub.x - mx);
  const open = alone ? 2 * Math.PI : 1.15 * Math.PI;
  const room = (at: number) => Math.max(3, Math.floor((open * (70 + 30 * at)) / 26));
  for (let [ring, used] = [0, 0]; ; used += 1) {
    if (used >= room(ring)) [ring, used] = [ring + 1, 0];
    const angle = away + open * ((used + 0.5) / Math.min(room(ring), many) - 0.5);
    const reach = 70 + 30 * ring;
    yield [hub.x + reach * Math.cos(angle), hub.y + reach * Math.sin(angle)];
  }
}

const stackName = (letter: "a" | "c", made: number) => `${letter}${String(made).padStart(7, "0")}`;

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

/** What a filter of kinds and a window of days leave. Links without a day stand as long as both their ends do. */
export function seen(model: Model, kind: (node: Node) => boolean, window: [string, string] | null): Model {
  const days = (link: Link): boolean | null =>
    !link.note?.first ? null : !window || (link.note.first <= window[1] && (link.note.last ?? link.note.first) >= window[0]);
  const [inside, dated] = [new Set<string>(), new Set<string>()];
  if (window)
    for (const link of model.links.values()) {
      const found = days(link);
      if (found === null) continue;
      for (const end of [link.a, link.b]) (found ? inside : dated).add(end);
    }
  const stands = (one: Node) => kind(one) && (!window || inside.has(one.token) || one.pinned || (!dated.has(one.token) && inside.size > 0));
  let nodes = new Map([...model.nodes].filter(([, one]) => stands(one)));
  const links = new Map([...model.links].filter(([, link]) => nodes.has(link.a) && nodes.has(link.b) && days(link) !== false));
  if (window) {
    // Whoever has no day of their own stands beside somebody who has.
    const touched = new Set([...links.values()].flatMap((link) => (inside.has(link.a) || inside.has(link.b) ? [link.a, link.b] : [])));
    nodes = new Map([...nodes].filter(([token, one]) => inside.has(token) || one.pinned || touched.has(token)));
    for (const [name, link] of links) if (!nodes.has(link.a) || !nodes.has(link.b)) links.delete(name);
  }
  return { ...model, nodes, links };
}

/** Other places for all but the pinned: links pull, neighbours push. The same places for the same model. */
export function relaid(model: Model): Model {
  const all = [...model.nodes.values()].map((one) => ({ ...one }));
  const nodes = new Map(all.map((one) => [one.token, one]));
  const [cell, long] = [130, 120];
  for (let step = 0, heat = 18; step < 120; step++, heat *= 0.97) {
    const grid = new Map<string, Node[]>();
    for (const one of all) {
      const at = `${Math.floor(one.x / cell)},${Math.floor(one.y / cell)}`;
      (grid.get(at) ?? grid.set(at, []).get(at)!).push(one);
    }
    const push = new Map<Node, [number, number]>(all.map((one) => [one, [0, 0]]));
    for (const one of all) {
      const move = push.get(one)!;
      const [cx, cy] = [Math.floor(one.x / cell), Math.floor(one.y / cell)];
      for (let i = cx - 1; i <= cx + 1; i++)
        for (let j = cy - 1; j <= cy + 1; j++)
          for (const other of (grid.get(`${i},${j}`) ?? []).slice(0, 60)) {
            if (other === one) continue;
            const [dx, dy] = [one.x - other.x || 0.1, one.y - other.y || (one.token < other.token ? 0.1 : -0.1)];
            const far = Math.hypot(dx, dy);
            if (far < cell) [move[0], move[1]] = [move[0] + (dx / far) * (cell - far) * 0.35, move[1] + (dy / far) * (cell - far) * 0.35];
          }
    }
    for (const link of model.links.values()) {
      const [a, b] = [nodes.get(link.a)!, nodes.get(link.b)!];
      const [dx, dy] = [b.x - a.x, b.y - a.y];
      const far = Math.hypot(dx, dy) || 1;
      const pull = ((far - long) / far) * 0.06;
      const [ma, mb] = [push.get(a)!, push.get(b)!];
      [ma[0], ma[1], mb[0], mb[1]] = [ma[0] + dx * pull, ma[1] + dy * pull, mb[0] - dx * pull, mb[1] - dy * pull];
    }
    for (const [one, [dx, dy]] of push) {
      if (one.pinned) continue;
      const far = Math.hypot(dx, dy) || 1;
      const most = Math.min(1, heat / far);
      [one.x, one.y] = [one.x + dx * most, one.y + dy * most];
    }
  }
  return { ...model, nodes };
}

/** Moves new parties off others; those that were there stay. A grid keeps it linear. */
function settle(model: Model, moving: Set<string>) {
  const cell = 24;
  for (let step = 0; step < 30; step++) {
    const grid = new Map<string, Node[]>();
    for (const one of model.nodes.values()) {
      const at = `${Math.floor(one.x / cell)},${Math.floor(one.y / cell)}`;
      (grid.get(at) ?? grid.set(at, []).get(at)!).push(one);
    }
    let moved = false;
    for (const token of moving) {
      const one = model.nodes.get(token)!;
      const [cx, cy] = [Math.floor(one.x / cell), Math.floor(one.y / cell)];
      for (let i = cx - 1; i <= cx + 1; i++)
        for (let j = cy - 1; j <= cy + 1; j++)
          for (const other of grid.get(`${i},${j}`) ?? []) {
            if (other === one) continue;
            const [dx, dy] = [one.x - other.x, one.y - other.y];
            const far = Math.hypot(dx, dy) || 0.01;
            if (far < 20) {
              one.x += (dx / far) * (20 - far) * 0.6 + (far < 0.1 ? 1 : 0);
              one.y += (dy / far) * (20 - far) * 0.6;
              moved = true;
            }
          }
    }
    if (!moved) break;
  }
}

export function hidden(model: Model, tokens: string[]): Model {
  const gone = new Set(tokens);
  const nodes = new Map([...model.nodes].filter(([token]) => !gone.has(token)));
  const links = new Map([...model.links].filter(([, link]) => !gone.has(link.a) && !gone.has(link.b)));
  return { ...model, nodes, links };
}

export function moved(model: Model, token: string, x: number, y: number, pinned: boolean): Model {
  const there = model.nodes.get(token);
  if (!there) return model;
  return { ...model, nodes: new Map(model.nodes).set(token, { ...there, x, y, pinned }) };
}

export function neighboursOf(model: Model, token: string): Set<string> {
  const found = new Set<string>();
  for (const link of model.links.values()) {
    if (link.a === token) found.add(link.b);
    if (link.b === token) found.add(link.a);
  }
  return found;
}
