/** Says how many exports are chosen, and what can be done with them all. */

import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { number } from "../../lib/say.js";
import { BULK_ACTIONS } from "./bulk-actions.js";

/**
 * @element selection-bar
 * @fires selection-cleared when nothing is to be chosen any more
 */
export class SelectionBar extends HTMLElement {
  #chosen = [];
  #count = h("p", { class: "number", role: "status" });
  #buttons = BULK_ACTIONS.map((action) => h("button", { type: "button", class: "quiet", "data-mood": action.danger ? "loss" : null, onclick: () => action.does(this.#chosen) }, icon(action.icon), h("span", {}, action.words)));

  connectedCallback() {
    this.setAttribute("role", "toolbar");
    this.setAttribute("aria-label", "With the chosen exports");
    const clear = () => this.dispatchEvent(new Event("selection-cleared", { bubbles: true }));
    replace(this, this.#count, h("div", { class: "bar-buttons" }, this.#buttons),
      h("button", { type: "button", class: "quiet icon-only", "aria-label": "Choose none", title: "Choose none (Esc)", onclick: clear }, icon("close")));
  }

  /** Offer what can be done with these. @param {object[]} summaries */
  show(summaries) {
    this.#chosen = summaries;
    if (!summaries.length && this.contains(document.activeElement)) this.closest("[data-scrolls]").focus({ preventScroll: true });
    this.hidden = summaries.length === 0;
    this.#count.textContent = summaries.length ? `${number(summaries.length)} chosen` : "";
    BULK_ACTIONS.forEach(({ least = 1 }, index) => {
      this.#buttons[index].disabled = summaries.length < least;
    });
  }
}

customElements.define("selection-bar", SelectionBar);
