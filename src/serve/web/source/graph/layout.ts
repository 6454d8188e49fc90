// Where do parties stand? New ones beside those who brought them; nobody else moves unless asked to, and the pinned never.
import type { Model, Node } from "./model";

/** Places around a party for so many new ones, away from the middle of what is there. */
export function* around(model: Model, hub: Node, many: number): Generator<[number, number]> {
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

/** Moves new parties off others; those that were there stay. A grid keeps it linear. */
export function settle(model: Model, moving: Set<string>) {
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
