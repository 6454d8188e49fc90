// What the server answers; the same shapes as in /openapi.json.
import { signal, type Signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";

export interface Text { zh: string; en: string }
export interface Party { token: string; kind: string; id: string; region?: string; rings: number }
export interface Weighed { code: string; score: number; text: Text }
export interface RingRow {
  id: string; rank: number; typology: string; score: number; expected_by_chance: number; sentence: Text;
  reasons: Weighed[]; against: Weighed | null; persons: number; doctors: number; institutions: number; pharmacies: number;
  others: number; fund_fen: number; total_fen: number; first_day: string; last_day: string; regions: string[];
  event: string | null; event_epoch: number | null; curve: number[];
}
export interface Counted { name: string; count: number }
export interface Rings {
  epoch: number; all: number; total: number; offset: number; fund_fen: number; rings: RingRow[]; typologies: Counted[];
  events: Counted[]; regions: Counted[];
}
export interface Factor { code: string; score: number; text: Text; facts: number }
export interface MemberRow { party: Party; role: string; strength: number; why: Text; ties: number; also: string[] }
export interface EventRow { epoch: number; kind: string; joined: number; left: number; from: string[]; to: string[] }
export interface VersionRow {
  from: number; until: number | null; rank: number; typology: string; score: number; members: number; total_fen: number;
  fund_fen: number;
}
export interface Ring {
  epoch: number; latest: number; ring: RingRow; typologies: Weighed[]; base: number; factors: Factor[];
  counter_evidence: Weighed[]; members: MemberRow[]; events: EventRow[]; versions: VersionRow[];
}
export interface NodeRow {
  party: Party; role: string | null; head: boolean; degree: number; neighbours: number | null; x: number; y: number;
}
export interface TieRow {
  a: number; b: number; weight: number; occasions: number; kinds: string[]; first: string | null; last: string | null;
}
export interface Graph {
  epoch: number; id: string; width: number; height: number; nodes: NodeRow[]; nodes_all: number; ties: TieRow[];
  ties_all: number; visits: [number, number][];
}
export interface FactRow {
  row: string; table: string; day: string | null; end: string | null; class: string | null; parties: Party[];
  total_fen: number | null; fund_fen: number | null; factors: string[]; file: string | null; file_row: number | null;
  read_in: number | null;
}
export interface Facts { epoch: number; total: number; offset: number; facts: FactRow[] }
export interface Bar { day: string; end: string; class: string; people: number; total_fen: number }
export interface Lane { party: Party; people: number; bars: Bar[] }
export interface Timeline { epoch: number; first: string | null; last: string | null; lanes: Lane[]; lanes_all: number }
export interface Entity {
  epoch: number; graph_epoch: number; party: Party; rings: { ring: RingRow; role: string; strength: number }[];
  kinds: Counted[]; neighbours: number; months: { month: string; facts: number; total_fen: number }[];
  first: string | null; last: string | null; facts: number;
}
export interface Neighbour {
  party: Party; facts: number; total_fen: number; first: string | null; last: string | null; neighbours: number;
  rings: string[];
}
export interface Neighbours { graph_epoch: number; party: Party; total: number; offset: number; neighbours: Neighbour[] }
export interface Hop {
  from: Party; to: Party; day: string | null; text: Text; facts: number;
  shown: { row: string; day: string | null; fen: number }[];
}
export interface Paths {
  graph_epoch: number; from: Party; to: Party; paths: { cost: number; weakest: number; hops: Hop[] }[]; none: Text | null;
  limits: Text[]; work: number;
}
export interface Status {
  version: string; epoch: number; graph_epoch: number | null; ready: boolean; lost: string | null; rings: number;
  last_day: string | null; committed_at: number | null; waiting: number; queue_max: number; body_max: number; demo: boolean;
  parties: number | null; links: number | null;
}
export interface Data {
  epoch: number; batches_all: number;
  batches: { epoch: number; batch_id: string | null; rows: number; committed_at: number }[];
  tables: Record<string, number | string>[];
  reasons: { table: string; code: string; zh: string; en: string; rows: number }[];
}
interface Said { zh: string; en: string }
export interface Reports { reports: { period: string; rhythm: string; first_day: string; last_day: string; batches: number; epoch: number }[] }
export interface Report {
  period: string; rhythm: string; first_day: string; last_day: string; epoch: number; epoch_before: number; moment: number; rings: number;
  totals: { code: string; name: Said; now: number; before: number; money: boolean }[];
  changes: { event: string; name: Said; count: number }[];
  top: { ring: string; rank: number; name: Said; score: number; sentence: Said; persons: number; regions: string[]; fund_fen: number; new: boolean }[];
  regions: { region: string; rings: number; new: number; fund_fen: number }[];
  typologies: { typology: string; name: Said; rings: number; new: number; confirmed: number; refuted: number; false_positive_rate: number | null }[];
  stages: { stage: string; name: Said; cases: number; overdue: number }[];
  corrections: { ring: string; what: string; name: Said; before: string; after: string }[];
}
export interface Found { epoch: number; parties: Party[]; rings: RingRow[] }
export interface Session {
  sign_in: boolean; account: string | null; role: string | null; regions: string[]; may: string[]; ends_at: number | null;
  choose_password: boolean;
}
export interface Reveal { account: string; at: number; until: number; parties: { token: string; id: string }[] }
export interface Stage {
  id: string; zh: string; en: string; hours: number; officers: number; evidence: boolean; approval: boolean; verdict: boolean; next: string[];
}
export interface CaseReason { code: string; verdict: string; zh: string; en: string }
export interface CaseRow {
  id: string; title: string; stage: string; stage_since: number; due_at: number | null; clock: string; owner: string;
  second: string | null; members: string[]; opened_at: number; opened_by: string; rings: number; fund_fen: number;
  asked: { number: number; to: string; by: string; change: string | null } | null; verdict: string | null; reason: string | null; decided_at: number | null;
  merged_into: string | null;
}
export interface Change { kind: string; case: string | null; title: string | null; rings: string[]; documents: number[] }
/** What a case would hand over. */
export interface Bundle {
  files: { path: string; bytes: number; sha256: string }[]; kinds: { kind: string; count: number }[];
  named: { ring: string; token: string; kind: string; id: string; role: string }[]; named_all: number; missing: Text | null; public_key: string;
}
export interface Cases { stages: Stage[]; reasons: CaseReason[]; officers: string[]; cases: CaseRow[] }
export interface CaseFile {
  case: CaseRow; may: string[]; next: { stage: string; approval: boolean; verdict: boolean; missing: Text[] }[];
  rings: {
    ring: string; epoch: number; typology: string; score: number; fund_fen: number; persons: number; added_at: number; added_by: string;
    unchanged: boolean; claims: { code: string; score: number; text: Text; rows: number; proven: boolean }[];
  }[];
  evidence: { number: number; ring: string; claims: string[]; said: string; sha256: string; intact: boolean; at: number; by: string }[];
  evidence_all: number; evidence_sha256: string; notes: { number: number; at: number; by: string; text: string }[];
  tasks: { number: number; at: number; by: string; text: string; assignee: string; due: string | null; done_at: number | null; done_by: string | null }[];
  steps: {
    number: number; at: number; by: string; from: string; to: string; state: string; why: string; verdict: string | null;
    reason: string | null; decided_by: string | null; decided_at: number | null; change: Change | null;
  }[];
  documents: {
    number: number; at: number; by: string; name: string; media: string; bytes: number; sha256: string; removed: boolean;
    changes: { at: number; by: string; removed: boolean; why: string }[];
  }[];
  handover: { step: number | null; agreed_at: number | null; missing: Text | null };
  sealed: { number: number; at: number; by: string; sha256: string; bytes: number; files: number; revealed: boolean; step: number }[];
  receipts: { at: number; by: string; document: number; sealed: number; stage: string }[];
  canvases: { number: number; at: number; by: string; title: string; note: string; ring: string | null; party: string | null; epoch: number; steps: string }[];
}
export interface Accounts {
  accounts: { name: string; role: string; regions: string[]; disabled: boolean; created_at: number; given_by: string | null; waits: boolean }[]; roles: string[]; password_min: number;
}
export interface Audit {
  total: number; older: number | null;
  entries: { seq: number; at_ms: number; actor: string; role: string; action: string; object: string; detail: string; outcome: string; hash: string }[];
}
export interface AuditVerified { whole: boolean; count: number; head: string; flaws: string[] }
export type Words = Record<
  "typologies" | "look_alikes" | "roles" | "kinds" | "occasions" | "classes" | "events",
  Record<string, Text>
>;
export interface Refusal { code: string; zh: string; en: string; remedy_zh: string; remedy_en: string }

export class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.en);
  }
}

/** Counts how often the server said that nobody is signed in. */
export const signedOut = signal(0);

async function answer<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T;
  if (response.ok) return response.json();
  const body = await response.json().catch(() => null);
  if (body?.code === "MR-WEB-013") signedOut.value++;
  throw new Refused(
    body?.code
      ? body
      : { code: `HTTP ${response.status}`, zh: "服务器没有应答", en: "the server did not answer", remedy_zh: "", remedy_en: "" },
  );
}
function unreachable(error: unknown): never {
  if (error instanceof Refused || (error instanceof DOMException && error.name === "AbortError")) throw error;
  throw new Refused({
    code: "MR-WEB-000",
    zh: "无法连接服务器",
    en: "the server cannot be reached",
    remedy_zh: "确认 medring serve 正在运行，然后重试",
    remedy_en: "see that medring serve is running, then try again",
  });
}

export function query(params: Record<string, unknown>): string {
  const next = new URLSearchParams();
  for (const [name, value] of Object.entries(params))
    if (value !== undefined && value !== null && value !== "") next.set(name, String(value));
  const text = next.toString();
  return text ? `?${text}` : "";
}
export const ask = <T>(path: string, signal?: AbortSignal): Promise<T> =>
  fetch(path, { signal }).then((response) => answer<T>(response)).catch(unreachable);
/** Writes. The header shows the server that our own page does it: a page of another site cannot send it. */
export const post = <T>(path: string, body: unknown = {}): Promise<T> =>
  fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", "x-medring": "page" },
    body: JSON.stringify(body),
  }).then((response) => answer<T>(response)).catch(unreachable);
/** Writes, and what comes back is a file. */
export const postForFile = async (path: string, body: unknown): Promise<Blob> => {
  const headers = { "content-type": "application/json", "x-medring": "page" };
  const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) }).catch(unreachable);
  return response.ok ? response.blob() : answer<Blob>(response);
};
/** Sends a file as it is. */
export const sendFile = <T>(path: string, file: Blob): Promise<T> =>
  fetch(path, { method: "POST", headers: { "content-type": "application/octet-stream", "x-medring": "page" }, body: file })
    .then((response) => answer<T>(response)).catch(unreachable);
export const find = (text: string): Promise<Found> => post<Found>("/v1/search", { text });

export interface Asked<T> { data: T | null; refused: Refusal | null; busy: boolean; path: string }

/** Asks again whenever the address changes; keeps the last answer while the next one is under way. */
export function useAsked<T>(path: string | null): Signal<Asked<T>> {
  const state = useMemo(() => signal<Asked<T>>({ data: null, refused: null, busy: path !== null, path: "" }), []);
  useEffect(() => {
    if (path === null) {
      state.value = { data: null, refused: null, busy: false, path: "" };
      return;
    }
    const control = new AbortController();
    state.value = { ...state.value, busy: true, refused: null };
    const again = (times: number) =>
      ask<T>(path, control.signal).then(
        (data) => (state.value = { data, refused: null, busy: false, path }),
        (error) => {
          if (!(error instanceof Refused)) return;
          // The graph is being built: it will be there in a moment.
          if (error.refusal.code === "MR-WEB-005" && times < 60) setTimeout(() => !control.signal.aborted && again(times + 1), 1000);
          else state.value = { data: null, refused: error.refusal, busy: false, path };
        },
      );
    again(0);
    return () => control.abort();
  }, [path]);
  return state;
}
