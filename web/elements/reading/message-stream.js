/** The messages of a branch, in order, grown at either end without anything in sight moving. */

import "./message-view.js";

/**
 * Holds what is loaded of one branch and keeps the reading place.
 *
 * `scroller` is the element that scrolls, `host` the one the messages are put into.
 */
export class MessageStream {
  #scroller;
  #host;
  #messages = [];

  constructor(scroller, host) {
    this.#scroller = scroller;
    this.#host = host;
  }

  /** Whether a message is loaded. */
  view(id) {
    return [...this.#host.children].find((each) => each.dataset.message === id) ?? null;
  }

  views() {
    return [...this.#host.children];
  }

  clear() {
    this.#messages = [];
    this.#host.replaceChildren();
  }

  append(messages) {
    const views = made(messages, this.#messages);
    this.#messages.push(...messages);
    this.#host.append(...views);
    settle(views);
  }

  /** Put messages above; what is being read stays where it is on the screen. */
  prepend(messages) {
    const [first] = this.#host.children;
    const read = this.#topmost() ?? first;
    // The first message may lose its head when it turns out to continue another: then its end counts.
    const edge = () => (read === first ? read?.getBoundingClientRect().bottom : read.getBoundingClientRect().top) ?? 0;
    const before = edge();
    // The browser's own anchoring is off for the moment, or the place would be corrected twice.
    this.#scroller.style.setProperty("overflow-anchor", "none");
    const views = made(messages, []);
    if (first) {
      delete first.dataset.continued;
      first.show(this.#messages[0], messages.at(-1) ?? null);
    }
    this.#messages.unshift(...messages);
    this.#host.prepend(...views);
    this.#scroller.scrollTop += edge() - before;
    settle(views, () => this.#scroller.style.removeProperty("overflow-anchor"));
  }

  /** Replace the message `id` and everything after it. */
  replaceFrom(id, messages) {
    const at = this.#messages.findIndex((each) => each.id === id);
    const keep = at < 0 ? 0 : at;
    this.#messages.length = keep;
    for (const view of [...this.#host.children].slice(keep)) view.remove();
    this.append(messages);
  }

  /** The message at the top of the screen, and how far it is scrolled past. */
  place() {
    const view = this.#topmost();
    if (!view) return null;
    const offset = this.#scroller.getBoundingClientRect().top - view.getBoundingClientRect().top;
    return { message: view.dataset.message, offset: Math.round(offset) };
  }

  #topmost() {
    const top = this.#scroller.getBoundingClientRect().top;
    return [...this.#host.children].find((view) => view.getBoundingClientRect().bottom > top + 24) ?? null;
  }

  /** The person's next (1) or previous (-1) question from the top of the screen; null if none is loaded. */
  question(step) {
    const top = this.#scroller.getBoundingClientRect().top;
    const asked = this.views().filter((view) => view.dataset.role === "user");
    const from = (view) => view.getBoundingClientRect().top - top;
    const wanted = step > 0 ? asked.find((view) => from(view) > 24) : asked.findLast((view) => from(view) < 8);
    return wanted?.dataset.message ?? null;
  }

  /** Bring a message to the top of the screen, `offset` pixels of it scrolled past. */
  bring(id, offset = -16) {
    const view = this.view(id);
    if (!view) return null;
    this.#scroller.scrollTop += view.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top + offset;
    return view;
  }
}

/** Make the views of `messages`, which follow those in `earlier`. */
function made(messages, earlier) {
  let before = earlier.at(-1) ?? null;
  let told = earlier.findLast(tellsModel)?.model ?? "";
  return messages.map((message) => {
    const view = document.createElement("message-view");
    view.show(message, before, told);
    before = message;
    if (tellsModel(message)) told = message.model;
    return view;
  });
}

function tellsModel({ role, model, display }) {
  return role === "assistant" && model !== "" && display === "show";
}

/** Once laid out, a message may be left undrawn while it is out of sight: its height is known. */
function settle(views, then = () => {}) {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => {
      for (const view of views) view.dataset.settled = "";
      then();
    }),
  );
}
