// Lanes of groups: a bar as wide as the stay and as high as the group.
import type { Timeline } from "../api";
import { count, span, yuan } from "../format";
import { named, t } from "../state";
import { PartyLink, shownId, Table } from "./parts";

const DAY = 86_400_000;
const at = (day: string) => Date.parse(`${day}T00:00:00Z`) / DAY;

/** The same as rows. */
export function TimelineTable({ data }: { data: Timeline }) {
  const rows = data.lanes.flatMap((lane) => lane.bars.map((bar) => ({ lane, bar })));
  return (
    <>
      <p class="soft small">{count(data.lanes.length)} {t("of")} {count(data.lanes_all)}</p>
      <Table label={t("timeline")} heads={[t("id"), t("days"), t("class"), [t("persons"), "num"], [t("total"), "num"]]}>
        {rows.map(({ lane, bar }, at) => (
          <tr key={at}><td><PartyLink party={lane.party} kind /></td><td class="mono">{span(bar.day, bar.end)}</td><td>{named("classes", bar.class)}</td><td class="num">{count(bar.people)}</td><td class="num">{yuan(bar.total_fen)}</td></tr>
        ))}
      </Table>
    </>
  );
}

export function TimelineDrawing({ data }: { data: Timeline }) {
  const [first, last] = [at(data.first!) - 3, at(data.last!) + 4];
  const days = Math.max(30, last - first);
  const [left, width, lane, top] = [168, 1180, data.lanes.length > 20 ? 26 : 46, 26];
  const x = (day: number) => left + ((day - first) / days) * (width - left - 8);
  const height = top + data.lanes.length * lane + 6;
  const most = Math.max(1, ...data.lanes.flatMap((one) => one.bars.map((bar) => bar.people)));
  const every = [1, 2, 3, 6, 12, 24].find((months) => days / 30.4 / months <= 13) ?? 60;
  const months: [number, string][] = [];
  const start = new Date(first * DAY);
  for (let month = 1; month < 400; month++) {
    const day = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + month, 1);
    if (day / DAY > first + days) break;
    const date = new Date(day);
    if ((date.getUTCFullYear() * 12 + date.getUTCMonth()) % every === 0)
      months.push([day / DAY, `${date.getUTCFullYear()}-${String(date.getUTCMonth() + 1).padStart(2, "0")}`]);
  }
  const classes = [...new Set(data.lanes.flatMap((one) => one.bars.map((bar) => bar.class)))];
  return (
    <div>
      <ul class="legend">{classes.map((one) => <li key={one}><span class={`swatch c-${one}`} /> {named("classes", one)}</li>)}<li class="soft">{count(data.lanes.length)} {t("of")} {count(data.lanes_all)}</li></ul>
      <svg class="timeline" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t("timeline")}>
        {months.map(([day, text]) => (
          <g key={day}><path class="grid" d={`M${x(day)} ${top - 6}V${height}`} />{x(day) < width - 50 && <text class="month" x={x(day)} y={12}>{text}</text>}</g>
        ))}
        {data.lanes.map((one, index) => {
          const floor = top + lane * (index + 1) - 2;
          return (
            <g key={one.party.token}>
              <text class="lane" x={0} y={floor - lane / 2 + (lane > 30 ? 0 : 6)}>{shownId(one.party)}</text>
              {lane > 30 && <text class="note" x={0} y={floor - 7}>{one.party.kind === "person" ? named("kinds", "person") : `${count(one.people)} ${t("persons")}`}{one.party.region ? ` · ${one.party.region}` : ""}</text>}
              <path class="floor" d={`M${left} ${floor}H${width}`} />
              {one.bars.map((bar, number) => {
                const tall = (lane - 10) * Math.sqrt(bar.people / most);
                const from = x(at(bar.day));
                return (
                  <rect key={number} class={`c-${bar.class}`} x={from} y={floor - tall} width={Math.max(2.5, x(at(bar.end) + 1) - from)} height={tall}>
                    <title>{`${bar.day} – ${bar.end} · ${bar.people} · ${named("classes", bar.class)}`}</title>
                  </rect>
                );
              })}
            </g>
          );
        })}
      </svg>
    </div>
  );
}
