// Draws a model on a canvas: shape tells the kind even without colour. Links are drawn in a few strokes, not one by one.
import { isContext, type Model, type Node } from "./model";

export interface Camera {
  x: number;
  y: number;
  scale: number;
}
export interface Look {
  chosen: Set<string>;
  /** Whoever is not faded beside those who are chosen; nobody is faded where nobody is. */
  near: Set<string> | null;
  label: (node: Node) => string;
  moving: boolean;
}

const styles = () => {
  const css = getComputedStyle(document.documentElement);
  const read = (name: string) => css.getPropertyValue(name).trim();
  return {
    paper: read("--canvas"), ink: read("--ink"), soft: read("--ink-soft"), tie: read("--tie"), strong: read("--tie-strong"),
    visit: read("--visit"), ring: read("--select"), font: css.fontFamily,
    person: read("--c-person"), doctor: read("--c-doctor"), institution: read("--c-institution"),
    pharmacy: read("--c-pharmacy"), identifier: read("--c-identifier"), context: read("--c-context"), head: read("--c-head"),
  };
};
export type Colours = ReturnType<typeof styles>;
/** Read once per theme: asking the style sheet in every frame costs more than the parties. */
let known: [string, Colours] | null = null;
const colours = (): Colours => {
  const theme = document.documentElement.dataset.theme ?? "";
  if (known?.[0] !== theme) known = [theme, styles()];
  return known[1];
};

export const group = (kind: string): "person" | "doctor" | "institution" | "pharmacy" | "identifier" | "context" =>
  kind === "person" || kind === "doctor" || kind === "institution" || kind === "pharmacy"
    ? kind
    : isContext(kind) ? "context" : "identifier";
export const radius = (node: Node): number => (node.kind === "person" ? 5.5 : 9.5);

/** The outline of a party around a point, as moves and lines; circles are drawn otherwise. */
export function corners(kind: string): [number, number][] | null {
  switch (group(kind)) {
    case "person": return null;
    case "doctor": return [[0, -10], [9, 0], [0, 10], [-9, 0]];
    case "institution":
    case "pharmacy": return [[-8.5, -8.5], [8.5, -8.5], [8.5, 8.5], [-8.5, 8.5]];
    case "context": return [[-9, 0], [-4.5, -8], [4.5, -8], [9, 0], [4.5, 8], [-4.5, 8]];
    default: return [[0, -10], [9.5, 7], [-9.5, 7]];
  }
}

/** Adds the outline of a party. */
function trace(path: Path2D | CanvasRenderingContext2D, node: Node, x: number, y: number, size: number, grow: number) {
  const outline = corners(node.kind);
  if (!outline) {
    const reach = (5.5 + grow) * size;
    path.moveTo(x + reach, y);
    path.arc(x, y, reach, 0, 2 * Math.PI);
    return;
  }
  const stretch = ((9.5 + grow) / 9.5) * size;
  outline.forEach(([dx, dy], index) => path[index ? "lineTo" : "moveTo"](x + dx * stretch, y + dy * stretch));
  path.closePath();
}

export class Painter {
  private context: CanvasRenderingContext2D;
  width = 0;
  height = 0;

  constructor(private canvas: HTMLCanvasElement) {
    this.context = canvas.getContext("2d", { alpha: false })!;
  }

  resize() {
    const ratio = Math.min(devicePixelRatio || 1, 2);
    const { clientWidth, clientHeight } = this.canvas;
    [this.width, this.height] = [clientWidth, clientHeight];
    this.canvas.width = Math.round(clientWidth * ratio);
    this.canvas.height = Math.round(clientHeight * ratio);
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
  }

  draw(model: Model, camera: Camera, look: Look) {
    const c = this.context;
    const colour = colours();
    c.fillStyle = colour.paper;
    c.fillRect(0, 0, this.width, this.height);
    const at = (node: Node): [number, number] => [
      (node.x - camera.x) * camera.scale + this.width / 2,
      (node.y - camera.y) * camera.scale + this.height / 2,
    ];
    const shown = (node: Node | undefined): node is Node => !!node;
    // On large views links wait until the camera rests.
    const links = !(look.moving && model.links.size > 4000);
    if (links) this.links(model, at, shown, look, colour);
    const size = Math.max(0.45, Math.min(1.6, Math.sqrt(camera.scale)));
    // One outline for all parties of a kind; the few that stand out come after.
    const outlines = new Map<string, Path2D>();
    const special: [Node, number, number, boolean][] = [];
    for (const node of model.nodes.values()) {
      if (!shown(node)) continue;
      const [x, y] = at(node);
      if (x < -20 || y < -20 || x > this.width + 20 || y > this.height + 20) continue;
      const faded = !!look.near && !look.chosen.has(node.token) && !look.near.has(node.token);
      if (node.head || node.pinned || node.stack || node.kind === "pharmacy" || look.chosen.has(node.token)) {
        special.push([node, x, y, faded]);
        continue;
      }
      const key = `${faded ? 0 : 1}${group(node.kind)}`;
      trace(outlines.get(key) ?? outlines.set(key, new Path2D()).get(key)!, node, x, y, size, 0);
    }
    c.lineWidth = 1;
    c.strokeStyle = colour.paper;
    for (const [key, outline] of [...outlines].sort()) {
      c.globalAlpha = key[0] === "0" ? 0.22 : 1;
      c.fillStyle = colour[key.slice(1) as ReturnType<typeof group>];
      c.fill(outline);
      if (!look.moving) c.stroke(outline);
    }
    for (const [node, x, y, faded] of special) {
      c.globalAlpha = faded ? 0.22 : 1;
      this.node(node, x, y, size, look.chosen.has(node.token), colour);
    }
    c.globalAlpha = 1;
    if (!(look.moving && model.nodes.size > 800)) this.labels(model, at, shown, look, colour, size);
  }

  /** The line of a lasso, over what is drawn. */
  lasso(line: [number, number][]) {
    const c = this.context;
    c.beginPath();
    line.forEach(([x, y], at) => c[at ? "lineTo" : "moveTo"](x, y));
    c.closePath();
    c.lineWidth = 1.5;
    c.setLineDash([5, 4]);
    c.strokeStyle = colours().ink;
    c.stroke();
    c.setLineDash([]);
  }

  private links(model: Model, at: (node: Node) => [number, number], shown: (node: Node | undefined) => node is Node, look: Look, colour: Colours) {
    const c = this.context;
    let heaviest = 0;
    for (const link of model.links.values()) heaviest = Math.max(heaviest, link.weight);
    const classes: [string, number, number[], number][] = [
      [colour.visit, 1, [4, 4], 0.8], [colour.tie, 0.8, [], 0.55], [colour.tie, 1.3, [], 0.8], [colour.strong, 2.1, [], 0.9],
    ];
    const paths = classes.map(() => [new Path2D(), new Path2D()]);
    const used = classes.map(() => [false, false]);
    for (const link of model.links.values()) {
      const [a, b] = [model.nodes.get(link.a), model.nodes.get(link.b)];
      if (!shown(a) || !shown(b)) continue;
      const [ax, ay] = at(a);
      const [bx, by] = at(b);
      if (Math.max(ax, bx) < 0 || Math.max(ay, by) < 0 || Math.min(ax, bx) > this.width || Math.min(ay, by) > this.height) continue;
      const share = heaviest ? link.weight / heaviest : 0;
      const kind = !link.tie ? 0 : share < 1 / 3 ? 1 : share < 2 / 3 ? 2 : 3;
      const faded = look.near && !look.chosen.has(link.a) && !look.chosen.has(link.b) ? 1 : 0;
      used[kind][faded] = true;
      paths[kind][faded].moveTo(ax, ay);
      paths[kind][faded].lineTo(bx, by);
    }
    classes.forEach(([style, width, dash, alpha], kind) => {
      c.strokeStyle = style;
      // Dashes, and lines wider than a pixel, cost most of a frame where there is no GPU.
      c.setLineDash(look.moving ? [] : dash);
      for (const faded of [1, 0]) {
        if (!used[kind][faded]) continue;
        c.globalAlpha = faded && look.near ? alpha * 0.25 : alpha;
        c.lineWidth = look.moving ? 1 : !faded && look.near ? width + 0.6 : width;
        c.stroke(paths[kind][faded]);
      }
    });
    c.setLineDash([]);
    c.globalAlpha = 1;
  }

  private node(node: Node, x: number, y: number, size: number, selected: boolean, colour: Colours) {
    const c = this.context;
    const path = (grow: number) => {
      c.beginPath();
      trace(c, node, x, y, size, grow);
    };
    if (selected) {
      path(5);
      c.fillStyle = colour.ring;
      c.fill();
    }
    c.lineWidth = 1;
    if (node.stack) {
      // A stack: two sheets lie below the first.
      c.strokeStyle = c.fillStyle = colour[group(node.kind)];
      for (const shift of [6, 3]) {
        c.beginPath();
        trace(c, node, x + shift * size, y - shift * size, size, 2);
        c.fillStyle = colour.paper;
        c.fill();
        c.stroke();
      }
    }
    path(node.stack ? 2 : 0);
    c.fillStyle = colour[group(node.kind)];
    c.fill();
    c.strokeStyle = colour.paper;
    c.stroke();
    if (node.head) {
      path(3);
      c.lineWidth = 1.6;
      c.strokeStyle = colour.head;
      c.stroke();
    }
    if (node.kind === "pharmacy") {
      c.strokeStyle = colour.paper;
      c.lineWidth = 2 * size;
      c.beginPath();
      c.moveTo(x, y - 5 * size);
      c.lineTo(x, y + 5 * size);
      c.moveTo(x - 5 * size, y);
      c.lineTo(x + 5 * size, y);
      c.stroke();
    }
    if (node.pinned) {
      c.fillStyle = colour.ink;
      c.beginPath();
      c.arc(x + 8 * size, y - 8 * size, 2.4, 0, 7);
      c.fill();
    }
  }

  private labels(model: Model, at: (node: Node) => [number, number], shown: (node: Node | undefined) => node is Node, look: Look, colour: Colours, size: number) {
    const c = this.context;
    c.font = `11px ${colour.font}`;
    c.textAlign = "center";
    c.textBaseline = "top";
    const taken: [number, number, number, number][] = [];
    const order = [...model.nodes.values()].filter(shown);
    const weight = (node: Node) =>
      (look.chosen.has(node.token) ? 8 : 0) + (node.stack ? 4 : 0) + (node.head ? 4 : 0) + (look.near?.has(node.token) ? 2 : 0) + (node.kind === "person" ? 0 : 1);
    order.sort((a, b) => weight(b) - weight(a));
    let drawn = 0;
    for (const node of order) {
      const people = node.kind === "person" && !node.stack && !look.chosen.has(node.token) && !look.near?.has(node.token);
      if (people && size < 1.25) continue;
      if (drawn > 120) break;
      const [x, y] = at(node);
      if (x < 0 || y < 0 || x > this.width || y > this.height) continue;
      const text = look.label(node);
      if (!text) continue;
      const half = c.measureText(text).width / 2 + 3;
      const top = y + (node.kind === "person" ? 8 : 12) * size;
      const box: [number, number, number, number] = [x - half, top, x + half, top + 14];
      if (taken.some((other) => box[0] < other[2] && box[2] > other[0] && box[1] < other[3] && box[3] > other[1])) continue;
      taken.push(box);
      c.globalAlpha = look.near && !look.chosen.has(node.token) && !look.near.has(node.token) ? 0.3 : 1;
      c.lineWidth = 3;
      c.strokeStyle = colour.paper;
      c.strokeText(text, x, top + 1);
      c.fillStyle = look.chosen.has(node.token) ? colour.ink : colour.soft;
      c.fillText(text, x, top + 1);
      drawn += 1;
    }
    c.globalAlpha = 1;
  }
}

/** The camera that shows everything. */
export function fitted(model: Model, width: number, height: number): Camera {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const node of model.nodes.values()) {
    [left, right] = [Math.min(left, node.x), Math.max(right, node.x)];
    [top, bottom] = [Math.min(top, node.y), Math.max(bottom, node.y)];
  }
  if (left > right) return { x: 0, y: 0, scale: 1 };
  // A small picture has no labels and no legend, and needs no margin for them.
  const [beside, above] = [Math.min(90, width / 8), Math.min(120, height / 8)];
  const scale = Math.min((width - beside) / Math.max(right - left, 60), (height - above) / Math.max(bottom - top, 60), 2);
  // A little room below, for labels and the legend.
  return { x: (left + right) / 2, y: (top + bottom) / 2 + (height > 400 ? 14 : 0) / Math.max(scale, 0.02), scale: Math.max(scale, 0.02) };
}

/** The party under a point of the canvas. */
export function hit(model: Model, camera: Camera, width: number, height: number, px: number, py: number): Node | null {
  const x = (px - width / 2) / camera.scale + camera.x;
  const y = (py - height / 2) / camera.scale + camera.y;
  let [best, nearest] = [null as Node | null, Infinity];
  for (const node of model.nodes.values()) {
    const far = Math.hypot(node.x - x, node.y - y) * camera.scale;
    if (far < radius(node) * 1.2 + 5 && far < nearest) [best, nearest] = [node, far];
  }
  return best;
}

/** The parties inside a line drawn round them. */
export function within(model: Model, camera: Camera, width: number, height: number, line: [number, number][]): string[] {
  const found: string[] = [];
  for (const node of model.nodes.values()) {
    const [x, y] = [(node.x - camera.x) * camera.scale + width / 2, (node.y - camera.y) * camera.scale + height / 2];
    let inside = false;
    for (let at = 0, before = line.length - 1; at < line.length; before = at++) {
      const [[ax, ay], [bx, by]] = [line[at], line[before]];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
    }
    if (inside) found.push(node.token);
  }
  return found;
}

const escape = (text: string) => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** The model as a picture of its own. */
export function svg(model: Model, label: (node: Node) => string): string {
  const colour = colours();
  const all = [...model.nodes.values()];
  const xs = all.map((node) => node.x);
  const ys = all.map((node) => node.y);
  const box = [Math.min(...xs) - 60, Math.min(...ys) - 40, Math.max(...xs) - Math.min(...xs) + 120, Math.max(...ys) - Math.min(...ys) + 90];
  const lines = [...model.links.values()].map((link) => {
    const [a, b] = [model.nodes.get(link.a)!, model.nodes.get(link.b)!];
    const dash = link.tie ? "" : ' stroke-dasharray="4 4"';
    return `<line x1="${a.x.toFixed(1)}" y1="${a.y.toFixed(1)}" x2="${b.x.toFixed(1)}" y2="${b.y.toFixed(1)}" stroke="${link.tie ? colour.tie : colour.visit}"${dash}/>`;
  });
  const shapes = all.map((node) => {
    const outline = corners(node.kind);
    const fill = colour[group(node.kind)];
    const stroke = node.head ? ` stroke="${colour.head}" stroke-width="2"` : "";
    const shape = outline
      ? `<polygon points="${outline.map(([dx, dy]) => `${(node.x + dx).toFixed(1)},${(node.y + dy).toFixed(1)}`).join(" ")}" fill="${fill}"${stroke}/>`
      : `<circle cx="${node.x.toFixed(1)}" cy="${node.y.toFixed(1)}" r="5.5" fill="${fill}"${stroke}/>`;
    const text = node.kind === "person" && !node.stack ? "" : `<text x="${node.x.toFixed(1)}" y="${(node.y + 22).toFixed(1)}" text-anchor="middle">${escape(label(node))}</text>`;
    return (node.stack ? `<g transform="translate(5 -5)" opacity="0.5">${shape}</g>` : "") + shape + text;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box.map((value) => value.toFixed(0)).join(" ")}" font-family="sans-serif" font-size="11" fill="${colour.soft}"><rect x="${box[0]}" y="${box[1]}" width="${box[2]}" height="${box[3]}" fill="${colour.paper}"/>${lines.join("")}${shapes.join("")}</svg>`;
}
