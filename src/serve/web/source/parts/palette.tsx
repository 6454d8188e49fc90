// The command palette: every screen and every action that can be done now, found by Chinese, pinyin, initials or English.
import { signal, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { dialog, lang, t } from "../state";
import { WORDS, type Word } from "../words";
import { Dialog } from "./office";
import { fits } from "./pinyin";

export interface Command {
  word: Word;
  /** What it is about, where the word alone does not say. */
  about?: string;
  key?: string;
  run: () => void;
}

/** Actions of the screen that is shown. */
const offered = signal<Command[]>([]);
export function useCommands(commands: Command[]) {
  const now = useRef(commands);
  now.current = commands;
  const key = commands.map((one) => one.word + (one.about ?? "")).join(" ");
  useEffect(() => {
    offered.value = now.current.map((one, at) => ({ ...one, run: () => now.current[at]?.run() }));
    return () => {
      offered.value = [];
    };
  }, [key]);
}

const score = (command: Command, typed: string): number =>
  Math.max(...WORDS[command.word].map((text) => fits(text, typed)), command.about ? fits(command.about, typed) : 0);

export function Palette({ commands }: { commands: Command[] }) {
  const field = useRef<HTMLInputElement>(null);
  const typed = useSignal("");
  const at = useSignal(0);
  useEffect(() => field.current?.focus(), []);
  const all = [...offered.value, ...commands];
  const found = all.map((one) => ({ one, score: score(one, typed.value) })).filter((each) => each.score > 0);
  found.sort((a, b) => b.score - a.score);
  const chosen = Math.min(at.value, found.length - 1);
  const run = (command?: Command) => {
    if (!command) return;
    dialog.value = null;
    command.run();
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) at.value = (chosen + step + found.length) % found.length;
    else if (event.key === "Enter") run(found[chosen]?.one);
    else return;
    event.preventDefault();
    document.querySelector(`#command-${at.value}`)?.scrollIntoView({ block: "nearest" });
  };
  const other = lang.value === "zh" ? 1 : 0;
  return (
    <Dialog title={t("palette")}>
      <input ref={field} class="whole" type="text" autocomplete="off" spellcheck={false} role="combobox" aria-expanded="true" aria-controls="commands"
        aria-activedescendant={chosen >= 0 ? `command-${chosen}` : undefined} placeholder={t("palette_hint")} aria-label={t("palette_hint")}
        onInput={(event) => { typed.value = event.currentTarget.value; at.value = 0; }} onKeyDown={press} />
      <ul id="commands" class="commands" role="listbox" aria-label={t("palette")}>
        {found.map(({ one }, index) => (
          <li key={one.word + (one.about ?? "")} id={`command-${index}`} role="option" aria-selected={index === chosen} data-command={one.word} onClick={() => run(one)}>
            <span>{t(one.word)}{one.about && <span class="soft"> {one.about}</span>}</span>
            <span class="soft small">{WORDS[one.word][other]}</span>
            {one.key ? <kbd>{one.key}</kbd> : <span />}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class="soft">{t("palette_none")}</p>}
    </Dialog>
  );
}
