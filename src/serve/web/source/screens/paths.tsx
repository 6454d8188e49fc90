// The path finder: through whom and what are two parties connected, and what shows each step?
import { useSignal } from "@preact/signals";
import { find, query, Refused, useAsked, type Entity, type Hop, type Paths, type Refusal } from "../api";
import { count, yuan } from "../format";
import { useCommands } from "../parts/palette";
import { Link, Mark, PartyLink, shownId, Shown, Table, Trouble } from "../parts/parts";
import { named, param, said, set, t } from "../state";

const list = (name: string) => param(name).split(",").filter(Boolean);

export function PathsScreen() {
  const [from, to] = [param("from"), param("to")];
  const asked = useAsked<Paths>(
    from && to
      ? "/v1/paths" + query({ from, to, k: param("k"), order: param("order"), via: param("via"), avoid: param("avoid"), within: param("within"), max_hops: param("hops"), skip_hubs: param("hubs") })
      : null,
  );
  const orders = [["", "order_shortest"], ["strongest", "order_strongest"], ["time", "order_time"]] as const;
  const swap = () => set({ from: to, to: from });
  useCommands([
    { word: "swap", run: swap },
    ...orders.map(([key, word]) => ({ word: "order" as const, about: t(word), run: () => set({ order: key }) })),
  ]);
  return (
    <div class="paths">
      <section class="form">
        <End name="from" label={t("from")} />
        <button class="swap" title={t("swap")} aria-label={t("swap")} onClick={swap}>⇅</button>
        <End name="to" label={t("to")} />
        <div class="fields">
          <label><span>{t("order")}</span>
            <select value={param("order")} onChange={(event) => set({ order: event.currentTarget.value })}>
              {orders.map(([key, word]) => <option key={key} value={key}>{t(word)}</option>)}
            </select>
          </label>
          <Field name="k" label={t("count")} number hint="5" />
          <Field name="hops" label={t("max_hops")} number hint="8" />
          <Field name="hubs" label={t("skip_hubs")} number hint="500" />
          <Field name="within" label={t("within")} hint={t("within_hint")} wide />
        </div>
        <Several name="via" label={t("via")} />
        <Several name="avoid" label={t("avoid")} />
      </section>
      <section class="found">
        {!(from && to) && <p class="soft">{t("path_start")}</p>}
        <Shown asked={asked.value}>{(data) => (
          <div>
            {data.none && <p class="past">{said(data.none)}</p>}
            {data.limits.map((limit, at) => <p key={at} class="soft small">{said(limit)}</p>)}
            <ol class="pathlist">{data.paths.map((path, at) => <PathCard key={at} at={at} path={path} />)}</ol>
          </div>
        )}</Shown>
      </section>
    </div>
  );
}

function Field({ name, label, number, hint, wide }: { name: string; label: string; number?: boolean; hint?: string; wide?: boolean }) {
  return (
    <label class={wide ? "wide" : undefined}><span>{label}</span>
      <input type="text" inputMode={number ? "numeric" : undefined} value={param(name)} placeholder={hint} onChange={(event) => set({ [name]: event.currentTarget.value.trim() })} />
    </label>
  );
}

/** One end: a party chosen elsewhere, or found by its whole identifier. */
function End({ name, label }: { name: string; label: string }) {
  const token = param(name);
  const asked = useAsked<Entity>(token ? `/v1/entities/${token}` : null);
  return (
    <div class="end" data-end={name}>
      <span class="label">{label}</span>
      {token ? (
        <div class="chosen">
          {asked.value.data ? <PartyLink party={asked.value.data.party} kind /> : asked.value.refused ? <Trouble refusal={asked.value.refused} /> : "…"}
          <button aria-label={t("clear")} onClick={() => set({ [name]: undefined })}>×</button>
        </div>
      ) : (
        <Finder found={(chosen) => set({ [name]: chosen })} />
      )}
    </div>
  );
}

function Finder({ found }: { found: (token: string) => void }) {
  const text = useSignal("");
  const trouble = useSignal<Refusal | "none" | null>(null);
  const many = useSignal<Awaited<ReturnType<typeof find>>["parties"]>([]);
  const look = async (event: Event) => {
    event.preventDefault();
    [trouble.value, many.value] = [null, []];
    try {
      const { parties } = await find(text.value.trim());
      if (parties.length === 1) found(parties[0].token);
      else if (parties.length) many.value = parties;
      else trouble.value = "none";
    } catch (error) {
      if (error instanceof Refused) trouble.value = error.refusal;
    }
  };
  return (
    <form onSubmit={look} class="finder">
      <input type="text" autocomplete="off" value={text.value} placeholder={t("identifier")} aria-label={t("identifier")} onInput={(event) => (text.value = event.currentTarget.value)} />
      <button type="submit">{t("choose")}</button>
      {trouble.value === "none" ? <p class="soft small">{t("not_found")}</p> : trouble.value && <Trouble refusal={trouble.value} />}
      {many.value.map((party) => <button type="button" key={party.token} onClick={() => found(party.token)}><Mark kind={party.kind} /> {named("kinds", party.kind)} {party.id}</button>)}
    </form>
  );
}

function Several({ name, label }: { name: string; label: string }) {
  const tokens = list(name);
  if (!tokens.length) return null;
  return (
    <p class="several"><span class="soft">{label}</span> {tokens.map((token) => (
      <span key={token} class="chosen"><Named token={token} /><button aria-label={t("clear")} onClick={() => set({ [name]: tokens.filter((one) => one !== token).join(",") })}>×</button></span>
    ))}</p>
  );
}
function Named({ token }: { token: string }) {
  const asked = useAsked<Entity>(`/v1/entities/${token}`);
  return asked.value.data ? <PartyLink party={asked.value.data.party} kind /> : <>…</>;
}

function PathCard({ path, at }: { path: Paths["paths"][number]; at: number }) {
  const open = param("open").split(",");
  const toggle = (key: string) => set({ open: (open.includes(key) ? open.filter((one) => one !== key) : [...open, key]).filter(Boolean).join(",") });
  const add = (name: string, token: string) => set({ [name]: [...list(name), token].join(","), open: undefined });
  return (
    <li>
      <header><b>{t("path_n")} {at + 1}</b> <span class="soft small">{path.hops.length} {t("hops")} · {t("weakest")} {path.weakest}</span></header>
      <div class="chain">
        {path.hops.map((hop, index) => (
          <>
            {index === 0 && <Stop hop={hop.from} />}
            <button class="hop" aria-expanded={open.includes(`${at}.${index}`)} onClick={() => toggle(`${at}.${index}`)} title={t("show_rows")}>
              <span>{count(hop.facts)}</span>{hop.day && <small>{hop.day}</small>}
            </button>
            <Stop hop={hop.to} />
          </>
        ))}
      </div>
      <ol class="hops">
        {path.hops.map((hop, index) => (
          <li key={index}>
            <button class="plain" data-hop={`${at}.${index}`} aria-expanded={open.includes(`${at}.${index}`)} onClick={() => toggle(`${at}.${index}`)}>{open.includes(`${at}.${index}`) ? "▾" : "▸"} {said(hop.text)}</button>
            {index < path.hops.length - 1 && <span class="acts"><button onClick={() => add("via", hop.to.token)}>{t("via")}</button><button onClick={() => add("avoid", hop.to.token)}>{t("avoid")}</button></span>}
            {open.includes(`${at}.${index}`) && <Shownrows hop={hop} />}
          </li>
        ))}
      </ol>
    </li>
  );
}
function Stop({ hop }: { hop: Hop["from"] }) {
  return <Link to={`/entity/${hop.token}`} class="stop" title={named("kinds", hop.kind)}><Mark kind={hop.kind} /> <span>{shownId(hop)}</span></Link>;
}
function Shownrows({ hop }: { hop: Hop }) {
  return (
    <Table label={t("evidence")} heads={[t("day"), t("row"), [t("total"), "num"]]}>
      {hop.shown.map((one, at) => <tr key={at}><td class="mono">{one.day}</td><td class="mono">{one.row}</td><td class="num">{one.fen ? yuan(one.fen) : ""}</td></tr>)}
      {hop.facts > hop.shown.length && <tr><td colSpan={3} class="soft">{hop.shown.length} {t("of")} {count(hop.facts)}</td></tr>}
    </Table>
  );
}
