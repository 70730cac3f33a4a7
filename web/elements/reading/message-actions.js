/** What can be done with a message: copy it or its code, see it as exported, open its pictures. */

import { copyFrom } from "../../lib/clipboard.js";
import { addressOf, note } from "../../lib/router.js";
import "./media-lightbox.js";
import "./raw-dialog.js";

/**
 * Serve the buttons of the messages within `root`, until `signal`.
 *
 * `placeOf()` answers the place being read. Answers the dialogs to put into the page.
 */
export function serveMessages(root, placeOf, signal) {
  const raw = document.createElement("raw-dialog");
  const lightbox = document.createElement("media-lightbox");
  const serve = (name, action) => root.addEventListener(name, ({ detail }) => action(detail.message), { signal });

  serve("raw-wanted", ({ id }) => raw.open(placeOf().exportName, placeOf().conversation, id));
  serve("copy-wanted", ({ text }) => copyFrom(document.activeElement, text));
  serve("link-wanted", ({ id }) => copyAddress({ ...placeOf(), message: id }));
  root.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.hasAttribute("data-copy")) copyFrom(button, button.closest("figure").querySelector("code").textContent);
    if (button?.hasAttribute("data-lightbox")) lightbox.open([...root.querySelectorAll("[data-lightbox]")], button);
  }, { signal });
  return [raw, lightbox];
}

function copyAddress({ exportName, conversation, message, leaf }) {
  const address = addressOf(exportName, conversation, { message, leaf });
  copyFrom(document.activeElement, location.origin + address);
  note(address);
}
