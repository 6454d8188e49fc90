// Beside the canvas: who is selected, how many more there are to see, and what can be done with them.
import { useAsked, type Entity } from "../api";
import { count, span } from "../format";
import type { Model, Node } from "../graph/model";
import { isContext } from "../graph/model";
import { linkKinds } from "../graph/twin";
import type { Step } from "../graph/steps";
import { Link, Mark, Shown } from "../parts/parts";
import { named, param, t } from "../state";

/** Above so many neighbours of a kind the rest can be shown as one. */
const MANY = 50;

interface Props {
  token: string;
  model: Model;
  take: (step: Step) => void;
  choose: (tokens: string[]) => void;
  label: (node: Node) => string;
}

export function Inspector({ token, model, take, choose, label }: Props) {
  const node = model.nodes.get(token);
  const plain = node !== undefined && !isContext(node.kind) && !node.stack;
  const asked = useAsked<Entity>(plain ? `/v1/entities/${token}` : null);
  const links = [...model.links.values()].filter((link) => link.a === token || link.b === token);
  links.sort((a, b) => b.weight - a.weight || b.fen - a.fen);
  const expand = (kind: string, order: string, limit: number) => take({ does: "e", token, kind, order, limit });
  if (!node) return <p class="soft">{t("not_on_canvas")}</p>;
  return (
    <div>
      <h3><Mark kind={node.kind} /> {label(node)}</h3>
      <p class="soft small">{named("kinds", node.kind)}{node.role && named("roles", node.role) !== named("kinds", node.kind) ? ` · ${named("roles", node.role)}` : ""}</p>
      {node.stack && <p class="small">{node.stack.inside ? t("combined_help") : t("aggregate_help")}</p>}
      <p class="actions">
        {plain && <Link to={`/entity/${token}`} class="button">{t("entity")}</Link>}
        <button onClick={() => take(node.pinned ? { does: "u", tokens: [token] } : { does: "p", token, x: node.x, y: node.y })} title="p">{node.pinned ? t("unpin") : t("pin")}</button>
        <button onClick={() => take({ does: "h", tokens: [token] })} title="h">{t("hide")}</button>
        {node.stack?.inside && <button id="split" onClick={() => take({ does: "x", token })}>{t("split")}</button>}
      </p>
      {plain && <p class="actions"><Link to="/path" params={{ from: token, to: param("pto") }} class="button">{t("path_from")}</Link></p>}
      <Shown asked={asked.value}>{(data) => (
        <div class="expand">
          <h4>{t("expand")} <span class="soft">{count(data.neighbours)}</span></h4>
          {data.kinds.map((one) => (
            <div key={one.name} class="kind">
              <Mark kind={one.name} /> <b>{named("kinds", one.name)}</b> <span class="num">{count(one.count)}</span>
              <button data-expand={one.name} onClick={() => expand(one.name, "fen", Math.min(MANY, one.count))}>{one.count > MANY ? `${t("expand_top")} ${MANY}` : t("all")}</button>
              {one.count > MANY && <button onClick={() => expand(one.name, "fen", Math.min(500, one.count))}>{count(Math.min(500, one.count))} {t("of")} {count(one.count)}</button>}
              {one.name !== "doctor" && <button onClick={() => expand(one.name, "ring", 200)}>{t("expand_ring")}</button>}
              {one.count > 3 && <button data-aggregate={one.name} title={t("aggregate_help")} onClick={() => take({ does: "a", token, kind: one.name })}>{t("aggregate")}</button>}
            </div>
          ))}
          {data.rings.length > 0 && <p class="small">{t("in_rings")}: {data.rings.map((one) => <span key={one.ring.id}><Link to={`/ring/${one.ring.id}`} class="mono">{one.ring.id}</Link> <span class="soft">{named("roles", one.role)}</span><br /></span>)}</p>}
        </div>
      )}</Shown>
      <h4>{t("ties_shown")} <span class="soft">{count(links.length)}</span></h4>
      <ul class="links">
        {links.slice(0, 40).map((link) => {
          const other = model.nodes.get(link.a === token ? link.b : link.a);
          return other && (
            <li key={other.token}>
              <button class="plain" onClick={() => choose([other.token])}><Mark kind={other.kind} /> {label(other)}</button>
              <span class="soft small">{link.tie ? `−ln p ${link.weight.toFixed(1)} · ` : ""}{linkKinds(link)}{link.note ? ` · ${link.note.occasions} ${t("occasions")} · ${span(link.note.first, link.note.last)}` : ""}</span>
            </li>
          );
        })}
      </ul>
      {links.length > 40 && <p class="soft small">40 {t("of")} {count(links.length)}</p>}
    </div>
  );
}

/** Several are selected: what can be done with all of them. */
export function Several({ chosen, model, take, label, choose }: { chosen: string[]; model: Model; take: (step: Step) => void; choose: (tokens: string[]) => void; label: (node: Node) => string }) {
  const nodes = chosen.map((token) => model.nodes.get(token)).filter((one): one is Node => one !== undefined);
  return (
    <div>
      <h3>{t("selected")} {count(nodes.length)}</h3>
      <p class="actions">
        <button id="combine" onClick={() => take({ does: "c", tokens: chosen })} title="c">{t("combine")}</button>
        <button id="hide-many" onClick={() => take({ does: "h", tokens: chosen })} title="h">{t("hide")}</button>
        <button id="keep-only" onClick={() => take({ does: "o", tokens: chosen })}>{t("keep_only")}</button>
        <button onClick={() => take({ does: nodes.every((one) => one.pinned) ? "u" : "n", tokens: chosen })} title="p">{nodes.every((one) => one.pinned) ? t("unpin") : t("pin")}</button>
        <button onClick={() => choose([])}>{t("choose_none")}</button>
      </p>
      <p class="soft small">{t("combine_help")}</p>
      <ul class="links">{nodes.slice(0, 60).map((one) => <li key={one.token}><button class="plain" onClick={() => choose([one.token])}><Mark kind={one.kind} /> {label(one)}</button></li>)}</ul>
      {nodes.length > 60 && <p class="soft small">60 {t("of")} {count(nodes.length)}</p>}
    </div>
  );
}
