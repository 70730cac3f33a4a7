/** Every export and how safe it is, then what backups take and when they are made. */

import { call } from "../../api.js";
import { run } from "../../jobs.js";
import { h, replace } from "../../lib/dom.js";
import { icon, raccoon } from "../../lib/icons.js";
import { addressOfBackups, entitle } from "../../lib/router.js";
import { count, size } from "../../lib/say.js";
import { problemNote } from "../frame/problem-note.js";
import { restoredNotes } from "../restoring/restored-note.js";
import { byUrgency } from "./backup-watch.js";
import { folderNote, lockedNote } from "./folder-note.js";
import "./backup-figures.js";
import "./backup-schedule.js";
import "./backup-standing.js";

/** @element backup-overview */
export class BackupOverview extends HTMLElement {
  #about = h("p", { class: "page-about number" }, "\u00a0");
  #all = h("button", { type: "button", class: "primary", hidden: true, onclick: () => this.#backUpAll() }, icon("backups"), h("span", {}, "Back up ", h("span", { class: "wide-only" }, "everything ")));
  #notes = h("div", { class: "backup-notes" });
  #list = h("ul", { role: "list", class: "standings" });
  #gone = h("div", {});
  #body = h("div", { class: "page-body" });
  #figures = document.createElement("backup-figures");
  #schedule = document.createElement("backup-schedule");
  #rest = h("div", { hidden: true }, this.#figures, this.#schedule);
  #lifetime = null;
  #hasTried = false;

  connectedCallback() {
    this.#lifetime = new AbortController();
    const { signal } = this.#lifetime;
    replace(this, h("header", { class: "page-head" }, h("h1", {}, "Backups"), this.#all, this.#about), this.#body);
    for (const news of ["backup-changed", "export-imported"]) document.addEventListener(news, () => this.#load(), { signal });
    this.addEventListener("schedule-changed", () => this.#load(), { signal });
  }

  disconnectedCallback() {
    this.#lifetime.abort();
  }

  /** Called by the page whenever this view is to be seen. */
  show() {
    entitle("Backups");
    this.#load();
  }

  async #load() {
    if (!this.#body.firstChild) replace(this.#body, this.#skeleton());
    try {
      this.#draw(await call("backup status"));
    } catch (error) {
      replace(this.#body, problemNote(error, () => this.#load()));
    }
  }

  #draw(status) {
    const { exports, folder } = status;
    this.#all.hidden = exports.length === 0;
    this.#list.hidden = exports.length === 0;
    this.#all.disabled = !folder.available;
    if (!exports.length && !status.gone.length) {
      this.#about.textContent = "Nothing to back up yet.";
      replace(this.#body, this.#welcome());
      return;
    }
    const sum = (key) => exports.reduce((total, each) => total + each[key], 0);
    this.#about.textContent = [count(exports.length, "export"), count(sum("backups"), "backup"), `${size(sum("storedBytes"))} stored`].join(" · ");
    replace(this.#notes, folderNote(folder), lockedNote(status.problems, () => this.#unlocked(), { isWrong: this.#hasTried }), restoredNotes(status.restored));
    this.#hasTried = false;
    replace(this.#gone, goneExports(status.gone));
    this.#fillList(exports, folder);
    if (!this.#list.isConnected) replace(this.#body, this.#notes, this.#list, this.#gone, this.#rest);
    // Shown once both are there, so that neither pushes the other.
    Promise.all([this.#figures.load(), this.#schedule.load(folder)]).then(() => {
      this.#rest.hidden = false;
    });
  }

  /** A passphrase was given; archives that are locked all the same want another. */
  #unlocked() {
    this.#hasTried = true;
    this.#load();
  }

  #fillList(exports, folder) {
    replace(this.#list, byUrgency(exports).map((each) => {
      const line = document.createElement("backup-standing");
      line.show(each, folder.available);
      return h("li", {}, line);
    }));
  }

  #backUpAll() {
    run("backup bulk", {}, "Back up everything");
  }

  #welcome() {
    return h("section", { class: "welcome", "aria-labelledby": "no-backups-title" },
      h("div", { class: "welcome-mark" }, raccoon()),
      h("h2", { id: "no-backups-title" }, "Backups of your exports will be here"),
      h("p", {}, "A backup is an archive any 7-Zip opens, checked when it is made. Import something first; then one press keeps it safe."),
      h("div", { class: "buttons" }, h("a", { class: "button", href: "/" }, "To the library")));
  }

  #skeleton() {
    return h("div", { class: "standings skeleton", "aria-hidden": "true" }, [1, 2, 3].map(() => h("div", { class: "ghost-standing" })));
  }
}

function goneExports(names) {
  if (!names.length) return null;
  return h("p", { class: "gone quiet-text" }, "No longer in the library, but in backups: ", names.map((name, index) => [index ? ", " : "", h("a", { href: addressOfBackups(name) }, h("bdi", {}, name))]), ".");
}

customElements.define("backup-overview", BackupOverview);
