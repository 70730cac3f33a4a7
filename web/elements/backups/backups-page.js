/** Backups: all exports and how safe they are, the backups of one, or what is in one of those. */

import { replace } from "../../lib/dom.js";
import "../restoring/backup-contents.js";
import "./backup-overview.js";
import "./backup-timeline.js";

/** @element backups-page */
export class BackupsPage extends HTMLElement {
  #views = new Map();
  #kept = new Map();
  #shown = "";

  /** Called by the frame whenever this page is to be seen. */
  show(place) {
    const name = place.backup ? "backup-contents" : place.exportName ? "backup-timeline" : "backup-overview";
    if (!this.#views.has(name)) this.#views.set(name, document.createElement(name));
    const view = this.#views.get(name);
    if (name !== this.#shown) {
      this.#kept.set(this.#shown, this.scrollTop);
      replace(this, view);
      this.scrollTop = this.#kept.get(name) ?? 0;
      this.#shown = name;
    }
    view.show(place);
  }
}

customElements.define("backups-page", BackupsPage);
