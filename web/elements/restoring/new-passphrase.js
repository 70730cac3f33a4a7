/** Asks for a new passphrase, twice, and says what encryption does and does not do. */

import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";

const LEAST = 8; // characters, as Python wants of a new one
let numbers = 0;

/** @element new-passphrase */
export class NewPassphrase extends HTMLElement {
  #first = h("input", { type: "password", autocomplete: "new-password" });
  #second = h("input", { type: "password", autocomplete: "new-password" });

  connectedCallback() {
    if (this.firstChild) return;
    numbers += 1;
    this.#first.id = `new-passphrase-${numbers}`;
    this.#second.id = `same-passphrase-${numbers}`;
    replace(this,
      h("div", { class: "setting" }, h("label", { for: this.#first.id }, "Passphrase"), this.#first),
      h("div", { class: "setting" }, h("label", { for: this.#second.id }, "The same again"), this.#second),
      h("div", { class: "band", "data-mood": "attention" }, icon("info"), h("div", {},
        h("p", {}, "Nobody can open these backups without the passphrase: not you, not this program. Write it down somewhere else."),
        h("p", { class: "quiet-text" }, "AES-256 hides contents and names. It does not hide how large the archive is, and it cannot prove that nobody replaced it by another. A short passphrase can be guessed: four or five random words are good."))));
  }

  /** The passphrase; empty until it is long enough and the same twice. */
  get value() {
    return this.#trouble() || this.#first.value !== this.#second.value ? "" : this.#first.value;
  }

  /** What is wrong with it so far, in words; empty while there is nothing to say. */
  get trouble() {
    return this.#first.value ? this.#trouble() : "";
  }

  #trouble() {
    if (this.#first.value.length < LEAST) return `At least ${LEAST} characters.`;
    return this.#second.value && this.#first.value !== this.#second.value ? "The two differ." : "";
  }
}

customElements.define("new-passphrase", NewPassphrase);
