// Five steps through the demo: a list, the reasons, their rows, the canvas, and what speaks against it. Shown once.
import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { useAsked, type Rings } from "../api";
import { go, keep, kept, screen, t } from "../state";
import type { Word } from "../words";

const KEY = "medring.tour";
/** The step that is shown; nothing once somebody went through or skipped it. Whoever follows a link is not led away from it. */
const step = signal<number | null>(kept(KEY) !== "done" && screen.value.name === "rings" && !location.search.includes("=") ? 0 : null);

const STEPS: [Word, (ring: string) => [string, Record<string, string>], string][] = [
  ["tour_1", () => ["/rings", {}], ".rings li"],
  ["tour_2", (ring) => [`/ring/${ring}`, {}], ".waterfall"],
  ["tour_3", (ring) => [`/ring/${ring}`, { tab: "evidence" }], ".factrows"],
  ["tour_4", (ring) => ["/explore", { ring }], ".stage .frame"],
  ["tour_5", (ring) => [`/ring/${ring}`, { tab: "against" }], ".dossier section"],
];

export function beginTour() {
  step.value = 0;
  go("/rings");
}

export function Tour() {
  const at = step.value;
  const asked = useAsked<Rings>(at === null ? null : "/v1/rings?limit=1");
  const ring = asked.value.data?.rings[0]?.id;
  const card = useRef<HTMLElement>(null);
  useEffect(() => {
    if (at === null) return;
    const mark = () => {
      const target = document.querySelector(STEPS[at][2]);
      if (target && !target.classList.contains("toured")) target.classList.add("toured");
    };
    mark();
    const watch = new MutationObserver(mark);
    watch.observe(document.querySelector("main")!, { childList: true, subtree: true });
    return () => {
      watch.disconnect();
      for (const one of document.querySelectorAll(".toured")) one.classList.remove("toured");
    };
  }, [at]);
  if (at === null || !ring) return null;
  const end = () => {
    step.value = null;
    keep(KEY, "done");
  };
  const to = (next: number) => {
    if (!STEPS[next]) return end();
    step.value = next;
    go(...STEPS[next][1](ring));
    card.current?.querySelector<HTMLElement>("button.first")?.focus();
  };
  return (
    <aside ref={card} class="tour" aria-label={t("tour")} data-step={at + 1} onKeyDown={(event) => { if (event.key === "Escape") end(); }}>
      <p class="soft small">{t("tour")} {at + 1} / {STEPS.length}</p>
      <p aria-live="polite">{t(STEPS[at][0])}</p>
      <p class="actions">
        <button class="button first" id="tour-next" onClick={() => to(at + 1)}>{at + 1 < STEPS.length ? t("tour_next") : t("tour_end")}</button>
        {at > 0 && <button onClick={() => to(at - 1)}>{t("tour_back")}</button>}
        <button id="tour-skip" onClick={end}>{t("tour_skip")}</button>
      </p>
    </aside>
  );
}
