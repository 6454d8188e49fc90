// What the whole page knows: the address, the language, the words of the server, its status.
import { computed, effect, signal } from "@preact/signals";
import { WORDS, type Word } from "./words";
import type { Reveal, Session, Status, Text, Words } from "./api";

export type Lang = "zh" | "en";

export function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
export function keep(key: string, value: string) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // A browser that keeps nothing still shows everything.
  }
}

const query = () => new URLSearchParams(location.search);
const startLang = (): Lang => {
  const asked = query().get("lang") ?? kept("medring.lang");
  return asked === "en" || asked === "zh" ? asked : "zh";
};

export const lang = signal<Lang>(startLang());
export const theme = signal<string>(kept("medring.theme") ?? "auto");
export const address = signal({ path: location.pathname, params: query() });
export const words = signal<Words | null>(null);
export const status = signal<Status | null>(null);
export const dialog = signal<"search" | "help" | "reveal" | "case" | "palette" | "epoch" | "canvas" | null>(null);
/** Who is signed in, and what they may do. */
export const session = signal<Session | null>(null);
export const may = (action: string): boolean => session.value?.may.includes(action) ?? false;
/** Tokens of the parties that a screen shows: whom a reveal is about. */
export const scope = signal<string[]>([]);
/** Raw identifiers, in memory only and until their time is up. */
export const revealed = signal<Reveal | null>(null);
let forget = 0;
export function reveal(answer: Reveal | null) {
  clearTimeout(forget);
  revealed.value = answer;
  if (answer) forget = window.setTimeout(() => (revealed.value = null), (answer.until - answer.at) * 1000);
}
export const rawId = (token: string): string | undefined => revealed.value?.parties.find((one) => one.token === token)?.id;

export const screen = computed(() => {
  const [, first = "", second = ""] = address.value.path.split("/");
  return { name: first || "rings", id: decodeURIComponent(second) };
});
export const param = (name: string) => address.value.params.get(name) ?? "";

/** The epoch that is looked at goes along to every screen, until somebody names another. */
const carried = (params: Record<string, string | number | undefined>) =>
  "as_of" in params || !address.value.params.get("as_of") ? params : { ...params, as_of: param("as_of") };

/** Goes to an address; parameters that are empty are left out. Language and epoch stay in the address. */
export function go(path: string, params: Record<string, string | number | undefined> = {}, replace = false) {
  const next = new URLSearchParams();
  for (const [name, value] of Object.entries(carried(params))) if (value !== undefined && value !== "") next.set(name, String(value));
  if (lang.value === "en") next.set("lang", "en");
  const text = next.toString();
  history[replace ? "replaceState" : "pushState"](null, "", path + (text ? `?${text}` : ""));
  address.value = { path, params: next };
  if (!replace) window.scrollTo(0, 0);
}
/** Changes some parameters of the present address. */
export function set(changes: Record<string, string | number | undefined>, replace = true) {
  const params: Record<string, string | number | undefined> = Object.fromEntries(address.value.params);
  go(address.value.path, { ...params, ...changes }, replace);
}
/** The address as a link, for real anchors: they open in new tabs, too. */
export function href(path: string, params: Record<string, string | number | undefined> = {}) {
  const next = new URLSearchParams();
  for (const [name, value] of Object.entries(carried(params))) if (value !== undefined && value !== "") next.set(name, String(value));
  if (lang.value === "en") next.set("lang", "en");
  const text = next.toString();
  return path + (text ? `?${text}` : "");
}

export function switchLang() {
  lang.value = lang.value === "zh" ? "en" : "zh";
  keep("medring.lang", lang.value);
  set({ lang: undefined });
}
export function switchTheme() {
  const dark = document.documentElement.dataset.theme === "dark";
  theme.value = dark ? "light" : "dark";
  keep("medring.theme", theme.value);
}

effect(() => {
  document.documentElement.lang = lang.value === "zh" ? "zh-CN" : "en";
});
const dark = matchMedia("(prefers-color-scheme: dark)");
export const scheme = signal(0);
effect(() => {
  void scheme.value;
  const is = theme.value === "auto" ? (dark.matches ? "dark" : "light") : theme.value;
  document.documentElement.dataset.theme = is;
});
dark.addEventListener("change", () => scheme.value++);
addEventListener("popstate", () => {
  address.value = { path: location.pathname, params: query() };
  const asked = query().get("lang");
  lang.value = asked === "en" ? "en" : "zh";
});

/** A text of the page. */
export const t = (word: Word): string => WORDS[word][lang.value === "zh" ? 0 : 1];
/** A count with what is counted, one of it in the singular. */
export const many = (value: number, word: Word): string => {
  const text = t(word);
  return `${value.toLocaleString("en-US")} ${lang.value === "en" && value === 1 ? text.replace(/ies$/, "y").replace(/s$/, "") : text}`;
};
/** A text of the server. */
export const said = (text: Text | null | undefined): string => (text ? text[lang.value] : "");
/** A name of the server's catalogue. */
export function named(group: keyof Words, word: string | null | undefined): string {
  if (!word) return "";
  const text = words.value?.[group]?.[word];
  return text ? text[lang.value] : word;
}
