// The inbox: which suspected leads are there, and which of them to open first?
import { useSignal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { query, useAsked, type Graph, type RingRow, type Rings } from "../api";
import { chance, count, odds, short, signed, span, yuan } from "../format";
import { Canvas } from "../graph/canvas";
import { empty, ofRing } from "../graph/model";
import { rowKeys } from "../keys";
import { useCommands } from "../parts/palette";
import { Link, Shown, Spark } from "../parts/parts";
import { go, many, named, param, said, set, t } from "../state";
import type { Word } from "../words";

const NOBODY = new Set<string>();
const EVENTS = ["born", "grown", "merged", "split", "revived", "migrated", "shrunk"];
const SORTS: Record<string, Word> = {
  rank: "sort_rank", fund: "sort_fund", persons: "sort_persons", last: "sort_last", first: "sort_first",
};

export function RingsScreen() {
  const limit = Number(param("n")) || 50;
  const asked = useAsked<Rings>(
    "/v1/rings" +
      query({
        event: param("event"), typology: param("typology"), region: param("region"), q: param("q"), sort: param("sort"),
        fund_min: param("fund"), limit, as_of: param("as_of"),
      }),
  );
  const chosen = useSignal(0);
  const rings = asked.value.data?.rings ?? [];
  useEffect(() => {
    const at = rings.findIndex((ring) => ring.id === param("sel"));
    chosen.value = Math.max(0, at);
  }, [asked.value.data]);
  const take = (at: number) => {
    chosen.value = at;
    set({ sel: rings[at]?.id });
    document.querySelector(`[data-row="${at}"]`)?.scrollIntoView({ block: "nearest" });
  };
  rowKeys(() => ({ rows: rings.length, at: chosen.value, take, open: (at) => rings[at] && go(`/ring/${rings[at].id}`) }));
  const picked = rings[chosen.value];
  useCommands([
    ...(picked ? [{ word: "open" as const, about: picked.id, key: "Enter", run: () => go(`/ring/${picked.id}`) }, { word: "open_explore" as const, about: picked.id, run: () => go("/explore", { ring: picked.id }) }] : []),
    ...Object.entries(SORTS).map(([key, word]) => ({ word: "sort" as const, about: t(word), run: () => set({ sort: key === "rank" ? undefined : key, sel: undefined }) })),
    { word: "filter", run: () => document.getElementById("filter")?.focus() },
    { word: "clear", run: () => go("/rings") },
  ]);
  return (
    <div class="inbox">
      <section class="list">
        <Shown asked={asked.value}>{(data) => <Filters data={data} />}</Shown>
        {asked.value.data && rings.length === 0 && (
          <div class="nothing">
            <h2>{t("no_rings")}</h2>
            <p class="soft">{t("no_rings_hint")}</p>
            <button onClick={() => go("/rings")}>{t("clear")}</button>
          </div>
        )}
        {rings.length > 0 && (
          <ol class="rings" aria-label={t("rings")}>
            {rings.map((ring, at) => <Row key={ring.id} ring={ring} at={at} on={at === chosen.value} take={take} />)}
          </ol>
        )}
        {asked.value.data && asked.value.data.total > rings.length && (
          <button class="more" onClick={() => set({ n: limit + 50 })}>{t("more")} ({count(rings.length)} {t("of")} {count(asked.value.data.total)})</button>
        )}
      </section>
      <aside class="preview">{picked && <Preview key={picked.id} ring={picked} as_of={param("as_of") ? asked.value.data!.epoch : undefined} />}</aside>
    </div>
  );
}

function Filters({ data }: { data: Rings }) {
  const event = param("event");
  const number = (name: string) => data.events.find((one) => one.name === name)?.count ?? 0;
  return (
    <header class="filters">
      <div class="tabs" role="tablist">
        <button role="tab" aria-selected={!event} onClick={() => set({ event: undefined, sel: undefined })}>{t("all")} <i>{count(data.all)}</i></button>
        {EVENTS.filter((name) => number(name) > 0 || name === event).map((name) => (
          <button key={name} role="tab" aria-selected={event === name} onClick={() => set({ event: name, sel: undefined })}>
            {named("events", name)} <i>{count(number(name))}</i>
          </button>
        ))}
      </div>
      <div class="fields">
        <Choice name="typology" label={t("typology")} options={data.typologies.map((one) => [one.name, `${named("typologies", one.name)} (${one.count})`])} />
        <Choice name="region" label={t("region")} options={data.regions.map((one) => [one.name, `${one.name} (${one.count})`])} />
        <Choice name="sort" label={t("sort")} options={Object.entries(SORTS).slice(1).map(([key, word]) => [key, t(word)])} none={t("sort_rank")} />
        <label><span>{t("fund_min")}</span><input type="number" min="0" step="10000" value={param("fund")} onChange={(event) => set({ fund: event.currentTarget.value })} /></label>
        <label class="wide"><span>{t("filter")}</span><input type="text" id="filter" value={param("q")} onChange={(event) => set({ q: event.currentTarget.value, sel: undefined })} /></label>
      </div>
      <p class="sum">
        <b>{count(data.total)}</b> {t("of")} {count(data.all)} {t("leads_shown")} · {t("fund_shown")} <b>{yuan(data.fund_fen)}</b>
      </p>
    </header>
  );
}

function Choice({ name, label, options, none }: { name: string; label: string; options: [string, string][]; none?: string }) {
  return (
    <label>
      <span>{label}</span>
      <select value={param(name)} onChange={(event) => set({ [name]: event.currentTarget.value, sel: undefined })}>
        <option value="">{none ?? t("all")}</option>
        {options.map(([key, text]) => <option key={key} value={key}>{text}</option>)}
      </select>
    </label>
  );
}

function Row({ ring, at, on, take }: { ring: RingRow; at: number; on: boolean; take: (at: number) => void }) {
  return (
    <li class={on ? "on" : undefined} data-row={at} data-ring={ring.id} onClick={() => take(at)} onDblClick={() => go(`/ring/${ring.id}`)}>
      <span class="rank">{ring.rank}</span>
      <div class="what">
        <div class="head">
          <Link to={`/ring/${ring.id}`} class="name">{named("typologies", ring.typology)}</Link>
          <span class="mono soft">{ring.id}</span>
          {ring.event && <span class={`tag e-${ring.event}`}>{named("events", ring.event)}{ring.event_epoch ? ` · ${t("epoch")} ${ring.event_epoch}` : ""}</span>}
        </div>
        <p class="sentence">{said(ring.sentence)}</p>
        <div class="small soft">
          {(["persons", "doctors", "institutions", "pharmacies", "others"] as const).filter((kind) => ring[kind] > 0).map((kind) => many(ring[kind], kind)).join(" · ")}
          {ring.regions.length > 0 && <> · {ring.regions.slice(0, 3).join("、")}</>} · {span(ring.first_day, ring.last_day)}
        </div>
      </div>
      <div class="numbers">
        <b class="score" title={t("score")}>{odds(ring.score)}</b>
        <span title={`${t("fund")} ${yuan(ring.fund_fen)}`}>{short(ring.fund_fen)}</span>
        <Spark values={ring.curve} />
      </div>
    </li>
  );
}

/** The epoch is that of the list that is shown: while another one is asked for, its leads may be unknown there. */
function Preview({ ring, as_of }: { ring: RingRow; as_of?: number }) {
  const graph = useAsked<Graph>(`/v1/rings/${ring.id}/graph` + query({ as_of }));
  const model = useMemo(() => (graph.value.data ? ofRing(graph.value.data) : empty()), [graph.value.data]);
  return (
    <div>
      <h2>{named("typologies", ring.typology)}</h2>
      <p class="soft small"><span class="mono">{ring.id}</span> · {t("lead")}</p>
      <div class="figures">
        <div><b>{odds(ring.score)}</b><span>{t("score")}</span></div>
        <div><b>{short(ring.fund_fen)}</b><span>{t("fund")}</span></div>
        <div title={t("chance_help")}><b>{chance(ring.expected_by_chance)}</b><span>{t("chance")}</span></div>
      </div>
      <div class="mini"><Canvas model={model} chosen={NOBODY} still label={() => ""} title={t("graph")} /></div>
      <ul class="chips">
        {ring.reasons.map((one) => (
          <li key={one.code}><b class="plus">{signed(one.score)}</b><span>{said(one.text)}</span></li>
        ))}
        {ring.against ? (
          <li class="against"><b class="minus">{signed(ring.against.score)}</b><span>{named("look_alikes", ring.against.code)}: {said(ring.against.text)}</span></li>
        ) : (
          <li class="against soft"><b>±0</b><span>{t("no_counter")}</span></li>
        )}
      </ul>
      <p class="actions">
        <Link to={`/ring/${ring.id}`} class="button first">{t("open")} ↵</Link>
        <Link to="/explore" params={{ ring: ring.id }} class="button">{t("open_explore")}</Link>
      </p>
    </div>
  );
}
