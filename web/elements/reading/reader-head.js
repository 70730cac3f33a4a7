/** The head of a conversation, and what is to be known before its first message. */

import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { between, count, exact, model, number } from "../../lib/say.js";

/** The title, the facts and the actions of a ConversationView, as a list of nodes. */
export function readerHead(view, { listAddress, hidden, onHidden, onSave, onOutline }) {
  return [
    h("a", { class: "back-link quiet", href: listAddress, title: "Back to the list" }, icon("back"), h("span", { class: "visually-hidden" }, "Back to the list")),
    h("div", { class: "reader-name" },
      h("h1", { title: view.title }, h("bdi", {}, view.title || "Untitled")),
      facts(view)),
    h("div", { class: "reader-actions" },
      hiddenSwitch(view, hidden, onHidden),
      view.questions.length > 1 ? h("button", { type: "button", class: "outline-button", onclick: onOutline }, icon("outline"), h("span", {}, "Outline")) : null,
      h("button", { type: "button", onclick: onSave }, icon("save"), h("span", {}, "Save"))),
  ];
}

function facts(view) {
  const span = between(view.createdAt, view.updatedAt);
  const dates = [view.createdAt, view.updatedAt].filter(Boolean).map(exact).join(" – ");
  const parts = [
    span ? h("time", { datetime: view.createdAt ?? view.updatedAt, title: dates }, span) : "No date",
    count(view.messageCount, "message"),
    ...view.models.slice(0, 3).map(model),
    view.models.length > 3 ? `${number(view.models.length - 3)} more models` : "",
    view.project ? h("span", { title: view.project }, "in a project") : "",
    view.starred ? "starred" : "",
    view.archived ? "archived" : "",
    view.gone ? h("span", { title: "No longer in the latest archive, and kept here" }, "only here") : "",
  ];
  return h("p", { class: "facts number" }, parts.filter(Boolean).map((part) => h("span", {}, part)));
}

function hiddenSwitch(view, hidden, onHidden) {
  if (!view.hiddenCount && !hidden) return null;
  const box = h("input", { type: "checkbox", role: "switch", checked: hidden, onchange: () => onHidden(box.checked) });
  return h("label", { class: "switch", title: "Messages ChatGPT does not show: system prompts, tool calls, memory" },
    box, h("span", {}, hidden ? "Show hidden" : `Show ${number(view.hiddenCount)} hidden`));
}

/** Instructions, warnings and where it came from, above the first message; null if there is nothing. */
export function aboutConversation(view) {
  const { previousTitles, shareLinks, warnings, instructions } = view;
  const parts = warnings.map((warning) => h("p", { class: "attention-text" }, icon("warning"), warning));
  if (instructions) {
    const shown = document.createElement("message-view");
    shown.show({ id: "", role: "system", author: "You", kind: "instructions", display: "fold", label: "Custom instructions in force", html: instructions, text: "", createdAt: null, branch: null, hidden: false });
    shown.querySelector(".tools").remove();
    parts.push(shown);
  }
  if (previousTitles.length) parts.push(h("p", { class: "quiet-text" }, "Earlier titles: ", previousTitles.map((title, index) => [index ? ", " : "", h("bdi", {}, title)])));
  if (shareLinks.length) parts.push(h("p", { class: "quiet-text" }, "Shared as ", shareLinks.map((link, index) => [index ? ", " : "", outside(link)])));
  return parts.length ? h("div", { class: "about-conversation" }, parts) : null;
}

function outside(address) {
  const safe = /^https?:\/\//.test(address);
  return safe ? h("a", { href: address, target: "_blank", rel: "noopener noreferrer nofollow" }, address) : address;
}
