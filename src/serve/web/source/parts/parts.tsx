// Small parts that several screens share.
import type { ComponentChildren, JSX } from "preact";
import type { Asked, Party, Refusal } from "../api";
import { corners, group } from "../graph/painter";
import { go, href, lang, named, rawId, set, t } from "../state";

/** A link inside the page; a click does not load it anew, a middle click opens a tab. */
export function Link(props: { to: string; params?: Record<string, string | number | undefined>; class?: string; title?: string; children: ComponentChildren }) {
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    go(props.to, props.params ?? {});
  };
  return <a href={href(props.to, props.params)} onClick={follow} class={props.class} title={props.title}>{props.children}</a>;
}

/** The shape of a kind, drawn, so that no font is asked for it. */
export function Mark({ kind }: { kind: string }) {
  const outline = corners(kind);
  return (
    <svg class={`mark k-${group(kind)}`} viewBox="-11 -11 22 22" role="img" aria-label={named("kinds", kind)}>
      {outline ? <polygon points={outline.map((point) => point.join(",")).join(" ")} /> : <circle r="7.5" />}
      {kind === "pharmacy" && <path d="M0 -5V5M-5 0H5" class="cross" />}
    </svg>
  );
}

const SIGNS: Record<string, string> = {
  rings: "M9.5 5a2.5 2.5 0 1 0 5 0 2.5 2.5 0 1 0-5 0M2.5 18a2.5 2.5 0 1 0 5 0 2.5 2.5 0 1 0-5 0M16.5 18a2.5 2.5 0 1 0 5 0 2.5 2.5 0 1 0-5 0M10.8 7.2 6.2 15.8M13.2 7.2l4.6 8.6M7.5 18h9", explore: "M12 3v5M12 16v5M3 12h5M16 12h5M12 9.5a2.5 2.5 0 1 0 .01 0",
  cases: "M3 7h18v13H3zM8.5 7V4h7v3M3 12h18", report: "M6 3h9l4 4v14H6zM15 3v4h4M9 12h6M9 16h6", settings: "M12 3l7 3v5.5c0 4.5-3 7.7-7 9.5-4-1.8-7-5-7-9.5V6zM9 12l2.2 2.2L15.5 10",
  path: "M4 18h.01M9 18h3.5a3.5 3.5 0 0 0 0-7h-2a3.5 3.5 0 0 1 0-7H16M14 1.8 16.5 4 14 6.2", data: "M4 6c0-3.2 16-3.2 16 0v12c0 3.2-16 3.2-16 0zM4 6c0 3.2 16 3.2 16 0M4 12c0 3.2 16 3.2 16 0",
};
/** A small line drawing. */
export function Sign({ name }: { name: string }) {
  return <svg class="sign" viewBox="0 0 24 24" aria-hidden="true"><path d={SIGNS[name]} /></svg>;
}
export const shownId = (party: Party): string => rawId(party.token) || party.id || named("kinds", party.kind);

/** A party, as a link to its page. */
export function PartyLink({ party, kind = false }: { party: Party; kind?: boolean }) {
  return (
    <Link to={`/entity/${party.token}`} class="party" title={`${named("kinds", party.kind)} ${party.id}${party.region ? ` · ${party.region}` : ""}`}>
      <Mark kind={party.kind} />
      {kind && <span class="soft">{named("kinds", party.kind)} </span>}
      <span class="id">{shownId(party)}</span>
    </Link>
  );
}

/** A ring, as a link to its dossier. */
export function RingLink({ id, children }: { id: string; children?: ComponentChildren }) {
  return <Link to={`/ring/${id}`} class="mono">{children ?? id}</Link>;
}

/** A curve of the last weeks. */
export function Spark({ values }: { values: number[] }) {
  const most = Math.max(1, ...values);
  const wide = 78 / values.length;
  return (
    <svg class="spark" viewBox="0 0 78 20" role="img" aria-label={`${t("curve_help")}: ${values.join(" ")}`}>
      <title>{t("curve_help")}</title>
      {values.map((value, at) => {
        const tall = value ? Math.max(1.5, 18 * Math.sqrt(value / most)) : 0.8;
        return <rect key={at} class={value ? "" : "none"} x={at * wide} y={20 - tall} width={wide - 0.8} height={tall} />;
      })}
    </svg>
  );
}

/** What went wrong, with what to do. */
export function Trouble({ refusal }: { refusal: Refusal }) {
  const zh = lang.value === "zh";
  const text = `${refusal.code} ${zh ? refusal.zh : refusal.en}`;
  return (
    <div class="trouble" role="alert">
      <b>{t("failed")}</b> <span class="mono">{refusal.code}</span>
      <p>{zh ? refusal.zh : refusal.en}</p>
      {(zh ? refusal.remedy_zh : refusal.remedy_en) && <p class="soft">{t("remedy")}: {zh ? refusal.remedy_zh : refusal.remedy_en}</p>}
      <button onClick={() => void navigator.clipboard?.writeText(text)}>{t("copy")}</button>
    </div>
  );
}

/** Shows an answer, or that it is under way, or what went wrong. */
export function Shown<T>({ asked, children }: { asked: Asked<T>; children: (data: T) => JSX.Element | null }) {
  if (asked.refused) return <Trouble refusal={asked.refused} />;
  if (asked.data === null) return asked.busy ? <p class="loading" role="status">{t("loading")}</p> : null;
  return <div class={asked.busy ? "busy" : undefined}>{children(asked.data)}</div>;
}

export function Tabs({ name, all, chosen }: { name: string; all: [string, ComponentChildren][]; chosen: string }) {
  return (
    <div class="tabs" role="tablist">
      {all.map(([key, text]) => (
        <button key={key} role="tab" aria-selected={key === chosen} data-tab={key} onClick={() => set({ [name]: key === all[0][0] ? undefined : key })}>
          {text}
        </button>
      ))}
    </div>
  );
}

/** A table whose head stays in sight. */
export function Table({ heads, children, label }: { heads: (string | [string, string])[]; children: ComponentChildren; label: string }) {
  return (
    <div class="scroll" tabIndex={0}>
      <table aria-label={label}>
        <thead>
          <tr>{heads.map((head) => (typeof head === "string" ? <th key={head}>{head}</th> : <th key={head[0]} class={head[1]}>{head[0]}</th>))}</tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

/** Lets the browser fetch a file of the server. */
export function download(path: string) {
  const link = document.createElement("a");
  link.href = path;
  link.download = "";
  link.click();
}
export function save(blob: Blob, name: string) {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 2000);
}
