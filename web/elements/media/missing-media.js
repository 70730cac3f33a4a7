/** The media messages refer to and an export does not have: why, and where else they are. */

import { call } from "../../api.js";
import { run } from "../../jobs.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { addressOf } from "../../lib/router.js";
import { count, number } from "../../lib/say.js";
import { problemNote } from "../frame/problem-note.js";

const KINDS = { image: "Picture", audio: "Recording", video: "Film", file: "File" };

/** @element missing-media */
export class MissingMedia extends HTMLElement {
  #export = "";
  #asked = 0;

  /** Show what is missing in this export. */
  async show(exportName) {
    this.#export = exportName;
    this.#asked += 1;
    const asked = this.#asked;
    if (!exportName) {
      replace(this, h("p", { class: "none-found" }, "Choose an export."));
      return;
    }
    try {
      const page = await call("media missing", { export: exportName });
      if (asked === this.#asked) this.#draw(page);
    } catch (error) {
      if (asked === this.#asked) replace(this, problemNote(error, () => this.show(exportName)));
    }
  }

  #draw(page) {
    if (!page.total) {
      replace(this, h("div", { class: "none-found" }, icon("check"), h("p", {}, "Every file a message refers to is there.")));
      return;
    }
    const rows = h("ul", { role: "list", class: "missing-rows" });
    const more = h("div", { class: "search-more" });
    replace(this,
      h("header", { class: "missing-head" },
        h("p", {}, said(page)),
        page.fillable ? h("button", { type: "button", class: "primary", onclick: () => this.#fill(null) }, `Fill in ${count(page.fillable, "file")}`) : null),
      rows, more);
    this.#add(rows, more, page);
  }

  #add(rows, more, { items, next }) {
    rows.append(...items.map((item) => this.#row(item)));
    const go = async () => this.#add(rows, more, await call("media missing", { export: this.#export, after: next }));
    replace(more, next ? h("button", { type: "button", onclick: go }, "More") : null);
  }

  #row({ pointer, name, kind, conversationId, conversationTitle, messageId, reason, foundIn }) {
    const [place] = foundIn;
    const called = KINDS[kind] ?? "File";
    return h("li", {},
      h("div", {},
        h("p", {}, h("strong", {}, h("bdi", {}, name || called)), name ? h("span", { class: "quiet-text" }, ` ${called}`) : h("code", { class: "quiet-text" }, ` ${pointer}`)),
        h("p", { class: "quiet-text" }, reason),
        h("p", { class: "quiet-text" }, "In ", h("a", { href: addressOf(this.#export, conversationId, { message: messageId }) }, h("bdi", {}, conversationTitle || "Untitled")),
          place ? [" · held by ", h("bdi", {}, place.export)] : null)),
      place ? h("button", { type: "button", class: "small", "aria-label": `Fill in ${name || pointer}`, onclick: () => this.#fill([pointer]) }, "Fill in") : null);
  }

  async #fill(pointers) {
    const name = this.#export;
    await run("media fill", { export: name, pointers }, `Fill in media of ${name}`);
    if (name === this.#export) this.show(name);
  }
}

function said({ total, fillable }) {
  const missing = `${count(total, "file")} that messages refer to ${total === 1 ? "is" : "are"} not there`;
  if (!fillable) return `${missing}, nor in any other export.`;
  return `${missing}; ${number(fillable)} of them ${fillable === 1 ? "is" : "are"} in another export.`;
}

customElements.define("missing-media", MissingMedia);
