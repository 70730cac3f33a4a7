/** Asks how an export is to be backed up: all of it or what changed, how small, and whether encrypted. */

import { call } from "../../api.js";
import { run } from "../../jobs.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { problemNote } from "../frame/problem-note.js";
import "../restoring/new-passphrase.js";
import { LEVELS, levelOf } from "./backup-words.js";

/** @element backup-dialog */
export class BackupDialog extends HTMLElement {
  #name = "";
  #body = h("div", { class: "dialog-body" });
  #note = h("p", { class: "quiet-text trial-note", role: "status" });
  #start = h("button", { type: "submit", class: "primary", autofocus: true }, "Back up");
  #form = h("form", { method: "dialog", onsubmit: (event) => this.#submit(event), oninput: () => this.#settle() });
  #dialog = h("dialog", { "aria-labelledby": "backup-title" });
  #fields = {};

  connectedCallback() {
    replace(this.#form,
      h("header", { class: "dialog-head" },
        h("h2", { id: "backup-title" }, "Back up"),
        h("button", { type: "button", class: "quiet icon-only", "aria-label": "Close", onclick: () => this.#dialog.close() }, icon("close"))),
      this.#body,
      h("footer", { class: "dialog-foot" }, h("div", { class: "trial" }, this.#note), h("button", { type: "button", onclick: () => this.#dialog.close() }, "Cancel"), this.#start));
    replace(this.#dialog, this.#form);
    replace(this, this.#dialog);
  }

  /** Ask about the export of this name; its first backup is always of all. */
  async ask(name, isFirst) {
    this.#name = name;
    replace(this.#dialog.querySelector("h2"), "Back up ", h("bdi", {}, name));
    replace(this.#body);
    try {
      const settings = new Map((await call("settings show")).map(({ key, value }) => [key, value]));
      this.#draw(isFirst, settings.get("backups.incremental"), levelOf(settings.get("backups.compressionLevel")));
    } catch (error) {
      replace(this.#body, problemNote(error));
    }
    this.#dialog.showModal();
    this.#start.focus();
  }

  #draw(isFirst, isIncremental, level) {
    const incremental = !isFirst && isIncremental;
    this.#fields = {
      full: h("input", { type: "radio", name: "type", value: "full", checked: !incremental }),
      changes: h("input", { type: "radio", name: "type", value: "changes", checked: incremental, disabled: isFirst }),
      level: h("select", { id: "backup-level" }, LEVELS.map(([value, words]) => h("option", { value, selected: value === level }, words))),
      about: h("p", { class: "quiet-text", id: "backup-level-about" }),
      encrypt: h("input", { type: "checkbox", role: "switch" }),
      remember: h("input", { type: "checkbox", role: "switch" }),
      secret: h("new-passphrase"),
      more: h("div", { hidden: true }),
    };
    const { full, changes, level: levels, about, encrypt, remember, secret, more } = this.#fields;
    replace(more, secret, h("label", { class: "switch" }, remember, "Keep it in the system’s keyring"));
    levels.setAttribute("aria-describedby", about.id);
    replace(this.#body,
      h("fieldset", { class: "choices" }, h("legend", {}, "What is stored"),
        choice(changes, "What changed", isFirst ? "The first backup stores everything." : "The rest is found in earlier backups. Quick and small."),
        choice(full, "Everything again", "Needs no earlier backup, so it survives the loss of any.")),
      h("div", { class: "setting" }, h("label", { for: levels.id }, "Compression"), levels, about),
      h("div", {}, h("label", { class: "switch" }, encrypt, "Encrypt with a passphrase"), more));
    this.#settle();
  }

  #settle() {
    const { level, about, encrypt, secret, more } = this.#fields;
    about.textContent = LEVELS.find(([value]) => String(value) === level.value)?.[2] ?? "";
    more.hidden = !encrypt.checked;
    this.#note.textContent = encrypt.checked ? secret.trouble : "";
    this.#start.disabled = encrypt.checked && !secret.value;
  }

  async #submit(event) {
    event.preventDefault();
    const { changes, level, encrypt, remember, secret } = this.#fields;
    const values = { export: this.#name, incremental: changes.checked, level: Number(level.value), force: !changes.checked };
    if (encrypt.checked) {
      values.encrypt = true;
      values.passphrase = secret.value;
      // Known for as long as the program runs, so that what is made now can be looked into.
      try {
        await call("backup unlock", { passphrase: secret.value, remember: remember.checked });
      } catch (error) {
        this.#note.textContent = `${error.message} ${error.hint}`;
        return;
      }
    }
    run("backup create", values, `Back up ${this.#name}`);
    this.#dialog.close();
    replace(this.#body); // the passphrase stays nowhere on the page
  }
}

function choice(input, words, about) {
  return h("label", { class: "way" }, input, h("span", {}, h("strong", {}, words), h("span", { class: "quiet-text" }, about)));
}

customElements.define("backup-dialog", BackupDialog);
