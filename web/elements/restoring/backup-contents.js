/** One backup: its facts, its files as folders, how it differs from another state, and what can be done with it. */

import { call } from "../../api.js";
import { ask, run } from "../../jobs.js";
import { announce } from "../../lib/announce.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { addressOfBackups, entitle, go } from "../../lib/router.js";
import { count, exact, size } from "../../lib/say.js";
import { backupFacts, dayAndHour, keptWords, provenWords } from "../backups/backup-words.js";
import { askToDelete } from "./deleting-backup.js";
import { differences } from "./difference-list.js";
import "./file-browser.js";
import "./file-preview.js";
import "./restore-dialog.js";
import { backupProblem } from "./unlock-form.js";

const LIVE = "live";
const SINCE = { added: "only in this backup", changed: "different", removed: "only in the other", renamed: "under another name" };
const NOW = { ...SINCE, removed: "only in the export as it is now" };

/** @element backup-contents */
export class BackupContents extends HTMLElement {
  #place = null;
  #backup = null;
  #others = [];
  #lifetime = null;
  #up = h("a", { class: "quiet", href: "/backups" });
  #title = h("h1", {}, "\u00a0");
  #about = h("p", { class: "page-about number" }, "\u00a0");
  #actions = h("div", { class: "buttons" });
  #facts = h("div", { class: "backup-facts" });
  #confirm = h("div", {});
  #chosen = h("div", { class: "chosen-files", hidden: true });
  #browser = document.createElement("file-browser");
  #preview = document.createElement("file-preview");
  #compare = h("section", { class: "backup-section", "aria-labelledby": "compare-title" });
  #body = h("div", { class: "page-body" });
  #restore = document.createElement("restore-dialog");

  connectedCallback() {
    this.#lifetime = new AbortController();
    const { signal } = this.#lifetime;
    replace(this,
      h("nav", { class: "trail", "aria-label": "Where this is" }, this.#up),
      h("header", { class: "page-head" }, this.#title, this.#actions, this.#about), this.#body, this.#restore);
    this.addEventListener("file-wanted", (event) => this.#look(event.detail), { signal });
    this.addEventListener("choice-changed", () => this.#count(), { signal });
    document.addEventListener("backup-changed", () => this.#refresh(), { signal });
  }

  disconnectedCallback() {
    this.#lifetime.abort();
  }

  /** Called by the page whenever this view is to be seen. */
  show(place) {
    const same = this.#backup && this.#place?.backup === place.backup && this.#place.exportName === place.exportName;
    this.#place = place;
    replace(this.#up, icon("back"), h("bdi", {}, place.exportName));
    this.#up.href = addressOfBackups(place.exportName);
    entitle("Backup", place.exportName);
    if (!same) this.#load();
  }

  async #load() {
    const { exportName, backup } = this.#place;
    this.#backup = null;
    replace(this.#body, h("div", { class: "timeline skeleton", "aria-hidden": "true" }, [1, 2, 3].map(() => h("div", { class: "ghost-standing" }))));
    replace(this.#actions);
    try {
      const one = { export: exportName, id: backup };
      const [shown, top, others] = await Promise.all([
        call("backup show", { ...one, limit: 1 }), // its files are asked for folder by folder
        call("backup browse", one), call("backup list", { export: exportName })]);
      if (backup !== this.#place.backup) return;
      this.#backup = shown;
      this.#others = others;
      this.#draw(top);
    } catch (error) {
      if (backup !== this.#place.backup) return;
      replace(this.#title, "A backup of ", h("bdi", {}, exportName));
      replace(this.#about, "\u00a0");
      replace(this.#body, backupProblem(error, () => this.#load()));
    }
  }

  /** A check or a pin changes what is told of the backup, not its files. */
  async #refresh() {
    const { exportName, backup } = this.#place;
    const others = await call("backup list", { export: exportName }).catch(() => []);
    const found = others.find(({ id }) => id === backup);
    if (!found || !this.#backup || backup !== this.#place.backup) return;
    this.#others = others;
    Object.assign(this.#backup, found);
    this.#drawHead();
  }

  #draw(top) {
    this.#drawHead();
    replace(this.#confirm);
    replace(this.#body, this.#facts, this.#confirm,
      h("section", { class: "backup-section", "aria-labelledby": "files-title" }, h("h2", { id: "files-title" }, "Files"), this.#chosen, h("div", { class: "browsing" }, this.#browser, this.#preview)),
      this.#compare);
    this.#browser.show(this.#place, top);
    this.#preview.show(this.#place, null);
    this.#drawCompare();
  }

  #drawHead() {
    const backup = this.#backup;
    const { createdAt, pinned, archives, sha256, id, encrypted } = backup;
    replace(this.#title, h("time", { datetime: createdAt, title: exact(createdAt) }, capital(dayAndHour(createdAt))));
    replace(this.#about, h("span", { class: "facts" }, backupFacts(backup)));
    replace(this.#actions,
      h("button", { type: "button", onclick: () => run("backup verify", { export: this.#place.exportName, id }, `Check the backup of ${dayAndHour(createdAt)}`) }, "Check"),
      h("button", { type: "button", onclick: () => this.#pin(!pinned) }, icon("pin"), pinned ? "Unpin" : "Pin"),
      h("button", { type: "button", onclick: () => this.#ask() }, "Delete…"),
      h("button", { type: "button", class: "primary", onclick: () => this.#restore.ask({ backup: this.#backup }) }, icon("restore"), "Restore…"));
    replace(this.#facts,
      h("p", { class: "facts" }, provenWords(backup), keptWords(backup).map((words) => h("span", {}, words)), encrypted ? h("span", {}, "Encrypted") : null),
      h("details", { class: "identity quiet-text" }, h("summary", {}, "Archives and digest"),
        h("p", {}, `Its bytes are in ${count(archives.length, "archive")}: `, archives.map((name, index) => [index ? ", " : "", h("code", {}, name)])),
        sha256 ? h("p", {}, "SHA-256 ", h("code", {}, sha256)) : null));
  }

  #look(file) {
    this.#preview.show(this.#place, file);
    this.#preview.scrollIntoView({ block: "nearest" });
  }

  #count() {
    const chosen = this.#browser.chosen;
    this.#chosen.hidden = chosen.length === 0;
    if (!chosen.length) return;
    const weight = this.#browser.weight;
    replace(this.#chosen, h("span", { class: "number", role: "status" }, `${count(weight.files, "file")} chosen, ${size(weight.bytes)}`),
      h("button", { type: "button", class: "small", onclick: () => this.#restore.ask({ backup: this.#backup, only: chosen, weight }) }, "Restore these…"));
  }

  #drawCompare() {
    const { difference } = this.#backup;
    const result = h("div", { role: "status" }, difference ? differences(difference, SINCE) : null);
    const against = h("select", { id: "compare-with", onchange: () => this.#diff(against.value, result) },
      difference ? null : h("option", { value: "" }, "Choose a state"), this.#backup.gone ? null : h("option", { value: LIVE }, "The export as it is now"),
      this.#others.filter(({ id }) => id !== this.#backup.id).map(({ id, createdAt }) => h("option", { value: id, selected: id === difference?.since }, `The backup of ${dayAndHour(createdAt)}`)));
    replace(this.#compare, h("h2", { id: "compare-title" }, "Compare"), h("div", { class: "setting" }, h("label", { for: against.id }, "With"), against), result);
  }

  async #diff(against, result) {
    if (!against) {
      replace(result);
      return;
    }
    replace(result, h("progress", { "aria-label": "Comparing" }));
    try {
      const { changes } = await ask("backup preview", { export: this.#place.exportName, id: this.#backup.id, against: against === LIVE ? "" : against });
      replace(result, differences(changes, against === LIVE ? NOW : SINCE));
    } catch (error) {
      replace(result, backupProblem(error, () => this.#diff(against, result)));
    }
  }

  async #pin(pinned) {
    try {
      await call(pinned ? "backup pin" : "backup unpin", { export: this.#place.exportName, id: this.#backup.id });
      announce(pinned ? "Pinned: no clean-up takes it." : "No longer pinned.");
      document.dispatchEvent(new CustomEvent("backup-changed"));
    } catch (error) {
      replace(this.#confirm, backupProblem(error));
    }
  }

  #ask() {
    const { exportName } = this.#place;
    askToDelete(this.#confirm, exportName, this.#backup, {
      kept: () => this.#actions.lastElementChild.focus(),
      deleted: () => {
        this.#backup = null;
        document.dispatchEvent(new CustomEvent("backup-changed"));
        go(addressOfBackups(exportName), { replace: true });
      },
    });
  }
}

function capital(words) {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

customElements.define("backup-contents", BackupContents);
