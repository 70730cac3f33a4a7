/** One activity in the tray, from its first byte to its result. */

import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { addressOf, go } from "../../lib/router.js";
import { number, size, span } from "../../lib/say.js";
import { dismiss, isRunning, stageOf } from "../../jobs.js";
import { BACKUP_ENDINGS } from "../backups/backup-endings.js";
import { ENDINGS as EXPORT_ENDINGS } from "../managing/export-endings.js";
import { backupProblem, isLocked } from "../restoring/unlock-form.js";
import { added, openReport } from "../library/import-report.js";
import { openMigrationHistory } from "../migration/migration-history.js";
import { openMigrationReport } from "../migration/migration-report.js";
import { sessionUnderWay, summary } from "../migration/migration-words.js";

const ENDINGS = { ...EXPORT_ENDINGS, ...BACKUP_ENDINGS };

/**
 * One activity: its stage, bar, rate, time left and Stop; at the end its result.
 *
 * @element job-progress
 */
export class JobProgress extends HTMLElement {
  #shape = "";
  #parts = {};

  /** Show this reading. Elements stay while the shape stays, so that focus does too. */
  show(activity) {
    const shape = isRunning(activity) ? "running" : activity.state;
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.dataset.state = shape;
      if (shape === "running") this.#drawRunning(activity);
      else this.#drawEnded(activity);
    }
    if (shape === "running") this.#fillRunning(activity);
  }

  #drawRunning(activity) {
    const parts = {
      stage: h("span", { class: "stage" }),
      bar: h("progress", { "aria-label": activity.title }),
      facts: h("span", { class: "facts number" }),
      item: h("span", { class: "item" }),
      overall: h("progress", { class: "overall", "aria-label": "Sessions", hidden: true }),
      stop: h("button", { type: "button", class: "small", onclick: () => this.#stop(activity) }, "Stop"),
    };
    this.#parts = parts;
    replace(this,
      h("div", { class: "activity-head" }, h("strong", {}, h("bdi", {}, activity.title)), parts.stop),
      h("p", { class: "activity-line" }, parts.stage, parts.facts), parts.bar, h("p", { class: "activity-line" }, parts.item), parts.overall);
  }

  #fillRunning(activity) {
    const { stage, bar, facts, item, overall } = this.#parts;
    const session = activity.request && sessionUnderWay(activity);
    overall.hidden = !session;
    if (session) Object.assign(overall, { max: session.total, value: session.number - 1 });
    stage.textContent = stageOf(activity);
    item.textContent = (session ? session.words : activity.item) || " ";
    facts.textContent = factsOf(activity);
    if (activity.total) {
      bar.max = activity.total;
      bar.value = activity.done;
    } else bar.removeAttribute("value");
  }

  #stop(activity) {
    this.#parts.stop.disabled = true;
    this.#parts.stop.textContent = "Stopping";
    activity.controller.abort();
  }

  #drawEnded(activity) {
    const away = h("button", { type: "button", class: "quiet icon-only", "aria-label": `Put away: ${activity.title}`, onclick: () => dismiss(activity.key) }, icon("close"));
    const sign = mark(activity);
    this.toggleAttribute("data-bad", activity.state === "done" && sign !== "check");
    replace(this, h("div", { class: "activity-head" }, h("strong", {}, icon(sign), h("bdi", {}, activity.title)), away), this.#ending(activity));
  }

  #ending(activity) {
    if (activity.state === "cancelled" && activity.request) return stoppedMigration();
    if (activity.state === "cancelled") return h("p", { class: "quiet-text" }, "Stopped. Nothing was changed.");
    if (activity.state === "failed" && activity.again && isLocked(activity.error)) {
      return backupProblem(activity.error, () => {
        dismiss(activity.key);
        activity.again();
      });
    }
    if (activity.state === "failed") {
      return h("div", { role: "alert" }, h("p", {}, activity.error.message), activity.error.hint ? h("p", { class: "quiet-text" }, activity.error.hint) : null);
    }
    if (ENDINGS[activity.operation]) return ENDINGS[activity.operation].ending(activity);
    const report = activity.result;
    if (report?.sessions) return migrated(report, activity.request);
    if (!report?.conversations) return h("p", { class: "quiet-text" }, "Finished.");
    const show = () => {
      dismiss(activity.key);
      go(addressOf(report.export));
    };
    return h("div", {},
      h("p", { class: "quiet-text" }, added(report)),
      h("div", { class: "buttons" },
        h("button", { type: "button", class: "primary small", onclick: show }, "Show"),
        h("button", { type: "button", class: "small", onclick: () => openReport(report) }, "Report")));
  }
}

function stoppedMigration() {
  return h("div", {},
    h("p", { class: "quiet-text" }, "Stopped. Sessions that were done stay; the one under way left no trace."),
    h("div", { class: "buttons" }, h("button", { type: "button", class: "small", onclick: () => openMigrationHistory() }, "Show what was done")));
}

function migrated(report, request) {
  return h("div", {},
    h("p", { class: "quiet-text" }, summary(report)),
    h("div", { class: "buttons" }, h("button", { type: "button", class: "primary small", onclick: () => openMigrationReport(report, request) }, "Results")));
}

function mark({ state, result, operation }) {
  if (state === "failed" || (state === "done" && ENDINGS[operation]?.isBad?.(result))) return "warning";
  if (state === "cancelled") return "stop";
  if (result?.sessions) return result.sessions.some((each) => each.status === "failed") ? "warning" : "check";
  return result?.warnings?.some((each) => each.loss) ? "info" : "check";
}

function factsOf({ done, total, unit, rate, secondsLeft }) {
  const amount = (value) => (unit === "bytes" ? size(value) : number(Math.round(value)));
  const facts = [];
  if (total) facts.push(`${amount(done)} of ${amount(total)}`);
  else if (done) facts.push(amount(done));
  if (rate) facts.push(`${amount(rate)}/s`);
  if (secondsLeft) facts.push(`${span(secondsLeft)} left`);
  return facts.join(" · ");
}

customElements.define("job-progress", JobProgress);
