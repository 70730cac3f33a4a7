/** Asks one thing in a dialog of its own, which goes when it is answered. */

import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { problemNote } from "./problem-note.js";

let numbers = 0;

/**
 * Open a dialog with a head, a body and a foot; answers the dialog.
 *
 * @param {{title: any, body: any, foot?: any, wide?: boolean, onClose?: () => void}} parts
 */
export function openDialog({ title, body, foot = null, wide = false, onClose = () => {} }) {
  numbers += 1;
  const id = `dialog-title-${numbers}`;
  const before = document.activeElement;
  const dialog = h("dialog", { class: wide ? "wide" : null, "aria-labelledby": id });
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before?.isConnected) before.focus({ preventScroll: true });
    onClose();
  });
  replace(dialog,
    h("header", { class: "dialog-head" },
      h("h2", { id }, title),
      h("button", { type: "button", class: "quiet icon-only", "aria-label": "Close", onclick: () => dialog.close() }, icon("close"))),
    h("div", { class: "dialog-body" }, body),
    foot ? h("footer", { class: "dialog-foot" }, foot) : null);
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/**
 * Ask before something is done, and do it: the dialog stays open, saying what is wrong, while `does` is refused.
 *
 * @param {{title: any, body: any, yes: string, danger?: boolean, wide?: boolean, does: (form: HTMLFormElement) => any,
 *          check?: (form: HTMLFormElement) => boolean}} question
 *   `check` says whether `yes` may be pressed, after every change of a field
 */
export function ask({ title, body, yes, danger = false, wide = false, does, check = () => true }) {
  const note = h("div", { class: "question-note" });
  const go = h("button", { type: "submit", class: danger ? "primary danger" : "primary" }, yes);
  const form = h("form", { class: "question", onsubmit: (event) => answer(event) }, body, note);
  numbers += 1;
  form.id = `question-${numbers}`;
  go.setAttribute("form", form.id);
  const dialog = openDialog({ title, body: form, wide, foot: [h("button", { type: "button", onclick: () => dialog.close() }, "Cancel"), go] });
  const settle = () => {
    go.disabled = !check(form);
  };
  form.addEventListener("input", settle);
  form.addEventListener("change", settle);
  settle();
  (form.querySelector("[autofocus]") ?? (danger ? dialog.querySelector(".dialog-foot button") : go)).focus();

  async function answer(event) {
    event.preventDefault();
    if (go.disabled) return;
    go.disabled = true;
    try {
      await does(form);
      dialog.close();
    } catch (error) {
      replace(note, problemNote(error));
      settle();
    }
  }
  return dialog;
}
