/** When backups are made by themselves, where they go and how many stay; and the entry for the system's own scheduler. */

import { call } from "../../api.js";
import { h, replace } from "../../lib/dom.js";
import { folderPicker } from "../frame/folder-picker.js";
import { problemNote } from "../frame/problem-note.js";
import "../restoring/new-passphrase.js";
import { LEVELS, levelOf, moment } from "./backup-words.js";
import "./schedule-entry.js";

const INTERVALS = [["never", "Only when I say so"], ["hourly", "Every hour"], ["daily", "Every day"], ["weekly", "Every week"], ["monthly", "Every month"]];
const KEEP = [["backups.maxBackups", "The newest"], ["backups.keepDaily", "One a day, for days"], ["backups.keepWeekly", "One a week, for weeks"], ["backups.keepMonthly", "One a month, for months"]];
let fields = 0;

/** @element backup-schedule  @fires schedule-changed when how safe an export counts may have changed */
export class BackupSchedule extends HTMLElement {
  #note = h("div", {});
  #next = h("span", {});
  #where = h("span", {});
  #entry = document.createElement("schedule-entry");

  /** Ask for the schedule and the settings, and show them; `folder` is where backups are. */
  async load(folder) {
    try {
      const [schedule, settings] = await Promise.all([call("schedule show"), call("settings show")]);
      replace(this.#next, nextWords(schedule));
      replace(this.#where, whereWords(folder), " Backups made before stay where they are.");
      this.#entry.show(schedule);
      // What is being chosen is not taken away.
      if (!this.contains(document.activeElement)) this.#draw(new Map(settings.map(({ key, value }) => [key, value])));
    } catch (error) {
      replace(this, problemNote(error, () => this.load(folder)));
    }
  }

  #draw(settings) {
    const choice = (key, options, chosen) => h("select", { onchange: ({ target }) => this.#change(key, target.value) }, options.map(([value, words]) => h("option", { value, selected: value === chosen }, words)));
    const text = (key, more) => h("input", { type: "text", value: String(settings.get(key)), autocomplete: "off", spellcheck: "false", onchange: ({ target }) => this.#change(key, target.value.trim()), ...more });
    replace(this,
      h("section", { class: "backup-section", "aria-labelledby": "schedule-title" },
        h("h2", { id: "schedule-title" }, "When and where"),
        h("div", { class: "fields" },
          field("Back up by itself", choice("backups.every", INTERVALS, settings.get("backups.every")), this.#next),
          field("Compression", choice("backups.compressionLevel", LEVELS, levelOf(settings.get("backups.compressionLevel"))), "Of text. Pictures, sound and film are stored as they are."),
          this.#folder(text("backups.directory", { placeholder: "In the library" }), this.#where)),
        h("fieldset", { class: "choices" }, h("legend", {}, "Keep of each export"),
          h("div", { class: "rules" }, KEEP.map(([key, words]) => field(words, text(key, { inputmode: "numeric", class: "short number" })))),
          h("p", { class: "quiet-text" }, "What any of these wants stays, and what is pinned. 0 switches one off; with all at 0 everything stays.")),
        this.#toggle(settings, "backups.afterImport", "After every import"),
        this.#toggle(settings, "backups.afterMigration", "After every migration"),
        this.#toggle(settings, "backups.incremental", "Store only what changed since the last backup"),
        this.#encryption(settings),
        this.#note, this.#entry));
  }

  /** The folder is typed, or picked in the system's own dialog where the app has a window. */
  #folder(place, about) {
    const setting = field("Folder", place, about);
    const picker = folderPicker(place, (folder) => this.#change("backups.directory", folder));
    if (picker) {
      const row = h("div", { class: "place-row" });
      place.replaceWith(row);
      row.append(place, picker);
    }
    return setting;
  }

  #toggle(settings, key, words) {
    return h("p", {}, h("label", { class: "switch" }, h("input", { type: "checkbox", role: "switch", checked: settings.get(key), onchange: ({ target }) => this.#change(key, target.checked) }), words));
  }

  /** Encryption by itself needs a passphrase nobody is asked for: it is asked for now. */
  #encryption(settings) {
    const secret = h("new-passphrase");
    const keep = h("button", { type: "submit", disabled: true }, "Encrypt from now on");
    const note = h("p", { class: "quiet-text", role: "status" });
    const settle = () => {
      note.textContent = secret.trouble;
      keep.disabled = !secret.value;
    };
    const start = async (event) => {
      event.preventDefault();
      if (await this.#try("backup unlock", { passphrase: secret.value, remember: true })) {
        await this.#change("backups.encrypt", true);
        form.hidden = true;
      }
    };
    const form = h("form", { class: "encryption", hidden: true, oninput: settle, onsubmit: start }, secret, note, h("div", { class: "buttons" }, keep), h("p", { class: "quiet-text" }, "The passphrase is kept in the system’s keyring."));
    const toggle = ({ target }) => {
      form.hidden = !target.checked;
      if (!target.checked) this.#change("backups.encrypt", false);
    };
    return h("div", {}, h("label", { class: "switch" }, h("input", { type: "checkbox", role: "switch", checked: settings.get("backups.encrypt"), onchange: toggle }), "Encrypt the backups made by themselves"), form);
  }

  #change(key, value) {
    return this.#try("settings change", { key, value });
  }

  async #try(operation, values) {
    try {
      await call(operation, values);
      replace(this.#note);
      this.dispatchEvent(new CustomEvent("schedule-changed", { bubbles: true }));
      return true;
    } catch (error) {
      replace(this.#note, problemNote(error));
      return false;
    }
  }
}

/** What the chosen interval means: when the next one is, and that one missed is made up. */
function nextWords({ every, nextAt }) {
  if (every === "never") return "Except after what is switched on below.";
  return [nextAt ? ["Next ", moment(nextAt), ". "] : "", "Made while the program is open; what was missed is made up at its next start."].flat();
}

function whereWords({ available, sameDisk }) {
  if (!available) return "This folder is not there now.";
  return sameDisk ? "On the same disk as the library: that helps against mistakes and damage, not if the disk is lost." : "On another disk than the library, as it should be.";
}

function field(words, input, about = null) {
  fields += 1;
  input.id = `backup-setting-${fields}`;
  if (!about) return h("div", { class: "setting" }, h("label", { for: input.id }, words), input);
  const told = h("p", { class: "quiet-text", id: `${input.id}-about` }, about);
  input.setAttribute("aria-describedby", told.id);
  return h("div", { class: "setting" }, h("label", { for: input.id }, words), input, told);
}

customElements.define("backup-schedule", BackupSchedule);
