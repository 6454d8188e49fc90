// What somebody did on a canvas stays in their browser until they throw it away: steps and undone steps, opaque names only.
import { kept, keep, session } from "../state";

const KEY = "medring.drafts";
/** Drafts that are kept; the oldest goes first. */
const MOST = 20;
/** Steps that fit in an address; longer ones are kept beside it and the address holds their name. */
const ADDRESS = 6000;

export interface Draft { steps: string; undone: string[]; at: number }
type Drafts = Record<string, Draft>;

/** Two people at one machine do not find each other's. */
const own = (start: string): string => `${session.value?.account ?? ""}:${start}`;

function all(): Drafts {
  try {
    return JSON.parse(kept(KEY) ?? "{}") as Drafts;
  } catch {
    return {};
  }
}
export const draft = (start: string): Draft | null => all()[own(start)] ?? null;
export function saveDraft(start: string, steps: string, undone: string[]) {
  const drafts = all();
  delete drafts[own(start)];
  if (steps || undone.length) drafts[own(start)] = { steps, undone, at: Math.floor(Date.now() / 1000) };
  const names = Object.keys(drafts);
  for (const old of names.slice(0, Math.max(0, names.length - MOST))) delete drafts[old];
  keep(KEY, JSON.stringify(drafts));
}

/** Steps as they stand in the address. */
export function addressed(start: string, steps: string): string {
  if (steps.length <= ADDRESS) return steps;
  let hash = 2166136261;
  for (let at = 0; at < steps.length; at++) hash = Math.imul(hash ^ steps.charCodeAt(at), 16777619);
  const name = (hash >>> 0).toString(36);
  keep(`medring.long.${own(start)}`, JSON.stringify({ name, steps }));
  return `@${name}`;
}
/** Steps from the address; nothing where they were kept in another browser. */
export function fromAddress(start: string, text: string): string | null {
  if (!text.startsWith("@")) return text;
  try {
    const found = JSON.parse(kept(`medring.long.${own(start)}`) ?? "null") as { name: string; steps: string } | null;
    return found?.name === text.slice(1) ? found.steps : null;
  } catch {
    return null;
  }
}
