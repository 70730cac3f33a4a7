/** All exports of a view, as cards or as a table: only those in sight are in the page. */

import { h, replace } from "../../lib/dom.js";
import { stepInGrid } from "../../lib/keyboard.js";
import { inSight } from "../../lib/sight.js";
import { renameInPlace } from "../managing/rename-field.js";
import "./export-card.js";
import { exportRow, tableHead } from "./export-row.js";

const SPARE = 600; // pixels kept drawn above and below what is in sight
const HEIGHTS = { cards: 17.75, table: 2.75 }; // rem of a row, the gap below it included; exports.css has the same

/**
 * A list one tab stop long: the arrow keys move between exports, Tab within one.
 *
 * @element export-collection
 * @prop {Selection} selection which exports are chosen
 * @fires export-menu (detail: `{name, button}`) when the menu of an export is wanted
 * @fires backup-wanted (detail: `{name}`) when an export is to be backed up
 */
export class ExportCollection extends HTMLElement {
  selection = null;
  #exports = [];
  #names = [];
  #shape = "";
  #drawn = new Map();
  #said = new Map();
  #active = 0;
  #columns = 1;
  #items = null;
  #spacers = [h("td"), h("td")];
  #scroller = null;
  #lifetime = null;

  connectedCallback() {
    this.#lifetime = new AbortController();
    const { signal } = this.#lifetime;
    this.#scroller = this.closest("[data-scrolls]");
    this.#scroller.addEventListener("scroll", () => this.#fill(), { signal, passive: true });
    this.selection.addEventListener("change", () => this.#mark(), { signal });
    this.addEventListener("click", (event) => this.#click(event), { signal });
    this.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.addEventListener("focusin", (event) => this.#focused(event), { signal });
    const watcher = new ResizeObserver(() => this.#measure());
    watcher.observe(this);
    signal.addEventListener("abort", () => watcher.disconnect());
  }

  disconnectedCallback() {
    this.#lifetime.abort();
  }

  /** Show these exports as "cards" or "table". */
  show(exports, shape) {
    const active = this.#names[this.#active];
    this.#exports = exports;
    this.#names = exports.map(({ name }) => name);
    const still = this.#names.indexOf(active);
    // What took the place of one that is gone is what was next to it.
    this.#active = Math.max(0, still < 0 ? Math.min(this.#active, this.#names.length - 1) : still);
    if (shape !== this.#shape) this.#take(shape);
    const refocus = this.#keepFocus();
    this.#forgetChanged();
    this.#items.setAttribute("aria-label", "Exports");
    if (shape === "table") this.#items.closest("table").setAttribute("aria-rowcount", exports.length + 1);
    this.#measure();
    refocus();
  }

  /** Answer what brings the focus back to where it is now, if what has it is drawn anew. */
  #keepFocus() {
    const before = document.activeElement;
    const name = before?.closest?.("[data-export]")?.dataset.export;
    if (name === undefined || !this.contains(before)) return () => {};
    return () => {
      if (before.isConnected) return;
      const here = this.#drawn.get(name) ?? this.#drawn.get(this.#names[this.#active]);
      here?.querySelector(before.localName)?.focus({ preventScroll: true });
    };
  }

  /** Move focus to an export, wherever it is. */
  focusOn(name) {
    const index = this.#names.indexOf(name);
    if (index >= 0) this.#activate(index);
  }

  /** Let the name of an export be changed where it stands. */
  rename(name, onRenamed) {
    const index = this.#names.indexOf(name);
    this.#activate(index);
    const link = this.#drawn.get(name).querySelector("a");
    renameInPlace(link, name, (renamed) => {
      this.#names[index] = renamed; // so that the place in the list is kept
      onRenamed(renamed);
    });
  }

  /** Choose every export of the view. */
  chooseAll() {
    this.selection.only(this.#names);
  }

  #take(shape) {
    this.#shape = shape;
    this.#drawn.clear();
    this.dataset.shape = shape;
    if (shape === "cards") {
      this.#items = h("ul", { role: "list", class: "cards" });
      replace(this, this.#items);
      return;
    }
    this.#items = h("tbody", {}, this.#spacers.map((cell) => h("tr", { class: "spacer", "aria-hidden": "true" }, cell)));
    replace(this, h("table", { class: "exports-table", "aria-label": "Exports" }, tableHead(), this.#items));
  }

  /** An export that changed is drawn anew; the others, and the focus in them, stay. */
  #forgetChanged() {
    const said = new Map(this.#exports.map((each) => [each.name, JSON.stringify(each)]));
    for (const [name, element] of this.#drawn) {
      if (said.get(name) === this.#said.get(name)) continue;
      element.remove();
      this.#drawn.delete(name);
    }
    this.#said = said;
  }

  #measure() {
    if (!this.#items || this.clientWidth === 0) return;
    this.#columns = this.#shape === "cards" ? getComputedStyle(this.#items).gridTemplateColumns.split(" ").length : 1;
    this.#fill();
  }

  #fill() {
    if (!this.#items || this.clientWidth === 0) return;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const from = this.#scroller.getBoundingClientRect().top - this.getBoundingClientRect().top;
    const sight = inSight({ count: this.#exports.length, columns: this.#columns, height: HEIGHTS[this.#shape] * rem, from, to: from + this.#scroller.clientHeight, spare: SPARE });
    this.#drop(sight);
    this.#space(sight);
    let next = this.#shape === "cards" ? this.#items.firstChild : this.#items.firstChild.nextSibling;
    for (let index = sight.first; index < sight.last; index += 1) {
      const element = this.#draw(index);
      if (element === next) next = next.nextSibling;
      else this.#items.insertBefore(element, next);
    }
  }

  #drop({ first, last }) {
    const wanted = new Set(this.#names.slice(first, last));
    for (const [name, element] of this.#drawn) {
      if (wanted.has(name)) continue;
      if (element.contains(document.activeElement)) this.#scroller.focus({ preventScroll: true });
      element.remove();
      this.#drawn.delete(name);
    }
  }

  /** Room for what is not drawn, made so that nothing that is seen moves. */
  #space({ before, after }) {
    if (this.#shape === "cards") this.#items.style.setProperty("padding-block", `${before}px ${after}px`);
    else this.#spacers.forEach((cell, index) => cell.style.setProperty("block-size", `${index ? after : before}px`));
  }

  #draw(index) {
    const summary = this.#exports[index];
    let element = this.#drawn.get(summary.name);
    if (!element) {
      element = this.#shape === "cards" ? h("li", {}, Object.assign(document.createElement("export-card"), { summary })) : exportRow(summary);
      element.dataset.export = summary.name;
      this.#drawn.set(summary.name, element);
    }
    if (this.#shape === "table") element.setAttribute("aria-rowindex", index + 2);
    else {
      element.setAttribute("aria-posinset", index + 1);
      element.setAttribute("aria-setsize", this.#exports.length);
    }
    this.#markOne(element, summary.name, index);
    return element;
  }

  #mark() {
    for (const [name, element] of this.#drawn) this.#markOne(element, name, this.#names.indexOf(name));
  }

  #markOne(element, name, index) {
    const isChosen = this.selection.has(name);
    element.toggleAttribute("data-chosen", isChosen);
    element.querySelector(".chooser input").checked = isChosen;
    for (const each of element.querySelectorAll("input, a, button")) each.tabIndex = index === this.#active ? 0 : -1;
  }

  #click(event) {
    const name = event.target.closest("[data-export]")?.dataset.export;
    if (name === undefined) return;
    const button = event.target.closest(".menu-button");
    if (button) this.dispatchEvent(new CustomEvent("export-menu", { bubbles: true, detail: { name, button } }));
    else if (event.target.closest(".back-up-button")) this.dispatchEvent(new CustomEvent("backup-wanted", { bubbles: true, detail: { name } }));
    else if (event.target.matches(".chooser input")) this.#choose(name, event.shiftKey);
    else if (event.shiftKey && event.target.closest("a")) {
      event.preventDefault();
      this.#choose(name, true);
    }
  }

  #choose(name, stretch) {
    if (stretch) this.selection.extend(this.#names, name);
    else this.selection.toggle(name);
  }

  #focused(event) {
    const name = event.target.closest("[data-export]")?.dataset.export;
    const index = this.#names.indexOf(name);
    if (index < 0 || index === this.#active) return;
    this.#active = index;
    this.#mark();
  }

  #key(event) {
    if (event.target.matches("input[type=text]")) return;
    const name = this.#names[this.#active];
    if (event.key === " " && event.target.matches("a")) {
      event.preventDefault();
      this.#choose(name, event.shiftKey);
      return;
    }
    const step = stepInGrid(event, this.#active, this.#names.length, this.#columns);
    if (step === null) return;
    event.preventDefault();
    this.#activate(step);
    if (event.shiftKey) this.selection.extend(this.#names, this.#names[step], name);
  }

  #activate(index) {
    this.#active = index;
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const height = HEIGHTS[this.#shape] * rem;
    const head = this.#shape === "table" ? height : 0;
    const above = this.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top + this.#scroller.scrollTop;
    const top = above + head + Math.floor(index / this.#columns) * height;
    const { scrollTop, clientHeight } = this.#scroller;
    if (top - head < scrollTop) this.#scroller.scrollTop = index < this.#columns ? 0 : top - head;
    else if (top + height > scrollTop + clientHeight) this.#scroller.scrollTop = top + height - clientHeight;
    this.#fill();
    this.#mark();
    this.#drawn.get(this.#names[index]).querySelector("a")?.focus({ preventScroll: true });
  }
}

customElements.define("export-collection", ExportCollection);
