/** Asks what of a backup is restored and where, and shows what that would change before it is done. */

import { call } from "../../api.js";
import { ask, run } from "../../jobs.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { count, size } from "../../lib/say.js";
import { moment } from "../backups/backup-words.js";
import { nameKey } from "../migration/migration-words.js";
import { differences } from "./difference-list.js";
import { backupProblem } from "./unlock-form.js";

const IN_PLACE = { added: "would come back", changed: "would be as they were then", removed: "would go, as they came later", renamed: "would have their old names again" };

/** @element restore-dialog */
export class RestoreDialog extends HTMLElement {
  #asked = 0;
  #backup = null;
  #only = [];
  #taken = new Set();
  #isPossible = true;
  #fields = {};
  #preview = h("div", { class: "restore-preview", role: "status" });
  #accept = h("input", { type: "checkbox", role: "switch" });
  #losses = h("div", { hidden: true });
  #start = h("button", { type: "submit", class: "primary", form: "restore-form" }, "Restore");
  #form = h("form", { id: "restore-form", class: "restore-form", onsubmit: (event) => this.#submit(event), oninput: () => this.#settle() });
  #dialog = h("dialog", { class: "wide", "aria-labelledby": "restore-title" });

  connectedCallback() {
    replace(this.#dialog,
      h("header", { class: "dialog-head" },
        h("h2", { id: "restore-title" }, "Restore"),
        h("button", { type: "button", class: "quiet icon-only", "aria-label": "Close", onclick: () => this.#dialog.close() }, icon("close"))),
      h("div", { class: "dialog-body" }, this.#form, this.#losses, this.#preview),
      h("footer", { class: "dialog-foot" }, h("button", { type: "button", autofocus: true, onclick: () => this.#dialog.close() }, "Cancel"), this.#start));
    replace(this, this.#dialog);
  }

  /** Ask about a backup; `only` are the files and folders chosen of it (`weight` what they come to), else all. */
  async ask({ backup, only = [], weight = null }) {
    const exports = await call("export list").catch(() => []);
    this.#taken = new Set(exports.map(({ name }) => nameKey(name)));
    this.#backup = backup;
    this.#only = only;
    this.#isPossible = true;
    this.#accept.checked = false;
    this.#losses.hidden = true;
    this.#draw(weight ?? { files: backup.fileCount, bytes: backup.sizeBytes });
    this.#dialog.showModal();
    this.#look();
  }

  #draw({ files, bytes }) {
    const { export: name, createdAt } = this.#backup;
    const chosen = this.#only.length > 0;
    this.#fields = {
      beside: h("input", { type: "radio", name: "where", checked: true }),
      inPlace: h("input", { type: "radio", name: "where" }),
      name: h("input", { type: "text", id: "restore-name", value: this.#free(`${name} (${dateOf(createdAt)})`), maxlength: 200, dir: "auto", autocomplete: "off", spellcheck: "false" }),
    };
    const { beside, inPlace, name: called } = this.#fields;
    replace(this.#form,
      h("p", {}, chosen ? `${count(files, "chosen file")}, ${size(bytes)}, ` : `Everything, ${count(files, "file")}, ${size(bytes)}, `, "of ", h("bdi", {}, name), " as it was ", moment(createdAt), "."),
      h("fieldset", { class: "choices" }, h("legend", {}, "Where"),
        h("label", { class: "way" }, beside, h("span", {}, h("strong", {}, "Beside the original, under another name"), h("span", { class: "quiet-text" }, "Nothing that is there now changes."))),
        h("div", { class: "setting inset" }, h("label", { class: "visually-hidden", for: called.id }, "Name of the restored export"), called),
        h("label", { class: "way" }, inPlace, h("span", {}, h("strong", {}, "In its place"), h("span", { class: "quiet-text" }, "The state it replaces is kept until you say that it may go.")))));
    this.#settle();
  }

  #free(name) {
    let free = name;
    for (let number = 2; this.#taken.has(nameKey(free)); number += 1) free = `${name} (${number})`;
    return free;
  }

  #settle() {
    const { beside, name } = this.#fields;
    name.disabled = !beside.checked;
    this.#preview.hidden = beside.checked && this.#isPossible;
    this.#start.disabled = !this.#isPossible || (beside.checked && !name.value.trim());
  }

  async #look() {
    this.#asked += 1;
    const asked = this.#asked;
    replace(this.#preview, h("p", { class: "quiet-text" }, "Comparing with the export as it is now"), h("progress", { "aria-label": "Comparing" }));
    try {
      const { changes, problems } = await ask("backup preview", { export: this.#backup.export, id: this.#backup.id });
      if (asked !== this.#asked) return;
      replace(this.#preview, h("h3", {}, "What that would change"), differences(this.#chosenOf(changes), IN_PLACE));
      this.#isPossible = true;
      this.#tellLosses(problems.filter(({ loss }) => loss).length);
    } catch (error) {
      if (asked !== this.#asked) return;
      replace(this.#preview, backupProblem(error, () => this.#look()));
      this.#isPossible = false;
    }
    this.#settle();
  }

  /** Where bytes are gone, only the rest can be restored: that is for the person to say. */
  #tellLosses(gone) {
    const lost = Math.max(gone, this.#backup.damaged);
    if (!lost) return;
    replace(this.#losses, h("p", {}, `${count(lost, "file")} of this backup cannot be restored.`),
      h("label", { class: "switch" }, this.#accept, "Restore the rest"));
    this.#losses.hidden = false;
  }

  /** Of a comparison only what the chosen files bring about: chosen files never take others away. */
  #chosenOf(found) {
    if (!this.#only.length) return found;
    const wanted = (path) => this.#only.some((each) => path === each || path.startsWith(`${each}/`));
    return { ...found, added: found.added.filter(wanted), changed: found.changed.filter(wanted), removed: [], renamed: {} };
  }

  #submit(event) {
    event.preventDefault();
    const { beside, name } = this.#fields;
    const { export: exportName, id } = this.#backup;
    const as = beside.checked ? name.value.trim() : exportName;
    const values = { export: exportName, id, as: beside.checked ? as : "" };
    if (this.#only.length) values.only = this.#only;
    if (this.#accept.checked) values.acceptLosses = true;
    run("backup restore", values, `Restore ${as}`);
    this.#dialog.close();
  }
}

/** "2026-11-23", as the day was here. */
function dateOf(iso) {
  const at = new Date(iso);
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

customElements.define("restore-dialog", RestoreDialog);
