// Who is signed in, and what does the audit log say?
import { useSignal } from "@preact/signals";
import { ask, query, Refused, useAsked, type Audit, type AuditVerified, type Refusal } from "../api";
import { count, moment } from "../format";
import { roleWord } from "../parts/office";
import { Shown, Table, Trouble } from "../parts/parts";
import { may, param, session, set, t } from "../state";

export function SettingsScreen() {
  const who = session.value;
  return (
    <div class="settings">
      <h1>{t("settings")}</h1>
      <dl class="facts cards">
        <div><dt>{t("my_account")}</dt><dd>{who?.account ?? t("role_open")}</dd></div>
        {who?.account && <div><dt>{t("role")}</dt><dd>{roleWord(who.role)}</dd></div>}
        <div><dt>{t("region")}</dt><dd>{who?.regions.length ? who.regions.join(" ") : t("regions_all")}</dd></div>
      </dl>
      {may("read_audit") ? <Log /> : <p class="soft">{t("audit_none")}</p>}
    </div>
  );
}

function Log() {
  const asked = useAsked<Audit>("/v1/audit" + query({ before: param("before") }));
  const found = useSignal<AuditVerified | null>(null);
  const trouble = useSignal<Refusal | null>(null);
  const verify = () =>
    ask<AuditVerified>("/v1/audit/verify").then((now) => (found.value = now), (error) => { if (error instanceof Refused) trouble.value = error.refusal; });
  return (
    <section>
      <h2>{t("audit")}</h2>
      <p class="actions"><button id="verify" onClick={verify}>{t("audit_verify")}</button><a class="button" href="/v1/audit.jsonl" download="audit.jsonl">{t("audit_export")}</a></p>
      {trouble.value && <Trouble refusal={trouble.value} />}
      {found.value && <p class={found.value.whole ? "soft" : "warn"} id="verified">{found.value.whole ? `✓ ${t("audit_whole")}` : `✕ ${t("audit_broken")}: ${found.value.flaws.join("; ")}`} · <span class="mono">{found.value.count}:{found.value.head}</span></p>}
      <Shown asked={asked.value}>{(data) => (
        <>
          <Table label={t("audit")} heads={[["#", "num"], t("when"), t("account"), t("role"), t("action"), t("outcome"), t("object"), t("detail")]}>
            {data.entries.map((one) => (
              <tr key={one.seq} data-action={one.action}><td class="num">{one.seq}</td><td class="mono">{moment(one.at_ms / 1000)}</td><td>{one.actor}</td><td>{one.role}</td><td class="mono">{one.action}</td><td class={one.outcome === "refused" ? "warn" : ""}>{one.outcome}</td><td class="mono">{one.object}</td><td class="long small">{one.detail}</td></tr>
            ))}
          </Table>
          {(data.entries[data.entries.length - 1]?.seq ?? 1) > 1 && <button class="more" onClick={() => set({ before: data.entries[data.entries.length - 1].seq }, false)}>{t("older")} ({count(data.total)})</button>}
        </>
      )}</Shown>
    </section>
  );
}
