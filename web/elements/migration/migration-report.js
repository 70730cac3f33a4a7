/** The result of a migration: what became of each session, what was recovered, what failed and may be tried again. */

import { migrateSessions } from "../../jobs.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { addressOf } from "../../lib/router.js";
import { count, span, when } from "../../lib/say.js";
import { warnings } from "../library/import-report.js";
import { outcome, summary } from "./migration-words.js";

const HEADS = { migrated: "Migrated into", merged: "Added to", unchanged: "Nothing new for", skipped: "Left out", failed: "Failed" };

/** Show a report in a dialog of its own; `request` is what was asked for, if it is still known. */
export function openMigrationReport(report, request = null) {
  const element = document.createElement("migration-report");
  document.body.append(element);
  element.open(report, request);
}

/** @element migration-report */
export class MigrationReport extends HTMLElement {
  #dialog = h("dialog", { class: "wide", "aria-labelledby": "migrated-title", onclose: () => this.remove() });

  /** @param {object} report a MigrationReport as Python tells it */
  open(report, request = null) {
    const close = () => this.#dialog.close();
    replace(this.#dialog,
      h("header", { class: "dialog-head" },
        h("h2", { id: "migrated-title" }, "What was migrated"),
        h("button", { type: "button", class: "quiet icon-only", "aria-label": "Close", onclick: close }, icon("close"))),
      h("div", { class: "dialog-body" },
        h("p", {}, summary(report), " ", h("span", { class: "quiet-text" }, `${when(report.startedAt)}, took ${span(report.seconds)}`)),
        h("ul", { role: "list", class: "session-cards" }, report.sessions.map((each, index) => h("li", {}, this.#session(each, report, again(request, each, index)))))),
      h("footer", { class: "dialog-foot" }, this.#retryAll(report, request), h("button", { type: "button", autofocus: true, onclick: close }, "Close")));
    replace(this, this.#dialog);
    this.#dialog.showModal();
  }

  #session(each, report, request) {
    const { status, error } = each;
    const failed = status === "failed";
    const over = ["migrated", "merged", "unchanged"].includes(status);
    return h("article", { class: "migrated", "data-status": status },
      h("h3", {}, icon(failed ? "warning" : over ? "check" : "info"), h("span", {}, HEADS[status], " ", this.#where(each, over && !report.undoneAt))),
      h("p", { class: "quiet-text session-id" }, "Session ", h("bdi", {}, each.sessionId)),
      over && (each.conversations || status !== "unchanged") ? h("p", { class: "facts number" }, outcome(each).map((fact) => h("span", {}, fact))) : null,
      each.verified ? h("p", { class: "recovers" }, icon("check"), "Verified: every conversation, message and file is in the export.") : null,
      failed && error ? h("div", {}, h("p", {}, error.message), error.hint ? h("p", { class: "quiet-text" }, error.hint) : null) : null,
      failed ? h("div", { class: "buttons" }, h("button", { type: "button", class: "small", onclick: () => this.#retry(request, each.sessionId) }, "Try again")) : null,
      each.warnings.length ? h("details", {}, h("summary", {}, `${count(each.warnings.length, "thing")} worth knowing`), warnings(each.warnings).querySelector("ul")) : null);
  }

  #where({ export: name, sessionId }, isThere) {
    if (!name) return h("bdi", {}, sessionId);
    if (!isThere) return h("bdi", {}, name);
    return h("a", { href: addressOf(name), onclick: () => this.#dialog.close() }, h("bdi", {}, name));
  }

  #retryAll(report, request) {
    const failed = report.sessions.flatMap((each, index) => (each.status === "failed" ? [again(request, each, index)] : []));
    if (failed.length < 2) return null;
    const join = (key) => failed.flatMap((each) => each[key]);
    const all = { sessionIds: join("sessionIds"), exportNames: join("exportNames"), conflicts: join("conflicts"), source: failed[0].source };
    return h("button", { type: "button", onclick: () => this.#retry(all, count(failed.length, "session")) }, "Try all that failed again");
  }

  #retry(request, title) {
    this.#dialog.close();
    migrateSessions(request, title);
  }
}

/** What to ask for to try one session again, as it was asked for before. */
function again(request, { sessionId }, index) {
  return {
    sessionIds: [request?.sessionIds?.[index] ?? sessionId],
    exportNames: [request?.exportNames?.[index] ?? ""],
    conflicts: [request?.conflicts?.[index] === "fail" ? "rename" : request?.conflicts?.[index] ?? "rename"],
    source: request?.source ?? "",
  };
}

customElements.define("migration-report", MigrationReport);
