/** Follows what is done to the exports' folders in the file manager: at the start, and when the window gets the focus. */

import { ask } from "./jobs.js";

const AT_MOST_EVERY = 1000; // milliseconds
const FIRST_AFTER = 1500;

let last = -Infinity;
let isLooking = false;

/** Begin to follow; where something changed, `export-imported` says so on `document`. */
export function followFolders(signal) {
  addEventListener("focus", () => look({}), { signal });
  // What is shown first comes from the catalog, and has the program to itself.
  const first = setTimeout(() => look({ quick: true }), FIRST_AFTER);
  signal.addEventListener("abort", () => clearTimeout(first));
}

/** Look once; what goes wrong here is said by whatever needs the folder. */
async function look(values) {
  if (isLooking || performance.now() - last < AT_MOST_EVERY) return;
  isLooking = true;
  try {
    const { added, renamed, copied, changed, removed } = await ask("export follow", values);
    const isNews = added.length || copied.length || changed.length || removed.length || Object.keys(renamed).length;
    if (isNews) document.dispatchEvent(new CustomEvent("export-imported"));
  } catch {
    // The next look may do better.
  }
  last = performance.now();
  isLooking = false;
}
