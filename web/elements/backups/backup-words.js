/** Says how safe an export is, what a backup is, and why one is kept, in words a person uses. */

import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { ago, count, exact, size, when } from "../../lib/say.js";

/** The levels of compression, from quick to small, as the engine names them. */
export const LEVELS = [
  ["fast", "Fast", "A few times smaller than the files, as quick as a disk."],
  ["balanced", "Balanced", "Somewhat smaller, still quick. A good choice."],
  ["small", "Small", "Smaller again; takes several times as long."],
  ["smallest", "Smallest", "For a disk with little room. Minutes for every 100 MB of text."],
  ["store", "Not compressed", "As large as the files."],
];

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
  if (damaged?.length) return [h("span", { class: "loss-text" }, icon("warning"), "Damaged")];
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
