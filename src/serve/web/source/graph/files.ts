// What is seen on the canvas, for other programs: GraphML for graphs, CSV for tables. Masked, as on the page.
import type { Model } from "./model";

const escape = (text: string) => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

export function graphml(model: Model): string {
  const keys: [string, string, string][] = [
    ["kind", "node", "string"], ["id", "node", "string"], ["role", "node", "string"], ["x", "node", "double"], ["y", "node", "double"],
    ["tie", "edge", "boolean"], ["weight", "edge", "double"], ["occasions", "edge", "int"], ["facts", "edge", "int"], ["fen", "edge", "long"],
  ];
  const data = (key: string, value: string | number | boolean) => `<data key="${key}">${escape(String(value))}</data>`;
  const nodes = [...model.nodes.values()].map((node) =>
    `<node id="${escape(node.token)}">${data("kind", node.kind)}${data("id", node.id)}${data("role", node.role ?? "")}${data("x", node.x.toFixed(1))}${data("y", node.y.toFixed(1))}</node>`);
  const links = [...model.links.values()].map((link) =>
    `<edge source="${escape(link.a)}" target="${escape(link.b)}">${data("tie", link.tie)}${data("weight", link.weight)}${data("occasions", link.note?.occasions ?? 0)}${data("facts", link.facts)}${data("fen", link.fen)}</edge>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
${keys.map(([name, of, type]) => `<key id="${name}" for="${of}" attr.name="${name}" attr.type="${type}"/>`).join("\n")}
<graph edgedefault="undirected">
${nodes.join("\n")}
${links.join("\n")}
</graph>
</graphml>
`;
}

/** A cell that no spreadsheet takes for a formula. */
const cell = (value: string | number) => {
  const text = typeof value === "number" ? String(value) : /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
};

export function csv(model: Model): string {
  const degree = new Map<string, number>();
  for (const link of model.links.values()) for (const end of [link.a, link.b]) degree.set(end, (degree.get(end) ?? 0) + 1);
  const rows = [...model.nodes.values()].map((node) =>
    [node.token, node.kind, node.id, node.role ?? "", degree.get(node.token) ?? 0, node.rings].map(cell).join(","));
  // The mark at the beginning tells spreadsheets that this is UTF-8.
  return `\ufefftoken,kind,id,role,ties,leads\r\n${rows.join("\r\n")}\r\n`;
}
