/** Shows a message exactly as it was exported. */

import { call } from "../../api.js";
import { copyFrom } from "../../lib/clipboard.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { problemNote } from "../frame/problem-note.js";

/** @element raw-dialog */
export class RawDialog extends HTMLElement {
  #body = h("div", { class: "raw-body" });
  #copy = h("button", { type: "button", autofocus: true }, "Copy");
  #dialog = h("dialog", { class: "wide", "aria-labelledby": "raw-title" });

  connectedCallback() {
    const close = () => this.#dialog.close();
    replace(this.#dialog,
      h("header", { class: "dialog-head" },
        h("h2", { id: "raw-title" }, "As exported"),
        h("button", { type: "button", class: "quiet icon-only", "aria-label": "Close", onclick: close }, icon("close"))),
      this.#body,
      h("footer", { class: "dialog-foot" }, h("p", { class: "quiet-text" }, "This is the whole message, as ChatGPT wrote it into the archive."), this.#copy));
    replace(this, this.#dialog);
  }

  /** Fetch one message's raw form and show it. */
  async open(exportName, conversation, message) {
    replace(this.#body);
    this.#copy.disabled = true;
    this.#dialog.showModal();
    try {
      const { json } = await call("message show", { export: exportName, id: conversation, message });
      replace(this.#body, h("pre", { tabindex: "0", "aria-label": "JSON" }, h("code", {}, json)));
      this.#copy.disabled = false;
      this.#copy.onclick = () => copyFrom(this.#copy, json);
    } catch (error) {
      replace(this.#body, problemNote(error));
    }
  }
}

customElements.define("raw-dialog", RawDialog);
