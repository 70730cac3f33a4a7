/** The conversations of an export: filtered, sorted, loaded page by page, only the rows in sight in the page. */

import { call } from "../../api.js";
import { announce } from "../../lib/announce.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { stepOf } from "../../lib/keyboard.js";
import { recall, remember } from "../../lib/memory.js";
import { addressOf, go } from "../../lib/router.js";
import { count } from "../../lib/say.js";
import { problemNote } from "../frame/problem-note.js";
import { conversationRow } from "./conversation-row.js";
import { lay, within } from "./list-layout.js";

const PAGE = 100;
const AHEAD = 1500; // pixels kept loaded below what is in sight
const SPARE = 400; // pixels of rows kept above and below
const PAUSE = 200; // milliseconds after the last key before the filter is asked
const SORTS = { updated: "Newest", created: "Begun", title: "Title", messages: "Longest" };

/** @element conversation-list */
export class ConversationList extends HTMLElement {
  #export = "";
  #selected = "";
  #filter = "";
  #sort = recall("list.sort", "updated");
  #items = [];
  #total = 0;
  #next = null;
  #loading = null;
  #layout = lay([], "", { row: 1, heading: 1 });
  #drawn = new Map();
  #active = -1;
  #scrolledTo = 0;
  #pause = 0;
  #watcher = null;

  #box = h("input", { type: "search", placeholder: "Filter titles", "aria-label": "Filter titles", autocomplete: "off", spellcheck: "false", dir: "auto" });
  #choice = h("select", { "aria-label": "Sort by" }, Object.entries(SORTS).map(([value, words]) => h("option", { value, selected: value === this.#sort }, words)));
  #about = h("p", { class: "list-about number", role: "status" }, "\u00a0");
  #rows = h("div", { role: "listbox", tabindex: "0", "aria-label": "Conversations", class: "rows" });
  #headings = h("div", { class: "headings", "aria-hidden": "true" });
  #viewport = h("div", { class: "list-viewport" }, this.#headings, this.#rows);
  #note = h("div", { class: "list-note", hidden: true });

  connectedCallback() {
    replace(this, h("div", { class: "list-tools" }, h("div", { class: "filter" }, icon("search"), this.#box), this.#choice), this.#about, this.#viewport, this.#note);
    this.#box.oninput = () => this.#typed();
    this.#box.onkeydown = (event) => this.#boxKey(event);
    this.#choice.onchange = () => this.#sortBy(this.#choice.value);
    this.#viewport.onscroll = () => this.#scrolled();
    this.#rows.onkeydown = (event) => this.#key(event);
    this.#rows.onfocus = () => this.#activate(Math.max(0, this.#active), { scroll: false });
    this.#watcher = new ResizeObserver(() => this.#resized());
    this.#watcher.observe(this.#viewport);
  }

  disconnectedCallback() {
    this.#watcher.disconnect();
    this.#loading?.abort();
  }

  /** Show the list of this export, `selected` being read; asks nothing anew while it is the same. */
  show(exportName, selected) {
    this.#selected = selected;
    if (exportName === this.#export) {
      this.#mark();
      return;
    }
    this.#export = exportName;
    this.#filter = "";
    this.#box.value = "";
    this.#begin();
  }

  /** Ask for the list again, for it has changed. */
  reload() {
    this.#begin({ keepPlace: true });
  }

  focusFilter() {
    this.#box.focus();
    this.#box.select();
  }

  focusRows() {
    this.#rows.focus({ preventScroll: true });
  }

  async #begin({ keepPlace = false } = {}) {
    this.#loading?.abort();
    this.#loading = null;
    if (!this.#items.length) replace(this.#rows, ghosts());
    const page = await this.#ask(null);
    if (!page) return;
    this.#items = page.items;
    this.#active = this.#items.findIndex(({ id }) => id === this.#selected);
    this.#took(page);
    this.#clear();
    if (!keepPlace) this.#viewport.scrollTop = 0;
    this.#draw();
    if (this.#filter) announce(this.#about.textContent);
  }

  async #more() {
    if (this.#loading || this.#next === null) return;
    const page = await this.#ask(this.#next);
    if (!page) return;
    this.#items.push(...page.items);
    this.#took(page);
    this.#draw();
  }

  async #ask(after) {
    const loading = new AbortController();
    this.#loading = loading;
    try {
      const values = { export: this.#export, sort: this.#sort, search: this.#filter, limit: PAGE, after };
      return await call("conversation list", values, { signal: loading.signal });
    } catch (error) {
      if (error.name !== "AbortError") this.#fail(error, after);
      return null;
    } finally {
      if (this.#loading === loading) this.#loading = null;
    }
  }

  #took({ next, total }) {
    this.#next = next;
    this.#total = total;
    this.#about.textContent = this.#filter ? `${count(total, "conversation")} with “${this.#filter}” in the title` : count(total, "conversation");
    this.#note.hidden = total > 0;
    if (total === 0) replace(this.#note, this.#filter ? this.#nothingFound() : h("p", {}, "This export holds no conversations."));
  }

  #nothingFound() {
    const clear = () => {
      this.#box.value = "";
      this.#typed();
      this.#box.focus();
    };
    return [
      h("p", {}, "No title has that in it."),
      h("div", { class: "buttons" },
        h("button", { type: "button", onclick: clear }, "Clear the filter"),
        h("a", { class: "button", href: `/search?q=${encodeURIComponent(this.#filter)}&export=${encodeURIComponent(this.#export)}` }, "Search the messages")),
    ];
  }

  #fail(error, after) {
    if (after === null) {
      this.#items = [];
      this.#clear();
      this.#draw();
      this.#about.textContent = "\u00a0";
    }
    this.#note.hidden = false;
    replace(this.#note, problemNote(error, () => (after === null ? this.#begin() : this.#more())));
  }

  #typed() {
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => {
      const filter = this.#box.value.trim();
      if (filter === this.#filter) return;
      this.#filter = filter;
      this.#begin();
    }, PAUSE);
  }

  #sortBy(sort) {
    this.#sort = sort;
    remember("list.sort", sort);
    this.#begin();
  }

  #clear() {
    this.#drawn.clear();
    replace(this.#rows);
    replace(this.#headings);
  }

  #heights() {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    return { row: 3.75 * rem, heading: 2.25 * rem };
  }

  #draw() {
    this.#layout = lay(this.#items, this.#sort, this.#heights());
    this.#rows.style.setProperty("block-size", `${this.#layout.height}px`);
    this.#fill();
  }

  #fill() {
    const top = this.#viewport.scrollTop;
    const bottom = top + this.#viewport.clientHeight;
    const seen = new Set(within(this.#layout, top - SPARE, bottom + SPARE));
    const wanted = new Map([...seen].map((entry) => [entry.heading ?? entry.index, entry]));
    if (this.#active >= 0 && this.#active < this.#items.length) wanted.set(this.#active, this.#layout.entries[this.#layout.rows[this.#active]]);
    for (const [key, element] of this.#drawn) {
      if (!wanted.has(key)) {
        element.remove();
        this.#drawn.delete(key);
      }
    }
    for (const [key, entry] of wanted) this.#place(key, entry);
    if (this.#layout.height - bottom < AHEAD) this.#more();
  }

  #place(key, entry) {
    let element = this.#drawn.get(key);
    if (!element) {
      element = entry.heading === undefined ? this.#row(entry.index) : h("p", { class: "group" }, entry.heading);
      this.#drawn.set(key, element);
      (entry.heading === undefined ? this.#rows : this.#headings).append(element);
    }
    element.style.setProperty("inset-block-start", `${entry.top}px`);
    if (entry.index !== undefined) element.setAttribute("aria-setsize", this.#total);
  }

  #row(index) {
    const item = this.#items[index];
    const row = conversationRow(item, { sort: this.#sort, href: addressOf(this.#export, item.id) });
    row.id = `row-${index}`;
    row.setAttribute("aria-posinset", index + 1);
    row.setAttribute("aria-selected", String(item.id === this.#selected));
    row.addEventListener("click", () => this.#activate(index, { scroll: false }));
    if (index === this.#active) row.dataset.active = "";
    return row;
  }

  #mark() {
    for (const [key, row] of this.#drawn) {
      if (typeof key === "number") row.setAttribute("aria-selected", String(this.#items[key].id === this.#selected));
    }
  }

  #scrolled() {
    if (this.#viewport.clientHeight === 0) return;
    this.#scrolledTo = this.#viewport.scrollTop;
    this.#fill();
  }

  /** A list that was out of sight comes back to the same place. */
  #resized() {
    if (this.#viewport.clientHeight === 0) return;
    if (this.#viewport.scrollTop !== this.#scrolledTo) this.#viewport.scrollTop = this.#scrolledTo;
    this.#draw();
  }

  #activate(index, { scroll = true } = {}) {
    if (!this.#items[index]) return;
    this.#drawn.get(this.#active)?.removeAttribute("data-active");
    this.#active = index;
    const { top, height } = this.#layout.entries[this.#layout.rows[index]];
    const view = this.#viewport;
    if (scroll && top < view.scrollTop) view.scrollTop = index === 0 ? 0 : top - height;
    if (scroll && top + height > view.scrollTop + view.clientHeight) view.scrollTop = top + 2 * height - view.clientHeight;
    this.#fill();
    this.#drawn.get(index).dataset.active = "";
    this.#rows.setAttribute("aria-activedescendant", `row-${index}`);
  }

  #key(event) {
    if (event.key === "Enter" && this.#items[this.#active]) {
      event.preventDefault();
      go(addressOf(this.#export, this.#items[this.#active].id));
      return;
    }
    const step = stepOf(event, this.#active, this.#items.length);
    if (step === null) return;
    event.preventDefault();
    this.#activate(step);
  }

  #boxKey(event) {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      this.focusRows();
    }
    if (event.key === "Escape" && this.#box.value) {
      event.stopPropagation();
      this.#box.value = "";
      this.#typed();
    }
  }
}

function ghosts() {
  return h("div", { class: "skeleton ghost-rows", role: "presentation" }, [72, 58, 80, 46, 66, 74, 52].map((width) => h("span", { class: `ghost-line w-${width}` })));
}

customElements.define("conversation-list", ConversationList);
