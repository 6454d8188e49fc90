// What somebody who is signed in can do on any screen: sign in and out, reveal, open a case, export.
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { ask, post, query, Refused, useAsked, type CaseFile, type Cases, type Refusal, type Reveal, type Session } from "../api";
import { moment } from "../format";
import { dialog, go, lang, may, reveal, revealed, scope, screen, session, t } from "../state";
import type { Word } from "../words";
import { Trouble } from "./parts";

/** Names the parties of a screen, as long as it is shown. */
export function useScope(tokens: string[] | undefined) {
  const key = tokens?.slice(0, 200).join(" ") ?? "";
  useEffect(() => {
    scope.value = key ? key.split(" ") : [];
    return () => {
      scope.value = [];
    };
  }, [key]);
}

export const roleWord = (role: string | null): string => (role ? t(`role_${role}` as Word) : "");

export function Dialog({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="veil" onClick={(event) => { if (event.target === event.currentTarget) dialog.value = null; }}>
      <div class="dialog" role="dialog" aria-modal="true" aria-label={title}>
        <header><h2>{title}</h2><button onClick={() => (dialog.value = null)} aria-label={t("close")}>×</button></header>
        {children}
      </div>
    </div>
  );
}

/** Runs a deed of a form, and shows why it was refused. */
export function useDeed() {
  const trouble = useSignal<Refusal | null>(null);
  const run = async <T,>(deed: () => Promise<T>, then?: (answer: T) => void) => {
    try {
      const answer = await deed();
      trouble.value = null;
      then?.(answer);
    } catch (error) {
      if (error instanceof Refused) trouble.value = error.refusal;
      else throw error;
    }
  };
  return { run, shown: trouble.value && <Trouble refusal={trouble.value} /> };
}

export const lookWho = () => ask<Session>("/v1/session").then((now) => { session.value = now; });

export function SignIn() {
  const [name, password] = [useRef<HTMLInputElement>(null), useRef<HTMLInputElement>(null)];
  const { run, shown } = useDeed();
  useEffect(() => name.current?.focus(), []);
  const enter = (event: Event) => {
    event.preventDefault();
    void run(() => post<Session>("/v1/login", { name: name.current!.value, password: password.current!.value }), (now) => { session.value = now; });
  };
  return (
    <form class="signin form" onSubmit={enter}>
      <h1>{t("sign_in")}</h1>
      <label><span>{t("account")}</span><input ref={name} name="name" autocomplete="username" required /></label>
      <label><span>{t("password")}</span><input ref={password} name="password" type="password" autocomplete="current-password" required /></label>
      <button type="submit" class="button first">{t("sign_in")}</button>
      <p class="soft small">{t("sign_in_hint")}</p>
      {shown}
    </form>
  );
}

/** Another password for oneself: asked for by a button, or because somebody else gave the one that is good now. */
export function ChoosePassword({ must }: { must: boolean }) {
  const form = useRef<HTMLFormElement>(null);
  const done = useSignal(false);
  const { run, shown } = useDeed();
  const send = (event: Event) => {
    event.preventDefault();
    const given = new FormData(form.current!);
    void run(() => post<Session>("/v1/password", { old: String(given.get("old")), new: String(given.get("new")) }), (now) => {
      session.value = now;
      done.value = true;
      form.current?.reset();
    });
  };
  return (
    <form ref={form} class={must ? "signin form" : "form"} id="choose-password" onSubmit={send}>
      {must ? <h1>{t("password_choose")}</h1> : <h2>{t("password_choose")}</h2>}
      {must && <p>{t("password_given")}</p>}
      <label><span>{t("password_old")}</span><input name="old" type="password" autocomplete="current-password" required /></label>
      <label><span>{t("password_new")} ≥ 10</span><input name="new" type="password" autocomplete="new-password" required minLength={10} /></label>
      <button type="submit" class="button first">{t("save")}</button>
      {must && <p class="actions"><button type="button" onClick={() => void leave()}>{t("sign_out")}</button></p>}
      {done.value && <p role="status">✓ {t("password_changed")}</p>}
      {shown}
    </form>
  );
}

export const leave = () => post("/v1/logout").finally(() => { reveal(null); void lookWho(); });

/** Who is signed in, or that nobody needs to be; and what is revealed. */
export function WhoChips() {
  const who = session.value;
  const shown = revealed.value;
  return (
    <>
      {shown && <button id="mask" class="chip bare" onClick={() => reveal(null)}>{t("revealed_until")} {moment(shown.until).slice(11)} · {t("hide_again")} <kbd>m</kbd></button>}
      {who && !who.sign_in && <span class="chip open" id="open-access" title={t("open_access")}>{t("open_access")}</span>}
      {who?.account && <span class="chip" id="who">{who.account} · {roleWord(who.role)}{who.regions.length > 0 && ` · ${who.regions.join(" ")}`}</span>}
      {who?.account && <button id="leave" onClick={leave}>{t("sign_out")}</button>}
    </>
  );
}

/** Who looks, and when, all over the page: a photograph of the screen says it, too. */
export function Watermark() {
  const shown = revealed.value;
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!shown || !place.current) return;
    const tile = document.createElement("canvas");
    [tile.width, tile.height] = [340, 190];
    const pen = tile.getContext("2d")!;
    pen.translate(20, 150);
    pen.rotate(-0.42);
    pen.font = "16px sans-serif";
    pen.fillStyle = "rgba(160, 40, 30, 0.22)";
    pen.fillText(`${shown.account} · ${moment(shown.at)}`, 0, 0);
    place.current.style.backgroundImage = `url(${tile.toDataURL()})`;
  }, [shown]);
  return shown ? <div ref={place} class="watermark" data-account={shown.account} data-at={moment(shown.at)} aria-hidden="true" /> : null;
}

export function RevealDialog() {
  const [reason, minutes] = [useRef<HTMLTextAreaElement>(null), useRef<HTMLInputElement>(null)];
  const { run, shown } = useDeed();
  useEffect(() => reason.current?.focus(), []);
  const send = (event: Event) => {
    event.preventDefault();
    const body = { parties: scope.value, reason: reason.current!.value, minutes: Number(minutes.current!.value) };
    void run(() => post<Reveal>("/v1/reveal", body), (answer) => { reveal(answer); dialog.value = null; });
  };
  return (
    <Dialog title={t("reveal")}>
      <form class="form plain" onSubmit={send}>
        <p class="soft">{t("reveal_help").replace("{n}", String(scope.value.length))}</p>
        <label><span>{t("reveal_reason")}</span><textarea ref={reason} name="reason" rows={3} required /></label>
        <label><span>{t("minutes")}</span><input ref={minutes} name="minutes" type="number" min="1" max="60" value="10" /></label>
        <button type="submit" class="button first">{t("reveal")}</button>
        {shown}
      </form>
    </Dialog>
  );
}

/** A new case from the ring that is shown, or the ring into a case. */
export function CaseDialog() {
  const ring = screen.value.id;
  const title = useRef<HTMLInputElement>(null);
  const known = useAsked<Cases>("/v1/cases");
  const { run, shown } = useDeed();
  useEffect(() => title.current?.focus(), []);
  const open = (file: CaseFile) => {
    dialog.value = null;
    go(`/case/${file.case.id}`);
  };
  const send = (event: Event) => {
    event.preventDefault();
    void run(() => post<CaseFile>("/v1/cases", { title: title.current!.value, rings: [ring] }), open);
  };
  const mine = known.value.data?.cases.filter((one) => !one.merged_into && [one.owner, one.second, ...one.members].includes(session.value?.account ?? "")) ?? [];
  return (
    <Dialog title={t("new_case")}>
      <form class="form plain" onSubmit={send}>
        <p class="soft">{t("case_from")}</p>
        <label><span>{t("case_title")}</span><input ref={title} name="title" required maxLength={200} /></label>
        <button type="submit" class="button first">{t("new_case")} · <span class="mono">{ring}</span></button>
        {mine.length > 0 && <p class="soft small">{t("add_to_case")}</p>}
        <ul class="hits">{mine.map((one) => <li key={one.id}><button type="button" onClick={() => run(() => post<CaseFile>(`/v1/cases/${one.id}/rings`, { ring }), open)}><span class="mono">{one.id}</span> {one.title}</button></li>)}</ul>
        {shown}
      </form>
    </Dialog>
  );
}

/** What can be done with what a screen shows. */
export function Doings({ ring, epoch }: { ring?: string; epoch?: number }) {
  const file = (name: string, form = "csv") => `/v1/rings/${ring}/${name}.${form}` + query({ as_of: epoch });
  void lang.value;
  return (
    <>
      {ring && may("export") && <a class="button" href={file("members")} download>{t("export_members")}</a>}
      {ring && may("export") && <a class="button" href={file("members", "xlsx")} download title={`${t("export_members")} XLSX`}>XLSX</a>}
      {ring && may("export") && <a class="button" href={file("facts")} download>{t("export_facts")}</a>}
      {ring && may("export") && <a class="button" href={file("facts", "xlsx")} download title={`${t("export_facts")} XLSX`}>XLSX</a>}
      {may("reveal") && !revealed.value && scope.value.length > 0 && <button id="reveal" onClick={() => (dialog.value = "reveal")}>{t("reveal")} <kbd>m</kbd></button>}
      {ring && may("open_case") && <button id="new-case" onClick={() => (dialog.value = "case")}>{t("new_case")} <kbd>n</kbd></button>}
    </>
  );
}
