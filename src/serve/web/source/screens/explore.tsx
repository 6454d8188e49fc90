// The canvas: start from a ring or a party, expand with counts first, pin, hide, take back.
//
// The address holds where it began and every step since (`s`), so that a reload and a link give the same view; undone steps
// wait in memory only.
import { computed, signal, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { ask, query, Refused, useAsked, type Entity, type Graph, type Neighbours, type Refusal, type Rings } from "../api";
import { count, odds, span } from "../format";
import { Canvas, type Handle } from "../graph/canvas";
import { empty, expanded, hidden, moved, NODES_MAX, NODES_WARN, ofParty, ofRing, type Model } from "../graph/model";
import { group, svg } from "../graph/painter";
import { csv, graphml } from "../graph/files";
import { useKeys } from "../keys";
import { Link, Mark, save, Shown, Table, Trouble } from "../parts/parts";
import { go, many, named, param, set, t } from "../state";

type Step = { does: "e"; token: string; kind: string; order: string; limit: number } | { does: "h"; token: string } | { does: "p"; token: string; x: number; y: number } | { does: "u"; token: string };

const written = (step: Step): string =>
  step.does === "e" ? `e.${step.token}.${step.kind}.${step.order}.${step.limit}`
    : step.does === "p" ? `p.${step.token}.${Math.round(step.x)}.${Math.round(step.y)}`
      : `${step.does}.${step.token}`;
function read(text: string): Step[] {
  const steps: Step[] = [];
  for (const part of text.split("*").filter(Boolean)) {
    const [does, token, a = "", b = "", c = ""] = part.split(".");
    if (does === "e") steps.push({ does, token, kind: a, order: b, limit: Number(c) || 50 });
    else if (does === "p") steps.push({ does, token, x: Number(a), y: Number(b) });
    else if (does === "h" || does === "u") steps.push({ does, token });
  }
  return steps;
}

const answers = new Map<string, Promise<unknown>>();
/** One request per step, however often the steps are gone through. */
function once<T>(path: string): Promise<T> {
  const known = answers.get(path);
  if (known) return known as Promise<T>;
  const asked = ask<T>(path);
  answers.set(path, asked);
  asked.catch(() => answers.delete(path));
  return asked;
}
const steps = computed(() => read(param("s")));
const undone = signal<Step[]>([]);

async function begun(ring: string, party: string): Promise<Model> {
  if (ring) return ofRing(await once<Graph>(`/v1/rings/${encodeURIComponent(ring)}/graph`));
  if (party) return ofParty((await once<Entity>(`/v1/entities/${party}`)).party);
  return empty();
}
async function after(model: Model, step: Step): Promise<Model> {
  if (step.does === "h") return hidden(model, [step.token]);
  if (step.does === "p") return moved(model, step.token, step.x, step.y, true);
  if (step.does === "u") {
    const there = model.nodes.get(step.token);
    return there ? moved(model, step.token, there.x, there.y, false) : model;
  }
  const { token, kind, order, limit } = step;
  const asked = query({ kind: kind === "all" ? "" : kind, order: order === "ring" ? "fen" : order, in_ring: order === "ring" ? true : "", limit });
  return expanded(model, token, (await once<Neighbours>(`/v1/entities/${token}/neighbours${asked}`)).neighbours);
}

export function ExploreScreen() {
  const [ring, party] = [param("ring"), param("p")];
  const model = useSignal<Model>(empty());
  const refused = useSignal<Refusal | null>(null);
  const busy = useSignal(false);
  const kinds = useSignal<Set<string> | null>(null);
  const twin = param("view") === "table";
  const selected = param("sel") || null;
  const handle = useRef<Handle | null>(null);
  const text = param("s");

  useEffect(() => {
    let gone = false;
    busy.value = true;
    (async () => {
      try {
        let next = await begun(ring, party);
        for (const step of read(text)) next = await after(next, step);
        if (!gone) [model.value, refused.value] = [next, null];
      } catch (error) {
        if (!gone && error instanceof Refused) refused.value = error.refusal;
      }
      if (!gone) busy.value = false;
    })();
    return () => { gone = true; };
  }, [ring, party, text]);

  const put = (all: Step[]) => set({ s: all.map(written).join("*") }, false);
  const take = (step: Step) => {
    undone.value = [];
    put([...steps.value, step]);
  };
  const undo = () => {
    const all = steps.value;
    if (!all.length) return;
    undone.value = [...undone.value, all[all.length - 1]];
    put(all.slice(0, -1));
  };
  const redo = () => {
    const next = undone.value[undone.value.length - 1];
    if (!next) return;
    undone.value = undone.value.slice(0, -1);
    put([...steps.value, next]);
  };
  const hide = (token: string) => {
    take({ does: "h", token });
  };
  const pin = (token: string) => {
    const node = model.value.nodes.get(token);
    if (node) take(node.pinned ? { does: "u", token } : { does: "p", token, x: node.x, y: node.y });
  };
  const expand = (token: string, kind = "all", order = "fen", limit = 50) => take({ does: "e", token, kind, order, limit });
  useKeys((event) => {
    if (event.key === "u") undo();
    else if (event.key === "U") redo();
    else if (event.key === "f") handle.current?.fit();
    else if (event.key === "t") set({ view: twin ? undefined : "table" });
    else if (selected && event.key === "e") expand(selected);
    else if (selected && (event.key === "h" || event.key === "Delete")) hide(selected);
    else if (selected && event.key === "p") pin(selected);
    else if (selected && event.key === "Enter") go(`/entity/${selected}`);
    else return false;
    return true;
  });

  if (!ring && !party) return <Start />;
  const all = model.value;
  const label = (node: { id: string; kind: string }) => node.id || named("kinds", node.kind);
  const toggle = (name: string) => {
    const every = ["person", "institution", "pharmacy", "doctor", "identifier", "context"];
    const next = new Set(kinds.value ?? every);
    if (next.has(name)) next.delete(name);
    else next.add(name);
    kinds.value = next.size === every.length ? null : next;
  };
  return (
    <div class="explore">
      <header class="bar">
        {ring ? <Link to={`/ring/${ring}`} class="mono">{ring}</Link> : <Link to={`/entity/${party}`}>{t("entity")}</Link>}
        <span class="soft small" role="status" data-nodes={all.nodes.size} data-links={all.links.size}>{busy.value ? t("loading") : `${t("parties_shown")} ${count(all.nodes.size)} · ${t("ties_shown")} ${count(all.links.size)}`}</span>
        <span class="grow" />
        <button onClick={undo} disabled={!steps.value.length} title="u">↶ {t("undo")}</button>
        <button onClick={redo} disabled={!undone.value.length} title="U">↷ {t("redo")}</button>
        <button onClick={() => handle.current?.fit()} title="f">{t("fit")}</button>
        <button aria-pressed={twin} onClick={() => set({ view: twin ? undefined : "table" })} title="t">{t("table")}</button>
        <button onClick={async () => { const blob = await handle.current?.png(); if (blob) save(blob, "medring.png"); }}>{t("export_png")}</button>
        <button onClick={() => save(new Blob([svg(all, label)], { type: "image/svg+xml" }), "medring.svg")}>{t("export_svg")}</button>
        <button onClick={() => save(new Blob([graphml(all)], { type: "application/graphml+xml" }), "medring.graphml")}>GraphML</button>
        <button onClick={() => save(new Blob([csv(all)], { type: "text/csv" }), "medring.csv")}>CSV</button>
      </header>
      {refused.value && <Trouble refusal={refused.value} />}
      {all.nodes.size >= NODES_MAX ? <p class="past">{t("stop")}</p> : all.nodes.size > NODES_WARN && <p class="past">{t("many")}</p>}
      <div class="stage">
        <div class="frame">
          <div class={twin ? "off" : "fill"}>
            <Canvas model={all} selected={selected} kinds={kinds.value} title={t("graph")} label={label} handle={(given) => (handle.current = given)}
              onSelect={(token) => set({ sel: token ?? undefined })} onOpen={(token) => expand(token)} onMove={(token, x, y) => take({ does: "p", token, x, y })} />
          </div>
          {twin && <Twin model={all} selected={selected} />}
          <ul class="legend over" aria-label={t("legend")}>
            {([["person", "person"], ["institution", "institution"], ["pharmacy", "pharmacy"], ["doctor", "doctor"], ["identifier", "phone"], ["context", "circumstance"]] as const).map(([name, kind]) => {
              const number = [...all.nodes.values()].filter((node) => group(node.kind) === name).length;
              if (!number) return null;
              return <li key={name}><button aria-pressed={!kinds.value || kinds.value.has(name)} onClick={() => toggle(name)}><Mark kind={kind} /> {named("kinds", kind)} <i>{number}</i></button></li>;
            })}
          </ul>
        </div>
        <aside class="inspector">{selected ? <Inspector key={selected} token={selected} model={all} expand={expand} hide={hide} pin={pin} /> : <p class="soft">{t("nothing_selected")}</p>}</aside>
      </div>
    </div>
  );
}

function Start() {
  const asked = useAsked<Rings>("/v1/rings?limit=12");
  return (
    <section class="start">
      <p>{t("explore_start")}</p>
      <Shown asked={asked.value}>{(data) => (
        <ul class="cards">{data.rings.map((ring) => (
          <li key={ring.id}><Link to="/explore" params={{ ring: ring.id }}><b>{named("typologies", ring.typology)}</b><span class="mono soft">{ring.id}</span><span class="small">{odds(ring.score)} · {many(ring.persons, "persons")}</span></Link></li>
        ))}</ul>
      )}</Shown>
    </section>
  );
}

function Inspector({ token, model, expand, hide, pin }: { token: string; model: Model; expand: (token: string, kind?: string, order?: string, limit?: number) => void; hide: (token: string) => void; pin: (token: string) => void }) {
  const node = model.nodes.get(token);
  const context = node !== undefined && group(node.kind) === "context";
  const asked = useAsked<Entity>(context ? null : `/v1/entities/${token}`);
  const links = [...model.links.values()].filter((link) => link.a === token || link.b === token);
  links.sort((a, b) => b.weight - a.weight || b.fen - a.fen);
  return (
    <div>
      {node && (
        <>
          <h3><Mark kind={node.kind} /> {node.id || named("kinds", node.kind)}</h3>
          <p class="soft small">{named("kinds", node.kind)}{node.role && named("roles", node.role) !== named("kinds", node.kind) ? ` · ${named("roles", node.role)}` : ""}</p>
          <p class="actions">
            {!context && <Link to={`/entity/${token}`} class="button">{t("entity")}</Link>}
            <button onClick={() => pin(token)} title="p">{node.pinned ? t("unpin") : t("pin")}</button>
            <button onClick={() => hide(token)} title="h">{t("hide")}</button>
          </p>
          {!context && <p class="actions"><Link to="/path" params={{ from: token, to: param("pto") }} class="button">{t("path_from")}</Link></p>}
        </>
      )}
      <Shown asked={asked.value}>{(data) => (
        <div class="expand">
          <h4>{t("expand")} <span class="soft">{count(data.neighbours)}</span></h4>
          {data.kinds.map((one) => (
            <div key={one.name} class="kind">
              <Mark kind={one.name} /> <b>{named("kinds", one.name)}</b> <span class="num">{count(one.count)}</span>
              <button data-expand={one.name} onClick={() => expand(token, one.name, "fen", Math.min(50, one.count))}>{one.count > 50 ? `${t("expand_top")} 50` : t("all")}</button>
              {one.count > 50 && <button onClick={() => expand(token, one.name, "fen", Math.min(500, one.count))}>{count(Math.min(500, one.count))} {t("of")} {count(one.count)}</button>}
              {one.name !== "doctor" && <button onClick={() => expand(token, one.name, "ring", 200)}>{t("expand_ring")}</button>}
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
              <button class="plain" onClick={() => set({ sel: other.token })}><Mark kind={other.kind} /> {other.id || named("kinds", other.kind)}</button>
              <span class="soft small">{link.tie ? `−ln p ${link.weight.toFixed(1)}` : t("visit")}{link.note ? ` · ${link.note.occasions} ${t("occasions")}` : ""}{link.note?.kinds.length ? ` · ${link.note.kinds.map((kind) => named("occasions", kind)).join("、")}` : ""} {link.note ? span(link.note.first, link.note.last) : ""}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Twin({ model, selected }: { model: Model; selected: string | null }) {
  const degree = useMemo(() => {
    const of = new Map<string, number>();
    for (const link of model.links.values()) for (const end of [link.a, link.b]) of.set(end, (of.get(end) ?? 0) + 1);
    return of;
  }, [model]);
  const rows = [...model.nodes.values()].sort((a, b) => (degree.get(b.token) ?? 0) - (degree.get(a.token) ?? 0));
  return (
    <Table label={t("table")} heads={[t("id"), t("kind"), t("role"), [t("ties"), "num"], [t("neighbours"), "num"], [t("in_rings"), "num"]]}>
      {rows.slice(0, 1000).map((node) => (
        <tr key={node.token} class={node.token === selected ? "on" : undefined} onClick={() => set({ sel: node.token })}>
          <td><Mark kind={node.kind} /> {node.id || named("kinds", node.kind)}</td><td>{named("kinds", node.kind)}</td><td>{named("roles", node.role)}</td>
          <td class="num">{degree.get(node.token) ?? 0}</td><td class="num">{node.neighbours === null ? "" : count(node.neighbours)}</td><td class="num">{node.rings || ""}</td>
        </tr>
      ))}
    </Table>
  );
}
