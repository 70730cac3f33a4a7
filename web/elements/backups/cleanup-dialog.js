/** Says which backups a clean-up would keep and why, which would go, and what that frees, before anything goes. */

import { call } from "../../api.js";
import { ask, run } from "../../jobs.js";
import { announce } from "../../lib/announce.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { count, exact, size } from "../../lib/say.js";
import { dayAndHour } from "./backup-words.js";
import { backupProblem } from "../restoring/unlock-form.js";

const RULES = [["keepLast", "The newest"], ["keepDaily", "One a day, for days"], ["keepWeekly", "One a week, for weeks"], ["keepMonthly", "One a month, for months"]];
const PAUSE = 250; // milliseconds after the last key before verdicts are asked for

/** @element cleanup-dialog */
export class CleanupDialog extends HTMLElement {
  #name = "";
  #asked = 0;
  #timer = 0;
  #inputs = {};
  #rules = h("div", { class: "rules", oninput: () => this.#later() });
  #verdicts = h("div", { class: "verdicts", tabindex: "0", role: "region", "aria-label": "What would become of each" });
  #note = h("p", { class: "trial-note number", role: "status" });
  #go = h("button", { type: "button", class: "primary danger", disabled: true, onclick: () => this.#cleanUp() }, "Delete");
  #dialog = h("dialog", { class: "wide", "aria-labelledby": "cleanup-title", onclose: () => clearTimeout(this.#timer) });

  connectedCallback() {
    const close = () => this.#dialog.close();
    replace(this.#dialog,
      h("header", { class: "dialog-head" },
        h("h2", { id: "cleanup-title" }, "Clean up backups"),
        h("button", { type: "button", class: "quiet icon-only", "aria-label": "Close", onclick: close }, icon("close"))),
      h("div", { class: "dialog-body" }, h("p", {}, "A backup stays if any of these keeps it. Pinned ones and the newest always stay, and every kept one stays whole."), this.#rules, this.#verdicts),
      h("footer", { class: "dialog-foot" }, h("div", { class: "trial" }, this.#note), h("button", { type: "button", onclick: close }, "Keep everything"), this.#go));
    replace(this, this.#dialog);
    this.#drawRules();
  }

  /** Ask about the backups of an export, with the rules that are set. */
  async ask(name) {
    this.#name = name;
    replace(this.#verdicts);
    this.#note.textContent = "";
    this.#go.disabled = true;
    this.#dialog.showModal();
    try {
      const settings = new Map((await call("settings show")).map(({ key, value }) => [key, value]));
      this.#fill({ keepLast: settings.get("backups.keepLast") || settings.get("backups.maxBackups"), keepDaily: settings.get("backups.keepDaily"), keepWeekly: settings.get("backups.keepWeekly"), keepMonthly: settings.get("backups.keepMonthly") });
      await this.#judge();
    } catch (error) {
      replace(this.#verdicts, backupProblem(error));
    }
  }

  #drawRules() {
    replace(this.#rules, RULES.map(([key, words]) => {
      this.#inputs[key] = h("input", { type: "text", inputmode: "numeric", class: "short number", id: `rule-${key}` });
      return h("div", { class: "setting" }, h("label", { for: `rule-${key}` }, words), this.#inputs[key]);
    }));
  }

  #fill(values) {
    for (const [key] of RULES) this.#inputs[key].value = String(values[key] ?? 0);
  }

  get #policy() {
    return Object.fromEntries(RULES.map(([key]) => [key, Math.max(0, Math.trunc(Number(this.#inputs[key].value)) || 0)]));
  }

  #later() {
    this.#go.disabled = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#judge(), PAUSE);
  }

  async #judge() {
    this.#asked += 1;
    const asked = this.#asked;
    try {
      const plan = await ask("backup cleanup", { export: this.#name, ...this.#policy, dryRun: true });
      if (asked === this.#asked) this.#show(plan);
    } catch (error) {
      if (asked === this.#asked) replace(this.#verdicts, backupProblem(error, () => this.#judge()));
    }
  }

  #show({ backups, freedBytes, problems }) {
    const going = backups.filter(({ keep }) => !keep);
    this.#go.disabled = going.length === 0;
    this.#go.textContent = going.length ? `Delete ${count(going.length, "backup")}` : "Delete";
    this.#note.textContent = going.length ? `${count(backups.length - going.length, "backup")} would stay; ${size(freedBytes)} would be freed.` : "All of them would stay.";
    announce(this.#note.textContent);
    replace(this.#verdicts, h("ul", { role: "list", class: "verdict-rows" }, backups.map(({ id, createdAt, keep, reasons }) =>
      h("li", { "data-keep": keep ? "" : null, "data-backup": id }, icon(keep ? "check" : "trash"),
        h("time", { datetime: createdAt, title: exact(createdAt) }, dayAndHour(createdAt)), h("span", { class: "why" }, keep ? `Kept: ${reasons.join(", ")}` : "Goes")))),
      problems.map(({ message }) => h("p", { class: "quiet-text verdict-note" }, message)));
  }

  #cleanUp() {
    run("backup cleanup", { export: this.#name, ...this.#policy, dryRun: false }, `Clean up backups of ${this.#name}`);
    this.#dialog.close();
  }
}

customElements.define("cleanup-dialog", CleanupDialog);
