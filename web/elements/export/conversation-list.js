/** The conversations of an export: filtered, sorted, fetched page by page. */

import { call } from "../../api.js";
import { announce } from "../../lib/announce.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { recall, remember } from "../../lib/memory.js";
import { count, number } from "../../lib/say.js";
import { problemNote } from "../frame/problem-note.js";
import { Selection } from "../library/selection.js";
import { openSaveConversations } from "../saving/save-dialog.js";
import "./conversation-rows.js";

const PAGE = 100;
const PAUSE = 200; // milliseconds after the last key before the filter is asked
const SORTS = { updated: "Newest", created: "Begun", title: "Title", messages: "Longest" };

/** @element conversation-list */
export class ConversationList extends HTMLElement {
  #export = "";
  #filter = "";
  #sort = recall("list.sort", "updated");
  #next = null;
  #previous = null;
  #told = "\u00a0";
  #loading = null;
  #pause = 0;
  #box = h("input", { type: "search", placeholder: "Filter titles", "aria-label": "Filter titles", autocomplete: "off", spellcheck: "false", dir: "auto" });
  #choice = h("select", { "aria-label": "Sort by" }, Object.entries(SORTS).map(([value, words]) => h("option", { value, selected: value === this.#sort }, words)));
  #about = h("p", { class: "list-about number", role: "status" }, "\u00a0");
  #rows = document.createElement("conversation-rows");
  #choosing = new Selection();
  #choose = h("button", { type: "button", class: "quiet small", "aria-pressed": "false", onclick: () => this.#startChoosing(this.#rows.selection === null) }, "Choose");
  #save = h("button", { type: "button", class: "small", hidden: true, onclick: () => this.#saveChosen() }, icon("save"), "Save");
  #note = h("div", { class: "list-note", hidden: true });

  connectedCallback() {
    replace(this, h("div", { class: "list-tools" }, h("div", { class: "filter" }, icon("search"), this.#box), this.#choice), h("div", { class: "list-line" }, this.#about, this.#save, this.#choose), this.#rows, this.#note);
    this.#box.oninput = () => this.#typed();
    this.#box.onkeydown = (event) => this.#boxKey(event);
    this.#choice.onchange = () => this.#sortBy(this.#choice.value);
    this.#choosing.addEventListener("change", () => this.#tellChosen());
    this.#rows.addEventListener("rows-wanted", () => this.#more());
    this.#rows.addEventListener("earlier-wanted", () => this.#earlier());
    this.#rows.addEventListener("start-wanted", () => this.#fromStart());
  }

  disconnectedCallback() {
    clearTimeout(this.#pause);
    this.#loading?.abort();
  }

  /** Show the list of this export, `selected` being read; asks nothing anew while it is the same. */
  show(exportName, selected) {
    this.#rows.select(selected);
    if (exportName === this.#export) return;
    this.#export = exportName;
    this.#filter = "";
    this.#box.value = "";
    this.#startChoosing(false);
    this.#begin({ at: selected });
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
    this.#rows.focusRows();
  }

  /** Let conversations be chosen, to be saved together; or no more. */
  #startChoosing(on) {
    this.#choosing.clear();
    this.#rows.selection = on ? this.#choosing : null;
    this.#choose.setAttribute("aria-pressed", String(on));
    this.#choose.textContent = on ? "Done" : "Choose";
    this.#save.hidden = !on;
    this.#tellChosen();
  }

  #tellChosen() {
    this.#save.disabled = this.#choosing.size === 0;
    if (this.#rows.selection) this.#about.textContent = `${number(this.#choosing.size)} chosen`;
    else this.#about.textContent = this.#told;
  }

  #saveChosen() {
    const title = `Save ${count(this.#choosing.size, "conversation")}`;
    openSaveConversations(this.#export, [...this.#choosing.names], { title });
  }

  /** Show the list anew: from its top, or near the conversation `at`. */
  async #begin({ keepPlace = false, at = "" } = {}) {
    this.#loading?.abort();
    this.#loading = null;
    this.#rows.wait();
    const page = await this.#ask(at ? { at } : {});
    if (!page) return;
    this.#next = page.next;
    this.#previous = page.previous;
    this.#tell(page.total);
    this.#rows.begin(page.items, { exportName: this.#export, sort: this.#sort, total: page.total, position: page.position }, { keepPlace });
    if (this.#filter) announce(this.#told);
  }

  async #more() {
    if (this.#loading || this.#next === null) return;
    const page = await this.#ask({ after: this.#next });
    if (!page) return;
    this.#next = page.next;
    this.#rows.add(page.items);
  }

  async #earlier() {
    if (this.#loading || this.#previous === null) return;
    const page = await this.#ask({ before: this.#previous });
    if (!page) return;
    this.#previous = page.previous;
    this.#rows.addEarlier(page.items, page.position);
  }

  #fromStart() {
    if (!this.#loading) this.#begin();
  }

  async #ask(place) {
    const loading = new AbortController();
    this.#loading = loading;
    try {
      const values = { export: this.#export, sort: this.#sort, search: this.#filter, limit: PAGE, ...place };
      return await call("conversation list", values, { signal: loading.signal });
    } catch (error) {
      if (error.name !== "AbortError") this.#fail(error, place);
      return null;
    } finally {
      if (this.#loading === loading) this.#loading = null;
    }
  }

  #tell(total) {
    this.#told = this.#filter ? `${count(total, "conversation")} with “${this.#filter}” in the title` : count(total, "conversation");
    this.#tellChosen();
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

  #fail(error, { after, before }) {
    const isFirst = !after && !before;
    if (isFirst) {
      this.#next = null;
      this.#previous = null;
      this.#rows.begin([], { exportName: this.#export, sort: this.#sort, total: 0 });
      this.#told = "\u00a0";
      this.#tellChosen();
    }
    this.#note.hidden = false;
    replace(this.#note, problemNote(error, () => (isFirst ? this.#begin() : this.#goOn())));
  }

  #goOn() {
    this.#note.hidden = true;
    this.#more();
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

customElements.define("conversation-list", ConversationList);
