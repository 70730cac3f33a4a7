/** The rows of a long list of conversations: only those in sight are in the page. */

import { h, replace } from "../../lib/dom.js";
import { stepOf } from "../../lib/keyboard.js";
import { addressOf, go } from "../../lib/router.js";
import { conversationRow } from "./conversation-row.js";
import { lay, within } from "./list-layout.js";

const AHEAD = 1500; // pixels kept loaded below what is in sight
const SPARE = 400; // pixels of rows kept above and below

/**
 * A listbox with one tab stop; its rows are links too.
 *
 * @element conversation-rows
 * @prop {import("../library/selection.js").Selection | null} selection which conversations are chosen, by id; null: rows open instead
 * @fires rows-wanted when the end of what is loaded comes near
 * @fires earlier-wanted when its beginning does; `start-wanted` when that is far from what is wanted
 */
export class ConversationRows extends HTMLElement {
  #items = [];
  #selection = null;
  #about = { exportName: "", sort: "updated", total: 0, position: 0 };
  #layout = lay([], "", { row: 1, heading: 1 });
  #drawn = new Map();
  #selected = "";
  #active = -1;
  #scrolledTo = 0;
  #watcher = null;
  #rows = h("div", { role: "listbox", tabindex: "0", "aria-label": "Conversations", class: "rows" });
  #headings = h("div", { class: "headings", "aria-hidden": "true" });

  connectedCallback() {
    replace(this, this.#headings, this.#rows);
    this.onscroll = () => this.#scrolled();
    this.#rows.onkeydown = (event) => this.#key(event);
    this.#rows.onfocus = () => this.#activate(Math.max(0, this.#active), { scroll: false });
    this.#watcher = new ResizeObserver(() => this.#resized());
    this.#watcher.observe(this);
  }

  disconnectedCallback() {
    this.#watcher.disconnect();
  }

  get selection() {
    return this.#selection;
  }

  set selection(selection) {
    this.#selection = selection;
    this.#rows.setAttribute("aria-multiselectable", String(selection !== null));
    this.#mark();
  }

  /** Show the first page of a list of `total` in this order, from the top unless the place is kept. */
  begin(items, about, { keepPlace = false } = {}) {
    this.#items = [...items];
    this.#about = about;
    this.#active = items.findIndex(({ id }) => id === this.#selected);
    this.#drawn.clear();
    replace(this.#rows);
    replace(this.#headings);
    if (!keepPlace) this.scrollTop = 0;
    this.#lay();
    if (about.position) this.#bring(Math.max(0, this.#active));
    this.#fill();
  }

  /** Show the shape of what comes, unless there are rows already. */
  wait() {
    if (!this.#items.length) replace(this.#rows, ghosts());
  }

  /** Add the next page at the end. */
  add(items) {
    this.#items.push(...items);
    this.#draw();
  }

  /** Add the page before the first; what is in sight stays where it is. */
  addEarlier(items, position) {
    const before = this.#layout.height;
    this.#items.unshift(...items);
    this.#about = { ...this.#about, position };
    if (this.#active >= 0) this.#active += items.length;
    this.#drawn.clear();
    replace(this.#rows);
    replace(this.#headings);
    const at = this.scrollTop;
    this.#lay();
    this.scrollTop = at + this.#layout.height - before;
    this.#fill();
  }

  /** Mark the conversation being read. */
  select(id) {
    this.#selected = id;
    for (const [key, row] of this.#drawn) {
      if (typeof key === "number") row.setAttribute("aria-selected", String(this.#items[key].id === id));
    }
  }

  focusRows() {
    this.#rows.focus({ preventScroll: true });
  }

  #draw() {
    this.#lay();
    this.#fill();
  }

  #lay() {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const row = 3.75 * rem;
    this.#layout = lay(this.#items, this.#about.sort, { row, heading: 2.25 * rem, start: row * (this.#about.position ?? 0) });
    this.#rows.style.setProperty("block-size", `${this.#layout.height}px`);
  }

  #fill() {
    const bottom = this.scrollTop + this.clientHeight;
    const seen = within(this.#layout, this.scrollTop - SPARE, bottom + SPARE);
    const wanted = new Map(seen.map((entry) => [entry.heading ?? entry.index, entry]));
    // The active row stays, however far away: the listbox points to it by its id.
    if (this.#items[this.#active]) wanted.set(this.#active, this.#layout.entries[this.#layout.rows[this.#active]]);
    for (const [key, element] of this.#drawn) {
      if (wanted.has(key)) continue;
      element.remove();
      this.#drawn.delete(key);
    }
    for (const [key, entry] of wanted) this.#place(key, entry);
    if (this.#layout.height - bottom < AHEAD) this.dispatchEvent(new Event("rows-wanted"));
    this.#wantEarlier(bottom);
  }

  #wantEarlier(bottom) {
    const first = this.#layout.entries[0];
    if (!this.#about.position || !first) return;
    if (bottom + AHEAD < first.top) this.dispatchEvent(new Event("start-wanted"));
    else if (this.scrollTop - AHEAD < first.top) this.dispatchEvent(new Event("earlier-wanted"));
  }

  /** Bring a row to the middle of what is in sight. */
  #bring(index) {
    const { top, height } = this.#layout.entries[this.#layout.rows[index]];
    this.scrollTop = top - (this.clientHeight - height) / 2;
    this.#scrolledTo = this.scrollTop;
  }

  #place(key, entry) {
    let element = this.#drawn.get(key);
    if (!element) {
      const isRow = entry.heading === undefined;
      element = isRow ? this.#row(entry.index) : h("p", { class: "group" }, entry.heading);
      this.#drawn.set(key, element);
      (isRow ? this.#rows : this.#headings).append(element);
    }
    element.style.setProperty("inset-block-start", `${entry.top}px`);
  }

  #row(index) {
    const { sort, exportName, total, position = 0 } = this.#about;
    const item = this.#items[index];
    const row = conversationRow(item, { sort, href: addressOf(exportName, item.id) });
    row.id = `row-${index}`;
    row.setAttribute("aria-posinset", position + index + 1);
    row.setAttribute("aria-setsize", total);
    row.setAttribute("aria-selected", String(item.id === this.#selected));
    row.addEventListener("click", (event) => this.#clicked(event, index));
    this.#markOne(row, item.id);
    if (index === this.#active) row.dataset.active = "";
    return row;
  }

  #clicked(event, index) {
    this.#activate(index, { scroll: false });
    if (!this.#selection || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#choose(index, event.shiftKey);
  }

  #choose(index, stretch) {
    const { id } = this.#items[index];
    if (stretch) this.#selection.extend(this.#items.map((each) => each.id), id);
    else this.#selection.toggle(id);
    this.#mark();
  }

  #mark() {
    for (const [key, row] of this.#drawn) if (typeof key === "number") this.#markOne(row, this.#items[key].id);
  }

  #markOne(row, id) {
    if (this.#selection) row.setAttribute("aria-checked", String(this.#selection.has(id)));
    else row.removeAttribute("aria-checked");
  }

  #scrolled() {
    if (this.clientHeight === 0) return;
    this.#scrolledTo = this.scrollTop;
    this.#fill();
  }

  /** A list that was out of sight comes back to the same place. */
  #resized() {
    if (this.clientHeight === 0) return;
    if (this.scrollTop !== this.#scrolledTo) this.scrollTop = this.#scrolledTo;
    this.#draw();
  }

  #activate(index, { scroll = true } = {}) {
    if (!this.#items[index]) return;
    this.#drawn.get(this.#active)?.removeAttribute("data-active");
    this.#active = index;
    const { top, height } = this.#layout.entries[this.#layout.rows[index]];
    if (scroll && top < this.scrollTop) this.scrollTop = index === 0 ? 0 : top - height;
    if (scroll && top + height > this.scrollTop + this.clientHeight) this.scrollTop = top + 2 * height - this.clientHeight;
    this.#fill();
    this.#drawn.get(index).dataset.active = "";
    this.#rows.setAttribute("aria-activedescendant", `row-${index}`);
  }

  #key(event) {
    if (this.#selection && [" ", "Enter"].includes(event.key) && this.#items[this.#active]) {
      event.preventDefault();
      this.#choose(this.#active, event.shiftKey);
      return;
    }
    if (event.key === "Enter" && this.#items[this.#active]) {
      event.preventDefault();
      go(addressOf(this.#about.exportName, this.#items[this.#active].id));
      return;
    }
    const step = stepOf(event, this.#active, this.#items.length);
    if (step === null) return;
    event.preventDefault();
    if (event.key === "Home" && this.#about.position) {
      this.dispatchEvent(new Event("start-wanted"));
      return;
    }
    this.#activate(step);
  }
}

function ghosts() {
  return h("div", { class: "skeleton ghost-rows", role: "presentation" }, [72, 58, 80, 46, 66, 74, 52].map((width) => h("span", { class: `ghost-line w-${width}` })));
}

customElements.define("conversation-rows", ConversationRows);
