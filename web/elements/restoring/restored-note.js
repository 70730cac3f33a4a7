/** Asks, after a restore in an export's place, whether the restored state stays or the previous comes back. */

import { ask } from "../../jobs.js";
import { announce } from "../../lib/announce.js";
import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { addressOf } from "../../lib/router.js";
import { moment } from "../backups/backup-words.js";
import { problemNote } from "../frame/problem-note.js";

/** A question for each export whose state before a restore is still kept. */
export function restoredNotes(all = []) {
  return all.map(({ export: name, replacedAt }) =>
    h("div", { class: "band", "data-mood": "accent", role: "group", "aria-label": `The restored state of ${name}` }, icon("restore"), h("div", {},
      h("p", {}, h("a", { href: addressOf(name) }, h("bdi", {}, name)), " was restored ", moment(replacedAt), ". The state before is kept until you decide."),
      settleButtons(name))));
}

/** The two answers; `onSettled` is called once one of them was carried out. */
export function settleButtons(name, onSettled = () => {}) {
  const below = h("div", {});
  const settle = async (keep) => {
    for (const button of buttons.children) button.disabled = true;
    try {
      await ask(keep ? "backup settle" : "backup put back", { export: name });
      announce(keep ? "The restored state stays." : "The previous state is back.");
      onSettled();
      document.dispatchEvent(new CustomEvent("backup-changed"));
      document.dispatchEvent(new CustomEvent("export-imported", { detail: { export: name } }));
    } catch (error) {
      for (const button of buttons.children) button.disabled = false;
      below.replaceChildren(problemNote(error));
    }
  };
  const buttons = h("div", { class: "buttons" },
    h("button", { type: "button", class: "small", onclick: () => settle(true) }, "Keep the restored state"),
    h("button", { type: "button", class: "small", onclick: () => settle(false) }, "Put the previous back"));
  return h("div", {}, buttons, below);
}
