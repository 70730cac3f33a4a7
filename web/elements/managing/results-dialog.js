/** What became of each of several exports, one line each. */

import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { openDialog } from "../frame/question.js";

const ICONS = { good: "check", attention: "info", loss: "warning", skipped: "stop" };

/**
 * Show one line for each item.
 *
 * @param {string} title
 * @param {{name: string, mood: "good"|"attention"|"loss"|"skipped", words: string, more?: any}[]} items
 */
export function openResults(title, items) {
  const dialog = openDialog({
    title, wide: true,
    body: h("ul", { role: "list", class: "results" }, items.map(({ name, mood, words, more }) =>
      h("li", { "data-mood": mood }, icon(ICONS[mood]),
        h("div", {}, h("p", {}, h("strong", {}, h("bdi", {}, name))), h("p", { class: "quiet-text" }, words), more ?? null)))),
    foot: h("button", { type: "button", class: "primary", onclick: () => dialog.close() }, "Close"),
  });
}
