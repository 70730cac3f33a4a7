/** Shows the media of the gallery one at a time: seen, heard, or opened, and where they are from. */

import { mediaAddress } from "../../api.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { addressOf, go } from "../../lib/router.js";
import { exact, size, when } from "../../lib/say.js";

/**
 * @element media-stage
 * @fires stage-near-end when the last one known is shown
 */
export class MediaStage extends HTMLElement {
  #items = [];
  #at = 0;
  #onClose = () => {};
  #counter = h("p", { class: "number" });
  #stage = h("div", { class: "stage" });
  #caption = h("div", { class: "caption" });
  #dialog = h("dialog", { class: "lightbox", "aria-label": "Media", tabindex: "-1" });
  #previous = this.#button("previous", "Previous", () => this.#turn(-1));
  #next = this.#button("next", "Next", () => this.#turn(1));

  connectedCallback() {
    replace(this.#dialog,
      h("header", {}, this.#counter, this.#button("close", "Close", () => this.#dialog.close())),
      this.#stage, this.#previous, this.#next, this.#caption);
    this.#dialog.onkeydown = (event) => this.#key(event);
    this.#dialog.onclose = () => {
      replace(this.#stage); // what plays falls silent
      this.#onClose(this.#at);
    };
    replace(this, this.#dialog);
  }

  /** Open at one of these; `onClose` is told which was shown last. */
  open(items, at, onClose) {
    this.#items = items;
    this.#onClose = onClose;
    this.#at = at;
    this.#draw();
    this.#dialog.showModal();
    this.#dialog.focus(); // not a button: one that is disabled at an end would lose the keys
  }

  /** More of them are known. */
  extend(items) {
    this.#items = items;
    if (this.#dialog.open) this.#draw({ keep: true });
  }

  #button(name, words, onclick) {
    return h("button", { type: "button", class: `quiet icon-only ${name}`, "aria-label": words, title: words, onclick }, icon(name));
  }

  #draw({ keep = false } = {}) {
    const item = this.#items[this.#at];
    this.#counter.textContent = `${this.#at + 1} of ${this.#items.length}`;
    this.#previous.disabled = this.#at === 0;
    this.#next.disabled = this.#at === this.#items.length - 1;
    if (this.#at >= this.#items.length - 3) this.dispatchEvent(new Event("stage-near-end"));
    if (keep) return;
    replace(this.#stage, shown(item));
    replace(this.#caption, facts(item), this.#links(item));
  }

  #links(item) {
    const { export: exportName, conversationId, messageId } = item;
    const show = (event) => {
      event.preventDefault();
      this.#dialog.close();
      go(addressOf(exportName, conversationId, { message: messageId }));
    };
    return h("p", { class: "stage-links" },
      conversationId ? h("a", { href: addressOf(exportName, conversationId, { message: messageId }), onclick: show }, "Show in conversation") : h("span", {}, "No message shows it"),
      h("a", { href: mediaAddress(exportName, item.path), download: item.name }, "Download"));
  }

  #turn(step) {
    const to = this.#at + step;
    if (to < 0 || to >= this.#items.length) return;
    this.#at = to;
    this.#draw();
    if (document.activeElement === document.body) this.#dialog.focus();
  }

  #key(event) {
    if (event.target.matches("audio, video")) return;
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -this.#at, End: this.#items.length - 1 - this.#at }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    this.#turn(step);
  }
}

function shown({ export: exportName, path, kind, name }) {
  const src = mediaAddress(exportName, path);
  if (kind === "image") return h("img", { src, alt: name });
  if (kind === "audio") return h("audio", { src, controls: true, preload: "metadata", "aria-label": name });
  if (kind === "video") return h("video", { src, controls: true, preload: "metadata", "aria-label": name });
  return h("p", { class: "stage-file" }, icon("file"), h("bdi", {}, name));
}

function facts({ name, export: exportName, conversationTitle, createdAt, sizeBytes }) {
  return h("p", {}, h("bdi", {}, name), ` · ${size(sizeBytes)}`,
    createdAt ? [" · ", h("time", { datetime: createdAt, title: exact(createdAt) }, when(createdAt))] : null,
    conversationTitle ? [" · ", h("bdi", {}, conversationTitle)] : null, " · ", h("bdi", {}, exportName));
}

customElements.define("media-stage", MediaStage);
