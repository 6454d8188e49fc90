// What is attached to a case, and what was taken out of it.
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { query, type CaseFile } from "../api";
import { count, moment } from "../format";
import { Table } from "../parts/parts";
import { t } from "../state";
import type { Part } from "./case";

export const ACCEPTED = ".pdf,.png,.jpg,.jpeg,.xlsx,.docx,.txt,.csv";

export function Documents({ file, deed, send }: Part) {
  const field = useRef<HTMLInputElement>(null);
  const asked = useSignal(0);
  const attach = (event: Event) => {
    event.preventDefault();
    const given = field.current!.files?.[0];
    if (given) send(`/documents${query({ name: given.name })}`, given);
    field.current!.value = "";
  };
  const chosen = file.documents.find((one) => one.number === asked.value);
  return (
    <section>
      {file.may.includes("work_case") && (
        <form class="fields" id="attach" onSubmit={attach}>
          <label class="wide"><span>{t("document_add")}</span><input ref={field} type="file" name="document" required accept={ACCEPTED} /></label>
          <button type="submit">{t("document_add")}</button>
        </form>
      )}
      <p class="soft small">{t("document_help")}</p>
      {file.documents.length > 0 && (
        <Table label={t("documents")} heads={[["#", "num"], t("documents"), ["KB", "num"], "SHA-256", t("account"), t("state"), ""]}>
          {file.documents.map((one) => (
            <tr key={one.number} data-document={one.number} data-removed={one.removed}>
              <td class="num">{one.number}</td>
              <td class="long">{one.removed ? <s>{one.name}</s> : <a href={`/v1/cases/${file.case.id}/documents/${one.number}`} download={one.name}>{one.name}</a>}</td>
              <td class="num">{count(Math.ceil(one.bytes / 1024))}</td><td class="mono" title={one.sha256}>{one.sha256.slice(0, 16)}…</td><td class="small word">{one.by} {moment(one.at)}</td>
              <td class="small">{one.changes.map((change, at) => <p key={at}>{change.removed ? `✕ ${t("document_removed")}` : `✓ ${t("document_restored")}`} · {change.by} {moment(change.at)} · {change.why}</p>)}</td>
              <td class="acts">{file.may.includes("remove_document") && <button aria-expanded={asked.value === one.number} onClick={() => (asked.value = asked.value === one.number ? 0 : one.number)}>{one.removed ? t("document_restore") : t("document_remove")}</button>}</td>
            </tr>
          ))}
        </Table>
      )}
      {chosen && <Removal key={chosen.number} document={chosen} done={() => (asked.value = 0)} deed={deed} />}
    </section>
  );
}

/** Out of the case, or back into it, with a reason. */
function Removal({ document, done, deed }: { document: CaseFile["documents"][number]; done: () => void; deed: Part["deed"] }) {
  const why = useRef<HTMLInputElement>(null);
  const send = (event: Event) => {
    event.preventDefault();
    deed(`/documents/${document.number}`, { removed: !document.removed, why: why.current!.value });
    done();
  };
  return (
    <form class="form" id="removal" onSubmit={send}>
      <h2>{document.removed ? t("document_restore") : t("document_remove")}: #{document.number} {document.name}</h2>
      <p class="soft small">{t("document_remove_help")}</p>
      <label><span>{t("why_step")}</span><input ref={(field) => { why.current = field; field?.focus(); }} name="why" required maxLength={2000} /></label>
      <p class="actions"><button type="submit" class="button first">{document.removed ? t("document_restore") : t("document_remove")}</button><button type="button" onClick={done}>{t("close")}</button></p>
    </form>
  );
}
