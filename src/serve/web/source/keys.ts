// Single letters, never inside a field: what each does on which screen.
import { useEffect, useRef } from "preact/hooks";
import { dialog, go, may, reveal, revealed, scope, switchLang } from "./state";

type Press = (event: KeyboardEvent) => boolean | void;
const screens = new Set<Press>();
/** When `g` was pressed; never, to begin with: a page that was just loaded is young enough for any number. */
let prefix = -Infinity;

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

addEventListener("keydown", (event) => {
  if (event.key === "Escape" && dialog.value) {
    dialog.value = null;
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    dialog.value = dialog.value === "palette" ? null : "palette";
    return;
  }
  if (isTyping(event.target)) {
    if (event.key === "Escape") (event.target as HTMLElement).blur();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || dialog.value) return;
  if (event.key === "/") {
    event.preventDefault();
    dialog.value = "search";
  } else if (event.key === "?") dialog.value = "help";
  else if (event.key === "g") prefix = performance.now();
  else if (performance.now() - prefix < 1500 && /^[rpxdcos]$/.test(event.key)) {
    prefix = -Infinity;
    go(({ r: "/rings", p: "/path", x: "/explore", d: "/data", c: "/cases", o: "/report", s: "/settings" } as Record<string, string>)[event.key]);
  } else if (event.key === "L") switchLang();
  else if (event.key === "m" && revealed.value) reveal(null);
  else if (event.key === "m" && may("reveal") && scope.value.length) dialog.value = "reveal";
  else for (const press of screens) if (press(event)) break;
});

/** Keys of a screen, as long as it is shown. */
export function useKeys(press: Press) {
  const now = useRef(press);
  now.current = press;
  useEffect(() => {
    const mine: Press = (event) => now.current(event);
    screens.add(mine);
    return () => void screens.delete(mine);
  }, []);
}

/** j, k, Enter, o on a list. */
export function rowKeys(list: () => { rows: number; at: number; take: (at: number) => void; open: (at: number) => void }) {
  useKeys((event) => {
    const { rows, at, take, open } = list();
    if (!rows) return false;
    if (event.key === "j" || event.key === "ArrowDown") take(Math.min(rows - 1, at + 1));
    else if (event.key === "k" || event.key === "ArrowUp") take(Math.max(0, at - 1));
    else if (event.key === "o" || (event.key === "Enter" && !(event.target as HTMLElement)?.closest?.("a,button"))) open(at);
    else return false;
    event.preventDefault();
    return true;
  });
}
