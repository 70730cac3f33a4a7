/** The report of an import: what came in, what did not, and what this program does not understand. */

import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { addressOf, go } from "../../lib/router.js";
import { count, number, span } from "../../lib/say.js";

const WARNINGS_SHOWN = 100;

/** One line about a report: "12 conversations added, 3 updated". */
export function added({ conversations, assets }) {
  const { added: fresh, updated, unchanged, failed } = conversations;
  const parts = [];
  if (fresh) parts.push(`${count(fresh, "conversation")} added`);
  if (updated) parts.push(`${number(updated)} updated`);
  if (!fresh && !updated) parts.push(unchanged ? "Nothing new: every conversation was there already" : "No conversations were found");
  if (failed) parts.push(`${number(failed)} could not be read`);
  if (assets.missing) parts.push(`${count(assets.missing, "media file")} not in the archive`);
  return `${parts.join(", ")}.`;
}

/** Show a report in a dialog of its own, which goes when closed. */
export function openReport(report) {
  const element = document.createElement("import-report");
  document.body.append(element);
  element.open(report);
}

/** @element import-report */
export class ImportReport extends HTMLElement {
  /** @param {object} report an ImportReport as Python tells it */
  open(report) {
    const dialog = h("dialog", { "aria-labelledby": "report-title", onclose: () => this.remove() });
    const show = () => {
      dialog.close();
      go(addressOf(report.export));
    };
    replace(dialog,
      h("header", { class: "dialog-head" },
        h("h2", { id: "report-title" }, report.created ? "Imported " : "Added to ", h("bdi", {}, report.export)),
        h("button", { type: "button", class: "quiet icon-only", "aria-label": "Close", onclick: () => dialog.close() }, icon("close"))),
      h("div", { class: "dialog-body" }, h("p", {}, added(report)), figures(report), notUnderstood(report.notUnderstood), warnings(report.warnings)),
      h("footer", { class: "dialog-foot" }, h("button", { type: "button", autofocus: true, onclick: () => dialog.close() }, "Close"), h("button", { type: "button", class: "primary", onclick: show }, "Show the export")));
    replace(this, dialog);
    dialog.showModal();
  }
}

function figures({ conversations, messages, assets, gone, seconds }) {
  const rows = [
    ["Added", conversations.added], ["Updated", conversations.updated], ["Unchanged", conversations.unchanged],
    ["Could not be read", conversations.failed, "loss"], ["Kept, though no longer in the archive", gone],
    ["Messages", messages], ["Media stored", assets.stored], ["Media the archive does not hold", assets.missing, "attention"],
  ];
  const shown = rows.filter(([, value], index) => value || index < 3);
  return h("dl", { class: "figures" },
    shown.map(([name, value, mood]) => h("div", { "data-mood": value && mood ? mood : null }, h("dt", {}, name), h("dd", { class: "number" }, number(value)))),
    h("div", {}, h("dt", {}, "Took"), h("dd", { class: "number" }, span(seconds))));
}

function notUnderstood(types) {
  const entries = Object.entries(types);
  if (!entries.length) return null;
  return h("section", {},
    h("h3", {}, "Not understood"),
    h("p", { class: "quiet-text" }, "Kept as they are and shown as far as possible; their raw form is behind each message."),
    h("ul", { class: "plain-rows", role: "list" }, entries.map(([type, times]) => h("li", {}, h("code", {}, type), h("span", { class: "number" }, number(times))))));
}

/** Problems as a section of their own; nothing if there are none. */
export function warnings(problems) {
  if (!problems.length) return null;
  return h("section", {},
    h("h3", {}, "Worth knowing"),
    problemList(problems, WARNINGS_SHOWN),
    problems.length > WARNINGS_SHOWN ? h("p", { class: "quiet-text" }, `and ${number(problems.length - WARNINGS_SHOWN)} more, in the export's folder`) : null);
}

/** The first of some problems, each with what it is about and what can be done. */
export function problemList(problems, most) {
  return h("ul", { class: "problems", role: "list" }, problems.slice(0, most).map(({ message, item, hint, loss }) =>
    h("li", { "data-mood": loss ? "loss" : "attention" }, icon(loss ? "warning" : "info"),
      h("div", {}, h("p", {}, message), item ? h("p", { class: "quiet-text" }, h("bdi", {}, item)) : null, hint ? h("p", { class: "quiet-text" }, hint) : null))));
}

customElements.define("import-report", ImportReport);
