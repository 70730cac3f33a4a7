/** A small card about a source while its superscript is pointed at or focused. */

import { h, replace } from "../../lib/dom.js";

/** Show cards for every `.cite` within `root`, until `signal`. */
export function followSources(root, signal) {
  const card = h("div", { class: "source-card", role: "tooltip", id: "source-card", hidden: true });
  root.append(card);
  let from = null;
  const close = () => {
    from?.removeAttribute("aria-describedby");
    from = null;
    card.hidden = true;
  };
  const open = (event) => {
    const mark = event.target.closest?.(".cite [data-source]");
    if (!mark || mark === from) return;
    const source = mark.closest(".rendered").querySelector(`.sources > [data-source="${CSS.escape(mark.dataset.source)}"]`);
    if (!source) return;
    close();
    from = mark;
    fill(card, source);
    card.hidden = false;
    mark.setAttribute("aria-describedby", card.id);
    put(card, mark, root);
  };
  root.addEventListener("pointerover", open, { signal });
  root.addEventListener("focusin", open, { signal });
  root.addEventListener("pointerout", (event) => from?.contains(event.target) && close(), { signal });
  root.addEventListener("focusout", close, { signal });
  root.addEventListener("keydown", (event) => event.key === "Escape" && close(), { signal });
}

function fill(card, source) {
  const text = (selector) => source.querySelector(selector)?.textContent ?? "";
  replace(card,
    h("strong", {}, h("bdi", {}, text("bdi") || text("a"))),
    text(".site") ? h("span", { class: "site" }, text(".site")) : null,
    text(".snippet") ? h("span", { class: "snippet" }, text(".snippet")) : null);
}

function put(card, mark, root) {
  const at = mark.getBoundingClientRect();
  const ground = root.getBoundingClientRect();
  const left = Math.max(0, Math.min(at.left - ground.left - 24, ground.width - card.offsetWidth));
  card.style.setProperty("inset-inline-start", `${left}px`);
  card.style.setProperty("inset-block-start", `${at.bottom - ground.top + 6}px`);
}
