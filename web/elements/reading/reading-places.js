/** Remembers, for this tab, where each conversation was being read. */

import { recall, remember } from "../../lib/memory.js";

/** Keep `place` (`{message, offset}`) as where a conversation is being read. */
export function keepPlace(of, place) {
  remember(keyOf(of), place, sessionStorage);
}

/** Answer where a conversation was being read, null if it was not. */
export function keptPlace(of) {
  return recall(keyOf(of), null, sessionStorage);
}

function keyOf({ exportName, conversation }) {
  return `place ${exportName}/${conversation}`;
}
