/** Searches, narrows, orders and shapes the list of exports; says what it is asked, does none of it. */

import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { SIZES, SORTS, STATES } from "./exports-view.js";

const SHAPES = { cards: "Cards", table: "Table" };

/**
 * @element library-tools
 * @prop {import("./exports-view.js").View} view what is asked for
 * @fires view-changed (detail: the view) when something else is asked for
 */
export class LibraryTools extends HTMLElement {
  #view = null;
  #box = h("input", { type: "search", placeholder: "Search exports", "aria-label": "Search exports", autocomplete: "off", spellcheck: "false", dir: "auto" });
  #state = choice("Which exports", Object.entries(STATES));
  #year = choice("Of which year", []);
  #size = choice("Of which size", Object.entries(SIZES).map(([key, [words]]) => [key, words]));
  #sort = choice("Order", Object.entries(SORTS));
  #shapes = Object.entries(SHAPES).map(([value, words]) => h("label", { title: words }, h("input", { type: "radio", name: "exports-shape", value, "aria-label": words }), h("span", {}, icon(value))));

  connectedCallback() {
    this.setAttribute("role", "search");
    this.setAttribute("aria-label", "Exports");
    replace(this,
      h("div", { class: "filter" }, icon("search"), this.#box), this.#state, this.#year, this.#size, this.#sort,
      h("div", { class: "segments", role: "radiogroup", "aria-label": "Shown as" }, this.#shapes));
    this.#box.oninput = () => this.#ask();
    this.#box.onkeydown = (event) => this.#key(event);
    this.onchange = (event) => {
      if (event.target !== this.#box) this.#ask();
    };
  }

  /** Show what is asked for, and the years there are to choose from. */
  show(view, years) {
    this.#view = view;
    if (this.#box.value.trim() !== view.search.trim()) this.#box.value = view.search;
    const known = years.includes(view.year) || !view.year ? years : [view.year, ...years];
    replace(this.#year, h("option", { value: "" }, "Any year"), known.map((year) => h("option", { value: year }, year)));
    for (const [key, select] of [["state", this.#state], ["year", this.#year], ["size", this.#size], ["sort", this.#sort]]) select.value = view[key];
    for (const label of this.#shapes) label.firstChild.checked = label.firstChild.value === view.shape;
  }

  focusBox() {
    this.#box.focus();
    this.#box.select();
  }

  #ask() {
    const shape = this.#shapes.map((label) => label.firstChild).find(({ checked }) => checked)?.value ?? "cards";
    this.#view = { search: this.#box.value, state: this.#state.value, year: this.#year.value, size: this.#size.value, sort: this.#sort.value, shape };
    this.dispatchEvent(new CustomEvent("view-changed", { bubbles: true, detail: this.#view }));
  }

  #key(event) {
    if (event.key !== "Escape" || !this.#box.value) return;
    event.stopPropagation();
    this.#box.value = "";
    this.#ask();
  }
}

function choice(label, options) {
  return h("select", { "aria-label": label }, options.map(([value, words]) => h("option", { value }, words)));
}

customElements.define("library-tools", LibraryTools);
