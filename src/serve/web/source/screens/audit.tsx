// The audit log: searched from its end, checked link by link, and exported.
import { useSignal } from "@preact/signals";
import { ask, query, Refused, useAsked, type Audit, type AuditVerified, type Refusal } from "../api";
import { count, moment } from "../format";
import { useCommands } from "../parts/palette";
import { download, Shown, Table, Trouble } from "../parts/parts";
import { param, set, t } from "../state";

export function Log() {
  const asked = useAsked<Audit>("/v1/audit" + query({ before: param("before"), actor: param("actor"), action: param("action"), outcome: param("outcome"), q: param("q") }));
  const found = useSignal<AuditVerified | null>(null);
  const trouble = useSignal<Refusal | null>(null);
  const verify = () =>
    ask<AuditVerified>("/v1/audit/verify").then((now) => (found.value = now), (error) => { if (error instanceof Refused) trouble.value = error.refusal; });
  useCommands([{ word: "audit_verify", run: () => void verify() }, { word: "audit_export", run: () => download("/v1/audit.jsonl") }]);
  const field = (name: string, label: string) => (
    <label><span>{label}</span><input name={name} type="text" value={param(name)} onChange={(event) => set({ [name]: event.currentTarget.value.trim(), before: undefined })} /></label>
  );
  return (
    <section>
      <h2>{t("audit")}</h2>
      <p class="actions"><button id="verify" onClick={verify}>{t("audit_verify")}</button><a class="button" href="/v1/audit.jsonl" download="audit.jsonl">{t("audit_export")}</a></p>
      {trouble.value && <Trouble refusal={trouble.value} />}
      {found.value && <p class={found.value.whole ? "soft" : "warn"} id="verified">{found.value.whole ? `✓ ${t("audit_whole")}` : `✕ ${t("audit_broken")}: ${found.value.flaws.join("; ")}`} · <span class="mono">{found.value.count}:{found.value.head}</span></p>}
      <div class="fields">
        {field("actor", t("account"))}{field("action", t("action"))}
        <label><span>{t("outcome")}</span><select name="outcome" value={param("outcome")} onChange={(event) => set({ outcome: event.currentTarget.value, before: undefined })}><option value="">{t("all")}</option><option value="done">{t("outcome_done")}</option><option value="refused">{t("outcome_refused")}</option></select></label>
        {field("q", t("audit_text"))}
      </div>
      <Shown asked={asked.value}>{(data) => (
        <>
          <p class="soft small">{count(data.entries.length)} {t("of")} {count(data.total)}</p>
          <Table label={t("audit")} heads={[["#", "num"], t("when"), t("account"), t("role"), t("action"), t("outcome"), t("object"), t("detail")]}>
            {data.entries.map((one) => (
              <tr key={one.seq} data-action={one.action}><td class="num">{one.seq}</td><td class="mono">{moment(one.at_ms / 1000)}</td><td>{one.actor}</td><td>{one.role}</td><td class="mono">{one.action}</td><td class={one.outcome === "refused" ? "warn" : ""}>{one.outcome}</td><td class="mono">{one.object}</td><td class="long small">{one.detail}</td></tr>
            ))}
          </Table>
          {data.older !== null && <button class="more" onClick={() => set({ before: data.older ?? undefined }, false)}>{t("older")}</button>}
        </>
      )}</Shown>
    </section>
  );
}
