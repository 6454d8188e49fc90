// What stands on a canvas: parties with places, links between them. Every change makes a new model, so undo is a pointer.
import type { Graph, Neighbour, Party } from "../api";

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
}

export const NODES_WARN = 3000;
export const NODES_MAX = 10000;
export const empty = (): Model => ({ nodes: new Map(), links: new Map() });
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
  }
  return model;
}

/** One party alone. */
export function ofParty(party: Party): Model {
  const model = empty();
  model.nodes.set(party.token, node(party, 0, 0));
  return model;
}

/** The model with neighbours of a party; those who are new stand around it, nobody else moves. */
export function expanded(model: Model, center: string, neighbours: Neighbour[]): Model {
  const hub = model.nodes.get(center);
  if (!hub) return model;
  const next: Model = { nodes: new Map(model.nodes), links: new Map(model.links) };
  const fresh = neighbours.filter((one) => !model.nodes.has(one.party.token)).slice(0, NODES_MAX - model.nodes.size);
  // Away from the middle of what is there, so that the new ones have room.
  let [mx, my] = [0, 0];
  for (const one of model.nodes.values()) [mx, my] = [mx + one.x, my + one.y];
  [mx, my] = [mx / model.nodes.size, my / model.nodes.size];
  const away = model.nodes.size > 1 ? Math.atan2(hub.y - my, hub.x - mx) : -Math.PI / 2;
  const alone = model.nodes.size === 1;
  let [ring, used] = [0, 0];
  const room = (at: number) => Math.max(3, Math.floor(((alone ? 2 : 1.15) * Math.PI * (70 + 30 * at)) / 26));
  for (const one of fresh) {
    if (used >= room(ring)) [ring, used] = [ring + 1, 0];
    const places = Math.min(room(ring), fresh.length);
    const open = alone ? 2 * Math.PI : 1.15 * Math.PI;
    const angle = away + open * ((used + 0.5) / places - 0.5);
    const reach = 70 + 30 * ring;
    next.nodes.set(one.party.token, {
      ...node(one.party, hub.x + reach * Math.cos(angle), hub.y + reach * Math.sin(angle)),
      neighbours: one.neighbours,
    });
    used += 1;
  }
  settle(next, new Set(fresh.map((one) => one.party.token)));
  for (const one of neighbours) {
    if (!next.nodes.has(one.party.token)) continue;
    const there = next.links.get(key(center, one.party.token));
    const seen = { facts: one.facts, fen: one.total_fen };
    next.links.set(
      key(center, one.party.token),
      there
        ? { ...there, ...seen }
        : { a: center, b: one.party.token, tie: false, weight: 0, ...seen,
            note: { kinds: [], occasions: one.facts, first: one.first, last: one.last } },
    );
  }
  return next;
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
  return { nodes, links };
}

export function moved(model: Model, token: string, x: number, y: number, pinned: boolean): Model {
  const there = model.nodes.get(token);
  if (!there) return model;
  return { links: model.links, nodes: new Map(model.nodes).set(token, { ...there, x, y, pinned }) };
}

export function neighboursOf(model: Model, token: string): Set<string> {
  const found = new Set<string>();
  for (const link of model.links.values()) {
    if (link.a === token) found.add(link.b);
    if (link.b === token) found.add(link.a);
  }
  return found;
}
