/** The backups of one export, the newest first: what each holds, how far it is proven, why it is kept. */

import { call } from "../../api.js";
import { run } from "../../jobs.js";
import { h, replace } from "../../lib/dom.js";
import { Edges } from "../../lib/edges.js";
import { icon } from "../../lib/icons.js";
import { addressOf, entitle } from "../../lib/router.js";
import { count, month, size } from "../../lib/say.js";
import { restoredNotes } from "../restoring/restored-note.js";
import { backUp } from "./backing-up.js";
import { standingWords } from "./backup-words.js";
import { folderNote } from "./folder-note.js";
import "../restoring/restore-dialog.js";
import "./backup-dialog.js";
import "./backup-line.js";
import "./cleanup-dialog.js";
import { backupProblem } from "../restoring/unlock-form.js";

const AT_ONCE = 60; // lines drawn before more are wanted
const AHEAD = 1200; // pixels

/** @element backup-timeline */
export class BackupTimeline extends HTMLElement {
  #name = "";
  #backups = [];
  #drawn = 0;
  #edges = null;
  #lifetime = null;
  #title = h("bdi", {});
  #about = h("p", { class: "page-about number" }, "\u00a0");
  #actions = h("div", { class: "buttons" });
  #notes = h("div", { class: "backup-notes" });
  #lines = h("div", { class: "timeline" });
  #end = h("div", { class: "edge", "aria-hidden": "true" });
  #body = h("div", { class: "page-body" });
  #create = document.createElement("backup-dialog");
  #restore = document.createElement("restore-dialog");
  #cleanup = document.createElement("cleanup-dialog");

  connectedCallback() {
    this.#lifetime = new AbortController();
    const { signal } = this.#lifetime;
    replace(this,
      h("nav", { class: "trail", "aria-label": "Where this is" }, h("a", { href: "/backups", class: "quiet" }, icon("back"), "Backups")),
      h("header", { class: "page-head" }, h("h1", {}, this.#title), this.#actions, this.#about),
      this.#body, this.#create, this.#restore, this.#cleanup);
    this.#edges = new Edges(this.parentElement, [this.#end], AHEAD, () => this.#grow());
    document.addEventListener("backup-changed", () => this.#load(), { signal });
    this.addEventListener("restore-wanted", (event) => this.#restore.ask(event.detail), { signal });
  }

  disconnectedCallback() {
    this.#lifetime.abort();
    this.#edges.stop();
  }

  /** Called by the page whenever this view is to be seen. */
  show({ exportName }) {
    entitle(exportName, "Backups");
    if (exportName !== this.#name) {
      this.#name = exportName;
      this.#backups = [];
      this.#title.textContent = exportName;
      this.#about.textContent = "\u00a0";
      replace(this.#actions);
      replace(this.#body, h("div", { class: "timeline skeleton", "aria-hidden": "true" }, [1, 2, 3, 4].map(() => h("div", { class: "ghost-standing" }))));
    }
    this.#load();
  }

  async #load() {
    const name = this.#name;
    try {
      const [status, backups] = await Promise.all([call("backup status"), call("backup list", { export: name })]);
      if (name === this.#name) this.#draw(status, backups);
    } catch (error) {
      if (name === this.#name) replace(this.#body, backupProblem(error, () => this.#load()));
    }
  }

  #draw({ exports, folder, restored }, backups) {
    const standing = exports.find((each) => each.name === this.#name);
    this.#backups = backups;
    this.#fillHead(standing, folder, backups);
    replace(this.#notes, folderNote(folder), restoredNotes(restored.filter((each) => each.export === this.#name)));
    if (!backups.length) {
      replace(this.#body, this.#notes, this.#empty(standing));
      return;
    }
    const drawn = Math.max(AT_ONCE, this.#drawn);
    this.#drawn = 0;
    replace(this.#lines);
    this.#grow(drawn);
    if (!this.#lines.isConnected) replace(this.#body, this.#notes, this.#lines, this.#end);
    this.#edges.lookAgain();
  }

  #fillHead(standing, folder, backups) {
    const stored = backups.reduce((total, each) => total + each.storedBytes, 0);
    const facts = standing ? [h("span", {}, standingWords(standing))] : [h("span", {}, "No longer in the library; its backups can be restored")];
    if (backups.length) facts.push(h("span", {}, count(backups.length, "backup")), h("span", {}, `${size(stored)} stored`));
    replace(this.#about, h("span", { class: "facts" }, facts));
    if (this.#actions.firstChild && this.#actions.dataset.of === this.#name) return;
    this.#actions.dataset.of = this.#name;
    const check = () => run("backup verify export", { export: this.#name }, `Check backups of ${this.#name}`);
    replace(this.#actions,
      backups.length > 1 ? h("button", { type: "button", onclick: () => this.#cleanup.ask(this.#name) }, "Clean up…") : null,
      backups.length ? h("button", { type: "button", onclick: check }, "Check all") : null,
      standing ? h("button", { type: "button", class: "primary", disabled: !folder.available, onclick: () => this.#create.ask(this.#name, this.#backups.length === 0) }, icon("backups"), "Back up…") : null);
  }

  #empty(standing) {
    return h("section", { class: "none-found" }, icon("backups"),
      h("p", {}, "No backup of this export yet."),
      h("p", { class: "quiet-text" }, "The first stores everything; later ones only what changed."),
      standing ? h("button", { type: "button", onclick: () => backUp([this.#name]) }, "Back up now") : null,
      standing ? h("p", { class: "quiet-text" }, h("a", { href: addressOf(this.#name) }, "To the export")) : null);
  }

  /** Draw some more, each month under its heading. */
  #grow(many = AT_ONCE) {
    const some = this.#backups.slice(this.#drawn, this.#drawn + many);
    for (const backup of some) {
      const heading = month(backup.createdAt);
      let list = this.#lines.lastElementChild;
      if (list?.dataset.month !== heading) {
        list = h("section", { "data-month": heading, "aria-label": heading }, h("h2", {}, heading), h("ul", { role: "list" }));
        this.#lines.append(list);
      }
      const line = document.createElement("backup-line");
      line.backup = backup;
      list.lastElementChild.append(h("li", {}, line));
    }
    this.#drawn += some.length;
    if (some.length) this.#edges.lookAgain();
  }
}

customElements.define("backup-timeline", BackupTimeline);
