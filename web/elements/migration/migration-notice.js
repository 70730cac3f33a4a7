/** Tells on the library page that sessions of the old app were found, until it is told not to. */

import { call } from "../../api.js";
import { announce } from "../../lib/announce.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { count } from "../../lib/say.js";

const OFFER = "migration.offer";

/** @element migration-notice  @fires migration-wanted when the person wants to see them */
export class MigrationNotice extends HTMLElement {
  #asked = 0;

  /** Look for sessions once the page is drawn; what goes wrong here is nobody's concern. */
  look() {
    requestAnimationFrame(() => setTimeout(() => this.#look().catch(() => {})));
  }

  async #look() {
    this.#asked += 1;
    const asked = this.#asked;
    const settings = await call("settings show");
    const offers = settings.find(({ key }) => key === OFFER)?.value ?? true;
    const found = offers ? await call("migration list") : [];
    if (asked !== this.#asked) return;
    const waiting = found.filter(({ canMigrate, migratedTo, changed }) => canMigrate && (!migratedTo || changed));
    this.#show(waiting.length);
  }

  #show(waiting) {
    const isNews = this.hidden && waiting > 0;
    this.hidden = waiting === 0;
    if (!waiting) return;
    const words = `${count(waiting, "session")} of the old app ${waiting === 1 ? "was" : "were"} found`;
    this.setAttribute("role", "region");
    this.setAttribute("aria-label", "Sessions of the old app");
    replace(this,
      icon("info"), h("p", {}, words),
      h("div", { class: "buttons" },
        h("button", { type: "button", class: "small", onclick: () => this.dispatchEvent(new CustomEvent("migration-wanted", { bubbles: true })) }, "Migrate…"),
        h("button", { type: "button", class: "quiet small", onclick: () => this.#dismiss() }, "Not now")));
    if (isNews) announce(`${words}.`);
  }

  async #dismiss() {
    this.#asked += 1;
    this.hidden = true;
    document.getElementById("page").focus();
    try {
      await call("settings change", { key: OFFER, value: false });
      announce("The settings bring this back.");
    } catch (error) {
      announce(error.message);
    }
  }
}

customElements.define("migration-notice", MigrationNotice);
