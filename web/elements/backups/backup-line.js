/** One backup on an export's timeline. */

import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { addressOfBackups } from "../../lib/router.js";
import { dayOfMonth, exact, hour } from "../../lib/say.js";
import { backupFacts, keptWords, provenWords } from "./backup-words.js";

/**
 * @element backup-line
 * @prop {object} backup a BackupSummary as Python tells it
 * @fires restore-wanted (detail: the backup)
 */
export class BackupLine extends HTMLElement {
  set backup(backup) {
    const { export: name, id, createdAt, type, encrypted, pinned, damaged } = backup;
    this.dataset.type = type;
    if (damaged) this.dataset.mood = "loss";
    const restore = () => this.dispatchEvent(new CustomEvent("restore-wanted", { bubbles: true, detail: { backup } }));
    replace(this,
      h("h3", {}, h("a", { href: addressOfBackups(name, id) }, h("time", { datetime: createdAt, title: exact(createdAt) }, dayAndHour(createdAt))), pinned ? h("span", { class: "tag" }, icon("pin"), "Pinned") : null, encrypted ? h("span", { class: "tag" }, icon("lock"), "Encrypted") : null),
      h("p", { class: "facts number" }, backupFacts(backup)),
      h("p", { class: "facts quiet-text" }, provenWords(backup), keptWords(backup).map((words) => h("span", {}, words))),
      h("button", { type: "button", class: "small", "aria-label": `Restore the backup of ${exact(createdAt)}`, onclick: restore }, "Restore…"));
  }
}

/** "Today 17:58", "Sat 14 01:09": the month stands above. */
function dayAndHour(iso) {
  const day = dayOfMonth(iso);
  const said = day.includes(":") ? "today" : day;
  return `${said.charAt(0).toUpperCase()}${said.slice(1)} ${hour(iso)}`;
}

customElements.define("backup-line", BackupLine);
