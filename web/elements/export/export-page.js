/** An export: the list of its conversations and the reader, side by side or one after the other. */

import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { typing } from "../../lib/keyboard.js";
import { recall, remember } from "../../lib/memory.js";
import { addressOf, go } from "../../lib/router.js";
import "./conversation-list.js";
import "../reading/conversation-reader.js";
import "./export-about.js";

const LEAST = 240; // pixels of the list
const MOST = 640;

/** @element export-page */
export class ExportPage extends HTMLElement {
  #name = "";
  #place = null;
  #lifetime = null;
  #title = h("h1", {});
  #list = document.createElement("conversation-list");
  #reader = document.createElement("conversation-reader");
  #about = document.createElement("export-about");
  #grip = h("div", { class: "grip", role: "separator", tabindex: "0", "aria-orientation": "vertical", "aria-label": "Width of the list", "aria-valuemin": LEAST, "aria-valuemax": MOST });

  connectedCallback() {
    this.#lifetime = new AbortController();
    const { signal } = this.#lifetime;
    const toAbout = h("a", { class: "about-link quiet", title: "About this export" }, icon("info"), h("span", { class: "visually-hidden" }, "About this export"));
    this.#title.append(h("bdi", {}));
    replace(
      this,
      h("section", { class: "list-pane", "aria-label": "Conversations" },
        h("header", { class: "list-head" }, h("a", { class: "up-link quiet", href: "/", title: "Library" }, icon("back"), h("span", { class: "visually-hidden" }, "Back to the library")), this.#title, toAbout),
        this.#list),
      this.#grip,
      h("section", { class: "reader-pane", "aria-label": "Reading" }, this.#about, this.#reader),
    );
    this.#toAbout = toAbout;
    this.#width(recall("list.width", 340));
    this.#grip.onpointerdown = (event) => this.#drag(event);
    this.#grip.onkeydown = (event) => this.#gripKey(event);
    document.addEventListener("keydown", (event) => this.#key(event), { signal });
    document.addEventListener("export-imported", (event) => this.#imported(event.detail), { signal });
  }

  #toAbout = null;

  disconnectedCallback() {
    this.#lifetime.abort();
  }

  /** Called by the frame whenever this page is to be seen. */
  show(place) {
    this.#place = place;
    this.#name = place.exportName;
    const about = place.query.has("about");
    this.dataset.shows = place.conversation || about ? "reader" : "list";
    this.#title.firstElementChild.textContent = place.exportName;
    this.#title.title = place.exportName;
    this.#toAbout.href = `${addressOf(place.exportName)}?about`;
    this.#list.show(place.exportName, place.conversation);
    this.#about.hidden = Boolean(place.conversation);
    this.#reader.hidden = !place.conversation;
    if (place.conversation) this.#reader.show(place);
    else {
      this.#reader.leave();
      this.#about.show(place.exportName);
    }
  }

  #imported(report) {
    const changed = report?.sessions ?? [report];
    if (!changed.some((each) => each?.export === this.#name)) return;
    this.#list.reload();
    this.#about.reload();
  }

  #width(pixels) {
    const width = Math.max(LEAST, Math.min(MOST, Math.round(pixels)));
    this.style.setProperty("--list-width", `${width / 16}rem`);
    this.#grip.setAttribute("aria-valuenow", width);
    return width;
  }

  #drag(event) {
    const from = event.clientX - Number(this.#grip.getAttribute("aria-valuenow"));
    this.#grip.setPointerCapture(event.pointerId);
    this.#grip.onpointermove = (move) => this.#width(move.clientX - from);
    this.#grip.onpointerup = (up) => {
      this.#grip.onpointermove = null;
      remember("list.width", this.#width(up.clientX - from));
    };
  }

  #gripKey(event) {
    const step = { ArrowLeft: -16, ArrowRight: 16 }[event.key];
    if (!step) return;
    event.preventDefault();
    remember("list.width", this.#width(Number(this.#grip.getAttribute("aria-valuenow")) + step));
  }

  #key(event) {
    if (this.hidden || typing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "/") {
      event.preventDefault();
      this.#list.focusFilter();
    }
    if (event.key === "Escape" && this.#place?.conversation) {
      if (getComputedStyle(this.#grip).display === "none") go(addressOf(this.#name));
      this.#list.focusRows();
    }
  }
}

customElements.define("export-page", ExportPage);
