/** The entry that makes the system's own scheduler look for due backups while the program is closed. */

import { call } from "../../api.js";
import { copyFrom } from "../../lib/clipboard.js";
import { announce } from "../../lib/announce.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { problemNote } from "../frame/problem-note.js";

const SYSTEMS = { cron: "cron", launchd: "launchd", "task-scheduler": "the Task Scheduler" };

/** @element schedule-entry */
export class ScheduleEntry extends HTMLElement {
  #isOpen = false;

  /** Show the entry of a schedule as Python tells it. */
  show({ entry, every }) {
    const { name, scheduler, text, how, current, written } = entry;
    const copy = h("button", { type: "button", class: "small", onclick: () => copyFrom(copy, text) }, "Copy");
    const note = h("div", {});
    replace(this,
      h("h3", {}, "While the program is closed"),
      written
        ? h("p", { class: "recovers" }, icon("check"), h("span", {}, `The system looks every hour for backups that are due (${name}).`))
        : h("p", {}, "The system’s own scheduler can look every hour for backups that are due."),
      every === "never" ? h("p", { class: "quiet-text" }, "As long as “Only when I say so” is chosen above, nothing is due by the clock.") : null,
      h("div", { class: "buttons" },
        current ? h("button", { type: "button", onclick: () => this.#write(!written, note) }, icon("clock"), written ? "Take the entry out" : `Write the entry for ${SYSTEMS[scheduler]}`) : null),
      note,
      h("details", { class: "identity quiet-text", open: this.#isOpen, ontoggle: ({ target }) => { this.#isOpen = target.open; } }, h("summary", {}, "What it is, and how to put it in place by hand"),
        h("p", {}, how),
        h("div", { class: "system-entry" }, h("pre", { tabindex: "0" }, h("code", {}, text)), copy)));
  }

  async #write(wanted, note) {
    try {
      this.show(await call("schedule change", { install: wanted }));
      announce(wanted ? "The entry is in place." : "The entry is taken out.");
      this.querySelector("button").focus();
    } catch (error) {
      replace(note, problemNote(error));
    }
  }
}

customElements.define("schedule-entry", ScheduleEntry);
