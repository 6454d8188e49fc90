// The board: which cases are where on their way, and which clocks run out?
import { useAsked, type CaseRow, type Cases, type Stage } from "../api";
import { count, moment, short } from "../format";
import { Link, Shown } from "../parts/parts";
import { lang, may, session, t } from "../state";
import type { Word } from "../words";

export const stageName = (stages: Stage[], id: string): string => {
  const stage = stages.find((one) => one.id === id);
  return stage ? (lang.value === "zh" ? stage.zh : stage.en) : id;
};

export function Clock({ row }: { row: CaseRow }) {
  if (row.clock === "none" || row.due_at === null) return null;
  return <span class={`clock ${row.clock}`} title={`${t("due")} ${moment(row.due_at)}`}>◷ {t(`clock_${row.clock}` as Word)} · {moment(row.due_at).slice(5)}</span>;
}

export function CasesScreen() {
  const open = session.value?.sign_in === false;
  const asked = useAsked<Cases>(open ? null : "/v1/cases");
  // Nothing went wrong: a case names officers, and a server without accounts has none.
  if (open) return <Unnamed />;
  return (
    <Shown asked={asked.value}>{(data) => (
      <div class="cases">
        <header class="ringhead"><div class="line"><h1>{t("cases")}</h1><span class="soft">{count(data.cases.filter((one) => !one.merged_into).length)}</span><span class="grow" />{may("export_verdicts") && <a class="button" href="/v1/verdicts.jsonl" download>{t("verdict")} JSONL</a>}</div></header>
        {data.cases.length === 0 && <p class="nothing soft">{t("no_cases")}</p>}
        <div class="board" tabIndex={0}>
          {data.stages.map((stage) => {
            // What went into another case is worked on there.
            const cards = data.cases.filter((one) => one.stage === stage.id && !one.merged_into);
            return (
              <section key={stage.id} data-stage={stage.id} aria-label={stageName(data.stages, stage.id)}>
                <h2>{stageName(data.stages, stage.id)} <i>{cards.length}</i></h2>
                {cards.map((one) => <Card key={one.id} row={one} data={data} />)}
              </section>
            );
          })}
        </div>
      </div>
    )}</Shown>
  );
}

/** What to do first, where nobody has an account. */
function Unnamed() {
  return (
    <section class="first">
      <h1>{t("cases")}</h1>
      <p>{t("cases_open")}</p>
      <ol>{(["cases_open_1", "cases_open_2", "cases_open_3"] as const).map((word) => <li key={word}>{t(word)}</li>)}</ol>
      <pre tabIndex={0}>{"medring user add wang --role investigator --workspace WS\nmedring user add li --role reviewer --workspace WS\nmedring serve WS"}</pre>
      <p class="soft">{t("cases_open_why")}</p>
    </section>
  );
}

function Card({ row, data }: { row: CaseRow; data: Cases }) {
  const mine = [row.owner, row.second, ...row.members].includes(session.value?.account ?? "");
  return (
    <Link to={`/case/${row.id}`} class={`card${mine ? " mine" : ""}`}>
      <b>{row.title}</b>
      <span class="mono soft">{row.id}</span>
      <span class="small">{count(row.rings)} {t("leads_shown")} · {short(row.fund_fen)}</span>
      <span class="small soft">{row.owner} · {row.second ?? t("nobody")}</span>
      <Clock row={row} />
      {row.asked && <span class="tag e-born">{t("waits")}: {row.asked.change ? t(`change_${row.asked.change}` as Word) : stageName(data.stages, row.asked.to)}</span>}
      {row.verdict && <span class="tag">{t(row.verdict as Word)}</span>}
    </Link>
  );
}
