/** How the tray tells which missing media were filled in. */

import { h } from "../../lib/dom.js";
import { count, number } from "../../lib/say.js";
import { openResults } from "../managing/results-dialog.js";

/** How many there are now, and each with where it came from. */
export function filledEnding({ result: { filled, items } }) {
  const rest = items.length - filled;
  return h("div", {},
    h("p", { class: "quiet-text number" }, `${count(filled, "file")} filled in${rest ? `, ${number(rest)} found nowhere` : ""}.`),
    h("div", { class: "buttons" }, h("button", { type: "button", class: "small", onclick: () => openResults("Missing media", items.map(line)) }, "Results")));
}

function line({ pointer, outcome, source }) {
  const isFilled = outcome === "filled";
  return { name: pointer, mood: isFilled ? "good" : "attention", words: isFilled ? `Copied from “${source}”.` : "In no export of this library." };
}
