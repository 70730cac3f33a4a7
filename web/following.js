/** Follows what is done to the exports' folders in the file manager: at the start, and when the window gets the focus. */

import { ask } from "./jobs.js";

const AT_MOST_EVERY = 1000; // milliseconds
const FIRST_AFTER = 1500;

let last = -Infinity;
let isLooking = false;
let wanted = null;

/** Begin to follow; where something changed, `export-imported` says so on `document`. */
export function followFolders(signal) {
  addEventListener("focus", () => look({}), { signal });
  // What is shown first comes from the catalog, and has the program to itself.
  const first = setTimeout(() => look({ quick: true }), FIRST_AFTER);
  signal.addEventListener("abort", () => [first, wanted].forEach(clearTimeout));
}

/**
 * Look once; what goes wrong here is said by whatever needs the folder. A look that is asked
 * for too soon after another, or during it, is put off: the one before may have missed why.
 */
async function look(values) {
  clearTimeout(wanted);
  const early = isLooking ? AT_MOST_EVERY : last + AT_MOST_EVERY - performance.now();
  if (early > 0) {
    wanted = setTimeout(() => look(values), early);
    return;
  }
  isLooking = true;
  try {
    const { added, renamed, copied, changed, removed, backups } = await ask("export follow", values);
    const isNews = added.length || copied.length || changed.length || removed.length || Object.keys(renamed).length;
    if (isNews) document.dispatchEvent(new CustomEvent("export-imported"));
    if (backups) document.dispatchEvent(new CustomEvent("backup-changed"));
  } catch {
    // The next look may do better.
  }
  last = performance.now();
  isLooking = false;
}
