/** All media of the library: looked through, narrowed, shown large; and what is missing. */

import { call } from "../../api.js";
import { announce } from "../../lib/announce.js";
import { h, replace } from "../../lib/dom.js";
import { Edges } from "../../lib/edges.js";
import { icon } from "../../lib/icons.js";
import { entitle, note } from "../../lib/router.js";
import { count, number, size } from "../../lib/say.js";
import { problemNote } from "../frame/problem-note.js";
import "./media-stage.js";
import { mediaTile } from "./media-tile.js";
import "./missing-media.js";

const PAGE = 100;
const AHEAD = 1200; // pixels kept loaded below what is in sight
const PAUSE = 250; // milliseconds after the last key
const KINDS = { "": "All", image: "Pictures", audio: "Recordings", video: "Films", file: "Files", missing: "Missing" };
const SORTS = { newest: "Newest", oldest: "Oldest", largest: "Largest", name: "Name" };

/** @element media-page */
export class MediaPage extends HTMLElement {
  #asked = null;
  #exports = [];
  #lent = ""; // the export shown because one has to be, where missing media are
  #items = [];
  #next = null;
  #loading = null;
  #pause = 0;
  #edges = null;
  #lifetime = null;
  #about = h("p", { class: "page-about number", role: "status" }, "\u00a0");
  #box = h("input", { type: "search", placeholder: "Names and titles", "aria-label": "Search media", autocomplete: "off", spellcheck: "false", dir: "auto" });
  #export = h("select", { "aria-label": "In which export" }, h("option", { value: "" }, "All exports"));
  #sort = h("select", { "aria-label": "Order" }, Object.entries(SORTS).map(([value, words]) => h("option", { value }, words)));
  #kinds = Object.entries(KINDS).map(([value, words]) => h("label", {}, h("input", { type: "radio", name: "media-kind", value }), h("span", {}, words)));
  #grid = h("ul", { role: "list", class: "media-tiles", "aria-label": "Media" });
  #end = h("div", { class: "media-end" });
  #none = h("div", { class: "none-found", hidden: true });
  #missing = document.createElement("missing-media");
  #stage = document.createElement("media-stage");

  connectedCallback() {
    this.#lifetime = new AbortController();
    replace(this,
      h("header", { class: "page-head" }, h("h1", {}, "Media"), this.#about),
      h("div", { class: "page-body" },
        h("div", { class: "media-tools", role: "search", "aria-label": "Media" },
          h("div", { class: "segments", role: "radiogroup", "aria-label": "Kind" }, this.#kinds),
          h("div", { class: "filter" }, icon("search"), this.#box), this.#export, this.#sort),
        this.#none, this.#grid, this.#end, this.#missing),
      this.#stage);
    this.#box.oninput = () => {
      clearTimeout(this.#pause);
      this.#pause = setTimeout(() => this.hidden || this.#choose(), PAUSE); // who has gone on is let go
    };
    this.onchange = (event) => {
      if (event.target !== this.#box) this.#choose();
    };
    this.#grid.onclick = (event) => this.#open(event.target.closest(".media-tile"));
    this.#grid.onkeydown = (event) => this.#key(event);
    this.#stage.addEventListener("stage-near-end", () => this.#more());
    document.addEventListener("export-imported", () => this.#recount(), { signal: this.#lifetime.signal });
    this.#edges = new Edges(this, [this.#end], AHEAD, () => this.#more());
  }

  disconnectedCallback() {
    clearTimeout(this.#pause);
    this.#lifetime.abort();
    this.#edges.stop();
    this.#loading?.abort();
  }

  /** Called by the frame whenever this page is to be seen. */
  async show({ query }) {
    entitle("Media");
    const asked = { export: query.get("export") ?? "", kind: KINDS[query.get("kind")] ? query.get("kind") : "", search: query.get("search") ?? "", sort: SORTS[query.get("sort")] ? query.get("sort") : "newest" };
    this.#exports = await call("export list", { sort: "name" }).catch(() => []);
    if (asked.kind === "missing" && !asked.export) asked.export = this.#lend();
    this.#offer(asked);
    this.#sort.value = asked.sort;
    if (this.#box.value.trim() !== asked.search) this.#box.value = asked.search;
    for (const label of this.#kinds) label.firstChild.checked = label.firstChild.value === asked.kind;
    this.#begin(asked);
  }

  #choose() {
    const kind = this.#kinds.map((label) => label.firstChild).find(({ checked }) => checked)?.value ?? "";
    const asked = { export: this.#export.value, kind, search: this.#box.value.trim(), sort: this.#sort.value };
    if (kind === "missing" && !asked.export) asked.export = this.#lend();
    else if (kind !== "missing" && asked.export === this.#lent) asked.export = "";
    if (kind !== "missing") this.#lent = "";
    this.#offer(asked);
    const query = new URLSearchParams(Object.entries({ ...asked, sort: asked.sort === "newest" ? "" : asked.sort }).filter(([, value]) => value)).toString();
    note(query ? `/media?${query}` : "/media");
    this.#begin(asked);
  }

  /** The exports to choose from; where missing media are shown, with how many each misses. */
  #offer({ kind, export: chosen }) {
    const isMissing = kind === "missing";
    const words = ({ name, missingMedia }) => (isMissing && missingMedia ? `${name} (${number(missingMedia)})` : name);
    replace(this.#export, isMissing ? null : h("option", { value: "" }, "All exports"), this.#exports.map((each) => h("option", { value: each.name }, words(each))));
    this.#export.value = this.#exports.some(({ name }) => name === chosen) ? chosen : "";
  }

  /** What is missing is shown of one export: first of that which misses most. */
  #lend() {
    this.#lent = [...this.#exports].sort((a, b) => b.missingMedia - a.missingMedia)[0]?.name ?? "";
    return this.#lent;
  }

  /** What was filled in or imported changes how many each misses. */
  async #recount() {
    this.#exports = await call("export list", { sort: "name" }).catch(() => this.#exports);
    if (this.#asked) this.#offer(this.#asked);
  }

  async #begin(asked) {
    this.#asked = asked;
    const isMissing = asked.kind === "missing";
    this.#missing.hidden = !isMissing;
    for (const part of [this.#grid, this.#end]) part.hidden = isMissing;
    this.#box.disabled = isMissing;
    this.#sort.disabled = isMissing;
    this.#none.hidden = true;
    this.#next = null;
    if (isMissing) {
      this.#about.textContent = "What is referred to, and not there.";
      this.#missing.show(asked.export);
      return;
    }
    const page = await this.#ask("");
    if (!page) return;
    this.#items = [];
    replace(this.#grid);
    this.#took(page);
    this.#tell(page.totals);
    this.scrollTop = 0;
  }

  #tell(totals) {
    const all = Object.values(totals);
    const files = all.reduce((sum, each) => sum + each.count, 0);
    this.#about.textContent = files ? `${count(files, "file")} · ${size(all.reduce((sum, each) => sum + each.sizeBytes, 0))}` : "Nothing here.";
    announce(this.#about.textContent);
    this.#none.hidden = files > 0;
    if (!files) replace(this.#none, h("p", {}, this.#asked.search || this.#asked.kind || this.#asked.export ? "No file is like that." : "Pictures, recordings and files of your exports will be here."));
    for (const label of this.#kinds) {
      const total = totals[label.firstChild.value];
      label.title = total ? `${number(total.count)} · ${size(total.sizeBytes)}` : "";
    }
  }

  async #more() {
    if (this.#loading || this.#next === null) return;
    const page = await this.#ask(this.#next);
    if (page) this.#took(page);
  }

  async #ask(after) {
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    try {
      return await call("media list", { ...this.#asked, limit: PAGE, after }, { signal: loading.signal });
    } catch (error) {
      if (error.name === "AbortError") return null;
      replace(this.#end, problemNote(error, () => this.#begin(this.#asked)));
      return null;
    } finally {
      if (this.#loading === loading) this.#loading = null;
    }
  }

  #took({ items, next }) {
    const first = this.#items.length;
    this.#items = [...this.#items, ...items];
    this.#next = next;
    this.#grid.append(...items.map((item, index) => mediaTile(item, first + index)));
    replace(this.#end);
    this.#stage.extend(this.#items);
    this.#edges.lookAgain();
  }

  #open(tile) {
    if (!tile) return;
    this.#stage.open(this.#items, Number(tile.dataset.number), (last) => {
      const shown = this.#grid.children[last]?.firstChild;
      shown?.scrollIntoView({ block: "nearest" });
      shown?.focus({ preventScroll: true });
    });
  }

  #key(event) {
    const at = Number(event.target.dataset.number);
    const columns = getComputedStyle(this.#grid).gridTemplateColumns.split(" ").length;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[event.key];
    const to = this.#grid.children[at + step]?.firstChild;
    if (!to) return;
    event.preventDefault();
    to.focus();
  }
}

customElements.define("media-page", MediaPage);
