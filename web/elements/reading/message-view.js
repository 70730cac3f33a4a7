/** One message: who spoke and when in the margin, what was said beside it. */

import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { day, dayShort, exact, hour, model } from "../../lib/say.js";

const SPEAKERS = { user: "You", assistant: "ChatGPT", tool: "Tool", system: "System" };

/**
 * The only element that puts HTML into the page: a message's, which Python rendered and
 * sanitised (`app/rendering/wall.py`).
 *
 * @element message-view
 * @prop {object} message a ShownMessage; `before` is the one above it, if any
 * @fires branch-wanted (detail: {leaf, from}) to read another branch
 * @fires raw-wanted (detail: {message}) to see the message as exported
 * @fires copy-wanted (detail: {message}) to copy its text
 * @fires link-wanted (detail: {message}) to copy its address
 */
export class MessageView extends HTMLElement {
  /** Show `message`, which follows `before`; `told` is the model last told to the reader. */
  show(message, before = null, told = "") {
    this.dataset.message = message.id;
    this.dataset.role = message.role;
    this.dataset.kind = message.kind;
    if (message.hidden) this.dataset.hidden = "";
    const folds = isFolded(message);
    if (folds) this.dataset.folded = "";
    const turn = turnOf(message, before, folds);
    if (turn.continued) this.dataset.continued = "";
    const article = h("article", { "aria-label": `${speaker(message)}${message.createdAt ? `, ${day(message.createdAt)} ${hour(message.createdAt)}` : ""}` });
    replace(article, this.#margin(message, before, turn, told), this.#said(message, folds), this.#tools(message));
    replace(this, article);
  }

  #margin(message, before, turn, told) {
    const { createdAt } = message;
    return h("header", { class: "margin" },
      turn.continued ? null : h("h2", { class: "speaker" }, speaker(message)),
      turn.facts && message.role === "assistant" && message.model && message.model !== told ? h("span", { class: "model", title: message.model }, model(message.model)) : null,
      turn.facts && createdAt ? h("time", { datetime: createdAt, title: exact(createdAt) }, newDay(message, before) ? h("span", { class: "day" }, dayShort(createdAt)) : null, hour(createdAt)) : null);
  }

  #said(message, folds) {
    const rendered = h("div", { class: "rendered", dir: "auto" });
    rendered.innerHTML = message.html;
    const said = h("div", { class: "said" });
    if (message.hidden && !folds) said.append(h("p", { class: "hidden-note" }, icon("eye"), "Hidden in ChatGPT"));
    if (folds) {
      said.append(h("details", { class: "fold" },
        h("summary", {}, icon("next"), h("span", {}, message.label), message.hidden ? h("span", { class: "hidden-note" }, "hidden") : null), rendered));
    } else said.append(rendered);
    if (message.branch) said.append(this.#branches(message));
    const ended = ending(message);
    if (ended) said.append(h("p", { class: "notice quiet" }, ended));
    return said;
  }

  #branches({ id, branch }) {
    const { index, count, siblings } = branch;
    const turn = (to, name, words) => h("button", {
      type: "button", class: "quiet icon-only", "aria-label": words, disabled: !siblings[to - 1],
      onclick: () => this.#ask("branch-wanted", { leaf: siblings[to - 1], from: id }),
    }, icon(name));
    return h("div", { class: "branches", role: "group", "aria-label": `Version ${index} of ${count}` },
      turn(index - 1, "previous", "Previous version"), h("span", { class: "number" }, `${index} of ${count}`), turn(index + 1, "next", "Next version"));
  }

  #tools(message) {
    const tool = (name, words, event) => h("button", { type: "button", class: "quiet icon-only", title: words, "aria-label": words, onclick: () => this.#ask(event, { message }) }, icon(name));
    return h("div", { class: "tools" },
      message.text ? tool("copy", "Copy this message", "copy-wanted") : null, tool("link", "Copy its address", "link-wanted"), tool("raw", "As exported", "raw-wanted"));
  }

  #ask(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }
}

function speaker({ role, author }) {
  if (role === "assistant" || role === "tool") return author && role === "assistant" ? author : "ChatGPT";
  return author || SPEAKERS[role] || role || "Unknown";
}

/** Whether a message goes on where the same speaker stopped, and whether to tell its model and time. */
function turnOf(message, before, folds) {
  const continued = before !== null && speaker(before) === speaker(message) && !message.branch && !newDay(message, before);
  return { continued, facts: !folds && (!continued || isFolded(before)) };
}

function isFolded({ display, label }) {
  return display !== "show" && label !== "";
}

function newDay({ createdAt }, before) {
  if (!createdAt || !before?.createdAt) return Boolean(createdAt);
  return new Date(createdAt).toDateString() !== new Date(before.createdAt).toDateString();
}

function ending({ feedback }) {
  if (feedback === "up") return "You found this answer good.";
  if (feedback === "down") return "You found this answer bad.";
  return "";
}

customElements.define("message-view", MessageView);
