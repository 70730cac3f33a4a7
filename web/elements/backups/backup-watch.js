/** Knows how all exports stand, asked once for everybody who shows it. */

import { call } from "../../api.js";

const URGENCY = ["failing", "never", "late"];

/** Tells `known` (detail: the status as Python tells it) when it was asked anew. */
export const standings = new EventTarget();
let asked = 0;

/** Ask how exports stand; nobody hears of it if that fails: the page that is shown says what is wrong. */
export async function lookAtBackups() {
  asked += 1;
  const ask = asked;
  const status = await call("backup status").catch(() => null);
  if (status && ask === asked) standings.dispatchEvent(new CustomEvent("known", { detail: status }));
}

/** The exports that want attention, the most urgent first. */
export function troubled({ exports }) {
  return exports.filter(({ state }) => URGENCY.includes(state)).sort((a, b) => URGENCY.indexOf(a.state) - URGENCY.indexOf(b.state));
}

/** Exports by urgency, those that want attention first. */
export function byUrgency(exports) {
  const order = ({ state }) => URGENCY.indexOf(state) + 1 || URGENCY.length + 1;
  return [...exports].sort((a, b) => order(a) - order(b));
}
