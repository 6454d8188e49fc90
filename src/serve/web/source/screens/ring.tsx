// The dossier: why is this a lead, who is in it, what shows it, and what speaks against it?
import { useSignal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { query, useAsked, type Facts, type Graph, type MemberRow, type Ring, type Timeline } from "../api";
import { chance, count, odds, short, signed, span, yuan } from "../format";
import { Canvas } from "../graph/canvas";
import { empty, ofRing } from "../graph/model";
import { Twin } from "../graph/twin";
import { labelled } from "./explore";
import { useKeys } from "../keys";
import { Doings, useScope } from "../parts/office";
import { useCommands } from "../parts/palette";
import { download, Link, Mark, PartyLink, RingLink, Shown, Sign, Tabs, Table } from "../parts/parts";
import { dialog, go, may, named, param, said, set, t } from "../state";
import { TimelineDrawing, TimelineTable } from "../parts/timeline";

const TABS = ["why", "members", "graph", "timeline", "evidence", "evolution", "against"] as const;

export function RingScreen({ id }: { id: string }) {
  const asked = useAsked<Ring>(`/v1/rings/${encodeURIComponent(id)}` + query({ as_of: param("as_of") }));
  const tab = param("tab") || "why";
  useKeys((event) => {
    const at = Number(event.key) - 1;
    if (TABS[at]) set({ tab: at === 0 ? undefined : TABS[at] });
    else if (event.key === "e") go("/explore", { ring: id });
    else if (event.key === "n" && may("open_case")) dialog.value = "case";
    else if (event.key === "u" || event.key === "Backspace") history.back();
    else return false;
    return true;
  });
  useCommands([
    ...TABS.map((name, at) => ({ word: name, about: id, key: String(at + 1), run: () => set({ tab: at === 0 ? undefined : name }) })),
    { word: "open_explore", about: id, key: "e", run: () => go("/explore", { ring: id }) },
    ...(may("export") ? (["members", "facts"] as const).map((name) => ({ word: `export_${name}` as const, about: id, run: () => download(`/v1/rings/${id}/${name}.csv${query({ as_of: param("as_of") })}`) })) : []),
    ...(may("open_case") ? [{ word: "new_case" as const, about: id, key: "n", run: () => { dialog.value = "case"; } }] : []),
  ]);
  useScope(asked.value.data?.members.map((one) => one.party.token));
  return (
    <div class="dossier">
      <Shown asked={asked.value}>{(data) => (
        <>
          <Head data={data} />
          <Tabs name="tab" chosen={tab} all={TABS.map((name) => [name, <>{t(name)}{name === "members" && <i> {count(data.members.length)}</i>}{name === "against" && data.counter_evidence.length > 0 && <i> {data.counter_evidence.length}</i>}</>])} />
          {tab === "why" && <Why data={data} />}
          {tab === "members" && <Members data={data} />}
          {tab === "graph" && <Picture data={data} />}
          {tab === "timeline" && <Times id={id} />}
          {tab === "evidence" && <Evidence data={data} />}
          {tab === "evolution" && <Evolution data={data} />}
          {tab === "against" && <Against data={data} />}
        </>
      )}</Shown>
    </div>
  );
}

function Head({ data }: { data: Ring }) {
  const { ring } = data;
  return (
    <header class="ringhead">
      <div class="line">
        <span class="badge">{t("lead")} #{ring.rank}</span>
        <h1>{named("typologies", ring.typology)}</h1>
        <span class="mono soft">{ring.id}</span>
        <span class="grow" />
        <label class="version"><span class="soft">{t("as_of")}</span>
          <select value={String(data.epoch)} onChange={(event) => set({ as_of: event.currentTarget.value === String(data.latest) ? undefined : event.currentTarget.value })}>
            {[...new Set([data.latest, data.epoch, ...data.versions.map((one) => one.from).reverse()])].map((epoch) => (
              <option key={epoch} value={String(epoch)}>{epoch}{epoch === data.latest ? ` (${t("now")})` : ""}</option>
            ))}
          </select>
        </label>
        <Link to="/explore" params={{ ring: ring.id }} class="button">{t("open_explore")}</Link>
        <Doings ring={ring.id} epoch={data.epoch === data.latest ? undefined : data.epoch} />
      </div>
      <p class="sentence">{said(ring.sentence)}</p>
      <dl class="facts">
        <div><dt>{t("score")}</dt><dd>{odds(ring.score)}</dd></div>
        <div title={t("chance_help")}><dt>{t("chance")}</dt><dd>{chance(ring.expected_by_chance)}</dd></div>
        <div><dt>{t("fund")}</dt><dd>{yuan(ring.fund_fen)}</dd></div>
        <div><dt>{t("total")}</dt><dd>{yuan(ring.total_fen)}</dd></div>
        <div><dt>{t("parties")}</dt><dd>{ring.persons}·{ring.doctors}·{ring.institutions}·{ring.pharmacies}</dd></div>
        <div><dt>{t("days")}</dt><dd>{span(ring.first_day, ring.last_day)}</dd></div>
        {ring.regions.length > 0 && <div><dt>{t("region")}</dt><dd>{ring.regions.join("、")}</dd></div>}
        {data.typologies.length > 1 && <div><dt>{t("also")}</dt><dd>{data.typologies.filter((one) => one.code !== ring.typology).map((one) => `${said(one.text)} ${odds(one.score)}`).join("; ")}</dd></div>}
      </dl>
    </header>
  );
}

function Why({ data }: { data: Ring }) {
  const open = param("factor");
  const steps: { code: string; text: string; value: number; kind: string; facts?: number }[] = [];
  if (Math.abs(data.base) >= 0.005) steps.push({ code: "", text: t("base"), value: data.base, kind: "base" });
  for (const one of data.factors) steps.push({ code: one.code, text: said(one.text), value: one.score, kind: one.score < 0 ? "minus" : "plus", facts: one.facts || undefined });
  for (const one of data.counter_evidence) steps.push({ code: one.code, text: `${named("look_alikes", one.code)}: ${said(one.text)}`, value: one.score, kind: "minus" });
  let at = 0;
  const bars = steps.map((step) => {
    const from = at;
    at += step.value;
    return { ...step, from, to: at };
  });
  const low = Math.min(0, ...bars.flatMap((bar) => [bar.from, bar.to]));
  const high = Math.max(1, ...bars.flatMap((bar) => [bar.from, bar.to]));
  const percent = (value: number) => (100 * (value - low)) / (high - low);
  const bar = (from: number, to: number, kind: string) => (
    <div class="track"><span class="zero" style={{ left: `${percent(0)}%` }} /><span class={`bar ${kind}`} style={{ left: `${percent(Math.min(from, to))}%`, width: `${Math.max(0.4, Math.abs(percent(to) - percent(from)))}%` }} /></div>
  );
  return (
    <section class="why">
      <p class="soft small">{t("why_help")}</p>
      <ol class="waterfall">
        {bars.map((one, index) => (
          <li key={index} class={one.facts !== undefined ? "can" : ""}>
            {one.facts !== undefined ? (
              <button class="step" aria-expanded={open === one.code} data-factor={one.code} onClick={() => set({ factor: open === one.code ? undefined : one.code })}>
                <span class="text">{one.text} <span class="rows">{count(one.facts)} {t("rows")} {open === one.code ? "▾" : "▸"}</span></span>
                {bar(one.from, one.to, one.kind)}<b class={one.kind}>{signed(one.value)}</b>
              </button>
            ) : (
              <div class="step"><span class={`text ${one.kind}`}>{one.text}</span>{bar(one.from, one.to, one.kind)}<b class={one.kind}>{signed(one.value)}</b></div>
            )}
            {one.facts !== undefined && open === one.code && <FactTable id={data.ring.id} factor={one.code} />}
          </li>
        ))}
        <li class="result"><div class="step"><span class="text">{t("result")}</span>{bar(0, data.ring.score, "result")}<b>{odds(data.ring.score)}</b></div></li>
      </ol>
      {data.counter_evidence.length === 0 && <p class="soft">{t("no_counter")}</p>}
    </section>
  );
}

function Members({ data }: { data: Ring }) {
  const kind = param("kind");
  const kinds = [...new Set(data.members.map((one) => one.party.kind))];
  const rows = data.members.filter((one) => !kind || one.party.kind === kind);
  const most = Number(param("n")) || 200;
  return (
    <section>
      <div class="tabs small" role="group">
        <button aria-pressed={!kind} onClick={() => set({ kind: undefined })}>{t("all")} <i>{count(data.members.length)}</i></button>
        {kinds.map((one) => (
          <button key={one} aria-pressed={kind === one} onClick={() => set({ kind: one })}><Mark kind={one} /> {named("kinds", one)} <i>{count(data.members.filter((row) => row.party.kind === one).length)}</i></button>
        ))}
      </div>
      <Table label={t("members")} heads={[t("id"), t("role"), [t("strength"), "num"], [t("ties"), "num"], t("why_role"), t("other_leads"), ""]}>
        {rows.slice(0, most).map((one) => <Member key={one.party.token} row={one} />)}
      </Table>
      {rows.length > most && <button class="more" onClick={() => set({ n: most + 300 })}>{t("more")} ({most} {t("of")} {count(rows.length)})</button>}
    </section>
  );
}

function Member({ row }: { row: MemberRow }) {
  const token = row.party.token;
  return (
    <tr>
      <td><PartyLink party={row.party} /></td>
      <td>{named("roles", row.role)}</td>
      <td class="num">{odds(row.strength)}</td>
      <td class="num">{count(row.ties)}</td>
      <td class="long">{said(row.why)}</td>
      <td>{row.also.map((id) => <><RingLink id={id} /> </>)}</td>
      <td class="acts">
        <Link to="/path" params={{ from: token, to: param("to") }} title={t("path_from")}><Sign name="path" /></Link>
        <Link to="/explore" params={{ p: token }} title={t("explore")}><Sign name="explore" /></Link>
      </td>
    </tr>
  );
}

function Picture({ data }: { data: Ring }) {
  const asked = useAsked<Graph>(`/v1/rings/${data.ring.id}/graph` + query({ as_of: param("as_of") }));
  const model = useMemo(() => (asked.value.data ? ofRing(asked.value.data) : empty()), [asked.value.data]);
  const selected = param("sel") || null;
  const chosen = useMemo(() => new Set(selected ? [selected] : []), [selected]);
  const twin = param("view") === "table";
  const choose = (tokens: string[]) => set({ sel: tokens[tokens.length - 1] });
  const party = data.members.find((one) => one.party.token === selected);
  return (
    <Shown asked={asked.value}>{(graph) => (
      <section class="picture">
        <p class="soft small">{t("parties_shown")} {graph.nodes.length} {t("of")} {graph.nodes_all} · {t("ties_shown")} {graph.ties.length} {t("of")} {graph.ties_all} <button id="twin" aria-pressed={twin} onClick={() => set({ view: twin ? undefined : "table" })}>{t("table")}</button></p>
        {twin ? <Twin model={model} chosen={chosen} label={labelled} choose={choose} /> : (
          <>
            <div class="frame"><Canvas model={model} chosen={chosen} title={t("graph")} label={labelled} onSelect={(token) => choose(token ? [token] : [])} onOpen={(token) => go(`/entity/${token}`)} /></div>
            <Legend />
          </>
        )}
        {party && (
          <div class="picked">
            <PartyLink party={party.party} kind /> <b>{named("roles", party.role)}</b> <span class="num">{odds(party.strength)}</span>
            <p>{said(party.why)}</p>
            <button onClick={() => set({ tab: "evidence", about: party.party.token })}>{t("show_rows")}</button>
          </div>
        )}
      </section>
    )}</Shown>
  );
}

export function Legend() {
  return (
    <ul class="legend">
      {["person", "institution", "pharmacy", "doctor", "phone", "circumstance"].map((kind) => (
        <li key={kind}><Mark kind={kind} /> {kind === "phone" ? `${named("kinds", "phone")}·${named("kinds", "account")}·${named("kinds", "agent")}` : named("kinds", kind)}</li>
      ))}
      <li><span class="line tie" /> {t("tie")}</li>
      <li><span class="line visit" /> {t("visit")}</li>
      <li><span class="ringmark" /> {named("roles", "organiser")}·{named("roles", "recruiter")}</li>
    </ul>
  );
}

function Times({ id }: { id: string }) {
  const by = param("by") || "place";
  const twin = param("view") === "table";
  const asked = useAsked<Timeline>(`/v1/rings/${id}/timeline` + query({ by, as_of: param("as_of") }));
  return (
    <section>
      <div class="tabs small" role="group">
        <button aria-pressed={by === "place"} onClick={() => set({ by: undefined })}>{t("by_place")}</button>
        <button aria-pressed={by === "person"} onClick={() => set({ by: "person" })}>{t("by_person")}</button>
      </div>
      <p class="soft small">{t("timeline_help")} <button id="twin" aria-pressed={twin} onClick={() => set({ view: twin ? undefined : "table" })}>{t("table")}</button></p>
      <Shown asked={asked.value}>{(data) => (data.lanes.length ? (twin ? <TimelineTable data={data} /> : <TimelineDrawing data={data} />) : <p class="soft">{t("no_timeline")}</p>)}</Shown>
    </section>
  );
}

function Evidence({ data }: { data: Ring }) {
  const about = param("about");
  const member = data.members.find((one) => one.party.token === about);
  return (
    <section>
      <div class="fields">
        <label class="wide"><span>{t("reason")}</span>
          <select value={param("factor")} onChange={(event) => set({ factor: event.currentTarget.value })}>
            <option value="">{t("any_reason")}</option>
            {data.factors.map((one) => <option key={one.code} value={one.code}>{signed(one.score)} {said(one.text)} ({one.facts})</option>)}
          </select>
        </label>
        {about && <p>{t("about")}: {member ? <PartyLink party={member.party} kind /> : about} <button onClick={() => set({ about: undefined })}>×</button></p>}
      </div>
      <FactTable id={data.ring.id} factor={param("factor")} about={about} />
    </section>
  );
}

function FactTable({ id, factor, about }: { id: string; factor: string; about?: string }) {
  const limit = useSignal(60);
  const asked = useAsked<Facts>(`/v1/rings/${id}/facts` + query({ factor, party: about, limit: limit.value, as_of: param("as_of") }));
  return (
    <Shown asked={asked.value}>{(data) => (
      <div class="factrows">
        <p class="soft small">{count(data.facts.length)} {t("of")} {count(data.total)} {t("rows")}</p>
        {data.total === 0 && <p class="soft">{t("no_facts")}</p>}
        {data.total > 0 && (
          <Table label={t("evidence")} heads={[t("day"), t("class"), t("who"), [t("total"), "num"], [t("fund"), "num"], t("row"), t("source")]}>
            {data.facts.map((one, at) => (
              <tr key={at}>
                <td class="mono">{span(one.day, one.end)}</td>
                <td class="word">{named("classes", one.class)}</td>
                <td class="parties">{one.parties.map((party) => <PartyLink key={party.token} party={party} />)}</td>
                <td class="num">{one.total_fen === null ? "" : yuan(one.total_fen)}</td>
                <td class="num">{one.fund_fen === null ? "" : yuan(one.fund_fen)}</td>
                <td class="mono">{one.row}</td>
                <td class="mono soft">{one.file && `${one.file}:${one.file_row} · ${t("epoch")} ${one.read_in}`}</td>
              </tr>
            ))}
          </Table>
        )}
        {data.total > data.facts.length && <button class="more" onClick={() => (limit.value = Math.min(1000, limit.value + 200))}>{t("more")}</button>}
      </div>
    )}</Shown>
  );
}

function Evolution({ data }: { data: Ring }) {
  return (
    <section class="evolution">
      <ol class="events">
        {[...data.events].reverse().map((one, at) => (
          <li key={at}>
            <span class={`tag e-${one.kind}`}>{named("events", one.kind)}</span> {t("epoch")} {one.epoch}
            {one.joined > 0 && <span> · +{one.joined} {t("joined")}</span>}
            {one.left > 0 && <span> · −{one.left} {t("left")}</span>}
            {one.from.map((id) => <span key={id}> ← <RingLink id={id} /></span>)}
            {one.to.map((id) => <span key={id}> → <RingLink id={id} /></span>)}
          </li>
        ))}
      </ol>
      <Table label={t("version")} heads={[t("epoch"), t("typology"), [t("score"), "num"], ["#", "num"], [t("members"), "num"], [t("fund"), "num"], ""]}>
        {[...data.versions].reverse().map((one) => (
          <tr key={one.from} class={data.epoch >= one.from && (one.until === null || data.epoch <= one.until) ? "on" : undefined}>
            <td>{one.from} – {one.until ?? t("now")}</td>
            <td>{named("typologies", one.typology)}</td>
            <td class="num">{odds(one.score)}</td>
            <td class="num">{one.rank}</td>
            <td class="num">{count(one.members)}</td>
            <td class="num">{short(one.fund_fen)}</td>
            <td><button onClick={() => set({ as_of: one.until === null ? undefined : one.from })}>{t("open")}</button></td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

function Against({ data }: { data: Ring }) {
  return (
    <section>
      <p class="soft small">{t("against_help")}</p>
      {data.counter_evidence.length === 0 && <p>{t("no_counter")}</p>}
      <ul class="chips big">
        {data.counter_evidence.map((one) => (
          <li key={one.code} class="against"><b class="minus">{signed(one.score)}</b><span><b>{named("look_alikes", one.code)}</b> <span class="mono soft">{one.code}</span><br />{said(one.text)}</span></li>
        ))}
      </ul>
    </section>
  );
}
