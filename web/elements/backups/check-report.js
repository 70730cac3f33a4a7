/** Names every file a check found damaged, and what could be healed. */

import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { count, number } from "../../lib/say.js";

const SHOWN = 500;

/** Show what a check found in a dialog of its own, which goes when closed. */
export function openCheckReport(report) {
  const element = document.createElement("check-report");
  document.body.append(element);
  element.open(report);
}

/** @element check-report */
export class CheckReport extends HTMLElement {
  /** @param {object} report a check's result as Python tells it */
  open({ damaged, healed }) {
    const close = () => dialog.close();
    const dialog = h("dialog", { class: "wide", "aria-labelledby": "check-title", onclose: () => this.remove() },
      h("header", { class: "dialog-head" },
        h("h2", { id: "check-title" }, "What the check found"),
        h("button", { type: "button", class: "quiet icon-only", "aria-label": "Close", onclick: close }, icon("close"))),
      h("div", { class: "dialog-body" },
        damaged.length ? h("p", {}, `${count(damaged.length, "file")} cannot be restored from this backup. Everything else can, and what is still in the export can be backed up again.`) : null,
        files("Damaged", "warning", "loss", damaged.map(({ path, archive, why }) => [path, `${why} (${archive})`])),
        files("Healed", "check", null, healed.map((each) => (typeof each === "string" ? [each, ""] : [each.path, each.source ?? each.from ?? ""])))),
      h("footer", { class: "dialog-foot" }, h("button", { type: "button", autofocus: true, onclick: close }, "Close")));
    replace(this, dialog);
    dialog.showModal();
  }
}

function files(title, mark, mood, rows) {
  if (!rows.length) return null;
  return h("section", {},
    h("h3", {}, title),
    h("ul", { class: "problems", role: "list" }, rows.slice(0, SHOWN).map(([path, why]) =>
      h("li", { "data-mood": mood }, icon(mark), h("div", {}, h("p", {}, h("bdi", {}, path)), why ? h("p", { class: "quiet-text" }, why) : null)))),
    rows.length > SHOWN ? h("p", { class: "quiet-text" }, `and ${number(rows.length - SHOWN)} more`) : null);
}

customElements.define("check-report", CheckReport);
