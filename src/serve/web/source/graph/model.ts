// What stands on a canvas: parties with places, links between them. Every change makes a new model, so undo is a pointer.
import type { Graph, Party } from "../api";

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
export const key = (a: string, b: string) => (a < b ? `${a} ${b}` : `${b} ${a}`);

export const node = (party: Party, x: number, y: number): Node => ({
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
