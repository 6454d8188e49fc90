// A case: what it claims, what proves it, who works on it, and where it goes next.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ask, post, Refused, sendFile, useAsked, type CaseFile, type Cases, type Refusal } from "../api";
import { count, moment, odds, signed, yuan } from "../format";
import { addressed } from "../graph/draft";
import { useKeys } from "../keys";
import { useDeed } from "../parts/office";
import { useCommands } from "../parts/palette";
import { Link, RingLink, Table, Tabs, Trouble } from "../parts/parts";
import { go, lang, named, param, said, session, set, t } from "../state";
import type { Word } from "../words";
import { Clock, stageName } from "./cases";
import { Documents } from "./documents";
import { Handover } from "./handover";
import { Changed, Rearrange } from "./rearrange";

/** What each part of a case is given: the case, the board, and how to write. */
export type Part = { file: CaseFile; board: Cases; deed: (path: string, body: unknown) => void; send: (path: string, file: File) => void; again: () => void };

const TABS: [string, Word][] = [["overview", "overview"], ["rings", "case_rings"], ["evidence", "case_evidence"], ["canvas", "canvases"], ["documents", "documents"], ["tasks", "tasks"], ["steps", "approvals"], ["handover", "handover"]];

export function CaseScreen({ id }: { id: string }) {
  const board = useAsked<Cases>("/v1/cases");
  const file = useSignal<CaseFile | null>(null);
  const lost = useSignal<Refusal | null>(null);
  const { run, shown } = useDeed();
  const again = () => {
    ask<CaseFile>(`/v1/cases/${encodeURIComponent(id)}`).then(
      (found) => (file.value = found),
      (error) => { if (error instanceof Refused) lost.value = error.refusal; },
    );
  };
  useEffect(again, [id]);
  const open = (at: number) => set({ tab: at === 0 ? undefined : TABS[at][0] });
  useKeys((event) => {
    const at = Number(event.key) - 1;
    if (!TABS[at]) return false;
    open(at);
    return true;
  });
  useCommands(TABS.map(([, word], at) => ({ word, about: id, key: String(at + 1), run: () => open(at) })));
  if (lost.value) return <Trouble refusal={lost.value} />;
  if (board.value.refused) return <Trouble refusal={board.value.refused} />;
  if (!file.value || !board.value.data) return <p class="loading" role="status">{t("loading")}</p>;
  const deed = (path: string, body: unknown) => void run(() => post<CaseFile>(`/v1/cases/${id}${path}`, body), (now) => { file.value = now; });
  const send = (path: string, given: File) => void run(() => sendFile<CaseFile>(`/v1/cases/${id}${path}`, given), (now) => { file.value = now; });
  const part: Part = { file: file.value, board: board.value.data, deed, send, again };
  const tab = param("tab") || "overview";
  const row = file.value.case;
  return (
    <div class="dossier case">
      <header class="ringhead">
        <div class="line">
          <span class="badge" data-stage={row.stage}>{stageName(part.board.stages, row.stage)}</span><h1>{row.title}</h1><span class="mono soft">{row.id}</span>
          <span class="grow" /><Clock row={row} />
          <Link to="/cases" class="button">{t("cases")}</Link>
        </div>
        <dl class="facts">
          <div><dt>{t("owner")}</dt><dd>{row.owner}</dd></div>
          <div><dt>{t("second")}</dt><dd>{row.second ?? t("nobody")}</dd></div>
          <div><dt>{t("team")}</dt><dd>{row.members.join("、") || "–"}</dd></div>
          <div><dt>{t("fund")}</dt><dd>{yuan(row.fund_fen)}</dd></div>
          <div><dt>{t("opened_by")}</dt><dd>{row.opened_by} · {moment(row.opened_at)}</dd></div>
          {row.verdict && <div><dt>{t("verdict")}</dt><dd data-verdict={row.verdict}>{t(row.verdict as Word)} · {reason(part.board, row.reason)}</dd></div>}
        </dl>
      </header>
      {row.merged_into && <p class="form" id="merged">{t("case_merged")} <Link to={`/case/${row.merged_into}`} class="mono">{row.merged_into}</Link></p>}
      {shown}
      <Tabs name="tab" chosen={tab} all={TABS.map(([name, word]) => [name, <>{t(word)}{number(part.file, name)}</>])} />
      {tab === "overview" && <Overview {...part} />}
      {tab === "rings" && <Rings {...part} />}
      {tab === "evidence" && <Evidence {...part} />}
      {tab === "canvas" && <Canvases {...part} />}
      {tab === "documents" && <Documents {...part} />}
      {tab === "tasks" && <Tasks {...part} />}
      {tab === "steps" && <Steps {...part} />}
      {tab === "handover" && <Handover {...part} />}
    </div>
  );
}

const number = (file: CaseFile, tab: string) => {
  const many = { rings: file.rings.length, evidence: file.evidence_all, canvas: file.canvases.length, documents: file.documents.filter((one) => !one.removed).length, tasks: file.tasks.filter((one) => !one.done_at).length, steps: file.steps.length, handover: file.sealed.length }[tab];
  return many ? <i> {count(many)}</i> : null;
};
const reason = (board: Cases, code: string | null): string => {
  const found = board.reasons.find((one) => one.code === code);
  return found ? (lang.value === "zh" ? found.zh : found.en) : (code ?? "");
};

function Overview(part: Part) {
  const { file, deed } = part;
  const text = useRef<HTMLTextAreaElement>(null);
  const note = (event: Event) => {
    event.preventDefault();
    deed("/notes", { text: text.current!.value });
    text.current!.value = "";
  };
  return (
    <div class="halves">
      <section>
        {file.case.asked && <Decide {...part} />}
        {!file.case.asked && file.may.includes("move_case") && <Move {...part} />}
        {file.may.includes("staff_case") && <Staff {...part} />}
        {!file.case.asked && file.may.includes("rearrange_case") && <Rearrange {...part} />}
      </section>
      <section>
        <h2>{t("notes")}</h2>
        {file.may.includes("work_case") && <form class="form" onSubmit={note}><textarea ref={text} name="note" rows={2} aria-label={t("add_note")} required /><button type="submit">{t("add_note")}</button></form>}
        <ul class="notes">{[...file.notes].reverse().map((one) => <li key={one.number}><span class="soft small">{one.by} · {moment(one.at)}</span><p>{one.text}</p></li>)}</ul>
      </section>
    </div>
  );
}

/** The step that waits: whoever asked cannot agree to it. */
export function Decide({ file, board, deed }: Part) {
  const why = useRef<HTMLInputElement>(null);
  const asked = file.case.asked!;
  const step = file.steps.find((one) => one.number === asked.number);
  const own = asked.by === session.value?.account;
  const decide = (approve: boolean) => deed(`/steps/${asked.number}`, { approve, why: why.current?.value ?? "" });
  return (
    <div class="form" id="decide">
      <h2>{t("waits")}: {step?.change ? t(`change_${step.change.kind}` as Word) : stageName(board.stages, asked.to)}</h2>
      {step?.change && <Changed change={step.change} />}
      <p>{asked.by} · {step && moment(step.at)}{step?.why && ` · ${step.why}`}</p>
      {step?.verdict && <p><b>{t(step.verdict as Word)}</b> · {reason(board, step.reason)}</p>}
      {own || !file.may.includes("decide_case") ? <p class="soft">{t("own_request")}</p> : (
        <>
          <label><span>{t("why_step")}</span><input ref={why} name="why" /></label>
          <p class="actions"><button id="approve" class="button first" onClick={() => decide(true)}>{t("approve")}</button><button id="refuse" onClick={() => decide(false)}>{t("refuse")}</button></p>
        </>
      )}
    </div>
  );
}

function Move({ file, board, deed }: Part) {
  const to = useSignal(file.next[0]?.stage ?? "");
  const verdict = useSignal("");
  const code = useSignal("");
  const why = useRef<HTMLInputElement>(null);
  const chosen = file.next.find((one) => one.stage === to.value) ?? file.next[0];
  if (!chosen) return null;
  const send = (event: Event) => {
    event.preventDefault();
    const decided = chosen.verdict ? { verdict: verdict.value || null, reason: code.value || null } : {};
    deed("/steps", { to: chosen.stage, why: why.current!.value, ...decided });
  };
  return (
    <form class="form" id="move" onSubmit={send}>
      <h2>{t("next_stage")}</h2>
      <label><span>{t("stage")}</span><select name="to" value={chosen.stage} onChange={(event) => (to.value = event.currentTarget.value)}>{file.next.map((one) => <option key={one.stage} value={one.stage}>{stageName(board.stages, one.stage)}</option>)}</select></label>
      {chosen.missing.length > 0 && <ul class="missing">{chosen.missing.slice(0, 8).map((one, at) => <li key={at}>✕ {t("missing")}: {said(one)}</li>)}</ul>}
      {chosen.verdict && (
        <>
          <label><span>{t("verdict")}</span><select name="verdict" value={verdict.value} onChange={(event) => { verdict.value = event.currentTarget.value; code.value = ""; }}><option value="" />{["confirmed", "refuted"].map((one) => <option key={one} value={one}>{t(one as Word)}</option>)}</select></label>
          <label><span>{t("reason")}</span><select name="reason" value={code.value} onChange={(event) => (code.value = event.currentTarget.value)}><option value="" />{board.reasons.filter((one) => one.verdict === verdict.value).map((one) => <option key={one.code} value={one.code}>{reason(board, one.code)}</option>)}</select></label>
        </>
      )}
      <label><span>{t("why_step")}</span><input ref={why} name="why" /></label>
      {chosen.approval && <p class="soft small">{t("needs_approval")}</p>}
      <button type="submit" class="button first" disabled={chosen.missing.length > 0}>{chosen.approval ? t("ask_approval") : t("ask_step")}</button>
    </form>
  );
}

function Staff({ file, board, deed }: Part) {
  const [owner, second, members] = [useRef<HTMLSelectElement>(null), useRef<HTMLSelectElement>(null), useRef<HTMLInputElement>(null)];
  const names = (chosen: string | null, none: boolean) => (
    <>{none && <option value="" selected={!chosen}>{t("nobody")}</option>}{board.officers.map((name) => <option key={name} value={name} selected={name === chosen}>{name}</option>)}</>
  );
  const send = (event: Event) => {
    event.preventDefault();
    deed("/staff", {
      owner: owner.current!.value, second: second.current!.value || null,
      members: members.current!.value.split(/[\s,，、]+/).filter(Boolean),
    });
  };
  return (
    <form class="form" id="staff" onSubmit={send}>
      <h2>{t("team")}</h2>
      <label><span>{t("owner")}</span><select ref={owner} name="owner">{names(file.case.owner, false)}</select></label>
      <label><span>{t("second")}</span><select ref={second} name="second">{names(file.case.second, true)}</select></label>
      <label><span>{t("team")}</span><input ref={members} name="members" defaultValue={file.case.members.join(" ")} list="officers" /></label>
      <button type="submit">{t("save")}</button>
    </form>
  );
}

function Rings({ file }: Part) {
  return (
    <section>
      {file.rings.map((one) => (
        <article key={one.ring} class="caserings">
          <h2>{named("typologies", one.typology)} <RingLink id={one.ring} /> <span class="tag">{one.unchanged ? t("unchanged") : t("changed")}</span></h2>
          <p class="soft small">{t("score")} {odds(one.score)} · {t("fund")} {yuan(one.fund_fen)} · {count(one.persons)} {t("persons")} · {t("epoch")} {one.epoch} · {t("frozen_by")} {one.added_by} {moment(one.added_at)}</p>
          <Table label={t("claims")} heads={[t("claims"), [t("score"), "num"], [t("rows"), "num"], ""]}>
            {one.claims.map((claim) => <tr key={claim.code}><td class="long">{said(claim.text)}</td><td class="num">{signed(claim.score)}</td><td class="num">{count(claim.rows)}</td><td class={claim.proven ? "word" : "word warn"}>{claim.proven ? `✓ ${t("proven")}` : `✕ ${t("unproven")}`}</td></tr>)}
          </Table>
        </article>
      ))}
    </section>
  );
}

type Said = { row: string; day: string | null; end: string | null; parties: { id: string; kind: string }[]; file: string | null; file_row: number | null };

function Evidence({ file }: Part) {
  return (
    <section>
      <p class="soft small">{count(file.evidence.length)} {t("of")} {count(file.evidence_all)} {t("rows")} · {t("chain_hash")} <span class="mono" id="chain">{file.evidence_sha256}</span></p>
      <Table label={t("case_evidence")} heads={[["#", "num"], t("row"), t("day"), t("who"), t("claims"), "SHA-256", "", t("frozen_by"), t("source")]}>
        {file.evidence.map((one) => {
          const row = JSON.parse(one.said) as Said;
          return (
            <tr key={one.number}>
              <td class="num">{one.number}</td><td class="mono">{row.row}</td><td class="mono">{row.day}</td><td class="mono">{row.parties.map((party) => party.id).join(" ")}</td><td class="small">{one.claims.join(" ")}</td>
              <td class="mono" title={one.sha256}>{one.sha256.slice(0, 16)}…</td><td class={one.intact ? "word" : "word warn"}>{one.intact ? `✓ ${t("intact")}` : `✕ ${t("damaged")}`}</td>
              <td class="small word">{one.by} {moment(one.at)}</td><td class="mono soft">{row.file && `${row.file}:${row.file_row}`}</td>
            </tr>
          );
        })}
      </Table>
    </section>
  );
}

/** Arrangements of the graph that somebody kept: each opens as it was. */
function Canvases({ file }: Part) {
  if (file.canvases.length === 0) return <p class="nothing soft">{t("canvas_none")}</p>;
  const open = (one: CaseFile["canvases"][number]) => {
    const start = one.ring ?? one.party!;
    go("/explore", { ...(one.ring ? { ring: one.ring } : { p: one.party! }), s: addressed(start, one.steps) || undefined });
  };
  return (
    <ul class="notes" id="canvases">{[...file.canvases].reverse().map((one) => (
      <li key={one.number} data-canvas={one.number}>
        <span class="soft small">#{one.number} · {one.by} · {moment(one.at)} · {t("epoch")} {one.epoch}{one.ring && <> · <span class="mono">{one.ring}</span></>}</span>
        <p><b>{one.title}</b></p>{one.note && <p class="written">{one.note}</p>}
        <p class="actions"><button onClick={() => open(one)}>{t("canvas_open")}</button></p>
      </li>
    ))}</ul>
  );
}

function Tasks({ file, deed }: Part) {
  const [text, assignee, due] = [useRef<HTMLInputElement>(null), useRef<HTMLSelectElement>(null), useRef<HTMLInputElement>(null)];
  const works = file.may.includes("work_case");
  const team = [file.case.owner, file.case.second, ...file.case.members].filter((name): name is string => Boolean(name));
  const send = (event: Event) => {
    event.preventDefault();
    deed("/tasks", { text: text.current!.value, assignee: assignee.current!.value, due: due.current!.value || null });
    text.current!.value = "";
  };
  return (
    <section>
      {works && (
        <form class="fields" onSubmit={send}>
          <label class="wide"><span>{t("add_task")}</span><input ref={text} name="task" required /></label>
          <label><span>{t("assignee")}</span><select ref={assignee} name="assignee">{team.map((name) => <option key={name} value={name}>{name}</option>)}</select></label>
          <label><span>{t("due_day")}</span><input ref={due} name="due" type="date" /></label>
          <button type="submit">{t("add_task")}</button>
        </form>
      )}
      <Table label={t("tasks")} heads={[["#", "num"], t("tasks"), t("assignee"), t("due_day"), ""]}>
        {file.tasks.map((one) => (
          <tr key={one.number}><td class="num">{one.number}</td><td class="long">{one.text}</td><td>{one.assignee}</td><td class="mono">{one.due}</td><td><button disabled={!works} aria-pressed={Boolean(one.done_at)} onClick={() => deed(`/tasks/${one.number}`, { done: !one.done_at })}>{one.done_at ? `✓ ${t("done")} · ${one.done_by}` : t("undone")}</button></td></tr>
        ))}
      </Table>
    </section>
  );
}

function Steps({ file, board }: Part) {
  return (
    <Table label={t("approvals")} heads={[["#", "num"], t("when"), t("account"), t("stage"), t("outcome"), t("approve"), t("why_step")]}>
      {[...file.steps].reverse().map((one) => (
        <tr key={one.number}>
          <td class="num">{one.number}</td><td class="mono">{moment(one.at)}</td><td>{one.by}</td><td>{one.change ? <Changed change={one.change} /> : <>{stageName(board.stages, one.from)} → {stageName(board.stages, one.to)}</>}</td>
          <td>{t(`state_${one.state}` as Word)}</td><td>{one.decided_by && `${one.decided_by} · ${moment(one.decided_at ?? 0)}`}</td><td class="long">{one.verdict && `${t(one.verdict as Word)} · ${reason(board, one.reason)} `}{one.why}</td>
        </tr>
      ))}
    </Table>
  );
}
