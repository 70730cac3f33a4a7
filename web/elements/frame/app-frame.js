/** The frame of the page: the rail, the page now shown, the tray, and the keys that work everywhere. */

import { announce } from "../../lib/announce.js";
import { h, replace } from "../../lib/dom.js";
import { icon, raccoon } from "../../lib/icons.js";
import { typing } from "../../lib/keyboard.js";
import { adoptRunning } from "../../jobs.js";
import { followFolders } from "../../following.js";
import { follow, go } from "../../lib/router.js";
import { bring, bringAll, wanted } from "../../later.js";
import { call, callWindow } from "../../api.js";
import { hear, inWindow } from "../../window.js";
import { lookAtBackups, standings, troubled } from "../backups/backup-watch.js";
import { filesOf } from "../library/dropped-files.js";
import { keepLinksOutside } from "./outside-links.js";
import { problemNote } from "./problem-note.js";
import "../library/library-page.js";

const DESTINATIONS = [
  ["library", "/", "Library"],
  ["search", "/search", "Search"],
  ["media", "/media", "Media"],
  ["backups", "/backups", "Backups"],
  ["settings", "/settings", "Settings"],
];

const LATER_AFTER = 500; // milliseconds: what is shown first has the program to itself

/**
 * @element app-frame
 * Listens for `import-wanted` (detail: `{files, into}`) and `migration-wanted` from anything inside it.
 */
export class AppFrame extends HTMLElement {
  #pages = new Map();
  #main = h("main", { id: "page", tabindex: "-1" });
  #dialog = h("import-dialog");
  #migration = h("migration-dialog");
  #keys = h("keys-dialog");
  #veil = h("div", { class: "drop-veil", hidden: true }, h("p", {}, "Drop to import"));
  #lifetime = null;
  #place = null;
  #absent = null;
  #shown = Promise.resolve();
  #afterG = 0;

  connectedCallback() {
    this.#lifetime = new AbortController();
    const { signal } = this.#lifetime;
    replace(this, this.#rail(), this.#main, h("job-tray"), this.#dialog, this.#migration, this.#keys, this.#veil);
    this.addEventListener("import-wanted", (event) => this.#import(event.detail ?? {}), { signal });
    this.addEventListener("migration-wanted", () => wanted("migration-dialog", () => this.#migration.ask()), { signal });
    document.addEventListener("program-gone", ({ detail }) => this.#tell(detail, () => location.reload()), { signal });
    document.addEventListener("keydown", (event) => this.#key(event), { signal });
    this.#acceptDrops(signal);
    standings.addEventListener("known", ({ detail }) => this.#mark("backups", troubled(detail)[0]?.state), { signal });
    for (const news of ["backup-changed", "export-imported"]) document.addEventListener(news, () => lookAtBackups(), { signal });
    requestAnimationFrame(() => setTimeout(lookAtBackups));
    setTimeout(bringAll, LATER_AFTER);
    document.querySelector(".skip-link").addEventListener("click", (event) => this.#skip(event), { signal });
    this.#hearWindow(signal);
    follow((place) => { this.#shown = this.#show(place); });
    this.#takeOffered();
    adoptRunning().catch(() => {});
    followFolders(signal);
  }

  disconnectedCallback() {
    this.#lifetime.abort();
  }

  #rail() {
    return h(
      "nav",
      { class: "rail", "aria-label": "Main" },
      h("a", { class: "brand", href: "/", "aria-label": "Data Dumpster Diver, to the library" }, raccoon(), h("span", { "aria-hidden": "true" }, "Data Dumpster Diver")),
      h("ul", { role: "list" }, DESTINATIONS.map(([name, href, words]) =>
        h("li", { "data-name": name }, h("a", { href, title: words }, icon(name), h("span", {}, words, h("span", { class: "visually-hidden rail-news" })))),
      )),
      h("button", { type: "button", class: "quiet keys-button", title: "Keys", onclick: () => this.#listKeys() }, h("kbd", { "aria-hidden": "true" }, "?"), h("span", {}, "Keys")),
    );
  }

  /** Mark a place of the rail as wanting attention; no `state` takes the mark away. */
  #mark(name, state) {
    const place = this.querySelector(`.rail li[data-name="${name}"]`);
    if (state) place.dataset.state = state;
    else delete place.dataset.state;
    place.querySelector(".rail-news").textContent = state ? "(something wants attention)" : "";
  }

  async #show(place) {
    this.#place = place;
    for (const link of this.querySelectorAll(".rail li")) {
      const here = link.dataset.name === (["export", "compare"].includes(place.name) ? "library" : place.name);
      if (here) link.firstElementChild.setAttribute("aria-current", "page");
      else link.firstElementChild.removeAttribute("aria-current");
    }
    const tag = `${place.name}-page`;
    this.#absent?.remove();
    if (!customElements.get(tag) && !(await this.#bring(tag, place))) return;
    if (place !== this.#place) return; // meanwhile another was asked for
    const page = this.#page(place.name);
    for (const each of this.#pages.values()) each.hidden = each !== page;
    page.show(place);
  }

  /** Load what a place needs; where nobody gives it any more, say so there. */
  async #bring(tag, place) {
    try {
      await bring(tag);
      return true;
    } catch (error) {
      if (place === this.#place) this.#tell(error, () => { this.#shown = this.#show(place); });
      return false;
    }
  }

  /** Say in place of the page what is wrong. */
  #tell(error, again) {
    for (const each of this.#pages.values()) each.hidden = true;
    this.#absent?.remove();
    this.#absent = problemNote(error, again);
    this.#main.append(this.#absent);
  }

  #import(asked) {
    wanted("import-dialog", () => this.#dialog.ask(asked));
  }

  #listKeys() {
    wanted("keys-dialog", () => this.#keys.open());
  }

  #page(name) {
    if (!this.#pages.has(name)) {
      const page = document.createElement(`${name}-page`);
      this.#pages.set(name, page);
      this.#main.append(page);
    }
    return this.#pages.get(name);
  }

  /** Everything one may ask for from anywhere: by a key, or by the window's menu. */
  #do(wish) {
    const wishes = {
      search: async () => {
        go("/search");
        await this.#shown;
        this.querySelector("search-page").focusBox();
      },
      import: () => this.#import(),
      library: () => go("/"),
      settings: () => go("/settings"),
      keys: () => this.#listKeys(),
      quit: () => callWindow("close window", { answer: "ask" }),
      "full screen": () => callWindow("full screen"),
    };
    if (!document.querySelector("dialog[open]") || ["quit", "full screen"].includes(wish)) wishes[wish]?.();
  }

  #hearWindow(signal) {
    if (!inWindow()) return;
    keepLinksOutside(signal);
    document.addEventListener("theme-changed", ({ detail }) => callWindow("wear theme", { theme: detail }), { signal });
    hear("menu", (wish) => this.#do(wish), { signal });
    hear("dropped", (files) => this.#import({ files }), { signal });
    hear("offered", () => this.#takeOffered(), { signal });
    hear("closing", () => wanted("closing-question", ({ askBeforeClosing }) => askBeforeClosing()), { signal });
    hear("saved", ({ place }) => announce(`Saved as ${place}.`), { signal });
  }

  /** What was given on the command line, or to a second start: the person is asked about it. */
  async #takeOffered() {
    const files = await call("offered take").catch(() => []);
    if (files.length) this.#import({ files });
  }

  #key(event) {
    const wish = wishOf(event);
    if (wish) {
      event.preventDefault();
      this.#do(wish);
      return;
    }
    if (typing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "?") this.#listKeys();
    if (event.key === "l" && event.timeStamp - this.#afterG < 1000) go("/");
    this.#afterG = event.key === "g" ? event.timeStamp : 0;
  }

  /** To the page without a step in the history: the address says what is shown, nothing else. */
  #skip(event) {
    event.preventDefault();
    this.#main.focus();
  }

  #acceptDrops(signal) {
    const bringsFiles = (event) => event.dataTransfer?.types.includes("Files");
    document.addEventListener("dragover", (event) => {
      if (!bringsFiles(event)) return;
      event.preventDefault();
      this.#veil.hidden = false;
    }, { signal });
    document.addEventListener("dragleave", (event) => {
      if (event.relatedTarget === null) this.#veil.hidden = true;
    }, { signal });
    document.addEventListener("drop", async (event) => {
      this.#veil.hidden = true;
      if (!bringsFiles(event)) return;
      event.preventDefault();
      if (inWindow()) return; // the window tells of them itself, by their full paths
      const files = await filesOf(event.dataTransfer);
      if (files.length) this.#import({ files });
    }, { signal });
  }
}

/** What the keys of the whole page ask for; quitting is the browser's own affair in a browser. */
function wishOf({ key, ctrlKey, metaKey, altKey, shiftKey }) {
  if (key === "F11" && inWindow()) return "full screen";
  if (!(ctrlKey || metaKey) || altKey || shiftKey) return null;
  const wishes = { k: "search", o: "import", ",": "settings", ...(inWindow() ? { q: "quit" } : {}) };
  return wishes[key.toLowerCase()] ?? null;
}

customElements.define("app-frame", AppFrame);
