// Two cases become one, or one two: asked for here, agreed to by somebody else.
import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { ask, Refused, type CaseFile, type Change } from "../api";
import { count, short } from "../format";
import { Link, RingLink } from "../parts/parts";
import { many, named, session, t } from "../state";
import type { Word } from "../words";
import type { Part } from "./case";

/** What a merge or a split does, in a line. */
export function Changed({ change }: { change: Change }) {
  return (
    <span data-change={change.kind}>
      {t(`change_${change.kind}` as Word)} {change.case && <Link to={`/case/${change.case}`} class="mono">{change.case}</Link>} {change.title}
      {change.rings.length > 0 && <> · {change.rings.map((ring) => <span key={ring}><RingLink id={ring} /> </span>)}</>}
      {change.documents.length > 0 && <> · {t("documents")} {change.documents.join(", ")}</>}
    </span>
  );
}

export function Rearrange(part: Part) {
  return (
    <>
      <details class="own" id="merge"><summary>{t("merge")}</summary><Merge {...part} /></details>
      <details class="own" id="split-case"><summary>{t("split_case")}</summary><Split {...part} /></details>
    </>
  );
}

function Merge({ file, board, deed }: Part) {
  const chosen = useSignal("");
  const other = useSignal<CaseFile | null>(null);
  const why = useRef<HTMLInputElement>(null);
  const own = session.value?.account ?? "";
  const row = file.case;
  const fits = board.cases.filter((one) => one.id !== row.id && one.stage === row.stage && !one.merged_into && [one.owner, one.second, ...one.members].includes(own));
  useEffect(() => {
    other.value = null;
    // Whoever may merge a case may read it; what it came to meanwhile is said when the form is sent.
    if (chosen.value) ask<CaseFile>(`/v1/cases/${chosen.value}`).then((found) => (other.value = found), (error) => { if (!(error instanceof Refused)) throw error; });
  }, [chosen.value]);
  if (fits.length === 0) return <p class="soft">{t("merge_none")}</p>;
  const send = (event: Event) => {
    event.preventDefault();
    deed("/merge", { case: chosen.value, why: why.current!.value });
  };
  const team = (one: CaseFile["case"]) => [one.owner, one.second, ...one.members].filter((name): name is string => Boolean(name));
  const joins = other.value ? team(other.value.case).filter((name) => !team(row).includes(name)) : [];
  return (
    <form class="form" onSubmit={send}>
      <p class="soft small">{t("merge_help")}</p>
      <label><span>{t("merge_which")}</span><select name="case" required value={chosen.value} onChange={(event) => (chosen.value = event.currentTarget.value)}><option value="" />{fits.map((one) => <option key={one.id} value={one.id}>{one.id} {one.title}</option>)}</select></label>
      {other.value && (
        <p class="small" id="merge-effect">{t("effect")}: +{many(other.value.rings.filter((one) => !file.rings.some((ring) => ring.ring === one.ring)).length, "rings")} · +{count(other.value.evidence_all)} {t("rows")} · +{count(other.value.documents.filter((one) => !one.removed).length)} {t("documents")}{joins.length > 0 && <> · {t("merge_joins")} {joins.join("、")}</>}</p>
      )}
      <label><span>{t("why_step")}</span><input ref={why} name="why" required maxLength={2000} /></label>
      <button type="submit">{t("ask_approval")}</button>
    </form>
  );
}

function Split({ file, deed }: Part) {
  const form = useRef<HTMLFormElement>(null);
  if (file.rings.length < 2) return <p class="soft">{t("split_none")}</p>;
  const send = (event: Event) => {
    event.preventDefault();
    const given = new FormData(form.current!);
    deed("/split", { title: given.get("title"), why: given.get("why"), rings: given.getAll("ring"), documents: given.getAll("document").map(Number) });
  };
  const papers = file.documents.filter((one) => !one.removed);
  return (
    <form class="form" ref={form} onSubmit={send}>
      <p class="soft small">{t("split_help")}</p>
      <label><span>{t("case_title")}</span><input name="title" required maxLength={200} /></label>
      <fieldset class="checks"><legend>{t("split_rings")}</legend>{file.rings.map((one) => <label key={one.ring}><input type="checkbox" name="ring" value={one.ring} /> {named("typologies", one.typology)} <span class="mono soft">{one.ring}</span> {short(one.fund_fen)}</label>)}</fieldset>
      {papers.length > 0 && <fieldset class="checks"><legend>{t("split_documents")}</legend>{papers.map((one) => <label key={one.number}><input type="checkbox" name="document" value={one.number} /> #{one.number} {one.name}</label>)}</fieldset>}
      <label><span>{t("why_step")}</span><input name="why" required maxLength={2000} /></label>
      <button type="submit">{t("ask_approval")}</button>
    </form>
  );
}
