// Ring reports: which weeks and months have one, and what does it say? The files hold the same figures.
import { useAsked, type Report, type Reports } from "../api";
import { count, moment, yuan } from "../format";
import { Link, RingLink, Shown, Table } from "../parts/parts";
import { lang, may, t } from "../state";

const said = (text: { zh: string; en: string }) => (lang.value === "zh" ? text.zh : text.en);
const ring = (id: string) => (may("read_ring") ? <RingLink id={id} /> : <span class="mono">{id}</span>);

export function ReportsScreen({ id }: { id: string }) {
  const list = useAsked<Reports>("/v1/reports");
  return (
    <div class="data">
      <Shown asked={list.value}>{({ reports }) => {
        if (reports.length === 0) return <p class="nothing soft">{t("no_reports")}</p>;
        const period = id || reports[0].period;
        return (
          <>
            <p class="tools">{reports.slice(0, 40).map((one) => <> <Link key={one.period} to={`/report/${one.period}`} class={one.period === period ? "button first" : "button"} title={`${one.first_day} – ${one.last_day}`}>{one.period}</Link></>)}</p>
            <OneReport key={period} period={period} />
          </>
        );
      }}</Shown>
    </div>
  );
}

function OneReport({ period }: { period: string }) {
  const asked = useAsked<Report>(`/v1/reports/${period}`);
  return (
    <Shown asked={asked.value}>{(report) => (
      <>
        <h2>{t(report.rhythm === "weekly" ? "report_weekly" : "report_monthly")} {report.period}</h2>
        <p class="soft">{report.first_day} – {report.last_day} · {t("epoch")} {report.epoch_before} → {report.epoch} · {moment(report.moment)} · {["html", "xlsx", "json"].map((form) => <> <a key={form} class="button" href={`/v1/reports/${report.period}.${form}`} download>{form.toUpperCase()}</a></>)}</p>
        <dl class="facts cards">{report.totals.map((one) => <div key={one.code}><dt>{said(one.name)}</dt><dd>{one.money ? yuan(one.now) : count(one.now)} <small class="soft">{t("report_before")} {one.money ? yuan(one.before) : count(one.before)}</small></dd></div>)}</dl>
        <h2>{t("report_changes")}</h2>
        <dl class="facts cards">{report.changes.map((one) => <div key={one.event}><dt>{said(one.name)}</dt><dd>{count(one.count)}</dd></div>)}</dl>
        <h2>{t("rings")} <span class="soft">{report.top.length} {t("of")} {count(report.rings)}</span></h2>
        <Table label={t("rings")} heads={["#", t("rings"), t("typology"), [t("sort_rank"), "num"], [t("sort_persons"), "num"], t("region"), [t("sort_fund"), "num"], t("report_sentence")]}>
          {report.top.map((one) => <tr key={one.ring}><td>{one.rank}</td><td>{ring(one.ring)}{one.new && <> <span class="chip">{t("report_new")}</span></>}</td><td>{said(one.name)}</td><td class="num">{one.score.toFixed(2)}</td><td class="num">{count(one.persons)}</td><td>{one.regions.join(" ")}</td><td class="num">{yuan(one.fund_fen)}</td><td>{said(one.sentence)}</td></tr>)}
        </Table>
        <h2>{t("report_typologies")}</h2>
        <Table label={t("report_typologies")} heads={[t("typology"), [t("rings"), "num"], [t("report_new"), "num"], [t("report_confirmed"), "num"], [t("report_refuted"), "num"], [t("report_false"), "num"]]}>
          {report.typologies.map((one) => <tr key={one.typology}><td>{said(one.name)}</td><td class="num">{count(one.rings)}</td><td class="num">{count(one.new)}</td><td class="num">{count(one.confirmed)}</td><td class="num">{count(one.refuted)}</td><td class="num">{one.false_positive_rate === null ? "–" : `${Math.round(one.false_positive_rate * 100)} %`}</td></tr>)}
        </Table>
        <h2>{t("region")}</h2>
        <Table label={t("region")} heads={[t("region"), [t("rings"), "num"], [t("report_new"), "num"], [t("sort_fund"), "num"]]}>
          {report.regions.map((one) => <tr key={one.region}><td>{one.region}</td><td class="num">{count(one.rings)}</td><td class="num">{count(one.new)}</td><td class="num">{yuan(one.fund_fen)}</td></tr>)}
        </Table>
        <h2>{t("cases")}</h2>
        <Table label={t("cases")} heads={[t("cases"), ["#", "num"], [t("report_overdue"), "num"]]}>
          {report.stages.map((one) => <tr key={one.stage}><td>{said(one.name)}</td><td class="num">{count(one.cases)}</td><td class={`num${one.overdue > 0 ? " warn" : ""}`}>{count(one.overdue)}</td></tr>)}
        </Table>
        <h2>{t("report_corrections")} <span class="soft">{count(report.corrections.length)}</span></h2>
        <Table label={t("report_corrections")} heads={[t("rings"), t("meaning"), t("report_before"), t("report_after")]}>
          {report.corrections.slice(0, 100).map((one) => <tr key={one.ring + one.what}><td>{ring(one.ring)}</td><td>{said(one.name)}</td><td>{one.before}</td><td>{one.after}</td></tr>)}
        </Table>
      </>
    )}</Shown>
  );
}
