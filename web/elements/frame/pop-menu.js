/** A menu that opens at a button: arrows, Home, End and first letters move, Escape closes. */

import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";

let closeOpen = () => {};

/**
 * Open a menu at `button`.
 *
 * @param {HTMLElement} button what was pressed; focus returns to it
 * @param {string} label what the menu is of
 * @param {({icon: string, words: string, does: () => void, danger?: boolean} | null)[]} entries null is a line between
 */
export function openMenu(button, label, entries) {
  const wasOpen = button.getAttribute("aria-expanded") === "true";
  closeOpen();
  if (wasOpen) return;
  const lifetime = new AbortController();
  const close = ({ refocus = false } = {}) => {
    lifetime.abort();
    menu.remove();
    button.setAttribute("aria-expanded", "false");
    closeOpen = () => {};
    if (refocus) button.focus();
  };
  const menu = h("div", { class: "pop-menu", role: "menu", "aria-label": label }, entries.map((entry) => (entry ? item(entry, close) : h("hr", { role: "separator" }))));
  closeOpen = close;
  button.setAttribute("aria-expanded", "true");
  document.getElementById("page").append(menu);
  stand(menu, button);
  menu.addEventListener("keydown", (event) => keyed(event, menu, close));
  const { signal } = lifetime;
  const outside = (event) => {
    if (!menu.contains(event.target) && !button.contains(event.target)) close();
  };
  document.addEventListener("pointerdown", outside, { signal });
  document.addEventListener("focusin", outside, { signal });
  const { top } = button.getBoundingClientRect();
  const scrolled = () => {
    // A scroll that ended before the menu opened is told after: only one that moves the button counts.
    if (Math.abs(button.getBoundingClientRect().top - top) > 2) close();
  };
  document.addEventListener("scroll", scrolled, { signal, capture: true, passive: true });
  addEventListener("resize", () => close(), { signal });
  addEventListener("popstate", () => close(), { signal });
  menu.querySelector("[role=menuitem]").focus({ preventScroll: true });
}

function item({ icon: name, words, does, danger }, close) {
  const press = () => {
    close({ refocus: true });
    does();
  };
  return h("button", { type: "button", role: "menuitem", tabindex: "-1", "data-mood": danger ? "loss" : null, onclick: press }, icon(name), words);
}

/** Below the button where there is room, else above it; never out of the window. */
function stand(menu, button) {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const left = Math.max(8, Math.min(at.right - width, innerWidth - width - 8));
  const below = at.bottom + 4;
  const top = below + height <= innerHeight - 8 ? below : Math.max(8, at.top - height - 4);
  menu.style.setProperty("inset", `${top}px auto auto ${left}px`);
}

function keyed(event, menu, close) {
  const items = [...menu.querySelectorAll("[role=menuitem]")];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (event.key === "Escape" || event.key === "Tab") close({ refocus: true });
  else if (to !== undefined) items.at(to % items.length).focus();
  else if (event.key.length === 1 && event.key !== " ") {
    const rest = [...items.slice(at + 1), ...items.slice(0, at + 1)];
    rest.find(({ textContent }) => textContent.toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
  } else return;
  if (event.key !== "Tab") event.preventDefault();
  event.stopPropagation();
}
