/** What an empty library says: what will be here, and how to get it. */

import { h } from "../../lib/dom.js";
import { icon, raccoon } from "../../lib/icons.js";

const STEPS = [
  ["Ask ChatGPT for your data", "In ChatGPT open Settings, then Data controls, and press Export beside “Export data”."],
  ["Wait for the mail", "A link arrives by mail or message, usually within a day; it works for 24 hours."],
  ["Download the archive", "The link gives a ZIP file. Keep it as it is; there is no need to unpack it."],
  ["Drop it here", "Drop the file anywhere on this page, or choose it with the button."],
];

/** The way to the first export; `onImport` is what its button does. */
export function libraryWelcome(onImport) {
  return h(
    "section",
    { class: "welcome", "aria-labelledby": "welcome-title" },
    h("div", { class: "welcome-mark" }, raccoon()),
    h("h2", { id: "welcome-title" }, "Your ChatGPT history, in folders of your own"),
    h("p", {}, "Import the archive ChatGPT gives you, and read every conversation, picture and recording here. Nothing leaves this computer."),
    h("ol", { class: "steps" }, STEPS.map(([title, text]) => h("li", {}, h("h3", {}, title), h("p", {}, text)))),
    h("div", { class: "buttons" },
      h("button", { type: "button", class: "primary", onclick: onImport }, icon("import"), "Choose the archive"),
    ),
    h("p", { class: "quiet-text" }, "An unpacked folder, a 7z or tar, or a bare conversations.json will do as well."),
  );
}
