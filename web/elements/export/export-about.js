/** What an export holds and where it came from; beside the list while nothing is being read. */

import { call } from "../../api.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { addressOf, entitle } from "../../lib/router.js";
import { months } from "../../lib/say.js";
import { problemNote } from "../frame/problem-note.js";
import { exportFacts } from "./export-facts.js";

/** @element export-about  @fires import-wanted to add a newer archive */
export class ExportAbout extends HTMLElement {
  #name = "";

  show(name) {
    entitle(name);
    if (name === this.#name) return;
    this.#name = name;
    this.reload();
  }

  async reload() {
    const name = this.#name;
    if (!name) return;
    try {
      const details = await call("export show", { export: name });
      if (name === this.#name) this.#draw(details);
    } catch (error) {
      this.#name = "";
      replace(this, problemNote(error, () => this.show(name)));
    }
  }

  #draw(details) {
    const more = () => this.dispatchEvent(new CustomEvent("import-wanted", { bubbles: true, detail: { into: details.name } }));
    replace(
      this,
      h("header", { class: "about-head" },
        h("a", { class: "back-link quiet", href: addressOf(details.name), title: "Back to the list" }, icon("back"), h("span", { class: "visually-hidden" }, "Back to the list")),
        h("div", {}, h("h2", {}, h("bdi", {}, details.name)), h("p", { class: "page-about number" }, months(details.firstMessageAt, details.lastMessageAt) || "\u00a0")),
        h("button", { type: "button", onclick: more }, icon("import"), "Add a newer archive")),
      exportFacts(details),
      h("p", { class: "about-path quiet-text" }, icon("folder"), h("code", {}, h("bdi", {}, details.path))),
    );
  }
}

customElements.define("export-about", ExportAbout);
