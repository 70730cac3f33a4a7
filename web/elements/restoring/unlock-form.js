/** Asks for the passphrase where something is encrypted, in the place of what could not be shown. */

import { call } from "../../api.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { problemNote } from "../frame/problem-note.js";

const LOCKED = new Set(["passphrase-needed", "wrong-passphrase"]);
let forms = 0;

/** Whether only a passphrase is missing. */
export function isLocked({ code }) {
  return LOCKED.has(code);
}

/** A note about `error`; where only a passphrase is missing, a form that asks for it and then tries again. */
export function backupProblem(error, retry = null, words = "This is encrypted. Its passphrase:") {
  if (!isLocked(error) || !retry) return problemNote(error, retry);
  const form = document.createElement("unlock-form");
  form.retry = retry;
  form.words = words;
  form.isWrong = error.code === "wrong-passphrase";
  return form;
}

/**
 * @element unlock-form
 * @prop {() => void} retry what to do once the backups are unlocked
 * @prop {string} words what is asked; set first
 * @prop {boolean} isWrong whether one was given that does not fit; set first
 */
export class UnlockForm extends HTMLElement {
  retry = () => {};
  words = "";
  isWrong = false;
  #note = h("div", {});

  connectedCallback() {
    if (this.firstChild) return;
    forms += 1;
    const passphrase = h("input", { type: "password", id: `unlock-${forms}`, autocomplete: "current-password", required: true });
    const remember = h("input", { type: "checkbox", role: "switch" });
    const submit = (event) => {
      event.preventDefault();
      this.#unlock(passphrase.value, remember.checked);
    };
    replace(this, h("form", { class: "band", "data-mood": "attention", onsubmit: submit }, icon("lock"), h("div", {},
      this.isWrong ? h("p", { class: "loss-text", role: "alert" }, "This passphrase does not open it.") : null,
      h("label", { for: passphrase.id }, this.words),
      h("div", { class: "place-row" }, passphrase, h("button", { type: "submit" }, "Unlock")),
      h("label", { class: "switch" }, remember, "Keep it in the system’s keyring"),
      h("p", { class: "quiet-text" }, "Without the keyring it is known until the program ends, and written nowhere."),
      this.#note)));
    if (this.isWrong) passphrase.focus();
  }

  async #unlock(passphrase, remember) {
    try {
      await call("backup unlock", { passphrase, remember });
      this.retry();
    } catch (error) {
      replace(this.#note, problemNote(error));
    }
  }
}

customElements.define("unlock-form", UnlockForm);
