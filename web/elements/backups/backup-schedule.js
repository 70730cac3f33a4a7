/** When backups are made by themselves, where they go and how many stay; and the entry for the system's own scheduler. */

import { call } from "../../api.js";
import { copyFrom } from "../../lib/clipboard.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { problemNote } from "../frame/problem-note.js";
import { LEVELS, moment } from "./backup-words.js";

const INTERVALS = [["never", "Only when I say so"], ["hourly", "Every hour"], ["daily", "Every day"], ["weekly", "Every week"], ["monthly", "Every month"]];

/** @element backup-schedule  @fires schedule-changed when how safe an export counts may have changed */
export class BackupSchedule extends HTMLElement {
  #note = h("div", {});
  #entry = h("div", {});

  /** Ask for the schedule and the settings, and show them. */
  async load(folder) {
    if (this.contains(document.activeElement)) return; // what is being chosen is not taken away
    try {
      const [schedule, settings] = await Promise.all([call("schedule show"), call("settings show")]);
      this.#draw(schedule, new Map(settings.map(({ key, value }) => [key, value])), folder);
    } catch (error) {
      replace(this, problemNote(error, () => this.load(folder)));
    }
  }

  #draw(schedule, settings, { sameDisk }) {
    const { every, afterImport, nextAt } = schedule;
    const setting = (key) => (value) => this.#change("settings change", { key, value });
    replace(this,
      h("section", { class: "backup-section", "aria-labelledby": "schedule-title" },
        h("h2", { id: "schedule-title" }, "When and where"),
        h("div", { class: "fields" },
          field("Back up by itself", select(INTERVALS, every, (value) => this.#change("schedule change", { every: value })), nextAt ? ["Next ", moment(nextAt), ", while the program is open; what was missed is made up at the next start."] : "While the program is open; what was missed is made up at the next start."),
          field("Compression", select(LEVELS.map(([value, words]) => [value, words]), settings.get("backups.level"), setting("backups.level")), "Of text. Pictures, sound and film are stored as they are."),
          field("Keep at most", number(settings.get("backups.maxBackups"), setting("backups.maxBackups")), "Backups of each export; pinned ones are not counted. 0 keeps all."),
          field("Folder", text(settings.get("backups.directory"), "Beside the exports, in the library", setting("backups.directory")), sameDisk ? "On the same disk as the library: that helps against mistakes and damage, not if the disk is lost." : "On another disk than the library.")),
        toggle("After every import and migration", afterImport, (value) => this.#change("schedule change", { afterImport: value })),
        toggle("Store only what changed since the last backup", settings.get("backups.incremental"), setting("backups.incremental")),
        this.#note,
        h("h3", {}, "While the program is closed"),
        h("p", { class: "quiet-text" }, "The system’s own scheduler can make the backups. The program writes the entry; you put it in place."),
        h("div", { class: "buttons" }, h("button", { type: "button", onclick: () => this.#writeEntry() }, icon("clock"), "Write the entry…")),
        this.#entry));
  }

  async #change(operation, values) {
    try {
      await call(operation, values);
      replace(this.#note);
      this.dispatchEvent(new CustomEvent("schedule-changed", { bubbles: true }));
    } catch (error) {
      replace(this.#note, problemNote(error));
    }
  }

  async #writeEntry() {
    try {
      const entries = await call("schedule entry");
      replace(this.#entry, entries.map(({ name, text, how }) => {
        const button = h("button", { type: "button", class: "small", onclick: () => copyFrom(button, text) }, "Copy");
        return h("div", { class: "system-entry" }, h("div", { class: "entry-head" }, h("h4", {}, name), button), h("p", { class: "quiet-text" }, how), h("pre", { tabindex: "0" }, h("code", {}, text)));
      }));
    } catch (error) {
      replace(this.#entry, problemNote(error));
    }
  }
}

let fields = 0;

function field(words, input, about) {
  fields += 1;
  input.id = `backup-setting-${fields}`;
  const told = h("p", { class: "quiet-text", id: `${input.id}-about` }, about);
  input.setAttribute("aria-describedby", told.id);
  return h("div", { class: "field" }, h("label", { for: input.id }, words), input, told);
}

function select(options, chosen, onChoose) {
  return h("select", { onchange: ({ target }) => onChoose(target.value) }, options.map(([value, words]) => h("option", { value, selected: value === chosen }, words)));
}

function number(value, onChange) {
  return h("input", { type: "text", inputmode: "numeric", pattern: "[0-9]*", class: "short number", value: String(value ?? ""), onchange: ({ target }) => onChange(Number(target.value)) });
}

function text(value, placeholder, onChange) {
  return h("input", { type: "text", value: value ?? "", placeholder, autocomplete: "off", spellcheck: "false", onchange: ({ target }) => onChange(target.value.trim()) });
}

function toggle(words, checked, onChange) {
  return h("p", {}, h("label", { class: "switch" }, h("input", { type: "checkbox", role: "switch", checked: Boolean(checked), onchange: ({ target }) => onChange(target.checked) }), words));
}

customElements.define("backup-schedule", BackupSchedule);
