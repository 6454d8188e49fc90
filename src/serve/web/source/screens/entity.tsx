// One party: in which leads, linked to whom, when.
import { useAsked, query, type Entity, type Neighbours } from "../api";
import { count, odds, short, span, yuan } from "../format";
import { Doings, useScope } from "../parts/office";
import { useCommands } from "../parts/palette";
import { Link, Mark, PartyLink, RingLink, Shown, shownId, Sign, Table } from "../parts/parts";
import { go, named, param, said, set, t } from "../state";

export function EntityScreen({ id }: { id: string }) {
  const asked = useAsked<Entity>(`/v1/entities/${encodeURIComponent(id)}`);
  useScope(asked.value.data ? [asked.value.data.party.token] : undefined);
  useCommands([
    { word: "path_from", run: () => go("/path", { from: id }) },
    { word: "path_to", run: () => go("/path", { to: id }) },
    { word: "open_explore", run: () => go("/explore", { p: id, sel: id }) },
  ]);
  return (
    <div class="entity">
      <Shown asked={asked.value}>{(data) => (
        <>
          <header class="ringhead">
            <div class="line">
              <h1><Mark kind={data.party.kind} /> {shownId(data.party)}</h1><span class="soft">{named("kinds", data.party.kind)}{data.party.region ? ` · ${data.party.region}` : ""}</span>
              <span class="grow" />
              <Link to="/path" params={{ from: id }} class="button">{t("path_from")}</Link>
              <Link to="/path" params={{ to: id }} class="button">{t("path_to")}</Link>
              <Link to="/explore" params={{ p: id, sel: id }} class="button">{t("open_explore")}</Link>
              <Doings />
            </div>
            <dl class="facts">
              <div><dt>{t("facts")}</dt><dd>{count(data.facts)}</dd></div>
              <div><dt>{t("neighbours")}</dt><dd>{count(data.neighbours)}</dd></div>
              <div><dt>{t("days")}</dt><dd>{span(data.first, data.last)}</dd></div>
              <div><dt>{t("in_rings")}</dt><dd>{data.rings.length}</dd></div>
            </dl>
          </header>
          <div class="halves">
            <section>
              <h2>{t("in_rings")}</h2>
              {data.rings.length === 0 && <p class="soft">{t("in_no_ring")}</p>}
              <ul class="cards tall">{data.rings.map((one) => (
                <li key={one.ring.id}><Link to={`/ring/${one.ring.id}`}><b>{named("typologies", one.ring.typology)}</b><span class="mono soft">{one.ring.id} · {odds(one.ring.score)}</span><span>{named("roles", one.role)} {odds(one.strength)}</span><span class="small soft">{said(one.ring.sentence)}</span></Link></li>
              ))}</ul>
            </section>
            <section><h2>{t("months")}</h2><Months data={data} /></section>
          </div>
          <section>
            <h2>{t("neighbours")}</h2>
            <div class="tabs small" role="group">
              <button aria-pressed={!param("kind")} onClick={() => set({ kind: undefined, n: undefined })}>{t("all")} <i>{count(data.neighbours)}</i></button>
              {data.kinds.map((one) => <button key={one.name} aria-pressed={param("kind") === one.name} onClick={() => set({ kind: one.name, n: undefined })}><Mark kind={one.name} /> {named("kinds", one.name)} <i>{count(one.count)}</i></button>)}
              <button aria-pressed={param("ring") === "1"} onClick={() => set({ ring: param("ring") ? undefined : 1 })}>{t("only_in_ring")}</button>
            </div>
            <Linked id={id} />
          </section>
        </>
      )}</Shown>
    </div>
  );
}

function Linked({ id }: { id: string }) {
  const limit = Number(param("n")) || 50;
  const asked = useAsked<Neighbours>(`/v1/entities/${id}/neighbours` + query({ kind: param("kind"), in_ring: param("ring") ? true : "", limit, order: param("order") }));
  return (
    <Shown asked={asked.value}>{(data) => (
      <div>
        <Table label={t("neighbours")} heads={[t("id"), t("kind"), [t("facts"), "num"], [t("total"), "num"], t("days"), [t("neighbours"), "num"], t("in_rings"), ""]}>
          {data.neighbours.map((one) => (
            <tr key={one.party.token}>
              <td><PartyLink party={one.party} /></td><td>{named("kinds", one.party.kind)}</td><td class="num">{count(one.facts)}</td>
              <td class="num">{one.total_fen ? yuan(one.total_fen) : ""}</td><td class="mono">{span(one.first, one.last)}</td><td class="num">{count(one.neighbours)}</td>
              <td>{one.rings.map((ring) => <span key={ring}><RingLink id={ring} /> </span>)}</td>
              <td class="acts"><Link to="/path" params={{ from: id, to: one.party.token }} title={t("find_paths")}><Sign name="path" /></Link></td>
            </tr>
          ))}
        </Table>
        {data.total > data.neighbours.length && <button class="more" onClick={() => set({ n: Math.min(500, limit + 150) })}>{t("more")} ({count(data.neighbours.length)} {t("of")} {count(data.total)})</button>}
      </div>
    )}</Shown>
  );
}

function Months({ data }: { data: Entity }) {
  const first = data.months[0];
  if (!first) return null;
  const number = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;
  const from = number(first.month);
  const span = number(data.months[data.months.length - 1].month) - from + 1;
  const most = Math.max(...data.months.map((one) => one.facts));
  const wide = 560 / Math.max(span, 12);
  return (
    <svg class="months" viewBox="0 0 560 120" role="img" aria-label={t("months")}>
      {data.months.map((one) => {
        const tall = (78 * one.facts) / most;
        return <rect key={one.month} x={(number(one.month) - from) * wide} y={96 - tall} width={Math.max(1, wide - 2)} height={tall}><title>{`${one.month} · ${one.facts} · ${short(one.total_fen)}`}</title></rect>;
      })}
      <path class="floor" d="M0 96.5H560" />
      {data.months.filter((one) => one.month.endsWith("-01") || one === first).map((one) => <text key={one.month} x={(number(one.month) - from) * wide} y="112">{one.month}</text>)}
      <text x="560" y="10" text-anchor="end">max {count(most)}</text>
    </svg>
  );
}
