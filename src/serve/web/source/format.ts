// How numbers read: money in yuan, counts with separators, log-odds with a sign.
import { lang } from "./state";

export const count = (value: number): string => value.toLocaleString("en-US");
export function yuan(fen: number): string {
  const value = Math.trunc(fen / 100);
  return (value < 0 ? "−¥" : "¥") + Math.abs(value).toLocaleString("en-US");
}
/** Short, for columns: 12.3万 or 123k. */
export function short(fen: number): string {
  const value = Math.trunc(fen / 100);
  const size = Math.abs(value);
  const sign = value < 0 ? "−" : "";
  if (lang.value === "zh") {
    if (size >= 1e8) return `${sign}¥${(size / 1e8).toFixed(2)}亿`;
    if (size >= 1e4) return `${sign}¥${(size / 1e4).toFixed(1)}万`;
  } else {
    if (size >= 1e6) return `${sign}¥${(size / 1e6).toFixed(2)}m`;
    if (size >= 1e4) return `${sign}¥${(size / 1e3).toFixed(0)}k`;
  }
  return `${sign}¥${size.toLocaleString("en-US")}`;
}
export const odds = (value: number): string => (value < 0 ? "−" : "") + Math.abs(value).toFixed(2);
/** How many leads chance alone would give: below a thousandth it says so, not nought. */
export const chance = (value: number): string => (value < 0.001 ? "< 0.001" : value.toFixed(3));
export const signed = (value: number): string => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(2);
export function moment(seconds: number): string {
  const at = new Date(seconds * 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
export const span = (first: string | null, last: string | null): string =>
  !first ? "" : !last || first === last ? first : `${first} – ${last}`;
