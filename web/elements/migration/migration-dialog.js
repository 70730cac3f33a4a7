/** Shows the sessions of the old app and asks which to migrate, under which names; tries it out first. */

import { call } from "../../api.js";
import { follow, migrateSessions } from "../../jobs.js";
import { announce } from "../../lib/announce.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { count, number } from "../../lib/say.js";
import { folderPicker } from "../frame/folder-picker.js";
import { problemNote } from "../frame/problem-note.js";
import { openMigrationHistory } from "./migration-history.js";
import { summary } from "./migration-words.js";
import { takenBy } from "./session-card.js";

const FIRST = "Choose a session first.";

/** @element migration-dialog */
export class MigrationDialog extends HTMLElement {
  #source = "";
  #exports = [];
  #cards = [];
  #trial = null;
  #looks = 0;
  #place = h("input", { type: "text", id: "migration-source", autocomplete: "off", spellcheck: "false", placeholder: "In the usual places" });
  #found = h("div", { class: "sessions-found" });
  #note = h("p", { class: "quiet-text trial-note", role: "status" });
  #bar = h("progress", { "aria-label": "Preview", hidden: true });
  #preview = h("button", { type: "button", onclick: () => this.#try() }, "Preview");
  #start = h("button", { type: "button", class: "primary", onclick: () => this.#migrate() }, "Migrate");
  #all = h("input", { type: "checkbox", onchange: () => this.#chooseAll() });
  #chosen = h("span", { class: "number" });
  #dialog = h("dialog", { class: "wide", "aria-labelledby": "migration-title", onclose: () => this.#left() });

  connectedCallback() {
    replace(this.#dialog,
      h("header", { class: "dialog-head" },
        h("h2", { id: "migration-title" }, "Sessions of the old app"),
        h("button", { type: "button", class: "quiet icon-only", "aria-label": "Close", onclick: () => this.#dialog.close() }, icon("close"))),
      h("div", { class: "dialog-body" },
        h("p", {}, "Each becomes an export of its own, and is compared with its original before you see it. The old app’s files are only read."),
        this.#found, this.#placeForm()),
      h("footer", { class: "dialog-foot" },
        h("div", { class: "trial" }, this.#note, this.#bar),
        h("button", { type: "button", class: "quiet", onclick: () => this.#history() }, "Earlier"), this.#preview, this.#start));
    replace(this, this.#dialog);
    this.addEventListener("choice-changed", () => this.#settle());
  }

  /** Open, and look for sessions. */
  ask() {
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#look();
  }

  #placeForm() {
    const look = (event) => {
      event.preventDefault();
      this.#source = this.#place.value.trim();
      this.#look();
    };
    return h("form", { class: "place", onsubmit: look },
      h("label", { for: "migration-source" }, "The old app’s folder, or a copy of it"),
      h("div", { class: "place-row" }, this.#place, folderPicker(this.#place, () => this.#place.form.requestSubmit()), h("button", { type: "submit" }, "Look there")));
  }

  async #look() {
    this.#looks += 1;
    const look = this.#looks;
    this.#show([]);
    this.#note.textContent = "";
    replace(this.#found, h("p", { class: "quiet-text looking", "aria-busy": "true" }, "Looking into every session; a large one takes a while."), h("progress", { "aria-label": "Looking for sessions" }));
    try {
      const [found, exports] = await Promise.all([call("migration list", { source: this.#source }), call("export list")]);
      if (look !== this.#looks) return;
      this.#exports = exports.map(({ name }) => name);
      this.#draw(found);
    } catch (error) {
      if (look === this.#looks) replace(this.#found, problemNote(error, () => this.#look()));
    }
  }

  #draw(found) {
    const isOneOfPlaces = new Set(found.map(({ source }) => source)).size > 1;
    const cards = found.map((session) => Object.assign(document.createElement("session-card"), { isOneOfPlaces, session }));
    if (!cards.length) {
      replace(this.#found, h("div", { class: "none-found" }, icon("folder"),
        h("p", {}, "No sessions of the old app were found in the usual places."),
        h("p", { class: "quiet-text" }, "Name its folder below: the program’s folder, its data folder, or a single session.")));
      this.#place.focus();
    } else {
      replace(this.#found,
        cards.length > 1 ? h("label", { class: "choose-all" }, this.#all, "All", this.#chosen) : null,
        h("ul", { role: "list", class: "session-cards" }, cards.map((card) => h("li", {}, card))));
    }
    announce(cards.length ? `${count(cards.length, "session")} found.` : "No sessions were found.");
    this.#show(cards);
  }

  #show(cards) {
    this.#cards = cards;
    this.#settle();
  }

  get #wanted() {
    return this.#cards.filter((card) => card.isChosen);
  }

  #chooseAll() {
    for (const card of this.#cards) card.isChosen = this.#all.checked;
    this.#settle();
  }

  /** Bring what depends on the choice up to date: clashes, counts, buttons. */
  #settle() {
    const names = [...this.#exports];
    for (const card of this.#cards) {
      card.settle(takenBy(names));
      if (card.isChosen && card.wanted) names.push(card.wanted);
    }
    const wanted = this.#wanted;
    const possible = this.#cards.filter(({ session }) => session.canMigrate).length;
    this.#all.checked = wanted.length > 0 && wanted.length === possible;
    this.#all.indeterminate = wanted.length > 0 && wanted.length < possible;
    this.#chosen.textContent = `${number(wanted.length)} of ${number(this.#cards.length)} chosen`;
    this.#start.disabled = wanted.length === 0 || this.#trial !== null;
    this.#preview.disabled = wanted.length === 0 && this.#trial === null;
    if (this.#trial === null) this.#note.textContent = this.#cards.length && !wanted.length ? this.#idle() : "";
  }

  #idle() {
    return this.#cards.some((card) => card.isWaiting) ? FIRST : "Everything is migrated already.";
  }

  #request() {
    const wanted = this.#wanted;
    return {
      sessionIds: wanted.map((card) => card.key),
      exportNames: wanted.map((card) => card.wanted),
      conflicts: wanted.map((card) => card.way),
      source: this.#source,
    };
  }

  async #try() {
    if (this.#trial) {
      this.#trial.abort();
      return;
    }
    const wanted = this.#wanted;
    const trial = new AbortController();
    this.#trying(trial);
    let said = "";
    try {
      const job = await call("migration run all", { ...this.#request(), dryRun: true });
      const onChange = ({ progress }) => this.#tell(progress);
      const { state, result } = await follow(job, { onChange, signal: trial.signal });
      if (state === "done") {
        result.sessions.forEach((each, index) => wanted[index].foretell(each));
        wanted[0].scrollIntoView({ block: "nearest" });
      }
      said = state === "done" ? `Tried out; nothing was changed. ${summary(result)}` : "Stopped. Nothing was changed.";
    } catch (error) {
      said = `${error.message} ${error.hint ?? ""}`;
    }
    this.#trying(null);
    this.#note.textContent = said;
  }

  #trying(trial) {
    this.#trial = trial;
    this.#preview.textContent = trial ? "Stop" : "Preview";
    this.#bar.hidden = trial === null;
    this.#bar.removeAttribute("value");
    for (const card of this.#cards) {
      card.inert = trial !== null;
      if (trial) card.foretell(null);
    }
    if (trial) this.#note.textContent = "Trying it out, out of sight";
    this.#settle();
  }

  #tell({ done, total }) {
    if (total) Object.assign(this.#bar, { max: total, value: done });
    else this.#bar.removeAttribute("value");
  }

  #migrate() {
    const wanted = this.#wanted;
    const title = wanted.length === 1 ? wanted[0].wanted || wanted[0].session.name : count(wanted.length, "session");
    migrateSessions(this.#request(), title);
    this.#dialog.close();
  }

  #history() {
    this.#dialog.close();
    openMigrationHistory();
  }

  #left() {
    this.#trial?.abort();
    this.#looks += 1;
  }
}

customElements.define("migration-dialog", MigrationDialog);
