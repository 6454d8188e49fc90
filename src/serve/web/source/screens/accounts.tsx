// Accounts, for administrators: who there is, a new one, a lock, another password.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ask, post, Refused, type Accounts as All, type Refusal } from "../api";
import { count, moment } from "../format";
import { roleWord, useDeed } from "../parts/office";
import { Table, Trouble } from "../parts/parts";
import { may, session, t } from "../state";
import type { Word } from "../words";

export function Accounts() {
  const all = useSignal<All | null>(null);
  const lost = useSignal<Refusal | null>(null);
  const { run, shown } = useDeed();
  useEffect(() => {
    ask<All>("/v1/accounts").then((now) => (all.value = now), (error) => { if (error instanceof Refused) lost.value = error.refusal; });
  }, []);
  if (lost.value) return <Trouble refusal={lost.value} />;
  const data = all.value;
  if (!data) return <p class="loading" role="status">{t("loading")}</p>;
  const deed = (path: string, body: unknown, then?: () => void) => void run(() => post<All>(`/v1/accounts${path}`, body), (now) => { all.value = now; then?.(); });
  return (
    <section>
      <h2>{t("accounts")} <span class="soft">{count(data.accounts.length)}</span></h2>
      {shown}
      <Table label={t("accounts")} heads={[t("account"), t("role"), t("may_do"), t("region"), t("state"), t("made_at"), ""]}>
        {data.accounts.map((one) => (
          <tr key={one.name} data-account={one.name}>
            <td>{one.name}</td><td>{roleWord(one.role)}</td><td class="soft small">{t(`does_${one.role}` as Word)}</td><td class="mono">{one.regions.join(" ") || t("regions_all")}</td>
            <td class={one.disabled || one.waits ? "warn" : ""}>{one.disabled ? `✕ ${t("locked")}` : one.waits ? `◌ ${t("account_waits")} (${one.given_by})` : one.given_by ? `◌ ${t("account_chooses")}` : `✓ ${t("usable")}`}</td><td class="mono">{moment(one.created_at)}</td>
            <td class="acts">{one.waits && may("manage_accounts") && ![one.name, one.given_by].includes(session.value?.account ?? "") && <button class="agree" onClick={() => deed(`/${encodeURIComponent(one.name)}`, { agree: true })}>{t("account_agree")}</button>}{may("manage_accounts") && one.name !== session.value?.account && <button onClick={() => deed(`/${encodeURIComponent(one.name)}`, { disabled: !one.disabled })}>{one.disabled ? t("unlock") : t("lock")}</button>}</td>
          </tr>
        ))}
      </Table>
      {may("manage_accounts") && <div class="halves forms"><New data={data} deed={deed} /><Password data={data} deed={deed} /></div>}
    </section>
  );
}

type Deed = (path: string, body: unknown, then?: () => void) => void;

function New({ data, deed }: { data: All; deed: Deed }) {
  const form = useRef<HTMLFormElement>(null);
  const send = (event: Event) => {
    event.preventDefault();
    const given = new FormData(form.current!);
    const text = (name: string) => String(given.get(name) ?? "").trim();
    deed("", { name: text("name"), role: text("role"), regions: text("regions").split(/[\s,，、]+/).filter(Boolean), password: String(given.get("password")) }, () => form.current?.reset());
  };
  return (
    <form ref={form} class="form" id="add-account" onSubmit={send}>
      <h2>{t("account_add")}</h2>
      <label><span>{t("account")}</span><input name="name" autocomplete="off" required maxLength={64} /></label>
      <label><span>{t("role")}</span><select name="role">{data.roles.map((role) => <option key={role} value={role}>{roleWord(role)} · {t(`does_${role}` as Word)}</option>)}</select></label>
      <label><span>{t("account_regions")}</span><input name="regions" autocomplete="off" placeholder="3401 3402" pattern="[0-9 ,，、]*" /></label>
      <label><span>{t("account_password")} ≥ {data.password_min}</span><input name="password" type="password" autocomplete="new-password" required minLength={data.password_min} /></label>
      <button type="submit" class="button first">{t("account_add")}</button>
      <p class="soft small">{t("account_fixed")}</p>
    </form>
  );
}

function Password({ data, deed }: { data: All; deed: Deed }) {
  const form = useRef<HTMLFormElement>(null);
  const send = (event: Event) => {
    event.preventDefault();
    const given = new FormData(form.current!);
    deed(`/${encodeURIComponent(String(given.get("name")))}`, { password: String(given.get("password")) }, () => form.current?.reset());
  };
  return (
    <form ref={form} class="form" id="set-password" onSubmit={send}>
      <h2>{t("account_reset")}</h2>
      <label><span>{t("account")}</span><select name="name">{data.accounts.filter((one) => one.name !== session.value?.account).map((one) => <option key={one.name} value={one.name}>{one.name}</option>)}</select></label>
      <label><span>{t("account_password")} ≥ {data.password_min}</span><input name="password" type="password" autocomplete="new-password" required minLength={data.password_min} /></label>
      <button type="submit">{t("save")}</button>
      <p class="soft small">{t("account_reset_help")}</p>
    </form>
  );
}
