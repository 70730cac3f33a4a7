/** The files of a backup as folders to walk through, find in and choose from, asked for page by page. */

import { call } from "../../api.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { stepOf } from "../../lib/keyboard.js";
import { count, dayShort, exact, number, size } from "../../lib/say.js";
import { backupProblem } from "./unlock-form.js";

const PAUSE = 150; // ms without a key before files are looked for
const FLAGS = { "changed-while-read": "changed while read", unreadable: "could not be read" };

/**
 * @element file-browser
 * @fires file-wanted (detail: the file) to look into it
 * @fires choice-changed when other files are chosen
 */
export class FileBrowser extends HTMLElement {
  #place = null;
  #at = "";
  #shown = "";
  #chosen = new Map(); // path -> what it comes to: {files, bytes}
  #next = null;
  #asked = 0;
  #pause = 0;
  #trail = h("nav", { class: "folder-trail", "aria-label": "Folder" });
  #filter = h("input", { type: "search", placeholder: "Find a file", "aria-label": "Find a file", oninput: () => this.#refilter() });
  #rows = h("tbody", {});
  #more = h("button", { type: "button", hidden: true, onclick: () => this.#showMore() });

  connectedCallback() {
    if (this.firstChild) return;
    replace(this,
      h("div", { class: "browser-head" }, this.#trail, h("div", { class: "filter" }, icon("search"), this.#filter)),
      h("div", { class: "table-wrap" }, h("table", { class: "files", onkeydown: (event) => this.#key(event) },
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, h("span", { class: "visually-hidden" }, "Choose")), h("th", { scope: "col" }, "Name"), h("th", { scope: "col", class: "figure" }, "Size"), h("th", { scope: "col", class: "wide-only" }, "Changed"))),
        this.#rows)),
      this.#more);
  }

  disconnectedCallback() {
    clearTimeout(this.#pause);
  }

  /** Show the files of the backup at `place` (`{exportName, backup}`), with the first page of its top folder. */
  show(place, first) {
    clearTimeout(this.#pause);
    this.#place = place;
    this.#asked += 1;
    this.#at = "";
    this.#chosen.clear();
    this.#shown = "";
    this.#filter.value = "";
    this.#drawTrail();
    this.#draw(first);
    this.#tell();
  }

  /** What is chosen: paths of files and folders. */
  get chosen() {
    return [...this.#chosen.keys()].sort();
  }

  /** How many files that comes to, and how many bytes. */
  get weight() {
    const each = [...this.#chosen.values()];
    return { files: each.reduce((sum, { files }) => sum + files, 0), bytes: each.reduce((sum, { bytes }) => sum + bytes, 0) };
  }

  /** A page of the folder shown, or of what is looked for below it. */
  async #ask(after = "") {
    const { exportName, backup } = this.#place;
    return call("backup browse", { export: exportName, id: backup, path: this.#at, search: this.#filter.value.trim(), after });
  }

  #go(path, focused = "") {
    this.#at = path;
    this.#drawTrail();
    this.#load(focused);
  }

  #refilter() {
    clearTimeout(this.#pause);
    this.#asked += 1; // what is under way answers to other words
    this.#rows.setAttribute("aria-busy", "true");
    this.#pause = setTimeout(() => this.#load(), PAUSE);
  }

  async #load(focused = "") {
    clearTimeout(this.#pause);
    this.#asked += 1;
    const asked = this.#asked;
    this.#rows.setAttribute("aria-busy", "true");
    try {
      const page = await this.#ask();
      if (asked !== this.#asked) return;
      this.#draw(page);
      if (focused) this.#name(focused)?.focus();
    } catch (error) {
      if (asked === this.#asked) this.#sayWhy(error);
    }
  }

  async #showMore() {
    const asked = this.#asked;
    const at = this.#rows.rows.length;
    try {
      const page = await this.#ask(this.#next);
      if (asked !== this.#asked || at !== this.#rows.rows.length) return;
      this.#rows.append(...page.entries.map((row) => this.#row(row)));
      this.#tellMore(page);
      this.#rows.rows[at]?.querySelector("button").focus();
    } catch (error) {
      if (asked === this.#asked) this.#sayWhy(error);
    }
  }

  #sayWhy(error) {
    replace(this.#rows, h("tr", {}, h("td", {}), h("td", { colspan: 3 }, backupProblem(error, () => this.#load()))));
    this.#rows.removeAttribute("aria-busy");
    this.#more.hidden = true;
  }

  #drawTrail() {
    const parts = this.#at.split("/").filter(Boolean);
    const steps = [["All files", ""], ...parts.map((part, index) => [part, parts.slice(0, index + 1).join("/")])];
    replace(this.#trail, h("ol", { role: "list" }, steps.map(([words, path], index) => h("li", {},
      index === steps.length - 1 ? h("span", { "aria-current": "location" }, h("bdi", {}, words)) : h("button", { type: "button", class: "quiet small", onclick: () => this.#go(path, parts[index] ? `${path ? `${path}/` : ""}${parts[index]}` : "") }, h("bdi", {}, words))))));
  }

  #draw(page) {
    const words = this.#filter.value.trim();
    replace(this.#rows, page.entries.map((row) => this.#row(row)));
    if (!page.entries.length) replace(this.#rows, h("tr", {}, h("td", {}), h("td", { colspan: 3, class: "quiet-text" }, words ? "No file here has that in its name." : "Nothing is in this folder.")));
    this.#rows.removeAttribute("aria-busy");
    this.#tellMore(page);
  }

  #tellMore({ next, total }) {
    this.#next = next;
    this.#more.hidden = next === null;
    this.#more.textContent = `Show more of the ${number(Math.max(0, total - this.#rows.rows.length))} that follow`;
  }

  #row(row) {
    const { kind, name, path, sizeBytes, modifiedAt, flags } = row;
    const inherited = path.includes("/") && this.#isChosen(path.slice(0, path.lastIndexOf("/")));
    const box = h("input", { type: "checkbox", checked: inherited || this.#chosen.has(path), disabled: inherited, "aria-label": `Choose ${name}`, onchange: () => this.#choose(row, box.checked) });
    const open = () => (kind === "folder" ? this.#go(path) : this.#look(row));
    return h("tr", {},
      h("td", {}, box),
      h("th", { scope: "row" }, h("button", { type: "button", class: "quiet", title: name, "data-path": path, "aria-current": path === this.#shown ? "true" : null, onclick: open }, icon(kind === "folder" ? kind : "file"), called(name), flags?.length ? h("span", { class: "tag" }, flags.map((flag) => FLAGS[flag] ?? flag).join(", ")) : null)),
      h("td", { class: "figure number" }, kind === "folder" ? h("span", { title: count(row.files, "file") }, size(sizeBytes)) : size(sizeBytes)),
      h("td", { class: "wide-only" }, kind !== "folder" ? h("time", { datetime: modifiedAt, title: exact(modifiedAt) }, dayShort(modifiedAt)) : null));
  }

  /** Ask for a file to be shown, and mark it as the one that is. */
  #look(row) {
    this.#name(this.#shown)?.removeAttribute("aria-current");
    this.#shown = row.path;
    this.#name(row.path).setAttribute("aria-current", "true");
    this.dispatchEvent(new CustomEvent("file-wanted", { bubbles: true, detail: row }));
  }

  #choose({ path, kind, files, sizeBytes }, isWanted) {
    if (isWanted) {
      for (const each of this.#chosen.keys()) if (each.startsWith(`${path}/`)) this.#chosen.delete(each);
      this.#chosen.set(path, { files: kind === "folder" ? files : 1, bytes: sizeBytes });
    } else this.#chosen.delete(path);
    this.#tell();
  }

  /** Whether a path is chosen, itself or by a folder above it. */
  #isChosen(path) {
    for (let at = path; at; at = at.includes("/") ? at.slice(0, at.lastIndexOf("/")) : "") if (this.#chosen.has(at)) return true;
    return false;
  }

  #name(path) {
    return this.#rows.querySelector(`[data-path="${CSS.escape(path)}"]`);
  }

  #key(event) {
    const names = [...this.#rows.querySelectorAll("[data-path]")];
    const at = names.indexOf(event.target);
    if (at < 0) return;
    const step = stepOf(event, at, names.length);
    if (step === null) return;
    event.preventDefault();
    names[step].focus();
  }

  #tell() {
    this.dispatchEvent(new CustomEvent("choice-changed", { bubbles: true }));
  }
}

/** A name as a list shows it: of a file found deeper down its own first, then where it lies. */
function called(name) {
  const at = name.lastIndexOf("/");
  if (at < 0) return h("bdi", {}, name);
  return [h("bdi", {}, name.slice(at + 1)), " ", h("bdi", { class: "quiet-text" }, name.slice(0, at))];
}

customElements.define("file-browser", FileBrowser);
