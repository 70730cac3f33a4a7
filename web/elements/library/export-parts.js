/** What a card and a row of the table say of an export in the same words. */

import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { addressOf } from "../../lib/router.js";
import { count, exact, when } from "../../lib/say.js";

/** The box that chooses an export. */
export function chooser({ name }) {
  return h("label", { class: "chooser" }, h("input", { type: "checkbox", tabindex: "-1", "aria-label": `Choose ${name}` }));
}

/** The name as a link to what is in it. */
export function nameLink({ name }) {
  return h("a", { href: addressOf(name), tabindex: "-1", title: name }, h("bdi", {}, name));
}

/** The button that says what else can be done. */
export function menuButton({ name }) {
  return h("button", { type: "button", class: "quiet icon-only menu-button", tabindex: "-1", "aria-haspopup": "menu", "aria-label": `More for ${name}`, title: "More" }, icon("more"));
}

/** A moment in words, the exact one behind them; a dash if there was none. */
export function moment(iso, words = when) {
  return iso ? h("time", { datetime: iso, title: exact(iso) }, words(iso)) : "–";
}

/** Whether an export is whole and kept twice, shortest first: null if there is nothing to say. */
export function state({ health, problems = 0 }) {
  if (health !== "problems") return null;
  return h("span", { class: "mood", "data-mood": "attention" }, icon("warning"), problems ? count(problems, "problem") : "Problems");
}

/** When an export was last backed up; if never, the button that does it. */
export function lastBackup(summary) {
  return summary.lastBackupAt ? h("span", {}, "Backed up ", moment(summary.lastBackupAt)) : backUpButton(summary);
}

/** The button for an export that was never backed up. */
export function backUpButton({ name }) {
  return h("button", { type: "button", class: "quiet small back-up-button", tabindex: "-1", "aria-label": `${name} was never backed up: back up now`, title: "Never backed up" }, icon("warning"), "Back up now");
}
