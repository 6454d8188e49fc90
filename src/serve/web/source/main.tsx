// The frame around every screen, and which screen the address names.
import { signal, useSignal } from "@preact/signals";
import { render } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { ask, find, Refused, signedOut, type Found, type Refusal, type Status, type Words } from "./api";
import "./keys";
import { CaseDialog, ChoosePassword, Dialog, leave, lookWho, RevealDialog, SignIn, Watermark, WhoChips } from "./parts/office";
import { EpochChip, EpochDialog, PastBanner } from "./parts/epoch";
import { Palette, type Command } from "./parts/palette";
import { Link, Mark, Sign, Trouble } from "./parts/parts";
import { beginTour, Tour } from "./parts/tour";
import { DataScreen } from "./screens/data";
import { EntityScreen } from "./screens/entity";
import { ExploreScreen } from "./screens/explore";
import { PathsScreen } from "./screens/paths";
import { RingScreen } from "./screens/ring";
import { RingsScreen } from "./screens/rings";
import { dialog, go, lang, may, named, param, reveal, revealed, scope, screen, session, set, status, switchLang, switchTheme, t, words } from "./state";
import type { Word } from "./words";
import "./page.css";

/** Address, screen, name, and what an account must be permitted to see it. */
const PLACES: [string, string, Word, string][] = [
  ["/rings", "rings", "rings", "list_rings"], ["/explore", "explore", "explore", "read_ring"], ["/path", "path", "path", "find_paths"],
  ["/cases", "cases", "cases", "list_cases"], ["/report", "report", "report", "read_reports"], ["/data", "data", "data", "read_data"], ["/settings", "settings", "settings", "look"],
];
/** Without accounts cases and the log are shown with what to do about it. */
const shows = (action: string) => may(action) || (session.value?.sign_in === false && action === "list_cases");

type Screens = typeof import("./late")["SCREENS"];
const late = signal<Screens | null>(null);
const isLate = (name: string): name is keyof Screens => ["cases", "case", "report", "settings"].includes(name);

/** A screen that is loaded when it is opened; a line that broke is tried again when it is opened again. */
function Late({ name, id }: { name: keyof Screens; id: string }) {
  const lost = useSignal(false);
  useEffect(() => {
    if (!late.value) import("./late").then((all) => { late.value = all.SCREENS; }, () => { lost.value = true; });
  }, []);
  const Shown = late.value?.[name];
  return Shown ? <Shown id={id} /> : <p class="loading" role="status">{t(lost.value ? "late_lost" : "loading")}</p>;
}

function Page() {
  const { name, id } = screen.value;
  const trouble = useSignal<Refusal | null>(null);
  useEffect(() => {
    const failed = (error: unknown) => { if (error instanceof Refused) trouble.value = error.refusal; };
    void lookWho().catch(failed);
    return signedOut.subscribe((times) => {
      if (times === 0) return;
      reveal(null);
      void lookWho().catch(failed);
    });
  }, []);
  const who = session.value;
  const inside = who !== null && (!who.sign_in || who.account !== null) && !who.choose_password;
  const account = who?.account ?? "";
  useEffect(() => {
    if (!inside) return;
    const failed = (error: unknown) => { if (error instanceof Refused) trouble.value = error.refusal; };
    ask<Words>("/v1/words").then((all) => (words.value = all), failed);
    let wait = 0;
    const look = () =>
      ask<Status>("/v1/status").then((now) => { status.value = now; trouble.value = null; }, failed).finally(() => {
        wait = window.setTimeout(look, status.value?.ready ? 20_000 : 1_500);
      });
    look();
    return () => clearTimeout(wait);
  }, [inside, account]);
  const place = PLACES.find((one) => one[1] === ({ case: "cases", ring: "rings", entity: "rings" }[name] ?? name)) ?? PLACES[0];
  document.title = `${t(place[2])} · medring`;
  if (who !== null && !inside) {
    return (
      <div class="alone">
        <header class="top"><b>medring</b><span class="notice">{t("notice")}</span><span class="grow" /><button onClick={() => switchTheme()} title={t("theme")} aria-label={t("theme")}>◑</button><button id="language" onClick={() => switchLang()}>{t("language")}</button></header>
        <main id="main" key={lang.value}>{who.choose_password ? <ChoosePassword must /> : <SignIn />}{trouble.value && <Trouble refusal={trouble.value} />}</main>
      </div>
    );
  }
  const seen = shows({ ring: "read_ring", entity: "read_entity", settings: "look" }[name] ?? place[3]);
  const now = status.value;
  return (
    <>
      <a class="skip" href="#main">{t("open")}</a>
      <nav class="rail" aria-label="medring">
        <Link to="/rings" class="logo" title="medring"><img src="/icon.svg" alt="medring" width="28" height="28" /></Link>
        {PLACES.filter((one) => shows(one[3])).map(([to, key, word]) => (
          <Link key={to} to={to} class={name === key || (key === "rings" && name === "ring") || (key === "cases" && name === "case") ? "on" : undefined}><Sign name={key} />{t(word)}</Link>
        ))}
      </nav>
      <header class="top">
        {may("search") && <button class="find" onClick={() => (dialog.value = "search")}>{t("search")} <kbd>/</kbd></button>}
        <button class="find" id="palette" onClick={() => (dialog.value = "palette")}>{t("palette")} <kbd>Ctrl K</kbd></button>
        <span class="notice">{t("notice")}</span>
        <span class="grow" />
        <EpochChip />
        {!revealed.value && <span class="chip" title={t("masked_help")}>◐ {t("masked")}</span>}
        <WhoChips />
        <button onClick={() => switchTheme()} title={t("theme")} aria-label={t("theme")}>◑</button>
        <button id="language" onClick={() => switchLang()}>{t("language")}</button>
        <button onClick={() => (dialog.value = "help")} aria-label={t("help")} title={t("help")}>?</button>
      </header>
      <main id="main" key={lang.value}>
        {now?.demo && <p class="demo">{t("demo")}</p>}
        {trouble.value && <Trouble refusal={trouble.value} />}
        <PastBanner />
        {words.value && who && !seen && <p class="nothing soft">{t("not_permitted")}</p>}
        {words.value && who && seen && (name === "ring" && id ? <RingScreen key={id} id={id} /> : name === "explore" ? <ExploreScreen /> : name === "path" ? <PathsScreen /> : name === "entity" && id ? <EntityScreen key={id} id={id} /> : name === "data" ? <DataScreen /> : isLate(name) ? <Late name={name} id={id} /> : <RingsScreen />)}
      </main>
      {dialog.value === "search" && <Search />}
      {dialog.value === "help" && <Help />}
      {dialog.value === "epoch" && <EpochDialog />}
      {now?.demo && seen && words.value && <Tour />}
      {dialog.value === "palette" && <Palette commands={commands()} />}
      {dialog.value === "reveal" && <RevealDialog />}
      {dialog.value === "case" && <CaseDialog />}
      <Watermark />
    </>
  );
}

/** What can be done on every screen. */
function commands(): Command[] {
  const keys: Record<string, string> = { rings: "g r", explore: "g x", path: "g p", cases: "g c", data: "g d", settings: "g s" };
  const all: (Command | false)[] = [
    ...PLACES.filter((one) => shows(one[3])).map(([to, key, word]) => ({ word, key: keys[key], run: () => go(to) })),
    may("search") && { word: "search", key: "/", run: () => (dialog.value = "search") },
    may("reveal") && !revealed.value && scope.value.length > 0 && { word: "reveal", key: "m", run: () => (dialog.value = "reveal") },
    revealed.value !== null && { word: "hide_again", key: "m", run: () => reveal(null) },
    { word: "epoch_choose", run: () => (dialog.value = "epoch") },
    param("as_of") !== "" && { word: "to_now", run: () => set({ as_of: undefined }, false) },
    status.value?.demo === true && { word: "tour", run: beginTour },
    { word: "theme", run: switchTheme },
    { word: "switch_language", key: "L", run: switchLang },
    { word: "copy_address", run: () => void navigator.clipboard?.writeText(location.href) },
    { word: "help", key: "?", run: () => (dialog.value = "help") },
    session.value?.account !== null && session.value !== null && { word: "sign_out", run: () => void leave() },
  ];
  return all.filter((one): one is Command => one !== false);
}

function Search() {
  const field = useRef<HTMLInputElement>(null);
  const found = useSignal<Found | null>(null);
  const trouble = useSignal<Refusal | null>(null);
  useEffect(() => field.current?.focus(), []);
  const look = async (event: Event) => {
    event.preventDefault();
    try {
      [found.value, trouble.value] = [await find(field.current!.value.trim()), null];
    } catch (error) {
      if (error instanceof Refused) trouble.value = error.refusal;
    }
  };
  const open = (path: string) => {
    dialog.value = null;
    go(path);
  };
  return (
    <Dialog title={t("search")}>
      <form onSubmit={look} class="finder"><input ref={field} type="text" autocomplete="off" spellcheck={false} placeholder={t("search_hint")} aria-label={t("search_hint")} /><button type="submit">{t("search")}</button></form>
      {trouble.value && <Trouble refusal={trouble.value} />}
      {found.value && found.value.parties.length + found.value.rings.length === 0 && <p class="soft">{t("search_none")}</p>}
      <ul class="hits">
        {found.value?.rings.map((ring) => <li key={ring.id}><button onClick={() => open(`/ring/${ring.id}`)}><span class="mono">{ring.id}</span> {named("typologies", ring.typology)}</button></li>)}
        {found.value?.parties.map((party) => <li key={party.token}><button onClick={() => open(`/entity/${party.token}`)}><Mark kind={party.kind} /> {named("kinds", party.kind)} {party.id}</button></li>)}
      </ul>
    </Dialog>
  );
}

const KEYS: [string, Word][] = [
  ["j k", "key_move"], ["Enter o", "key_open"], ["/", "key_search"], ["g r · p · x · d · c · o · s", "key_go"], ["n m", "key_case"], ["1 – 7", "key_tabs"], ["e h p c b i l f t u U", "key_graph"], ["Ctrl K", "palette"], ["L", "key_lang"], ["?", "key_help"],
];
function Help() {
  return <Dialog title={t("help")}><dl class="keys">{KEYS.map(([key, word]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{t(word)}</dd></div>)}</dl></Dialog>;
}

render(<Page />, document.getElementById("page")!);
