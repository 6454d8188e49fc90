// How a view on the canvas came about: where it began and every step since. The address holds them, so that a reload and a
// link give the same view, and undo takes away the last. Everything that changes what is seen is a step.
import { ask, query, type Entity, type Graph, type Neighbours } from "../api";
import { relaid } from "./layout";
import { empty, hidden, moved, ofParty, ofRing, type Model } from "./model";
import { aggregated, combined, expanded, split } from "./stacks";

export type Step =
  | { does: "e"; token: string; kind: string; order: string; limit: number }
  | { does: "a"; token: string; kind: string }
  | { does: "p"; token: string; x: number; y: number }
  | { does: "h" | "o" | "n" | "u" | "c"; tokens: string[] }
  | { does: "x"; token: string }
  | { does: "l" }
  /** What is shown: kinds, and a window of days. They change the view, not the model. */
  | { does: "k"; kinds: string[] }
  | { does: "t"; from: string; to: string };

/** So many letters of a token tell it from ten thousand others. */
const SHORT = 8;
export const short = (tokens: string[]): string => (tokens.length === 1 ? tokens[0] : tokens.map((one) => one.slice(0, SHORT)).join(""));
export const long = (text: string): string[] =>
  text.length % SHORT ? [text] : Array.from({ length: text.length / SHORT }, (_, at) => text.slice(at * SHORT, (at + 1) * SHORT));
/** The whole tokens of parties on the canvas. */
export function whole(model: Model, tokens: string[]): string[] {
  if (tokens.every((one) => model.nodes.has(one))) return tokens;
  const by = new Map([...model.nodes.keys()].map((token) => [token.slice(0, SHORT), token]));
  return tokens.map((one) => (model.nodes.has(one) ? one : by.get(one.slice(0, SHORT)))).filter((one): one is string => one !== undefined);
}

export function written(step: Step): string {
  switch (step.does) {
    case "e": return `e.${step.token}.${step.kind}.${step.order}.${step.limit}`;
    case "a": return `a.${step.token}.${step.kind}`;
    case "p": return `p.${step.token}.${Math.round(step.x)}.${Math.round(step.y)}`;
    case "x": return `x.${step.token}`;
    case "l": return "l";
    case "k": return `k.${step.kinds.join("-")}`;
    case "t": return `t.${step.from}.${step.to}`;
    default: return `${step.does}.${short(step.tokens)}`;
  }
}
export function read(text: string): Step[] {
  const steps: Step[] = [];
  for (const part of text.split("*").filter(Boolean)) {
    const [does, token = "", a = "", b = "", c = ""] = part.split(".");
    if (does === "e") steps.push({ does, token, kind: a, order: b, limit: Number(c) || 50 });
    else if (does === "a") steps.push({ does, token, kind: a });
    else if (does === "p") steps.push({ does, token, x: Number(a), y: Number(b) });
    else if (does === "x") steps.push({ does, token });
    else if (does === "l") steps.push({ does });
    else if (does === "k") steps.push({ does, kinds: token.split("-").filter(Boolean) });
    else if (does === "t") steps.push({ does, from: token, to: a });
    else if (does === "h" || does === "o" || does === "n" || does === "u" || does === "c") steps.push({ does, tokens: long(token) });
  }
  return steps;
}

const answers = new Map<string, Promise<unknown>>();
/** One request per step, however often the steps are gone through. */
function once<T>(path: string): Promise<T> {
  const known = answers.get(path);
  if (known) return known as Promise<T>;
  const asked = ask<T>(path);
  answers.set(path, asked);
  asked.catch(() => answers.delete(path));
  return asked;
}

async function begun(ring: string, party: string, as_of: string): Promise<Model> {
  if (ring) return ofRing(await once<Graph>(`/v1/rings/${encodeURIComponent(ring)}/graph${query({ as_of })}`));
  if (party) return ofParty((await once<Entity>(`/v1/entities/${party}`)).party);
  return empty();
}
async function after(model: Model, step: Step): Promise<Model> {
  switch (step.does) {
    case "h": return hidden(model, whole(model, step.tokens));
    case "o": {
      const kept = new Set(whole(model, step.tokens));
      return hidden(model, [...model.nodes.keys()].filter((token) => !kept.has(token)));
    }
    case "p": return moved(model, step.token, step.x, step.y, true);
    case "n":
    case "u": return whole(model, step.tokens).reduce((now, token) => {
      const { x, y } = now.nodes.get(token)!;
      return moved(now, token, x, y, step.does === "n");
    }, model);
    case "c": return combined(model, whole(model, step.tokens));
    case "x": return split(model, step.token);
    case "l": return relaid(model);
    case "a": {
      const { kinds } = await once<Entity>(`/v1/entities/${step.token}`);
      return aggregated(model, step.token, step.kind, kinds.find((one) => one.name === step.kind)?.count ?? 0);
    }
    case "e": {
      const { token, kind, order, limit } = step;
      const asked = query({ kind: kind === "all" ? "" : kind, order: order === "ring" ? "fen" : order, in_ring: order === "ring" ? true : "", limit });
      return expanded(model, token, (await once<Neighbours>(`/v1/entities/${token}/neighbours${asked}`)).neighbours);
    }
    default: return model;
  }
}

/** The last models that were made, so that undo and redo ask and lay out nothing. */
const made = new Map<string, Model>();
export async function model(ring: string, party: string, as_of: string, steps: Step[]): Promise<Model> {
  let name = `${ring}|${party}|${as_of}`;
  let now = made.get(name) ?? (await begun(ring, party, as_of));
  made.set(name, now);
  for (const step of steps) {
    name += `*${written(step)}`;
    now = made.get(name) ?? (await after(now, step));
    made.delete(name);
    made.set(name, now);
  }
  for (const old of made.keys()) {
    if (made.size <= 60) break;
    made.delete(old);
  }
  return now;
}
export const shownKinds = (steps: Step[]): Set<string> | null => {
  const last = [...steps].reverse().find((step) => step.does === "k");
  return last?.does === "k" && last.kinds.length ? new Set(last.kinds) : null;
};
export const shownDays = (steps: Step[]): [string, string] | null => {
  const last = [...steps].reverse().find((step) => step.does === "t");
  return last?.does === "t" && last.from && last.to ? [last.from, last.to] : null;
};
