/** Lets a folder be chosen in the system's own dialog, where the app has a window; a browser has none. */

import { callWindow } from "../../api.js";
import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { inWindow } from "../../window.js";

/**
 * Answer a button that fills a field with the folder the person picks; null in a browser.
 *
 * @param {HTMLInputElement} field keeps what it holds if they think better of it
 * @param {(folder: string) => void} [then] told once the field is filled
 */
export function folderPicker(field, then = () => {}) {
  if (!inWindow()) return null;
  const pick = async () => {
    const [chosen] = await callWindow("pick folder", { start: field.value.trim() });
    if (!chosen) return;
    field.value = chosen.place;
    then(chosen.place);
  };
  return h("button", { type: "button", onclick: pick }, icon("folder"), "Choose");
}
