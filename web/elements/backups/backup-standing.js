/** One export on the backups page: how long ago it was last backed up, what went wrong since, and the button for it. */

import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { addressOfBackups } from "../../lib/router.js";
import { count, size } from "../../lib/say.js";
import { backUp } from "./backing-up.js";
import { moment, moodOf, standingWords } from "./backup-words.js";

/** @element backup-standing */
export class BackupStanding extends HTMLElement {
  /** Show how an export stands; `isPossible` is whether a backup can be made now. */
  show(standing, isPossible) {
    const { name, state, backups, storedBytes } = standing;
    const { mood, icon: mark } = moodOf(state);
    this.dataset.mood = mood;
    replace(this,
      icon(mark),
      h("div", { class: "standing-words" },
        h("h2", {}, h("a", { href: addressOfBackups(name) }, h("bdi", {}, name))),
        h("p", { class: "standing-age" }, standingWords(standing)),
        this.#trouble(standing)),
      h("p", { class: "facts number quiet-text" }, backups ? [h("span", {}, count(backups, "backup")), h("span", {}, `${size(storedBytes)} stored`)] : null),
      h("button", { type: "button", class: "small", "aria-label": `Back up ${name} now`, disabled: !isPossible, onclick: () => backUp([name]) }, "Back up now"));
  }

  #trouble({ failure, missed, changedSince, backups }) {
    if (failure) return h("p", { class: "standing-trouble" }, "Failed ", moment(failure.at), failure.times > 1 ? `, ${count(failure.times, "time")} in a row` : "", ": ", failure.message, failure.hint ? ` ${failure.hint}` : "");
    if (missed) return h("p", { class: "standing-trouble" }, `${count(missed, "backup")} missed since.`);
    if (changedSince && backups) return h("p", { class: "quiet-text" }, "Changed since.");
    return null;
  }
}

customElements.define("backup-standing", BackupStanding);
