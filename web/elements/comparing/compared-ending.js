/** How the tray tells what a newer archive would change, before it is added. */

import { addHeld } from "../../jobs.js";
import { h } from "../../lib/dom.js";
import { openDialog } from "../frame/question.js";
import { comparisonView, said } from "./comparison.js";

/** What changed, and the way to add it. */
export function comparedEnding({ result, held }) {
  const open = () => {
    const add = () => {
      dialog.close();
      addHeld(held.sources, held.into);
    };
    const dialog = openDialog({
      title: ["What ", h("bdi", {}, `“${held.called}”`), " would change"],
      wide: true,
      body: h("div", { class: "comparison" }, comparisonView({ ...result, b: held.called })),
      foot: [h("button", { type: "button", onclick: () => dialog.close() }, "Close"), h("button", { type: "button", class: "primary", onclick: add }, "Add it now")],
    });
  };
  return h("div", {}, h("p", { class: "quiet-text number" }, said(result)), h("div", { class: "buttons" }, h("button", { type: "button", class: "small primary", onclick: open }, "What would change")));
}
