/** Every migration that was run, the newest first, each with its results and a way to take it back. */

import { call } from "../../api.js";
import { follow, stageOf } from "../../jobs.js";
import { announce } from "../../lib/announce.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { exact, span, when } from "../../lib/say.js";
import { problemNote } from "../frame/problem-note.js";
import { openMigrationReport } from "./migration-report.js";
import { summary } from "./migration-words.js";

/** Show the history in a dialog of its own, which goes when closed. */
export function openMigrationHistory() {
  const element = document.createElement("migration-history");
  document.body.append(element);
  element.open();
}

/** @element migration-history */
export class MigrationHistory extends HTMLElement {
  #runs = h("div", {});
  #dialog = h("dialog", { class: "wide", "aria-labelledby": "history-title", onclose: () => this.remove() });

  open() {
    const close = () => this.#dialog.close();
    replace(this.#dialog,
      h("header", { class: "dialog-head" },
        h("h2", { id: "history-title" }, "Earlier migrations"),
        h("button", { type: "button", class: "quiet icon-only", "aria-label": "Close", onclick: close }, icon("close"))),
      h("div", { class: "dialog-body" }, this.#runs),
      h("footer", { class: "dialog-foot" }, h("button", { type: "button", autofocus: true, onclick: close }, "Close")));
    replace(this, this.#dialog);
    this.#dialog.showModal();
    this.#load();
  }

  async #load() {
    try {
      const reports = await call("migration history");
      replace(this.#runs, reports.length
        ? h("ul", { role: "list", class: "session-cards" }, reports.map((report) => h("li", {}, this.#run(report))))
        : h("div", { class: "none-found" }, icon("folder"), h("p", {}, "Nothing was migrated yet.")));
    } catch (error) {
      replace(this.#runs, problemNote(error, () => this.#load()));
    }
  }

  #run(report) {
    const { startedAt, seconds, state, undoneAt, sessions } = report;
    const made = [...new Set(sessions.filter(({ status }) => status === "migrated" || status === "merged").map((each) => each.export))];
    const own = new Set(sessions.filter(({ status }) => status === "migrated").map((each) => each.export));
    const below = h("div", {});
    const buttons = h("div", { class: "buttons" },
      h("button", { type: "button", class: "small", onclick: () => openMigrationReport(report) }, "Results"),
      made.length && !undoneAt && state !== "running" ? h("button", { type: "button", class: "small", onclick: () => this.#confirm(report, made, own, buttons, below) }, "Undo…") : null);
    return h("article", { class: "migrated" },
      h("h3", {}, h("time", { datetime: startedAt, title: exact(startedAt) }, when(startedAt))),
      h("p", {}, summary(report)),
      h("p", { class: "facts quiet-text" },
        h("span", {}, { running: "Under way", done: `Took ${span(seconds)}`, stopped: "Stopped before the end" }[state]),
        undoneAt ? h("span", {}, "Undone ", h("time", { datetime: undoneAt, title: exact(undoneAt) }, when(undoneAt))) : null),
      buttons, below);
  }

  #confirm(report, made, own, buttons, below) {
    buttons.hidden = true;
    const keep = () => {
      replace(below);
      buttons.hidden = false;
      buttons.lastElementChild.focus();
    };
    const go = h("button", { type: "button", class: "small", onclick: () => this.#undo(report, buttons, below) }, "Move to the trash");
    replace(below, h("div", { class: "confirm", role: "group", "aria-label": "Undo this migration" },
      h("p", {}, "This goes to the folder .trash of your library:"),
      h("ul", { class: "names" }, made.map((name) => h("li", {}, own.has(name) ? null : "What was added to ", h("bdi", {}, name)))),
      h("p", { class: "quiet-text" }, "An export you have changed since stays. The old app’s files are not touched."),
      h("div", { class: "buttons" }, go, h("button", { type: "button", class: "small", onclick: keep }, "Keep everything"))));
    below.querySelector(".buttons").lastElementChild.focus();
  }

  #fate(removed, restored, why) {
    if (!removed) return ` stays. ${why}`;
    if (restored) return " is what it was before.";
    return why ? " was gone already." : " is in the trash.";
  }

  async #undo({ run }, buttons, below) {
    const stop = new AbortController();
    const stage = h("span", { class: "quiet-text" }, "Undoing");
    const bar = h("progress", { "aria-label": "Undoing" });
    const button = h("button", { type: "button", class: "small", onclick: () => stop.abort() }, "Stop");
    replace(below, h("div", { class: "undoing", role: "group", "aria-label": "Undoing this migration" }, stage, bar, button));
    button.focus();
    const onChange = ({ state, progress }) => {
      stage.textContent = state === "queued" ? stageOf({ stage: state }) : stageOf(progress);
      if (progress.total) Object.assign(bar, { max: progress.total, value: progress.done });
      else bar.removeAttribute("value");
    };
    try {
      const { state, result } = await follow(await call("migration undo", { run }), { onChange, signal: stop.signal });
      const told = state === "done" ? this.#told(result) : h("p", {}, "Stopped. What was taken back stays so; undo it again for the rest.");
      replace(below, told);
      buttons.hidden = state === "done";
      announce(told.textContent);
    } catch (error) {
      replace(below, problemNote(error));
    }
    this.#dialog.querySelector(".dialog-foot button").focus();
    document.dispatchEvent(new CustomEvent("export-imported"));
  }

  #told({ exports, problems }) {
    return h("ul", { class: "problems", role: "list" },
      exports.map(({ export: name, removed, restored, why }) => h("li", {}, icon(removed ? "check" : "info"),
        h("p", {}, h("bdi", {}, `“${name}”`), this.#fate(removed, restored, why)))),
      problems.map(({ message }) => h("li", {}, icon("warning"), h("p", {}, message))));
  }
}

customElements.define("migration-history", MigrationHistory);
