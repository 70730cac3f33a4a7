/** Everything there is to know about one export, in a dialog. */

import { call } from "../../api.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { addressOf, go } from "../../lib/router.js";
import { months } from "../../lib/say.js";
import { exportFacts } from "../export/export-facts.js";
import { problemNote } from "../frame/problem-note.js";
import { openDialog } from "../frame/question.js";

/** Open the details of the export called `name`. */
export function openDetails(name) {
  const body = h("div", { class: "details", "aria-busy": "true" }, h("div", { class: "skeleton" }, [80, 60, 72, 48].map((width) => h("span", { class: `ghost-line w-${width}` }))));
  const open = () => {
    dialog.close();
    go(addressOf(name));
  };
  const dialog = openDialog({
    title: h("bdi", {}, name), body, wide: true,
    foot: [h("button", { type: "button", onclick: () => dialog.close() }, "Close"), h("button", { type: "button", class: "primary", onclick: open }, "Open")],
  });
  show(name, body);
}

async function show(name, body) {
  try {
    const details = await call("export show", { export: name });
    replace(body,
      h("p", { class: "page-about number" }, months(details.firstMessageAt, details.lastMessageAt) || "No dates"),
      exportFacts(details),
      h("p", { class: "about-path quiet-text" }, icon("folder"), h("code", {}, h("bdi", {}, details.path))));
  } catch (error) {
    replace(body, problemNote(error, () => show(name, body)));
  }
  body.removeAttribute("aria-busy");
}
