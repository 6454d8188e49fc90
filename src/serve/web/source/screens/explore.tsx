// The canvas: start from a ring or a party, expand with counts first, select, combine, hide, pin, filter, take back.
import { computed, signal, useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { post, postForFile, Refused, useAsked, type CaseFile, type Cases, type Refusal, type Rings } from "../api";
import { count, moment, odds } from "../format";
import { Brush } from "../graph/brush";
import { Canvas, type Handle } from "../graph/canvas";
import { addressed, draft, fromAddress, saveDraft } from "../graph/draft";
import { gexf, graphml, partiesCsv, sheets, tiesCsv } from "../graph/files";
import { empty, isContext, NODES_MAX, NODES_WARN, seen, type Model, type Node } from "../graph/model";
import { group, svg } from "../graph/painter";
import { long, model as modelOf, read, short, shownDays, shownKinds, whole, written, type Step } from "../graph/steps";
import { Twin } from "../graph/twin";
import { useKeys } from "../keys";
import { Dialog, useDeed } from "../parts/office";
import { useCommands, type Command } from "../parts/palette";
import { Link, Mark, save, Shown, Trouble } from "../parts/parts";
import { dialog, go, lang, many, may, named, param, session, set, t } from "../state";
import type { Word } from "../words";
import { Inspector, Several } from "./inspector";

/** Groups of kinds, each with a kind that names it. */
const GROUPS = [["person", "person"], ["institution", "institution"], ["pharmacy", "pharmacy"], ["doctor", "doctor"], ["identifier", "phone"], ["context", "circumstance"]] as const;

const start = computed(() => param("ring") || param("p"));
const text = computed(() => fromAddress(start.value, param("s")));
const steps = computed(() => read(text.value ?? ""));
const undone = signal<string[]>([]);

export const labelled = (node: Node): string => {
  const name = node.id || (node.kind === "circumstance" && node.what ? named("occasions", node.what) : named("kinds", node.kind));
  if (node.stack?.inside && new Set(node.stack.inside.map((one) => one.kind)).size > 1) return `${t("combined")} ×${count(node.stack.count)}`;
  return node.stack ? `${name} ×${count(node.stack.count)}` : node.since ? `${name} ${node.since}` : name;
};

/** Only a party that the server knows has neighbours to ask for. */
const expands = (node: Node | undefined): boolean => node !== undefined && !node.stack && !isContext(node.kind);

export function ExploreScreen() {
  const [ring, party, as_of] = [param("ring"), param("p"), param("as_of")];
  const model = useSignal<Model>(empty());
  const refused = useSignal<Refusal | null>(null);
  const busy = useSignal(false);
  const lasso = useSignal(false);
  const twin = param("view") === "table";
  const handle = useRef<Handle | null>(null);
  const s = text.value;

  useEffect(() => {
    let gone = false;
    busy.value = true;
    modelOf(ring, party, as_of, read(s ?? "")).then(
      (next) => { if (!gone) [model.value, refused.value] = [next, null]; },
      (error) => { if (!gone && error instanceof Refused) refused.value = error.refusal; },
    ).finally(() => { if (!gone) busy.value = false; });
    return () => { gone = true; };
  }, [ring, party, as_of, s]);
  useEffect(() => {
    // Undone steps come back with a reload of the same view.
    const found = draft(start.value);
    undone.value = found && s !== null && found.steps === s ? found.undone : [];
  }, [ring, party]);
  useEffect(() => {
    if (s) saveDraft(start.value, s, undone.value);
  }, [s, undone.value]);

  const [kinds, days] = [shownKinds(steps.value), shownDays(steps.value)];
  const filter = `${[...(kinds ?? [])].join()}|${days}`;
  const all = model.value;
  const shown = useMemo(() => seen(all, (node) => !kinds || kinds.has(group(node.kind)), days), [all, filter]);
  const last = steps.value[steps.value.length - 1];
  useEffect(() => {
    // Other places for everybody: the camera that fitted the old ones shows a corner.
    if (last?.does === "l") requestAnimationFrame(() => handle.current?.fit());
  }, [all]);
  const sel = param("sel");
  const chosen = useMemo(() => new Set(sel ? whole(all, long(sel)) : []), [all, sel]);
  const one = chosen.size === 1 ? [...chosen][0] : null;

  const put = (next: Step[], after: { sel?: string } = {}) => set({ s: addressed(start.value, next.map(written).join("*")), ...after }, false);
  const take = (step: Step) => {
    undone.value = [];
    const leaves = step.does === "h" || step.does === "c" || step.does === "x" || step.does === "o";
    put([...steps.value, step], leaves ? { sel: undefined } : {});
  };
  const undo = () => {
    const now = steps.value;
    if (!now.length) return;
    undone.value = [...undone.value, written(now[now.length - 1])];
    put(now.slice(0, -1));
    if (now.length === 1) saveDraft(start.value, "", undone.value);
  };
  const redo = () => {
    const next = undone.value[undone.value.length - 1];
    if (!next) return;
    undone.value = undone.value.slice(0, -1);
    put([...steps.value, ...read(next)]);
  };
  const choose = (tokens: string[]) => set({ sel: tokens.length ? short(tokens) : undefined });
  const tokens = [...chosen];
  const pin = () => {
    if (!tokens.length) return;
    const node = one && all.nodes.get(one);
    if (node) take(node.pinned ? { does: "u", tokens } : { does: "p", token: one, x: node.x, y: node.y });
    else take({ does: tokens.every((token) => all.nodes.get(token)?.pinned) ? "u" : "n", tokens });
  };
  const invert = () => choose([...shown.nodes.keys()].filter((token) => !chosen.has(token)));
  const table = () => set({ view: twin ? undefined : "table" });
  const file = (name: string, type: string, contents: string) => save(new Blob([contents], { type }), `medring.${name}`);
  const png = async () => {
    const blob = await handle.current?.png();
    if (blob) save(blob, "medring.png");
  };
  const xlsx = () => postForFile("/v1/seen.xlsx", { sheets: sheets(shown) }).then(
    (blob) => { save(blob, "medring.xlsx"); },
    (error) => { if (error instanceof Refused) refused.value = error.refusal; },
  );
  const files: [string, () => void][] = [
    ["PNG", () => void png()], ["SVG", () => file("svg", "image/svg+xml", svg(shown, labelled))],
    ["GraphML", () => file("graphml", "application/graphml+xml", graphml(shown))], ["GEXF", () => file("gexf", "application/gexf+xml", gexf(shown))],
    [t("csv_parties"), () => file("parties.csv", "text/csv", partiesCsv(shown))], [t("csv_ties"), () => file("ties.csv", "text/csv", tiesCsv(shown))],
    ...(may("export") ? [["XLSX", () => void xlsx()] as [string, () => void]] : []),
  ];
  const deeds: [Word, string, (() => void) | false][] = [
    ["undo", "u", steps.value.length > 0 && undo], ["redo", "U", undone.value.length > 0 && redo], ["fit", "f", () => handle.current?.fit()],
    ["table", "t", table], ["lasso", "b", () => { lasso.value = !lasso.value; }], ["invert", "i", invert], ["relayout", "l", () => take({ does: "l" })],
    ["expand", "e", one !== null && expands(all.nodes.get(one)) && (() => take({ does: "e", token: one, kind: "all", order: "fen", limit: 50 }))],
    ["hide", "h", tokens.length > 0 && (() => take({ does: "h", tokens }))], ["pin", "p", tokens.length > 0 && pin],
    ["combine", "c", tokens.length > 1 && (() => take({ does: "c", tokens }))],
    ["select_all", "", () => choose([...shown.nodes.keys()])],
  ];
  const begun = Boolean(ring || party);
  // A case holds what is shown now: an arrangement of an earlier epoch would open as another one.
  const keeps = begun && may("list_cases") && session.value?.account !== null && !as_of;
  const publish = () => { dialog.value = "canvas"; };
  useCommands(begun ? [
    ...(keeps ? [{ word: "canvas_publish", run: publish } as Command] : []),
    ...deeds.filter((deed) => deed[2]).map(([word, key, run]): Command => ({ word, key, run: run as () => void })),
    ...files.map(([name, run]): Command => ({ word: "export", about: name, run })),
  ] : []);
  useKeys((event) => {
    const key = event.key === "Delete" ? "h" : event.key;
    const deed = begun && deeds.find((each) => each[1] === key);
    if (deed && deed[2]) deed[2]();
    else if (event.key === "Escape" && (lasso.value || chosen.size)) {
      if (lasso.value) lasso.value = false;
      else choose([]);
    } else if (event.key === "Enter" && one && event.target === document.body) go(`/entity/${one}`);
    else return false;
    return true;
  });

  if (!begun) return <Start />;
  const toggle = (name: string) => {
    const next = new Set(kinds ?? GROUPS.map((each) => each[0]));
    if (next.has(name)) next.delete(name);
    else next.add(name);
    take({ does: "k", kinds: next.size === GROUPS.length ? [] : [...next] });
  };
  const left = !s && !busy.value ? draft(start.value) : null;
  const [nodes_all, ties_all] = all.of ?? [all.nodes.size, all.links.size];
  const button = (word: Word) => {
    const [, key, run] = deeds.find((deed) => deed[0] === word)!;
    return <button onClick={run || undefined} disabled={!run} title={key} aria-pressed={word === "table" ? twin : word === "lasso" ? lasso.value : undefined}>{word === "undo" ? "↶ " : word === "redo" ? "↷ " : ""}{t(word)}</button>;
  };
  return (
    <div class="explore">
      <header class="bar">
        {ring ? <Link to={`/ring/${ring}`} class="mono">{ring}</Link> : <Link to={`/entity/${party}`}>{t("entity")}</Link>}
        <span class={`soft small${busy.value ? " busy" : ""}`} role="status" data-nodes={shown.nodes.size} data-links={shown.links.size}>{busy.value ? t("loading") : `${t("parties_shown")} ${count(shown.nodes.size)} ${t("of")} ${count(Math.max(nodes_all, all.nodes.size))} · ${t("ties_shown")} ${count(shown.links.size)} ${t("of")} ${count(Math.max(ties_all, all.links.size))}`}</span>
        <span class="grow" />
        {(["undo", "redo", "lasso", "invert", "relayout", "fit", "table"] as const).map(button)}
        {keeps && <button id="publish" onClick={publish}>{t("canvas_publish")}</button>}
        <details class="menu"><summary>{t("export")}</summary><ul>{files.map(([name, run]) => <li key={name}><button onClick={(event) => { run(); event.currentTarget.closest("details")!.open = false; }}>{name}</button></li>)}</ul></details>
      </header>
      {refused.value && <Trouble refusal={refused.value} />}
      {keeps && dialog.value === "canvas" && <Publish canvas={{ ...(ring ? { ring } : { party }), steps: s ?? "" }} />}
      {s === null && <p class="past">{t("long_elsewhere")}</p>}
      {left && left.steps && <p class="past draft">{t("draft_found")} {moment(left.at)} · {count(read(left.steps).length)} {t("draft_steps")} <button id="draft" onClick={() => put(read(left.steps))}>{t("draft_take")}</button> <button onClick={() => { saveDraft(start.value, "", []); set({}); }}>{t("draft_drop")}</button></p>}
      {as_of && <p class="past">{t("past_expand")}</p>}
      {all.nodes.size >= NODES_MAX ? <p class="past">{t("stop")}</p> : all.nodes.size > NODES_WARN && <p class="past">{t("many")}</p>}
      <div class="stage">
        <div class="frame">
          <div class={twin ? "off" : "fill"}>
            <Canvas model={shown} chosen={chosen} title={t("graph")} label={labelled} handle={(given) => (handle.current = given)}
              onSelect={(token, more) => choose(!token ? [] : more ? (chosen.has(token) ? tokens.filter((each) => each !== token) : [...tokens, token]) : [token])}
              onOpen={(token) => {
                const node = all.nodes.get(token);
                if (node?.stack?.inside) take({ does: "x", token });
                else if (expands(node)) take({ does: "e", token, kind: "all", order: "fen", limit: 50 });
              }}
              onMove={(token, x, y) => take({ does: "p", token, x, y })}
              onLasso={lasso.value ? (found) => { lasso.value = false; choose(found); } : undefined} />
          </div>
          {twin && <Twin model={shown} chosen={chosen} label={labelled} choose={choose} />}
        </div>
        <aside class="inspector">{one ? <Inspector key={one} token={one} model={all} take={take} choose={choose} label={labelled} /> : chosen.size > 1 ? <Several chosen={tokens} model={all} take={take} choose={choose} label={labelled} /> : <p class="soft">{t("nothing_selected")}</p>}</aside>
      </div>
      <footer class="foot">
        <ul class="legend" aria-label={t("legend")}>
          {GROUPS.map(([name, kind]) => {
            const number = [...all.nodes.values()].filter((node) => group(node.kind) === name).length;
            return number > 0 && <li key={name}><button data-kind={name} aria-pressed={!kinds || kinds.has(name)} onClick={() => toggle(name)}><Mark kind={kind} /> {named("kinds", kind)} <i>{count(number)}</i></button></li>;
          })}
        </ul>
        <Brush model={all} window={days} take={(from, to) => take({ does: "t", from, to })} key={lang.value} />
      </footer>
    </div>
  );
}

/** Keeps the view in a case, with what there is to say about it. */
function Publish({ canvas }: { canvas: { ring?: string; party?: string; steps: string } }) {
  const [title, note, at] = [useRef<HTMLInputElement>(null), useRef<HTMLTextAreaElement>(null), useRef<HTMLSelectElement>(null)];
  const known = useAsked<Cases>("/v1/cases");
  const { run, shown } = useDeed();
  useEffect(() => title.current?.focus(), [known.value.data]);
  const me = session.value?.account ?? "";
  const mine = known.value.data?.cases.filter((one) => [one.owner, one.second, ...one.members].includes(me)) ?? [];
  const send = (event: Event) => {
    event.preventDefault();
    const id = at.current!.value;
    const body = { ...canvas, title: title.current!.value, note: note.current!.value };
    void run(() => post<CaseFile>(`/v1/cases/${id}/canvases`, body), () => { dialog.value = null; go(`/case/${id}`, { tab: "canvas" }); });
  };
  return (
    <Dialog title={t("canvas_publish")}>
      {known.value.data && mine.length === 0 ? <p class="soft">{t("canvas_no_case")}</p> : (
        <form class="form plain" id="publish-canvas" onSubmit={send}>
          <label><span>{t("case")}</span><select ref={at} name="case">{mine.map((one) => <option key={one.id} value={one.id}>{one.id} {one.title}</option>)}</select></label>
          <label><span>{t("canvas_title")}</span><input ref={title} name="title" required maxLength={120} /></label>
          <label><span>{t("canvas_note")}</span><textarea ref={note} name="note" rows={4} maxLength={4000} /></label>
          <button type="submit" class="button first">{t("canvas_publish")}</button>
          {shown}
        </form>
      )}
    </Dialog>
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
