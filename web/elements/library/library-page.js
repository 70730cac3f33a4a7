/** The library: every export as a card, or, while there is none, how to get the first. */

import { call } from "../../api.js";
import { h, replace } from "../../lib/dom.js";
import { icon, raccoon } from "../../lib/icons.js";
import { entitle } from "../../lib/router.js";
import { count, size } from "../../lib/say.js";
import { problemNote } from "../frame/problem-note.js";
import "../backups/backup-notice.js";
import "../migration/migration-notice.js";
import "./export-card.js";

const STEPS = [
  ["Ask ChatGPT for your data", "In ChatGPT open Settings, then Data controls, and press Export beside “Export data”."],
  ["Wait for the mail", "A link arrives by mail or message, usually within a day; it works for 24 hours."],
  ["Download the archive", "The link gives a ZIP file. Keep it as it is; there is no need to unpack it."],
  ["Drop it here", "Drop the file anywhere on this page, or choose it with the button."],
];

/** @element library-page  @fires import-wanted when the person wants to import */
export class LibraryPage extends HTMLElement {
  #body = h("div", { class: "page-body" });
  #about = h("p", { class: "page-about number" }, "\u00a0");
  #import = h("button", { type: "button", class: "primary", hidden: true, onclick: () => this.#want() }, icon("import"), h("span", {}, "Import", h("span", { class: "wide-only" }, " an archive")));
  #notice = h("migration-notice", { hidden: true });
  #backups = h("backup-notice");
  #lifetime = null;

  connectedCallback() {
    this.#lifetime = new AbortController();
    replace(
      this,
      h("header", { class: "page-head" },
        h("h1", {}, "Library"), this.#import, this.#about, this.#backups),
      this.#notice,
      this.#body,
    );
    document.addEventListener("export-imported", () => this.#load(), { signal: this.#lifetime.signal });
  }

  disconnectedCallback() {
    this.#lifetime.abort();
  }

  /** Called by the frame whenever this page is to be seen. */
  show() {
    entitle("Library");
    this.#load();
  }

  #want(detail = {}) {
    this.dispatchEvent(new CustomEvent("import-wanted", { bubbles: true, detail }));
  }

  async #load() {
    if (!this.#body.firstChild) replace(this.#body, this.#skeleton());
    try {
      this.#draw(await call("export list"));
      this.#notice.look();
    } catch (error) {
      replace(this.#body, problemNote(error, () => this.#load()));
    }
  }

  #draw(exports) {
    this.#import.hidden = exports.length === 0;
    if (!exports.length) {
      this.#about.textContent = "Nothing here yet.";
      replace(this.#body, this.#welcome());
      return;
    }
    const sum = (key) => exports.reduce((total, each) => total + each[key], 0);
    this.#about.textContent = [count(exports.length, "export"), count(sum("conversationCount"), "conversation"), size(sum("sizeBytes"))].join(" · ");
    const newest = [...exports].sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));
    replace(
      this.#body,
      h("ul", { role: "list", class: "cards" }, newest.map((summary) => {
        const card = document.createElement("export-card");
        card.summary = summary;
        return h("li", {}, card);
      })),
      h("p", { class: "drop-line" }, icon("import"), h("span", {}, "Drop a ChatGPT archive anywhere on this page to import it. A newer archive can be added to an export you have: nothing in it is lost.")),
    );
  }

  #welcome() {
    return h(
      "section",
      { class: "welcome", "aria-labelledby": "welcome-title" },
      h("div", { class: "welcome-mark" }, raccoon()),
      h("h2", { id: "welcome-title" }, "Your ChatGPT history, in folders of your own"),
      h("p", {}, "Import the archive ChatGPT gives you, and read every conversation, picture and recording here. Nothing leaves this computer."),
      h("ol", { class: "steps" }, STEPS.map(([title, text]) => h("li", {}, h("h3", {}, title), h("p", {}, text)))),
      h("div", { class: "buttons" },
        h("button", { type: "button", class: "primary", onclick: () => this.#want() }, icon("import"), "Choose the archive"),
      ),
      h("p", { class: "quiet-text" }, "An unpacked folder, a 7z or tar, or a bare conversations.json will do as well."),
    );
  }

  #skeleton() {
    return h("div", { class: "cards skeleton", "aria-hidden": "true" }, [1, 2, 3].map(() => h("div", { class: "ghost-card" })));
  }
}

customElements.define("library-page", LibraryPage);
