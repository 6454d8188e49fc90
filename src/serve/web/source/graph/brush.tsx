// When did the links of a canvas happen? A band of months; what is drawn on it filters graph and table.
import { useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import { count } from "../format";
import { t } from "../state";
import type { Model } from "./model";

const month = (day: string) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
const first = (at: number) => `${Math.floor(at / 12)}-${String((at % 12) + 1).padStart(2, "0")}-01`;
const last = (at: number) => new Date(Date.UTC(Math.floor(at / 12), (at % 12) + 1, 0)).toISOString().slice(0, 10);

export function Brush({ model, window, take }: { model: Model; window: [string, string] | null; take: (from: string, to: string) => void }) {
  const [from, to, bars, undated] = useMemo(() => {
    const spans: [number, number][] = [];
    let undated = 0;
    for (const link of model.links.values()) {
      if (link.note?.first) spans.push([month(link.note.first), month(link.note.last ?? link.note.first)]);
      else undated += 1;
    }
    const from = spans.reduce((least, span) => Math.min(least, span[0]), Infinity);
    const to = spans.reduce((most, span) => Math.max(most, span[1]), -Infinity);
    const bars: number[] = spans.length ? new Array(to - from + 1).fill(0) : [];
    for (const span of spans) for (let at = span[0]; at <= span[1]; at++) bars[at - from] += 1;
    return [from, to, bars, undated] as const;
  }, [model]);
  const band = useRef<SVGSVGElement>(null);
  const drawn = useSignal<[number, number] | null>(null);
  if (!bars.length) return null;
  const most = Math.max(...bars);
  const at = (event: PointerEvent) => {
    const box = band.current!.getBoundingClientRect();
    return Math.max(0, Math.min(bars.length - 1, Math.floor(((event.clientX - box.left) / box.width) * bars.length)));
  };
  const down = (event: PointerEvent) => {
    band.current!.setPointerCapture(event.pointerId);
    drawn.value = [at(event), at(event)];
  };
  const up = () => {
    if (!drawn.value) return;
    const [a, b] = [...drawn.value].sort((one, two) => one - two);
    drawn.value = null;
    take(first(from + a), last(from + b));
  };
  const chosen = drawn.value ? [Math.min(...drawn.value), Math.max(...drawn.value)] : window ? [month(window[0]) - from, month(window[1]) - from] : null;
  const [low, high] = [first(from), last(to)];
  return (
    <div class="brush">
      <label><span class="soft small">{t("days")}</span><input type="date" name="from" min={low} max={high} value={window?.[0] ?? low} onChange={(event) => take(event.currentTarget.value || low, window?.[1] ?? high)} aria-label={t("window_from")} /></label>
      <svg ref={band} viewBox={`0 0 ${bars.length} 1`} preserveAspectRatio="none" role="img" aria-label={`${t("window_help")} ${first(from).slice(0, 7)} – ${last(to).slice(0, 7)}`}
        onPointerDown={down} onPointerMove={(event) => drawn.value && (drawn.value = [drawn.value[0], at(event)])} onPointerUp={up}>
        <title>{t("window_help")}</title>
        {chosen && <rect class="chosen" x={chosen[0]} y="0" width={chosen[1] - chosen[0] + 1} height="1" />}
        {bars.map((value, index) => <rect key={index} x={index + 0.08} width="0.84" y={1 - 0.92 * Math.sqrt(value / most)} height={0.92 * Math.sqrt(value / most)} />)}
      </svg>
      <label><input type="date" name="to" min={low} max={high} value={window?.[1] ?? high} onChange={(event) => take(window?.[0] ?? low, event.currentTarget.value || high)} aria-label={t("window_to")} /></label>
      {window && <button onClick={() => take("", "")}>{t("window_clear")}</button>}
      {undated > 0 && <span class="soft small" title={t("undated_help")}>{count(undated)} {t("undated")}</span>}
    </div>
  );
}
