/** Search: a box, and the messages that hold its words. */

import { call } from "../../api.js";
import { announce } from "../../lib/announce.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { addressOf, entitle, go } from "../../lib/router.js";
import { exact, number, when } from "../../lib/say.js";
import { openSave } from "../saving/save-dialog.js";
import { problemNote } from "./problem-note.js";

const PAGE = 30;
const PAUSE = 250; // milliseconds after the last key
const SPEAKERS = { user: "You", assistant: "ChatGPT", tool: "A tool", title: "The title" };
const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'", "&#39;": "'" };

/** @element search-page */
export class SearchPage extends HTMLElement {
  #asked = "";
  #pause = 0;
  #loading = null;
  #next = null;
  #box = h("input", { type: "search", id: "search-box", placeholder: "Words in your conversations", "aria-label": "Search", autocomplete: "off", spellcheck: "false", dir: "auto" });
  #choice = h("select", { "aria-label": "In which export", hidden: true }, h("option", { value: "" }, "Everywhere"));
  #about = h("p", { class: "search-about number", role: "status" }, "\u00a0");
  #save = h("button", { type: "button", class: "quiet small", hidden: true, onclick: () => this.#saveFound() }, icon("save"), "Save these");
  #hits = h("ol", { class: "hits", role: "list" });
  #more = h("div", { class: "search-more" });

  connectedCallback() {
    const form = h("form", { role: "search", class: "search-form", onsubmit: (event) => this.#submit(event) },
      h("div", { class: "filter" }, icon("search"), this.#box), this.#choice, h("button", { type: "submit", class: "primary" }, "Search"));
    replace(this, h("div", { class: "page-narrow" }, h("h1", {}, "Search"), form, h("div", { class: "search-line" }, this.#about, this.#save), this.#hits, this.#more));
    this.#box.oninput = () => {
      clearTimeout(this.#pause);
      this.#pause = setTimeout(() => this.hidden || this.#note(), PAUSE); // who has gone on is let go
    };
    this.#choice.onchange = () => this.#note();
  }

  /** Called by the frame whenever this page is to be seen. */
  async show({ query }) {
    const words = query.get("q") ?? "";
    entitle(words, "Search");
    if (this.#box.value.trim() !== words) this.#box.value = words;
    const exportName = query.get("export") ?? "";
    const key = JSON.stringify([words, exportName]);
    if (key !== this.#asked) this.#begin(key, words, exportName);
    if (matchMedia("(min-width: 37.5em)").matches) this.#box.focus({ preventScroll: true });
    if (!this.#choice.matches(":focus")) await this.#offer(exportName);
  }

  focusBox() {
    this.#box.focus();
    this.#box.select();
  }

  async #offer(chosen) {
    const exports = await call("export list").catch(() => []);
    replace(this.#choice, h("option", { value: "" }, "Everywhere"), exports.map(({ name }) => h("option", { value: name }, name)));
    this.#choice.value = exports.some(({ name }) => name === chosen) ? chosen : "";
    this.#choice.hidden = exports.length < 2;
  }

  #address() {
    const query = new URLSearchParams();
    if (this.#box.value.trim()) query.set("q", this.#box.value.trim());
    if (this.#choice.value) query.set("export", this.#choice.value);
    const text = query.toString();
    return text ? `/search?${text}` : "/search";
  }

  #note() {
    go(this.#address(), { replace: true });
  }

  #submit(event) {
    event.preventDefault();
    clearTimeout(this.#pause);
    this.#note();
  }

  async #begin(key, words, exportName) {
    this.#asked = key;
    this.#loading?.abort();
    this.#next = null;
    this.#save.hidden = true;
    if (!words) {
      this.#about.textContent = "Every message of every export. Words in “quotes” must stand together.";
      replace(this.#hits);
      replace(this.#more);
      return;
    }
    const page = await this.#ask({ q: words, export: exportName });
    if (!page) return;
    replace(this.#hits);
    this.#took(page, words, exportName);
    this.#save.hidden = page.total === 0;
    const found = page.total ? `${number(page.total)} found · ${Math.max(1, Math.round(page.milliseconds))} ms` : "Nothing found. Fewer words, or the beginning of one, may find it.";
    this.#about.textContent = found;
    announce(found);
    this.scrollTop = 0;
  }

  #saveFound() {
    const q = this.#box.value.trim();
    openSave({
      title: ["Save what was found for ", h("bdi", {}, `“${q}”`)],
      about: h("p", { class: "quiet-text" }, "Every conversation with a message found is saved, whole."),
      operation: "search save", values: { q, export: this.#choice.value }, activity: `Save what was found for “${q}”`,
    });
  }

  async #ask(values) {
    this.#loading?.abort();
    const loading = new AbortController();
    this.#loading = loading;
    try {
      return await call("search", { ...values, limit: PAGE }, { signal: loading.signal });
    } catch (error) {
      if (error.name === "AbortError") return null;
      this.#asked = "";
      this.#about.textContent = "\u00a0";
      replace(this.#hits, h("li", {}, problemNote(error)));
      replace(this.#more);
      return null;
    }
  }

  #took({ hits, next }, words, exportName) {
    this.#hits.append(...hits.map(hitOf));
    const more = async () => {
      const page = await this.#ask({ q: words, export: exportName, after: next });
      if (page) this.#took(page, words, exportName);
    };
    replace(this.#more, next ? h("button", { type: "button", onclick: more }, "More") : null);
  }
}

function hitOf({ export: exportName, conversationId, messageId, title, role, createdAt, snippet }) {
  return h("li", {},
    h("h2", {}, h("a", { href: addressOf(exportName, conversationId, { message: messageId }) }, h("bdi", {}, role === "title" ? marked(snippet) : title || "Untitled"))),
    role === "title" ? null : h("p", { class: "snippet" }, marked(snippet)),
    h("p", { class: "facts number" },
      h("span", {}, SPEAKERS[role] ?? role), createdAt ? h("time", { datetime: createdAt, title: exact(createdAt) }, when(createdAt)) : null, h("span", {}, h("bdi", {}, exportName))));
}

/** A snippet is escaped text with `<mark>` around what was found: read as that, never as HTML. */
function marked(snippet) {
  return snippet.split(/(<mark>.*?<\/mark>)/s).map((part) => {
    const found = /^<mark>(.*)<\/mark>$/s.exec(part);
    const text = (found ? found[1] : part).replace(/&(?:amp|lt|gt|quot|#x27|#39);/g, (entity) => ENTITIES[entity]);
    return found ? h("mark", {}, text) : text;
  });
}

customElements.define("search-page", SearchPage);
