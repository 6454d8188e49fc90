// Data health: is the server up to date, what became of every row, and which batches came?
import { useAsked, type Data } from "../api";
import { count, moment } from "../format";
import { Shown, Table } from "../parts/parts";
import { lang, status, t } from "../state";

const OUTCOMES = ["accepted", "corrected", "stale", "duplicate", "retracted", "quarantined"] as const;

export function DataScreen() {
  const asked = useAsked<Data>(`/v1/data?epoch=${status.value?.epoch ?? 0}`);
  const now = status.value;
  return (
    <div class="data">
      {now && (
        <dl class="facts cards">
          <div><dt>{t("server")}</dt><dd>{now.lost ? `✕ ${now.lost}` : now.ready ? `● ${t("ready")}` : `○ ${t("not_ready")}`}</dd></div>
          <div><dt>{t("epoch")}</dt><dd>{now.epoch}</dd></div>
          <div><dt>{t("data_until")}</dt><dd>{now.last_day ?? "–"}</dd></div>
          <div><dt>{t("queue")}</dt><dd>{now.waiting} {t("of")} {now.queue_max}</dd></div>
          <div><dt>{t("linked")}</dt><dd>{now.parties === null ? "…" : `${count(now.parties)} / ${count(now.links ?? 0)}`}</dd></div>
          <div><dt>medring</dt><dd>{now.version}</dd></div>
        </dl>
      )}
      <Shown asked={asked.value}>{(data) => (
        <>
          <h2>{t("conservation")}</h2>
          <Table label={t("conservation")} heads={[t("table"), [t("read"), "num"], ...OUTCOMES.map((one): [string, string] => [t(one), "num"])]}>
            {data.tables.map((row) => (
              <tr key={String(row.table)}><td class="mono">{row.table}</td><td class="num"><b>{count(Number(row.read))}</b></td>{OUTCOMES.map((one) => <td key={one} class={`num${one === "quarantined" && Number(row[one]) > 0 ? " warn" : ""}`}>{Number(row[one]) ? count(Number(row[one])) : "·"}</td>)}</tr>
            ))}
          </Table>
          {data.reasons.length > 0 && (
            <>
              <h2>{t("reasons")}</h2>
              <Table label={t("reasons")} heads={[t("table"), t("code"), t("meaning"), [t("rows"), "num"]]}>
                {data.reasons.map((one) => <tr key={one.table + one.code}><td class="mono">{one.table}</td><td class="mono">{one.code}</td><td>{lang.value === "zh" ? one.zh : one.en}</td><td class="num">{count(one.rows)}</td></tr>)}
              </Table>
            </>
          )}
          <h2>{t("batches")} <span class="soft">{count(data.batches.length)} {t("of")} {count(data.batches_all)}</span></h2>
          <Table label={t("batches")} heads={[t("epoch"), t("batch_id"), [t("rows"), "num"], t("committed")]}>
            {data.batches.map((one) => <tr key={one.epoch}><td>{one.epoch}</td><td class="mono">{one.batch_id}</td><td class="num">{count(one.rows)}</td><td class="mono">{moment(one.committed_at)}</td></tr>)}
          </Table>
        </>
      )}</Shown>
    </div>
  );
}
