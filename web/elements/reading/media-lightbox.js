/** Shows the pictures of a conversation one at a time, as large as the window. */

import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";

/** @element media-lightbox */
export class MediaLightbox extends HTMLElement {
  #pictures = [];
  #at = 0;
  #image = h("img", { alt: "" });
  #stage = h("div", { class: "stage" }, this.#image);
  #caption = h("p", { class: "caption", dir: "auto" });
  #counter = h("p", { class: "number" });
  #dialog = h("dialog", { class: "lightbox", "aria-label": "Picture" });
  #previous = this.#button("previous", "Previous picture", () => this.#turn(-1));
  #next = this.#button("next", "Next picture", () => this.#turn(1));
  #zoom = this.#button("zoom", "Actual size", () => this.#toggleZoom());

  connectedCallback() {
    replace(this.#dialog,
      h("header", {}, this.#counter, h("div", { class: "buttons" }, this.#zoom, this.#button("close", "Close", () => this.#dialog.close()))),
      this.#stage, this.#previous, this.#next, this.#caption);
    this.#dialog.onkeydown = (event) => this.#key(event);
    this.#stage.onclick = (event) => (event.target === this.#image ? this.#toggleZoom() : this.#dialog.close());
    this.#dialog.onclose = () => this.#pictures[this.#at]?.focus();
    replace(this, this.#dialog);
  }

  /** Open at `button`, one of the `.media-image` buttons `pictures`. */
  open(pictures, button) {
    this.#pictures = pictures;
    this.#at = Math.max(0, pictures.indexOf(button));
    this.#draw();
    this.#dialog.showModal();
  }

  #button(name, words, onclick) {
    return h("button", { type: "button", class: `quiet icon-only ${name}`, "aria-label": words, title: words, onclick }, icon(name));
  }

  #draw() {
    const picture = this.#pictures[this.#at];
    const { src, alt } = picture.querySelector("img");
    this.#dialog.removeAttribute("data-zoomed");
    this.#zoom.setAttribute("aria-pressed", "false");
    this.#image.src = src;
    this.#image.alt = alt;
    this.#caption.textContent = picture.parentElement.querySelector("figcaption")?.textContent ?? "";
    this.#caption.hidden = !this.#caption.textContent;
    this.#counter.textContent = `${this.#at + 1} of ${this.#pictures.length}`;
    this.#previous.disabled = this.#at === 0;
    this.#next.disabled = this.#at === this.#pictures.length - 1;
  }

  #turn(step) {
    const to = this.#at + step;
    if (to < 0 || to >= this.#pictures.length) return;
    this.#at = to;
    this.#draw();
  }

  #toggleZoom() {
    const zoomed = this.#dialog.toggleAttribute("data-zoomed");
    this.#zoom.setAttribute("aria-pressed", String(zoomed));
  }

  #key(event) {
    const does = { ArrowLeft: () => this.#turn(-1), ArrowRight: () => this.#turn(1), z: () => this.#toggleZoom(), Home: () => this.#turn(-this.#at), End: () => this.#turn(this.#pictures.length - 1 - this.#at) }[event.key];
    if (!does || (this.#dialog.hasAttribute("data-zoomed") && event.key.startsWith("Arrow"))) return;
    event.preventDefault();
    does();
  }
}

customElements.define("media-lightbox", MediaLightbox);
