// Does what somebody typed mean this text: by its characters, by pinyin, by initials, or by any mixture of them?
import { READINGS } from "pinyin";

const table = new Map<string, string[]>();
for (const part of READINGS.split(" ")) {
  const read = part.match(/^[a-z]+/)![0];
  for (const letter of part.slice(read.length)) table.set(letter, [...(table.get(letter) ?? []), read]);
}

/** Whether the rest of what was typed can be read from here on; each character takes its own self or a beginning of its reading. */
function reads(text: string[], at: number, typed: string): boolean {
  if (!typed) return true;
  if (at >= text.length) return false;
  const letter = text[at];
  const known = table.get(letter);
  if (letter === typed[0] && reads(text, at + 1, typed.slice(1))) return true;
  if (!known) return !/[\p{L}\p{N}]/u.test(letter) && reads(text, at + 1, typed);
  return known.some((read) => {
    for (let long = Math.min(read.length, typed.length); long > 0; long--)
      if (read.startsWith(typed.slice(0, long)) && reads(text, at + 1, typed.slice(long))) return true;
    return false;
  });
}

/** 0 where it does not fit; more where it fits sooner. */
export function fits(text: string, typed: string): number {
  const asked = typed.toLowerCase().replace(/[\s']+/g, "");
  if (!asked) return 1;
  const letters = [...text.toLowerCase()].filter((letter) => letter.trim());
  for (let at = 0; at < letters.length; at++) {
    const starts = at === 0 || table.has(letters[at]) || !/[a-z0-9]/.test(letters[at - 1]);
    if (starts && reads(letters, at, asked)) return 1 / (1 + at);
  }
  return letters.join("").includes(asked) ? 0.01 : 0;
}
