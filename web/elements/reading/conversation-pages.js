/** Fetches a conversation page by page along one branch: knows the cursors, shows nothing. */

import { call } from "../../api.js";

const PAGE = 40; // messages
const PATIENCE = 80; // milliseconds the first page waits for the outline, so that mostly both come at once
const NO_OUTLINE = { questions: [], instructions: "", shownCount: null, hiddenCount: 0, warnings: [] };

export class ConversationPages {
  #of;
  #hidden;
  #stopped = new AbortController();
  #cursors = { next: null, previous: null };
  #asking = { next: false, previous: false };
  #outlined = null;

  /** The branch of a place (`{exportName, conversation, leaf}`), hidden messages too if wished. */
  constructor({ exportName, conversation, leaf }, hidden) {
    this.#of = { export: exportName, id: conversation, leaf };
    this.#hidden = hidden;
  }

  /** Answer the ConversationView that holds the message `at`, its ConversationOutline's fields among its own. */
  async begin(at) {
    const { signal } = this.#stopped;
    this.#outlined = call("conversation outline", this.#of, { signal }).catch(() => null);
    const view = await call("conversation show", { ...this.#of, at, hidden: this.#hidden, limit: PAGE }, { signal });
    this.#cursors = { next: view.next, previous: view.previous };
    const enough = new Promise((resolve) => setTimeout(resolve, PATIENCE, null));
    const outline = await Promise.race([this.#outlined, enough]);
    signal.throwIfAborted();
    return { ...view, ...(outline ?? NO_OUTLINE) };
  }

  /** Answer the outline that `begin` did not wait for; null if it was there in time or never comes. */
  async lateOutline(view) {
    const outline = await this.#outlined;
    return view.shownCount === null && !this.#stopped.signal.aborted ? outline : null;
  }

  /** Answer the messages after the last ("next") or before the first ("previous"); null if there are none now. */
  async more(side) {
    if (this.isAtEnd(side) || this.#asking[side]) return null;
    this.#asking[side] = true;
    try {
      const values = { ...this.#of, hidden: this.#hidden, after: this.#cursors[side] };
      const page = await call("conversation show", values, { signal: this.#stopped.signal });
      this.#cursors[side] = page[side];
      return page.messages;
    } finally {
      this.#asking[side] = false;
    }
  }

  /** Whether there is nothing more on this side. */
  isAtEnd(side) {
    return this.#cursors[side] === null;
  }

  /** Go on above where `other`, another branch with the same beginning, has got to. */
  keepAbove(other) {
    this.#cursors.previous = other.#cursors.previous;
  }

  /** Ask nothing more; what is under way throws an AbortError. */
  stop() {
    this.#stopped.abort();
  }
}
