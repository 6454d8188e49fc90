// The same graph as two tables: for keyboards, for screen readers, and for whoever sorts better than they look.
import { useMemo } from "preact/hooks";
import { count, span, yuan } from "../format";
import { Mark, Table } from "../parts/parts";
import { named, t } from "../state";
import type { Link, Model, Node } from "./model";

/** Rows that are drawn; the number of all is always said. */
const ROWS = 500;

interface Props {
  model: Model;
  chosen: Set<string>;
  label: (node: Node) => string;
  choose: (tokens: string[]) => void;
}

export function Twin({ model, chosen, label, choose }: Props) {
  const degree = useMemo(() => {
    const of = new Map<string, number>();
    for (const link of model.links.values()) for (const end of [link.a, link.b]) of.set(end, (of.get(end) ?? 0) + 1);
    return of;
  }, [model]);
  const rows = [...model.nodes.values()].sort((a, b) => (degree.get(b.token) ?? 0) - (degree.get(a.token) ?? 0));
  const links = useMemo(() => [...model.links.values()].sort((a, b) => Number(b.tie) - Number(a.tie) || b.weight - a.weight || b.fen - a.fen), [model]);
  const toggle = (token: string) => choose(chosen.has(token) ? [...chosen].filter((one) => one !== token) : [...chosen, token]);
  const end = (token: string) => {
    const node = model.nodes.get(token)!;
    return <><Mark kind={node.kind} /> {label(node)}</>;
  };
  return (
    <div class="twin">
      <p class="soft small">{t("parties_shown")} {count(Math.min(ROWS, rows.length))} {t("of")} {count(rows.length)}</p>
      <Table label={t("parties_shown")} heads={[t("choose"), t("id"), t("kind"), t("role"), [t("ties"), "num"], [t("neighbours"), "num"], [t("in_rings"), "num"]]}>
        {rows.slice(0, ROWS).map((node) => (
          <tr key={node.token} data-token={node.token} class={chosen.has(node.token) ? "on" : undefined} onClick={() => choose([node.token])}>
            <td><input type="checkbox" checked={chosen.has(node.token)} aria-label={`${t("choose")} ${label(node)}`} onClick={(event) => event.stopPropagation()} onChange={() => toggle(node.token)} /></td>
            <td><Mark kind={node.kind} /> {label(node)}{node.pinned && <span class="soft"> · {t("pinned")}</span>}</td><td>{named("kinds", node.kind)}</td><td>{named("roles", node.role)}</td>
            <td class="num">{degree.get(node.token) ?? 0}</td><td class="num">{node.neighbours === null ? "" : count(node.neighbours)}</td><td class="num">{node.rings || ""}</td>
          </tr>
        ))}
      </Table>
      <p class="soft small">{t("ties_shown")} {count(Math.min(ROWS, links.length))} {t("of")} {count(links.length)}</p>
      <Table label={t("ties_shown")} heads={[t("from"), t("to"), t("kind"), [t("weight"), "num"], [t("facts"), "num"], t("days"), [t("total"), "num"]]}>
        {links.slice(0, ROWS).map((link) => (
          <tr key={link.a + link.b}>
            <td class="word">{end(link.a)}</td><td class="word">{end(link.b)}</td><td>{linkKinds(link)}</td>
            <td class="num">{link.tie ? link.weight.toFixed(1) : ""}</td><td class="num">{link.note?.occasions || link.facts || ""}</td><td class="mono">{link.note && span(link.note.first, link.note.last)}</td><td class="num">{link.fen ? yuan(link.fen) : ""}</td>
          </tr>
        ))}
      </Table>
    </div>
  );
}

export const linkKinds = (link: Link): string => (link.note?.kinds.length ? link.note.kinds.map((kind) => named("occasions", kind)).join("、") : t("visit"));
