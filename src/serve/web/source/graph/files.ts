// What is seen on the canvas, for other programs: GraphML and GEXF for graphs, CSV for tables. Masked, as on the page.
import type { Link, Model, Node } from "./model";

const escape = (text: string) => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

type Value = string | number | boolean;
/** Name, type in GraphML, and value. A stack is one party that stands for several. */
const OF_NODE: [string, string, (node: Node) => Value][] = [
  ["kind", "string", (node) => node.kind], ["id", "string", (node) => node.id], ["role", "string", (node) => node.role ?? ""],
  ["stands_for", "int", (node) => node.stack?.count ?? 1], ["pinned", "boolean", (node) => node.pinned],
];
const OF_LINK: [string, string, (link: Link) => Value][] = [
  ["tie", "boolean", (link) => link.tie], ["weight", "double", (link) => link.weight], ["occasions", "int", (link) => link.note?.occasions ?? 0],
  ["kinds", "string", (link) => link.note?.kinds.join(" ") ?? ""], ["first", "string", (link) => link.note?.first ?? ""], ["last", "string", (link) => link.note?.last ?? ""],
  ["facts", "int", (link) => link.facts], ["fen", "long", (link) => link.fen],
];

export function graphml(model: Model): string {
  const data = (key: string, value: Value) => `<data key="${key}">${escape(String(value))}</data>`;
  const place: typeof OF_NODE = [["x", "double", (node) => node.x.toFixed(1)], ["y", "double", (node) => node.y.toFixed(1)]];
  const nodes = [...model.nodes.values()].map((node) =>
    `<node id="${escape(node.token)}">${[...OF_NODE, ...place].map(([name, , value]) => data(name, value(node))).join("")}</node>`);
  const links = [...model.links.values()].map((link) =>
    `<edge source="${escape(link.a)}" target="${escape(link.b)}">${OF_LINK.map(([name, , value]) => data(name, value(link))).join("")}</edge>`);
  const key = (of: string) => ([name, type]: [string, string, unknown]) => `<key id="${name}" for="${of}" attr.name="${name}" attr.type="${type}"/>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
${[...[...OF_NODE, ...place].map(key("node")), ...OF_LINK.map(key("edge"))].join("\n")}
<graph edgedefault="undirected">
${nodes.join("\n")}
${links.join("\n")}
</graph>
</graphml>
`;
}

export function gexf(model: Model): string {
  const type = (name: string) => (name === "int" ? "integer" : name);
  const kinds = (of: string, all: [string, string, unknown][]) =>
    `<attributes class="${of}">${all.map(([name, is]) => `<attribute id="${name}" title="${name}" type="${type(is)}"/>`).join("")}</attributes>`;
  const values = (all: [string, Value][]) =>
    `<attvalues>${all.map(([name, value]) => `<attvalue for="${name}" value="${escape(String(value))}"/>`).join("")}</attvalues>`;
  // GEXF looks from below: y grows upwards. `weight` is an attribute of the format itself.
  const nodes = [...model.nodes.values()].map((node) =>
    `<node id="${escape(node.token)}" label="${escape(node.id || node.kind)}">${values(OF_NODE.map(([name, , value]) => [name, value(node)]))}<viz:position x="${node.x.toFixed(1)}" y="${(-node.y).toFixed(1)}"/></node>`);
  const links = [...model.links.values()].map((link, at) =>
    `<edge id="${at}" source="${escape(link.a)}" target="${escape(link.b)}" weight="${link.weight || 1}">${values(OF_LINK.map(([name, , value]) => [name, value(link)]))}</edge>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">
<graph defaultedgetype="undirected">
${kinds("node", OF_NODE)}
${kinds("edge", OF_LINK)}
<nodes>
${nodes.join("\n")}
</nodes>
<edges>
${links.join("\n")}
</edges>
</graph>
</gexf>
`;
}

/** A cell that no spreadsheet takes for a formula. */
const cell = (value: Value) => {
  const text = typeof value === "string" && /^ *[=+\-@\t\r\n＝＋－＠]/.test(value) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
};
// The mark at the beginning tells spreadsheets that this is UTF-8.
const table = (heads: string[], rows: Value[][]) => `\ufeff${[heads, ...rows].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;

interface Sheet { name: string; heads: string[]; rows: Value[][] }
const csv = (sheet: Sheet) => table(sheet.heads, sheet.rows);

function parties(model: Model): Sheet {
  const degree = new Map<string, number>();
  for (const link of model.links.values()) for (const end of [link.a, link.b]) degree.set(end, (degree.get(end) ?? 0) + 1);
  const heads = ["token", ...OF_NODE.map(([name]) => name), "ties", "leads"];
  return { name: "parties", heads, rows: [...model.nodes.values()].map((node) => [node.token, ...OF_NODE.map(([, , value]) => value(node)), degree.get(node.token) ?? 0, node.rings]) };
}
function ties(model: Model): Sheet {
  const id = (token: string) => model.nodes.get(token)?.id ?? "";
  const heads = ["from", "from_id", "to", "to_id", ...OF_LINK.map(([name]) => name)];
  return { name: "ties", heads, rows: [...model.links.values()].map((link) => [link.a, id(link.a), link.b, id(link.b), ...OF_LINK.map(([, , value]) => value(link))]) };
}
export const partiesCsv = (model: Model): string => csv(parties(model));
export const tiesCsv = (model: Model): string => csv(ties(model));
/** The same two tables, for the server to make a workbook of. */
export const sheets = (model: Model): Sheet[] => [parties(model), ties(model)];
