/** What is going on, at the bottom right: each import a few lines, folded to a pill when wished. */

import { announce } from "../../lib/announce.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { count } from "../../lib/say.js";
import { activities, current, isRunning, stageOf } from "../../jobs.js";
import "./job-progress.js";

/**
 * @element job-tray
 * @fires export-imported (detail: the report, if there is one) on `document` when exports may have changed
 * @fires backup-changed on `document` when backups may have changed
 */
export class JobTray extends HTMLElement {
  #folded = false;
  #lines = new Map();
  #told = new Map();
  #lifetime = null;
  #pill = h("button", { type: "button", class: "pill", "aria-expanded": "true", onclick: () => this.#fold(!this.#folded) });
  #list = h("ul", { role: "list", class: "activities" });

  connectedCallback() {
    this.#lifetime = new AbortController();
    this.setAttribute("role", "region");
    this.setAttribute("aria-label", "What is going on");
    replace(this, this.#list, this.#pill);
    activities.addEventListener("change", (event) => this.#changed(event.detail), { signal: this.#lifetime.signal });
    for (const each of current()) this.#speak(each); // begun before this was there
    this.#draw();
  }

  disconnectedCallback() {
    this.#lifetime.abort();
  }

  #fold(folded) {
    this.#folded = folded;
    this.#draw();
  }

  #changed(activity) {
    if (activity) {
      this.#speak(activity);
      if (!this.#lines.has(activity.key)) this.#folded = false;
    }
    this.#draw();
  }

  #draw() {
    const all = current();
    this.hidden = all.length === 0;
    this.#list.hidden = this.#folded;
    const running = all.filter((each) => isRunning(each));
    const first = running.at(0);
    const percent = first?.total ? ` · ${Math.floor((100 * first.done) / first.total)} %` : "";
    replace(this.#pill, icon(this.#folded ? "up" : "down"), running.length ? `${count(running.length, "job")} running${percent}` : count(all.length, "finished job"));
    this.#pill.setAttribute("aria-expanded", String(!this.#folded));
    for (const key of [...this.#lines.keys()]) {
      if (!all.some((each) => each.key === key)) {
        this.#lines.get(key).parentElement.remove();
        this.#lines.delete(key);
      }
    }
    for (const each of all) this.#line(each).show(each);
  }

  #line(activity) {
    if (!this.#lines.has(activity.key)) {
      const line = document.createElement("job-progress");
      this.#lines.set(activity.key, line);
      this.#list.append(h("li", {}, line));
    }
    return this.#lines.get(activity.key);
  }

  #speak(activity) {
    const now = isRunning(activity) ? stageOf(activity) : activity.state;
    if (this.#told.get(activity.key) === now) return;
    this.#told.set(activity.key, now);
    if (activity.operation.startsWith("backup") && !isRunning(activity)) document.dispatchEvent(new CustomEvent("backup-changed"));
    if (activity.state === "done") {
      announce(`${activity.title}: finished.`);
      document.dispatchEvent(new CustomEvent("export-imported", { detail: activity.result }));
      return;
    }
    // A migration that was stopped leaves the sessions that were done before.
    if (activity.request && !isRunning(activity)) document.dispatchEvent(new CustomEvent("export-imported"));
    if (activity.state === "cancelled") announce(`${activity.title}: stopped.`);
    else if (activity.state !== "failed") announce(`${activity.title}: ${now}.`);
  }
}

customElements.define("job-tray", JobTray);
