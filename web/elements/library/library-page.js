/** The library: every export, searched, narrowed and ordered; while there is none, how to get the first. */

import { call } from "../../api.js";
import { bring, wanted } from "../../later.js";
import { announce } from "../../lib/announce.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { typing } from "../../lib/keyboard.js";
import { entitle, note } from "../../lib/router.js";
import { count, number, size } from "../../lib/say.js";
import { problemNote } from "../frame/problem-note.js";
import { backUp } from "../backups/backing-up.js";
import "../backups/backup-notice.js";
import "../migration/migration-notice.js";
import "./export-collection.js";
import { addressOfView, chosen, isFiltered, readView, yearsOf } from "./exports-view.js";
import "./library-tools.js";
import { Selection } from "./selection.js";

const SLOW = 2000; // milliseconds a first list may take before it is explained
const PAUSE = 400; // milliseconds after the last key before what was found is said

/** @element library-page  @fires import-wanted when the person wants to import */
export class LibraryPage extends HTMLElement {
  #exports = null;
  #view = null;
  #pause = 0;
  #lifetime = null;
  #selection = new Selection();
  #about = h("p", { class: "page-about number" }, "\u00a0");
  #import = h("button", { type: "button", class: "primary", hidden: true, onclick: () => this.#want() }, icon("import"), h("span", {}, "Import", h("span", { class: "wide-only" }, " an archive")));
  #tools = h("library-tools");
  #found = h("p", { class: "found number", hidden: true });
  #statistics = h("library-statistics", { hidden: true });
  #collection = Object.assign(document.createElement("export-collection"), { selection: this.#selection });
  #bar = h("selection-bar", { hidden: true });
  #none = h("div", { class: "none-found", hidden: true });
  #body = h("div", { class: "page-body" });
  #notice = h("migration-notice", { hidden: true });
  #backups = h("backup-notice");

  connectedCallback() {
    this.#lifetime = new AbortController();
    const { signal } = this.#lifetime;
    this.dataset.scrolls = "";
    this.tabIndex = -1;
    replace(
      this,
      h("header", { class: "page-head" }, h("h1", {}, "Library"), this.#import, this.#about, this.#backups),
      this.#body,
      this.#notice,
      this.#bar,
    );
    document.addEventListener("export-imported", () => this.#load(), { signal });
    this.addEventListener("view-changed", (event) => this.#change(event.detail), { signal });
    document.addEventListener("backup-changed", () => this.#load(), { signal });
    this.addEventListener("backup-wanted", (event) => backUp([event.detail.name]), { signal });
    this.addEventListener("export-menu", (event) => this.#menu(event.detail), { signal });
    this.addEventListener("selection-cleared", () => this.#chooseNone(), { signal });
    this.addEventListener("unprotected-wanted", () => this.#change({ ...this.#view, search: "", year: "", size: "", state: "unprotected" }), { signal });
    this.#selection.addEventListener("change", () => this.#chose(), { signal });
    document.addEventListener("keydown", (event) => this.#key(event), { signal });
  }

  disconnectedCallback() {
    clearTimeout(this.#pause);
    this.#lifetime.abort();
  }

  /** Called by the frame whenever this page is to be seen. */
  show({ query }) {
    entitle("Library");
    this.#view = readView(query);
    if (this.#exports) this.#arrange();
    this.#load();
  }

  #want(detail = {}) {
    this.dispatchEvent(new CustomEvent("import-wanted", { bubbles: true, detail }));
  }

  async #load() {
    if (!this.#body.firstChild) replace(this.#body, skeleton());
    const slow = setTimeout(() => this.#sayWhy(), SLOW);
    try {
      const exports = await call("export list");
      this.#draw(exports, exports.length ? null : await bring("library-welcome"));
      this.#notice.look();
      if (exports.length > 1) await this.#count();
    } catch (error) {
      this.#exports = null;
      replace(this.#body, problemNote(error, () => this.#load()));
    } finally {
      clearTimeout(slow);
    }
  }

  /** Where the list takes long the first time, say what is going on. */
  #sayWhy() {
    if (this.#exports) return;
    this.#body.append(h("p", { class: "quiet-text", role: "status" }, "Looking through your folders. Where the list was lost it is made again from them, which can take a few minutes."));
  }

  async #count() {
    const [statistics] = await Promise.all([call("statistics"), bring("library-statistics")]);
    this.#statistics.statistics = statistics;
  }

  #draw(exports, welcome) {
    const before = this.#exports;
    this.#exports = exports;
    this.#selection.keep(exports.map(({ name }) => name));
    this.#statistics.hidden = exports.length < 2;
    this.#import.hidden = exports.length === 0;
    if (!exports.length) {
      this.#about.textContent = "Nothing here yet.";
      if (before === null || before.length) replace(this.#body, welcome.libraryWelcome(() => this.#want()));
      return;
    }
    const sum = (key) => exports.reduce((total, each) => total + each[key], 0);
    this.#about.textContent = [count(exports.length, "export"), count(sum("conversationCount"), "conversation"), size(sum("sizeBytes"))].join(" · ");
    if (!before?.length) {
      replace(this.#body, this.#statistics, this.#tools, this.#found, this.#collection, this.#none,
        h("p", { class: "list-end" }, h("button", { type: "button", class: "quiet small", onclick: () => wanted("deleted-dialog", ({ openDeleted }) => openDeleted()) }, icon("trash"), "Recently deleted")),
        h("p", { class: "drop-line" }, icon("import"), h("span", {}, "Drop a ChatGPT archive anywhere on this page to import it. A newer archive can be added to an export you have: nothing in it is lost.")));
    }
    this.#arrange();
  }

  #menu({ name, button }) {
    const summary = this.#exports.find((each) => each.name === name);
    wanted("export-menu", ({ openExportMenu }) => openExportMenu(button, summary, { page: this, rename: () => this.#rename(name) }));
  }

  #rename(name) {
    this.#collection.rename(name, async (renamed) => {
      if (this.#selection.has(name)) this.#selection.toggle(name);
      await this.#load();
      this.#collection.focusOn(renamed);
    });
  }

  #chose() {
    wanted("selection-bar", () => this.#bar.show(this.#exports.filter(({ name }) => this.#selection.has(name))));
  }

  #chooseNone() {
    if (this.#bar.contains(document.activeElement)) this.focus({ preventScroll: true });
    this.#selection.clear();
  }

  #key(event) {
    if (this.hidden || typing(event) || !this.#exports?.length || document.querySelector("dialog[open]")) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a") {
      event.preventDefault();
      this.#collection.chooseAll();
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") this.#chooseNone();
    if (event.key === "/") {
      event.preventDefault();
      this.#tools.focusBox();
    }
    const here = event.target.closest("[data-export]")?.dataset.export;
    if (event.key === "F2" && here) this.#rename(here);
    if (event.key === "Delete" && (this.#selection.size || here)) {
      const doomed = this.#exports.filter(({ name }) => (this.#selection.size ? this.#selection.has(name) : name === here));
      wanted("deleting", ({ askToDelete }) => askToDelete(doomed));
    }
  }

  /** Show the exports the view asks for. */
  #arrange() {
    if (!this.#exports.length) return;
    const found = chosen(this.#exports, this.#view);
    this.#tools.hidden = this.#exports.length < 2 && !isFiltered(this.#view);
    this.#tools.show(this.#view, yearsOf(this.#exports));
    this.#found.hidden = !isFiltered(this.#view) || !found.length;
    this.#found.textContent = `${number(found.length)} of ${count(this.#exports.length, "export")}`;
    this.#collection.hidden = found.length === 0;
    this.#collection.show(found, this.#view.shape);
    this.#none.hidden = found.length > 0;
    if (!found.length) replace(this.#none, h("p", {}, "No export is like that."), h("button", { type: "button", onclick: () => this.#showAll() }, "Show all"));
  }

  #change(view) {
    this.#view = view;
    note(addressOfView(view));
    this.#arrange();
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => announce(this.#none.hidden ? this.#found.textContent : "No export is like that."), PAUSE);
  }

  #showAll() {
    this.#change({ ...this.#view, search: "", state: "", year: "", size: "" });
    this.#tools.focusBox();
  }
}

function skeleton() {
  return h("div", { class: "cards skeleton", "aria-hidden": "true" }, [1, 2, 3].map(() => h("div", { class: "ghost-card" })));
}

customElements.define("library-page", LibraryPage);
