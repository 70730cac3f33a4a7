/** One line on the library page that says whether everything is backed up, and what is not. */

import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { addressOfBackups } from "../../lib/router.js";
import { count } from "../../lib/say.js";
import { backUp } from "./backing-up.js";
import { lookAtBackups, standings, troubled } from "./backup-watch.js";
import { moment, moodOf, since } from "./backup-words.js";

/** The line is there from the first paint on, so that what it says comes without moving anything. @element backup-notice */
export class BackupNotice extends HTMLElement {
  #lifetime = null;

  connectedCallback() {
    this.#lifetime = new AbortController();
    standings.addEventListener("known", ({ detail }) => this.#draw(detail), { signal: this.#lifetime.signal });
  }

  disconnectedCallback() {
    this.#lifetime.abort();
  }

  /** Ask anew. */
  look() {
    lookAtBackups();
  }

  #draw(status) {
    const all = troubled(status);
    const first = all[0];
    if (!status.exports.length) replace(this);
    else if (!status.folder.available) this.#say("attention", "The folder for backups is not there now.");
    else if (!first) this.#say("safe", ["Everything is backed up, last ", moment(newest(status)), "."]);
    else this.#say(moodOf(first.state).mood, trouble(first, all), first.state === "failing" ? null : this.#button(all));
  }

  #say(mood, words, button = null) {
    this.dataset.mood = mood;
    replace(this, icon(mood === "safe" ? "check" : "warning"), h("p", {}, h("a", { href: addressOfBackups() }, words)), button);
  }

  #button(all) {
    return h("button", { type: "button", class: "small", onclick: () => backUp(all.map(({ name }) => name)) }, all.length === 1 ? "Back up now" : h("span", {}, "Back up", h("span", { class: "wide-only" }, ` these ${count(all.length, "export")}`)));
  }
}

/** What is the matter: with one export by its name, with several by their number. */
function trouble({ name, state, failure, lastGoodAt }, all) {
  const called = h("bdi", {}, name);
  const others = all.length > 1 ? ` ${count(all.length - 1, "other")} ${all.length === 2 ? "wants" : "want"} a backup, too.` : "";
  if (state === "failing") return ["Backing up ", called, ` fails: ${failure.message}`, others];
  if (all.length > 1) return `${count(all.length, "export")} ${all.every((each) => each.state === "never") ? "were never backed up" : "want a backup"}.`;
  if (state === "never") return [called, " was never backed up."];
  return [called, ": last backup ", since(lastGoodAt), "."];
}

function newest({ exports }) {
  return exports.map(({ lastGoodAt }) => lastGoodAt).sort().at(-1);
}

customElements.define("backup-notice", BackupNotice);
