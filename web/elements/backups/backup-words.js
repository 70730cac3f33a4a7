/** Says how safe an export is, what a backup is, and why one is kept, in words a person uses. */

import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { ago, count, day, exact, hour, size, when } from "../../lib/say.js";

/** The levels of compression, from quick to small: the least number that means it, its name, what it does. */
export const LEVELS = [
  [1, "Fast", "A few times smaller than the files, as quick as a disk."],
  [3, "Balanced", "Somewhat smaller, still quick. A good choice."],
  [7, "Small", "Smaller again; takes several times as long."],
  [9, "Smallest", "For a disk with little room. Minutes for every 100 MB of text."],
  [0, "Not compressed", "As large as the files."],
];

/** The level, by its least number, that a number from 0 to 9 means. */
export function levelOf(number) {
  return Math.max(...LEVELS.map(([least]) => least).filter((least) => least <= number));
}

const MOODS = { good: ["safe", "check"], unchanged: ["safe", "check"], late: ["attention", "warning"], never: ["attention", "warning"], failing: ["loss", "warning"], missing: ["attention", "warning"] };

/** How a state looks: its mood and its icon. */
export function moodOf(state) {
  const [mood, name] = MOODS[state] ?? ["attention", "info"];
  return { mood, icon: name };
}

/** A moment said as a distance, the exact time on hover. */
export function since(iso) {
  return h("time", { datetime: iso, title: exact(iso) }, ago(iso));
}

/** A moment said as a day, the exact time on hover. */
export function moment(iso) {
  return h("time", { datetime: iso, title: exact(iso) }, when(iso));
}

/** "23 November 18:10": of two backups of one day the hour tells which. */
export function dayAndHour(iso) {
  return `${day(iso)} ${hour(iso)}`;
}

/** "Last good backup 3 days ago", or what there is to say instead. */
export function standingWords({ lastGoodAt }) {
  return lastGoodAt ? ["Last good backup ", since(lastGoodAt)] : ["Never backed up"];
}

/** "Full" or "Changes only" */
export function kindOf({ type }) {
  return type === "full" ? "Full" : "Changes only";
}

/** What a backup holds and takes, each fact a few words. */
export function backupFacts({ type, fileCount, changedCount, sizeBytes, storedBytes }) {
  const facts = [type === "full" ? "Full" : `Changes only: ${count(changedCount, "file")}`, `${count(fileCount, "file")}, ${size(sizeBytes)}`, `${size(storedBytes)} stored`];
  return facts.map((fact) => h("span", {}, fact));
}

/** How far a backup was proven: when it was made, and in full since. */
export function provenWords({ verified, checkedAt, damaged }) {
  if (damaged) return [h("span", { class: "loss-text" }, icon("warning"), `${count(damaged, "file")} damaged`)];
  if (checkedAt) return [h("span", {}, "Every byte checked ", since(checkedAt))];
  return [h("span", {}, verified ? "Verified when made" : "Not checked yet")];
}

/** "4.2 : 1" */
export function ratio(value) {
  return value ? `${value < 9.95 ? value.toFixed(1) : Math.round(value)} : 1` : "–";
}

/** "Kept: the newest, 21 November" — nothing where a clean-up would take it. */
export function keptWords({ reasons = [] }) {
  return reasons.length ? [`Kept: ${reasons.join(", ")}`] : ["The next clean-up takes it"];
}
