/** Numbers, sizes, spans and dates as people say them. */

const LANGUAGE = "en";
const whole = new Intl.NumberFormat(LANGUAGE);
const clock = new Intl.DateTimeFormat(LANGUAGE, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const dayMonth = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long" });
const dayMonthYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" });
const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "short", day: "numeric" });
const shortDay = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const monthYear = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric" });
const exactTime = new Intl.DateTimeFormat("en-GB", { dateStyle: "full", timeStyle: "long" });
const DAY = 86_400_000;

/** "4,812" */
export function number(value) {
  return whole.format(value);
}

/** "1 message", "48 messages" */
export function count(value, one, many = `${one}s`) {
  return `${number(value)} ${value === 1 ? one : many}`;
}

/** Bytes as "2.1 GB", in powers of a thousand as file managers do. */
export function size(bytes) {
  if (bytes < 1000) return count(bytes, "byte");
  const units = ["kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = -1;
  do {
    value /= 1000;
    unit += 1;
  } while (value >= 999.5 && unit < units.length - 1);
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** Seconds as "12 s", "3 min", "1 h 20 min". */
export function span(seconds) {
  if (seconds < 59.5) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest ? `${Math.floor(minutes / 60)} h ${rest} min` : `${minutes / 60} h`;
}

function midnight(date) {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** "today", "yesterday", "12 May" this year, "12 May 2024" before. */
export function day(iso, now = new Date()) {
  const date = new Date(iso);
  const days = Math.round((midnight(now) - midnight(date)) / DAY);
  if (days === 0) return "today";
  if (days === 1) return "yesterday";
  return (date.getFullYear() === now.getFullYear() ? dayMonth : dayMonthYear).format(date);
}

/** "yesterday 14:05", "12 May 2024" — the hour only while it still matters. */
export function when(iso, now = new Date()) {
  const date = new Date(iso);
  const said = day(iso, now);
  return said === "today" || said === "yesterday" ? `${said} ${clock.format(date)}` : said;
}

/** How long ago, as one says it of something one should do again: "today 14:05", "3 days ago", "2 months ago". */
export function ago(iso, now = new Date()) {
  const days = Math.round((midnight(now) - midnight(new Date(iso))) / DAY);
  if (days < 2) return when(iso, now);
  if (days < 60) return `${number(days)} days ago`;
  return days < 730 ? `${number(Math.round(days / 30.44))} months ago` : `${number(Math.floor(days / 365.25))} years ago`;
}

/** A day under the heading of its month: "Sat 20"; the hour while it is today. */
export function dayOfMonth(iso, now = new Date()) {
  const said = day(iso, now);
  if (said === "today") return hour(iso);
  return said === "yesterday" ? said : weekday.format(new Date(iso));
}

/** A day where there is little room: "20 Dec 2025". */
export function dayShort(iso, now = new Date()) {
  const said = day(iso, now);
  return said === "today" || said === "yesterday" ? said : shortDay.format(new Date(iso));
}

/** "14:05" */
export function hour(iso) {
  return clock.format(new Date(iso));
}

/** "May 2024" */
export function month(iso) {
  return monthYear.format(new Date(iso));
}

/** The whole truth about a moment, for hovering. */
export function exact(iso) {
  return exactTime.format(new Date(iso));
}

/** Two moments as one phrase: "12 May – 3 June 2024"; one day is said once. */
export function between(first, last, now = new Date()) {
  if (!first && !last) return "";
  if (!first || !last) return day(first ?? last, now);
  const from = new Date(first);
  const to = new Date(last);
  if (midnight(from) === midnight(to)) return day(first, now);
  if (from.getFullYear() === to.getFullYear() && from.getFullYear() !== now.getFullYear()) {
    return `${dayMonth.format(from)} – ${dayMonthYear.format(to)}`;
  }
  return `${day(first, now)} – ${day(last, now)}`;
}

/** Two moments by their months: "March 2023 – June 2024". */
export function months(first, last) {
  if (!first || !last) return "";
  const from = month(first);
  const to = month(last);
  return from === to ? from : `${from} – ${to}`;
}

/** A model's slug as its makers write it: "gpt-4o-mini" → "GPT-4o mini". */
export function model(slug) {
  return slug
    .replace(/^gpt-(\d)-(\d)(?!\d)/i, "GPT-$1.$2")
    .replace(/^gpt-/i, "GPT-")
    .replace(/^text-davinci-002.*$/i, "GPT-3.5")
    .replace(/^(GPT-[\dk.]+o?)-(.+)$/, (_, base, rest) => `${base} ${rest.replaceAll("-", " ")}`);
}
