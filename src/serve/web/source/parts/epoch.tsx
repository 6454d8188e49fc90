// As of when? The epoch that every screen looks at: chosen in the top bar, kept in the address, and what it cannot show.
import { useEffect, useRef } from "preact/hooks";
import { useAsked, type Data } from "../api";
import { count, moment } from "../format";
import { dialog, may, param, screen, set, status, t } from "../state";
import type { Word } from "../words";
import { Dialog } from "./office";
import { Shown } from "./parts";

/** The chip of the top bar. */
export function EpochChip() {
  const now = status.value;
  if (!now) return null;
  const past = param("as_of");
  return (
    <button id="epoch" class={`chip${!now.ready || past ? " busy" : ""}`} title={t("epoch_choose")} onClick={() => (dialog.value = "epoch")}>
      {past ? <>{t("as_of")} {past} / {now.epoch}</> : now.ready ? <>{t("data_until")} {now.last_day ?? "–"} · {t("epoch")} {now.epoch}</> : t("building")} ▾
    </button>
  );
}

/** What each screen shows of an earlier epoch; those that are not here answer from the last one. */
const KNOWS: Record<string, Word> = { rings: "past_rings", ring: "past_ring", explore: "past_ring" };
/** Screens that are about the present whatever epoch the address names. */
const NOW: Record<string, Word> = { entity: "past_entity", path: "past_path", data: "past_data", cases: "past_cases", case: "past_cases", settings: "past_cases" };

export function PastBanner() {
  const past = param("as_of");
  if (!past) return null;
  const name = screen.value.name;
  const known = KNOWS[name];
  return (
    <p class={`past${known ? "" : " not"}`} id="past" role="status">
      {known ? <>{t("past_view")} {past}：{t(known)}</> : t(NOW[name] ?? "past_cases")} <button onClick={() => set({ as_of: undefined }, false)}>{t("to_now")}</button>
    </p>
  );
}

export function EpochDialog() {
  const chosen = param("as_of");
  const [field, day] = [useRef<HTMLInputElement>(null), useRef<HTMLInputElement>(null)];
  const asked = useAsked<Data>(may("read_data") ? "/v1/data" : null);
  useEffect(() => field.current?.focus(), []);
  const latest = status.value?.epoch ?? 0;
  const take = (epoch: number | string | undefined) => {
    dialog.value = null;
    set({ as_of: epoch === latest ? undefined : epoch }, false);
  };
  const until = (event: Event) => {
    event.preventDefault();
    take(day.current!.value);
  };
  const send = (event: Event) => {
    event.preventDefault();
    const number = Number(field.current!.value);
    if (Number.isInteger(number) && number >= 1 && number <= latest) take(number);
  };
  return (
    <Dialog title={t("epoch_choose")}>
      <form class="finder" onSubmit={send}>
        <input ref={field} name="epoch" type="number" min="1" max={latest} required defaultValue={/^\d+$/.test(chosen) ? chosen : String(latest)} aria-label={t("as_of")} />
        <button type="submit">{t("open")}</button>
        {chosen && <button type="button" onClick={() => take(undefined)}>{t("to_now")}</button>}
      </form>
      <form class="finder" id="until" onSubmit={until}>
        <input ref={day} name="day" type="date" required defaultValue={chosen.includes("-") ? chosen.slice(0, 10) : ""} aria-label={t("epoch_day")} />
        <button type="submit">{t("epoch_day")}</button>
      </form>
      <p class="soft small">{t("past_ring")}</p>
      <Shown asked={asked.value}>{(data) => (
        <ul class="hits epochs">{[...data.batches].sort((a, b) => b.epoch - a.epoch).map((one) => (
          <li key={one.epoch}><button aria-pressed={String(one.epoch) === (chosen || String(latest))} onClick={() => take(one.epoch)}><b>{one.epoch}</b> <span class="mono">{moment(one.committed_at)}</span> <span class="soft small">{count(one.rows)} {t("rows")}{one.epoch === latest ? ` · ${t("now")}` : ""}</span></button></li>
        ))}</ul>
      )}</Shown>
    </Dialog>
  );
}
