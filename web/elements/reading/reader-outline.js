/** The person's questions, one under another, to go to any of them. */

import { h, replace } from "../../lib/dom.js";

/** @element reader-outline */
export class ReaderOutline extends HTMLElement {
  #links = new Map();
  #order = [];

  /** Show these OutlineEntries; `addressOf(message)` is where each leads. */
  show(entries, addressOf) {
    this.hidden = entries.length < 2;
    this.#order = entries.map(({ message }) => message);
    this.#links = new Map(entries.map(({ message, text }) => [message, h("a", { href: addressOf(message), title: text, dir: "auto" }, h("span", {}, text || "…"))]));
    replace(this,
      h("nav", { "aria-label": "Questions", onclick: (event) => event.target.closest("a") && this.removeAttribute("data-open") },
        h("h2", {}, "Questions"), h("ol", { role: "list" }, [...this.#links.values()].map((link) => h("li", {}, link)))));
  }

  /** Open or close it where it has no room of its own, `top` pixels from the top of the reader. */
  toggle(top) {
    this.style.setProperty("--outline-top", `${top}px`);
    if (this.toggleAttribute("data-open")) this.querySelector("a")?.focus();
  }

  /** Mark the question being read: the last one at or above `message`. */
  mark(views, message) {
    let now = null;
    for (const view of views) {
      if (this.#links.has(view.dataset.message)) now = view.dataset.message;
      if (view.dataset.message === message) break;
    }
    for (const id of this.#order) {
      const link = this.#links.get(id);
      if (id === now) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
}

customElements.define("reader-outline", ReaderOutline);
