/** One conversation: its head, its messages page by page along a branch, its outline. */

import { announce } from "../../lib/announce.js";
import { h, replace } from "../../lib/dom.js";
import { Edges } from "../../lib/edges.js";
import { typing } from "../../lib/keyboard.js";
import { addressOf, entitle, note } from "../../lib/router.js";
import { problemNote } from "../frame/problem-note.js";
import { openSaveConversations } from "../saving/save-dialog.js";
import { ConversationPages } from "./conversation-pages.js";
import { aboutConversation, readerHead } from "./reader-head.js";
import { MessageStream } from "./message-stream.js";
import { serveMessages } from "./message-actions.js";
import { keepPlace, keptPlace } from "./reading-places.js";
import "./reader-outline.js";
import { followSources } from "./source-card.js";

const AHEAD = 2400; // pixels: pages are fetched while their end is still this far away

/** @element conversation-reader */
export class ConversationReader extends HTMLElement {
  #place = null;
  #view = null;
  #hidden = false;
  #pages = null;
  #lifetime = null;
  #edges = null;
  #savePlace = 0;

  #head = h("header", { class: "reader-head" });
  #first = h("div", { class: "first-things" });
  #messages = h("div", { class: "messages" });
  #above = h("div", { class: "edge", "aria-hidden": "true" });
  #below = h("div", { class: "edge", "aria-hidden": "true" });
  #note = h("div", { class: "reader-note", hidden: true });
  #outline = document.createElement("reader-outline");
  #column = h("div", { class: "column" }, this.#above, this.#first, this.#messages, this.#note, this.#below);
  #scroller = h("div", { class: "reader-scroll", tabindex: "-1" }, this.#column, this.#outline);
  #stream = new MessageStream(this.#scroller, this.#messages);
  #ghost = h("div", { class: "reader-ghost skeleton", "aria-hidden": "true", hidden: true }, [60, 88, 76, 92, 48].map((width) => h("span", { class: `ghost-line w-${width}` })));

  connectedCallback() {
    this.#lifetime = new AbortController();
    const { signal } = this.#lifetime;
    const dialogs = serveMessages(this.#messages, () => this.#place, signal);
    replace(this, this.#head, this.#ghost, this.#scroller, dialogs);
    this.#edges = new Edges(this.#scroller, [this.#above, this.#below], AHEAD, (edge) => this.#grow(edge === this.#above ? "previous" : "next"));
    this.#scroller.addEventListener("scroll", () => this.#scrolled(), { signal, passive: true });
    this.#messages.addEventListener("branch-wanted", (event) => this.#branch(event.detail), { signal });
    document.addEventListener("keydown", (event) => this.#key(event), { signal });
    followSources(this.#column, signal);
  }

  disconnectedCallback() {
    this.#lifetime.abort();
    this.#edges.stop();
    this.#pages?.stop();
  }

  /** Show the conversation, branch and message a place names. */
  show(place) {
    const same = this.#view && this.#place && place.conversation === this.#place.conversation && place.exportName === this.#place.exportName && place.leaf === this.#place.leaf;
    this.#place = place;
    if (!same) this.#open();
    else {
      entitle(this.#view.title || "Untitled", place.exportName);
      if (place.message) this.#jump(place.message);
    }
  }

  /** Forget what is shown: something else has taken its place. */
  leave() {
    this.#pages?.stop();
    this.#view = null;
    this.#place = null;
  }

  async #open({ at = this.#place.message, hidden = this.#hidden } = {}) {
    const kept = at ? null : keptPlace(this.#place);
    this.#hidden = hidden;
    this.#waiting();
    const view = await this.#begin(at || kept?.message);
    if (!view) return;
    this.#arrived();
    this.#stream.append(view.messages);
    this.#drawAround();
    this.#scroller.scrollTop = 0;
    if (at) this.#arrive(at);
    else if (kept) this.#stream.bring(kept.message, kept.offset);
    // Where the list went away with the row that was pressed, the keys should scroll what came.
    if (document.activeElement === document.body) this.#scroller.focus({ preventScroll: true });
    this.#edges.lookAgain();
    this.#awaitOutline();
  }

  /** Ask for the page of the place that holds `at`; null if it failed or is not wanted any more. */
  async #begin(at) {
    const before = this.#pages;
    before?.stop();
    const pages = new ConversationPages(this.#place, this.#hidden);
    this.#pages = pages;
    try {
      this.#view = await pages.begin(at);
      return this.#view;
    } catch (error) {
      if (error.name !== "AbortError") this.#fail(error);
      return null;
    }
  }

  /** What comes late must not push what is being read. */
  async #awaitOutline() {
    const view = this.#view;
    const outline = await this.#pages.lateOutline(view);
    if (!outline || this.#view !== view) return;
    Object.assign(view, outline);
    this.#keepingPlace(() => this.#drawAround());
  }

  #keepingPlace(change) {
    const [first] = this.#stream.views();
    const before = first?.getBoundingClientRect().top ?? 0;
    change();
    if (first) this.#scroller.scrollTop += first.getBoundingClientRect().top - before;
  }

  #waiting() {
    this.#note.hidden = true;
    this.#view = null;
    this.#stream.clear();
    replace(this.#head);
    replace(this.#first);
    this.#ghost.hidden = false;
    this.#scroller.dataset.state = "waiting";
  }

  #arrived() {
    this.#ghost.hidden = true;
    delete this.#scroller.dataset.state;
  }

  #fail(error) {
    this.#arrived();
    replace(this.#first);
    if (!this.#view) replace(this.#head);
    this.#note.hidden = false;
    replace(this.#note, problemNote(error, () => (this.#view ? this.#edges.lookAgain() : this.#open())));
  }

  /** Draw what stands around the messages: the head, the outline, what is known before the first. */
  #drawAround() {
    const view = this.#view;
    entitle(view.title || "Untitled", this.#place.exportName);
    replace(this.#head, readerHead(view, {
      listAddress: addressOf(this.#place.exportName),
      hidden: this.#hidden,
      onHidden: (hidden) => this.#switchHidden(hidden),
      onSave: () => openSaveConversations(this.#place.exportName, [view.id], { title: "Save this conversation" }),
      onOutline: () => this.#outline.toggle(this.#head.offsetHeight),
    }));
    this.#outline.show(view.questions, (message) => addressOf(this.#place.exportName, view.id, { message, leaf: this.#place.leaf }));
    this.#drawFirstThings();
  }

  #drawFirstThings() {
    replace(this.#first, this.#pages.isAtEnd("previous") ? aboutConversation(this.#view) : null);
    const empty = this.#stream.views().length === 0;
    this.#note.hidden = !empty;
    if (empty) replace(this.#note, h("p", { class: "empty-line" }, this.#view.hiddenCount ? "Everything in this conversation is hidden. “Show hidden” shows it." : "This conversation has no messages."));
  }

  async #switchHidden(hidden) {
    const place = this.#stream.place();
    this.#place = { ...this.#place, message: "" };
    if (place) keepPlace(this.#place, place);
    await this.#open({ at: "", hidden });
    this.#head.querySelector("[role='switch']")?.focus();
  }

  async #grow(side) {
    const pages = this.#pages;
    if (!this.#view) return;
    try {
      const messages = await pages.more(side);
      if (!messages || pages !== this.#pages) return;
      if (side === "next") this.#stream.append(messages);
      else this.#stream.prepend(messages);
      if (side === "previous" && pages.isAtEnd(side)) this.#keepingPlace(() => this.#drawFirstThings());
      this.#edges.lookAgain();
    } catch (error) {
      if (error.name !== "AbortError" && pages === this.#pages) this.#fail(error);
    }
  }

  /** Read another version: what stands above it stays, on the screen too. */
  async #branch({ leaf, from }) {
    const above = this.#pages;
    this.#place = { ...this.#place, leaf, message: "" };
    const view = await this.#begin(leaf);
    if (!view) return;
    this.#pages.keepAbove(above);
    const offset = this.#scroller.getBoundingClientRect().top - this.#stream.view(from).getBoundingClientRect().top;
    const start = view.messages.findIndex((each) => each.id === leaf);
    this.#stream.replaceFrom(from, view.messages.slice(start));
    this.#drawAround();
    this.#stream.bring(leaf, offset);
    note(addressOf(this.#place.exportName, view.id, { leaf }));
    const { branch } = view.messages[start];
    announce(`Version ${branch.index} of ${branch.count}`);
    this.#stream.view(leaf).querySelector(".branches button:not([disabled])")?.focus({ preventScroll: true });
    this.#edges.lookAgain();
    this.#awaitOutline();
  }

  #jump(message) {
    if (this.#stream.view(message)) this.#arrive(message);
    else this.#open({ at: message });
  }

  #arrive(message) {
    const view = this.#stream.bring(message);
    if (!view) return;
    view.setAttribute("tabindex", "-1");
    view.focus({ preventScroll: true });
    view.dataset.arrived = "";
    setTimeout(() => delete view.dataset.arrived, 2000);
  }

  #scrolled() {
    this.#head.toggleAttribute("data-scrolled", this.#scroller.scrollTop > 8);
    clearTimeout(this.#savePlace);
    this.#savePlace = setTimeout(() => {
      const place = this.#view && this.#stream.place();
      if (!place) return;
      keepPlace(this.#place, place);
      this.#outline.mark(this.#stream.views(), place.message);
    }, 150);
  }

  #key(event) {
    if (!this.#view || typing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]") || !["j", "k"].includes(event.key)) return;
    const question = this.#stream.question(event.key === "j" ? 1 : -1);
    if (question) this.#arrive(question);
  }
}

customElements.define("conversation-reader", ConversationReader);
