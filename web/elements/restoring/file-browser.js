/** The files of a backup as folders to walk through, find in and choose from. */

import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { stepOf } from "../../lib/keyboard.js";
import { count, dayShort, exact, number, size } from "../../lib/say.js";
import { folderAt, isChosen, matching, rowsOf, treeOf } from "./file-tree.js";

const AT_ONCE = 300; // rows drawn before more are asked for

const FLAGS = { "changed-while-read": "changed while read", unreadable: "could not be read" };

/**
 * @element file-browser
 * @fires file-wanted (detail: the file) to look into it
 * @fires choice-changed when other files are chosen
 */
export class FileBrowser extends HTMLElement {
  #root = null;
  #at = "";
  #shown = "";
  #chosen = new Set();
  #limit = AT_ONCE;
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

  /** Show these files, from the folder at the top. */
  show(files) {
    this.#root = treeOf(files);
    this.#chosen.clear();
    this.#shown = "";
    this.#filter.value = "";
    this.#go("");
    this.#tell();
  }

  /** What is chosen: paths of files and folders. */
  get chosen() {
    return [...this.#chosen].sort();
  }

  /** How many files that comes to, and how many bytes. */
  get weight() {
    let files = 0;
    let bytes = 0;
    const weigh = (at, all) => {
      for (const each of at.files) if (all || this.#chosen.has(each.path)) [files, bytes] = [files + 1, bytes + each.sizeBytes];
      for (const each of at.folders.values()) weigh(each, all || this.#chosen.has(each.path));
    };
    if (this.#root) weigh(this.#root, false);
    return { files, bytes };
  }

  #go(path, focused = "") {
    this.#at = folderAt(this.#root, path).path;
    this.#limit = AT_ONCE;
    this.#drawTrail();
    this.#draw();
    if (focused) this.#name(focused)?.focus();
  }

  #refilter() {
    this.#limit = AT_ONCE;
    this.#draw();
  }

  #showMore() {
    const at = this.#limit;
    this.#limit += AT_ONCE;
    this.#draw();
    this.#rows.rows[at]?.querySelector("button").focus();
  }

  #drawTrail() {
    const parts = this.#at.split("/").filter(Boolean);
    const steps = [["All files", ""], ...parts.map((part, index) => [part, parts.slice(0, index + 1).join("/")])];
    replace(this.#trail, h("ol", { role: "list" }, steps.map(([words, path], index) => h("li", {},
      index === steps.length - 1 ? h("span", { "aria-current": "location" }, h("bdi", {}, words)) : h("button", { type: "button", class: "quiet small", onclick: () => this.#go(path, parts[index] ? `${path ? `${path}/` : ""}${parts[index]}` : "") }, h("bdi", {}, words))))));
  }

  #draw() {
    const words = this.#filter.value.trim();
    const folder = folderAt(this.#root, this.#at);
    const all = words ? matching(folder, words) : rowsOf(folder);
    replace(this.#rows, all.slice(0, this.#limit).map((row) => this.#row(row)));
    if (!all.length) replace(this.#rows, h("tr", {}, h("td", {}), h("td", { colspan: 3, class: "quiet-text" }, words ? "No file here has that in its name." : "Nothing is in this folder.")));
    const rest = all.length - this.#limit;
    this.#more.hidden = rest <= 0;
    this.#more.textContent = `Show more of the ${number(Math.max(0, rest))} that follow`;
  }

  #row(row) {
    const { kind, name, path, sizeBytes, modifiedAt, flags } = row;
    const inherited = path.includes("/") && isChosen(this.#chosen, path.slice(0, path.lastIndexOf("/")));
    const box = h("input", { type: "checkbox", checked: inherited || this.#chosen.has(path), disabled: inherited, "aria-label": `Choose ${name}`, onchange: () => this.#choose(path, box.checked) });
    const open = () => (kind === "folder" ? this.#go(path) : this.#look(row));
    return h("tr", {},
      h("td", {}, box),
      h("th", { scope: "row" }, h("button", { type: "button", class: "quiet", title: name, "data-path": path, "aria-current": path === this.#shown ? "true" : null, onclick: open }, icon(kind), h("bdi", {}, name), flags?.length ? h("span", { class: "tag" }, flags.map((flag) => FLAGS[flag] ?? flag).join(", ")) : null)),
      h("td", { class: "figure number" }, kind === "folder" ? h("span", { title: count(row.count, "file") }, size(sizeBytes)) : size(sizeBytes)),
      h("td", { class: "wide-only" }, modifiedAt ? h("time", { datetime: modifiedAt, title: exact(modifiedAt) }, dayShort(modifiedAt)) : null));
  }

  /** Ask for a file to be shown, and mark it as the one that is. */
  #look(row) {
    this.#name(this.#shown)?.removeAttribute("aria-current");
    this.#shown = row.path;
    this.#name(row.path).setAttribute("aria-current", "true");
    this.dispatchEvent(new CustomEvent("file-wanted", { bubbles: true, detail: row }));
  }

  #choose(path, isWanted) {
    if (isWanted) {
      for (const each of this.#chosen) if (each.startsWith(`${path}/`)) this.#chosen.delete(each);
      this.#chosen.add(path);
    } else this.#chosen.delete(path);
    this.#tell();
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

customElements.define("file-browser", FileBrowser);
