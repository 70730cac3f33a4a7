/** Says in place what went wrong, why, and what can be done now. */

import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";

/**
 * @element problem-note
 * @prop {{message: string, hint?: string} | null} problem what to say; null hides the note
 * @prop {(() => void) | null} retry what "Try again" does; no button without it
 */
export class ProblemNote extends HTMLElement {
  retry = null;

  set problem(problem) {
    this.hidden = problem === null;
    this.setAttribute("role", "alert");
    if (problem === null) {
      replace(this);
      return;
    }
    replace(
      this,
      icon("warning"),
      h("div", {},
        h("p", { class: "problem-message" }, problem.message),
        problem.hint ? h("p", { class: "quiet-text" }, problem.hint) : null,
        this.retry ? h("button", { type: "button", onclick: () => this.retry() }, "Try again") : null),
    );
  }
}

customElements.define("problem-note", ProblemNote);

/** A note about `error`, with a way to try again. */
export function problemNote(error, retry = null) {
  const note = document.createElement("problem-note");
  note.retry = retry;
  note.problem = error;
  return note;
}
