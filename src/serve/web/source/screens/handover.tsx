// The hand-over: what it would hold, the second officer's agreement, the sealed zip, and the receipt that stops the clock.
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { ask, postForFile, query, type Bundle } from "../api";
import { count, moment } from "../format";
import { useDeed } from "../parts/office";
import { PartyLink, RingLink, save, Table } from "../parts/parts";
import { many, may, named, said, t } from "../state";
import { Decide, type Part } from "./case";
import { stageName } from "./cases";
import { ACCEPTED } from "./documents";

export function Handover(part: Part) {
  const { file, board } = part;
  const builds = file.may.includes("build_bundle");
  const leads = (id: string) => board.stages.find((one) => one.id === id);
  const asked = file.case.asked;
  const waits = asked && !asked.change && leads(asked.to)?.evidence && leads(asked.to)?.approval;
  const next = file.next.find((one) => one.approval && leads(one.stage)?.evidence);
  const agreed = file.handover.step !== null;
  const current = file.sealed.filter((one) => one.step === file.handover.step);
  const steps: [string, boolean][] = [
    [t("handover_1"), agreed], [t("handover_2"), agreed],
    [t("handover_3"), agreed && current.length > 0], [t("handover_4"), agreed && file.receipts.some((one) => current.some((sealed) => sealed.number === one.sealed))],
  ];
  return (
    <section>
      <ol class="way" id="way">{steps.map(([text, done], at) => <li key={at} data-done={done}>{done ? "✓" : "○"} {at + 1} {text}</li>)}</ol>
      {!agreed && !waits && <p class="missing">✕ {t("missing")}: {said(file.handover.missing)}</p>}
      <div class="halves">
        <div>
          {builds && <Contents {...part} />}
        </div>
        <div>
          {waits && <Decide {...part} />}
          {!asked && next && file.may.includes("move_case") && <Ask {...part} stage={next.stage} missing={next.missing.map(said)} />}
          {agreed && builds && <Seal {...part} />}
          {current.length > 0 && file.may.includes("move_case") && <Receive {...part} />}
        </div>
      </div>
      {file.sealed.length > 0 && <Sealed {...part} />}
    </section>
  );
}

/** A dry run: what would be in it, and who would be named. Each is logged. */
function Contents({ file }: Part) {
  const found = useSignal<Bundle | null>(null);
  const { run, shown } = useDeed();
  const look = () => void run(() => ask<Bundle>(`/v1/cases/${file.case.id}/bundle`), (answer) => { found.value = answer; });
  const data = found.value;
  return (
    <div class="form">
      <h2>{t("handover_1")}</h2>
      <p class="soft small">{t("dry_run_help")}</p>
      <p class="actions"><button id="dry-run" onClick={look}>{t("dry_run")}</button></p>
      {shown}
      {data && (
        <div id="contents">
          <p>{data.kinds.map((one) => `${named("kinds", one.kind)} ${count(one.count)}`).join(" · ")}</p>
          <Table label={t("files")} heads={[t("files"), ["KB", "num"], "SHA-256"]}>
            {data.files.map((one) => <tr key={one.path} data-file={one.path}><td class="mono">{one.path}</td><td class="num">{count(Math.ceil(one.bytes / 1024))}</td><td class="mono" title={one.sha256}>{one.sha256.slice(0, 16)}…</td></tr>)}
          </Table>
          <details><summary>{t("handover_named")} <i>{count(data.named.length)} {t("of")} {count(data.named_all)}</i></summary>
            <Table label={t("handover_named")} heads={[t("id"), t("role"), t("lead")]}>
              {data.named.map((one) => <tr key={one.ring + one.token}><td><PartyLink party={{ token: one.token, kind: one.kind, id: one.id, rings: 0 }} kind /></td><td>{named("roles", one.role)}</td><td><RingLink id={one.ring} /></td></tr>)}
            </Table>
          </details>
        </div>
      )}
    </div>
  );
}

function Ask({ board, deed, stage, missing }: Part & { stage: string; missing: string[] }) {
  const why = useRef<HTMLInputElement>(null);
  const send = (event: Event) => {
    event.preventDefault();
    deed("/steps", { to: stage, why: why.current!.value });
  };
  return (
    <form class="form" id="ask-handover" onSubmit={send}>
      <h2>{t("handover_2")}</h2>
      <p class="soft small">{t("handover_ask_help")} → {stageName(board.stages, stage)}</p>
      {missing.length > 0 && <ul class="missing">{missing.slice(0, 8).map((one, at) => <li key={at}>✕ {t("missing")}: {one}</li>)}</ul>}
      <label><span>{t("why_step")}</span><input ref={why} name="why" /></label>
      <button type="submit" class="button first" disabled={missing.length > 0}>{t("ask_approval")}</button>
    </form>
  );
}

function Seal({ file, again }: Part) {
  const named = useSignal(false);
  const reason = useRef<HTMLInputElement>(null);
  const { run, shown } = useDeed();
  const send = (event: Event) => {
    event.preventDefault();
    const reveal = named.value ? reason.current!.value : null;
    void run(() => postForFile(`/v1/cases/${file.case.id}/bundle`, { reveal }), (zip) => { save(zip, `${file.case.id}.zip`); again(); });
  };
  return (
    <form class="form" id="seal" onSubmit={send}>
      <h2>{t("handover_3")}</h2>
      <p class="soft small">{t("seal_help")}</p>
      {may("reveal") && <label class="check"><input type="checkbox" name="reveal" checked={named.value} onChange={(event) => (named.value = event.currentTarget.checked)} /> {t("seal_reveal")}</label>}
      {named.value && <label><span>{t("reveal_reason")}</span><input ref={reason} name="reason" required minLength={4} maxLength={400} /></label>}
      <button type="submit" class="button first">{t("seal")}</button>
      {shown}
    </form>
  );
}

function Receive({ file, send }: Part) {
  const [field, number] = [useRef<HTMLInputElement>(null), useRef<HTMLSelectElement>(null)];
  const current = file.sealed.filter((one) => one.step === file.handover.step).reverse();
  const give = (event: Event) => {
    event.preventDefault();
    const given = field.current!.files?.[0];
    if (given) send(`/receipts${query({ name: given.name, sealed: number.current!.value })}`, given);
    field.current!.value = "";
  };
  return (
    <form class="form" id="receive" onSubmit={give}>
      <h2>{t("handover_4")}</h2>
      <p class="soft small">{t("receipt_help")}</p>
      <label><span>{t("sealed")}</span><select ref={number} name="sealed">{current.map((one) => <option key={one.number} value={one.number}>#{one.number} · {one.sha256.slice(0, 16)}…</option>)}</select></label>
      <label><span>{t("receipt")}</span><input ref={field} type="file" name="receipt" required accept={ACCEPTED} /></label>
      <button type="submit">{t("receipt_add")}</button>
    </form>
  );
}

/** What was sealed, and what came back for it. */
function Sealed({ file }: Part) {
  return (
    <Table label={t("sealed")} heads={[["#", "num"], t("sealed"), "SHA-256", ["KB", "num"], "", t("receipt")]}>
      {[...file.sealed].reverse().map((one) => (
        <tr key={one.number} data-sealed={one.number}>
          <td class="num">{one.number}</td><td class="small word">{one.by} {moment(one.at)}</td><td class="mono long">{one.sha256}</td><td class="num">{count(Math.ceil(one.bytes / 1024))}</td>
          <td class="small">{many(one.files, "files")} · {one.revealed ? t("seal_revealed") : t("seal_masked")}</td>
          <td class="small">{file.receipts.filter((receipt) => receipt.sealed === one.number).map((receipt) => <p key={receipt.document} class="actions"><a class="button" href={`/v1/cases/${file.case.id}/documents/${receipt.document}`} download={file.documents.find((each) => each.number === receipt.document)?.name}>✓ {t("receipt")} #{receipt.document}</a> <span>{receipt.by} {moment(receipt.at)}</span></p>)}</td>
        </tr>
      ))}
    </Table>
  );
}
