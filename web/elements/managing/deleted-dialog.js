/** What was deleted and is still in the trash, each a press away from being back. */

import { call } from "../../api.js";
import { ask as request } from "../../jobs.js";
import { announce } from "../../lib/announce.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { count, exact, size, when } from "../../lib/say.js";
import { problemNote } from "../frame/problem-note.js";
import { openDialog } from "../frame/question.js";

/** Open the list of what can be brought back. */
export function openDeleted() {
  const body = h("div", { class: "deleted" }, h("p", { class: "quiet-text" }, "Looking into the trash."));
  const dialog = openDialog({ title: "Recently deleted", body, foot: h("button", { type: "button", class: "primary", onclick: () => dialog.close() }, "Close") });
  show(body);
}

async function show(body) {
  try {
    const found = await call("deleted list");
    replace(body, found.length
      ? h("ul", { role: "list", class: "plain-rows" }, found.map((each) => row(each, body)))
      : h("div", { class: "none-found" }, icon("trash"), h("p", {}, "Nothing of this library is in the trash.")));
  } catch (error) {
    replace(body, problemNote(error, () => show(body)));
  }
}

function row(deleted, body) {
  const { id, name, deletedAt, conversationCount, sizeBytes, place } = deleted;
  const button = h("button", { type: "button", class: "small", "aria-label": `Bring back ${name}`, onclick: () => bringBack(id, button, body) }, "Bring back");
  return h("li", {},
    h("div", { class: "deleted-name" },
      h("bdi", { title: place }, name),
      h("p", { class: "quiet-text number" }, "Deleted ", h("time", { datetime: deletedAt, title: exact(deletedAt) }, when(deletedAt)), ` · ${count(conversationCount, "conversation")} · ${size(sizeBytes)}`)),
    button);
}

async function bringBack(id, button, body) {
  button.disabled = true;
  try {
    const { name, renamed } = await request("deleted restore", { id });
    announce(renamed ? `Back as “${name}”: its name was taken.` : `“${name}” is back.`);
    button.closest("li").replaceChildren(icon("check"), h("p", { class: "deleted-name" }, "Back as ", h("bdi", {}, name), "."));
  } catch (error) {
    body.append(problemNote(error));
  }
  document.dispatchEvent(new CustomEvent("export-imported"));
}
