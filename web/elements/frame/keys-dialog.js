/** Lists the keys, at "?". */

import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { KEYS } from "../../lib/keyboard.js";

/** @element keys-dialog */
export class KeysDialog extends HTMLElement {
  #dialog = h("dialog", { "aria-labelledby": "keys-title" });

  connectedCallback() {
    const close = () => this.#dialog.close();
    replace(
      this.#dialog,
      h("header", { class: "dialog-head" },
        h("h2", { id: "keys-title" }, "Keys"),
        h("button", { type: "button", class: "quiet icon-only", "aria-label": "Close", onclick: close }, icon("close"))),
      h("dl", { class: "keys" }, KEYS.map(({ keys, does }) =>
        h("div", {}, h("dt", {}, keys.map((key) => h("kbd", {}, key))), h("dd", {}, does)),
      )),
    );
    replace(this, this.#dialog);
  }

  /** Show the list. */
  open() {
    this.#dialog.showModal();
  }
}

customElements.define("keys-dialog", KeysDialog);
