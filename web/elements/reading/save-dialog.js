/** Saves a conversation as a file, and says where the file is. */

import { call } from "../../api.js";
import { follow } from "../../jobs.js";
import { copyFrom } from "../../lib/clipboard.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { count } from "../../lib/say.js";
import { problemNote } from "../frame/problem-note.js";

const FORMATS = [
  ["markdown", "Markdown", "For notes and other programs."],
  ["html", "Web page", "Looks as it does here; opens in any browser."],
  ["text", "Plain text", "Just the words."],
  ["json", "JSON", "Exactly as ChatGPT exported it."],
];

/** @element save-dialog */
export class SaveDialog extends HTMLElement {
  #body = h("div", { class: "dialog-body" });
  #dialog = h("dialog", { "aria-labelledby": "save-title" });
  #values = {};

  connectedCallback() {
    replace(this.#dialog,
      h("header", { class: "dialog-head" },
        h("h2", { id: "save-title" }, "Save this conversation"),
        h("button", { type: "button", class: "quiet icon-only", "aria-label": "Close", onclick: () => this.#dialog.close() }, icon("close"))),
      this.#body);
    replace(this, this.#dialog);
  }

  /** Offer the formats for one conversation of an export. */
  open(exportName, conversation) {
    this.#values = { export: exportName, ids: [conversation] };
    replace(this.#body, h("ul", { role: "list", class: "formats" }, FORMATS.map(([format, name, about]) =>
      h("li", {}, h("button", { type: "button", autofocus: format === "markdown", onclick: () => this.#save(format) }, icon("save"), h("span", {}, h("strong", {}, name), h("span", { class: "quiet-text" }, about)))))));
    this.#dialog.showModal();
  }

  async #save(format) {
    for (const button of this.#body.querySelectorAll("button")) button.disabled = true;
    try {
      const answer = await call("conversation save", { ...this.#values, format });
      const result = answer.operation ? (await follow(answer)).result : answer;
      this.#tell(result);
    } catch (error) {
      replace(this.#body, problemNote(error));
    }
  }

  #tell({ files, problems }) {
    replace(this.#body,
      h("p", { class: "saved-line", role: "status" }, icon("check"), `${count(files.length, "file")} saved.`),
      h("ul", { role: "list", class: "saved-files" }, files.map((path) => {
        const button = h("button", { type: "button", class: "small", onclick: () => copyFrom(button, path) }, "Copy path");
        return h("li", {}, h("code", {}, h("bdi", {}, path)), button);
      })),
      problems.map(({ message, hint }) => h("p", { class: "attention-text" }, icon("warning"), `${message} ${hint}`)));
  }
}

customElements.define("save-dialog", SaveDialog);
