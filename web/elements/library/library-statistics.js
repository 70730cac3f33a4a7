/** The library in numbers: how it grew, what takes the space, what has no backup. */

import { h, replace, s } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { count, month, number, size } from "../../lib/say.js";

const WIDTH = 240;
const HEIGHT = 40;
const KINDS = [["conversations", "Conversations"], ["image", "Pictures"], ["audio", "Recordings"], ["video", "Films"], ["file", "Files"], ["other", "Other"]];

/**
 * @element library-statistics
 * @prop {object | null} statistics Statistics as Python tells them; null keeps their place
 * @fires unprotected-wanted when the exports without a backup are to be shown
 */
export class LibraryStatistics extends HTMLElement {
  set statistics(statistics) {
    this.setAttribute("role", "region");
    this.setAttribute("aria-label", "The library in numbers");
    if (statistics === null) replace(this);
    else replace(this, totals(statistics), growth(statistics.growth), storage(statistics), this.#safety(statistics));
  }

  #safety({ exports, withoutBackupCount, withProblems }) {
    const want = () => this.dispatchEvent(new Event("unprotected-wanted", { bubbles: true }));
    const unsafe = withoutBackupCount
      ? [h("button", { type: "button", class: "quiet small", onclick: want }, count(withoutBackupCount, "export")), h("span", {}, "without a backup")]
      : [icon("check"), h("span", {}, exports === 1 ? "Backed up" : "All are backed up")];
    return h("section", { class: "safety-figure" },
      h("h2", {}, "Safety"),
      h("p", { "data-mood": withoutBackupCount ? "attention" : "good" }, unsafe),
      withProblems ? h("p", { class: "quiet-text number" }, `${number(withProblems)} with problems`) : null);
  }
}

function totals({ messages, media, missingMedia }) {
  return h("section", {},
    h("h2", {}, "Holds"),
    h("p", { class: "lead number" }, count(messages, "message")),
    h("p", { class: "quiet-text number" }, [count(media, "media file"), missingMedia ? `${number(missingMedia)} missing` : ""].filter(Boolean).join(" · ")));
}

/** What there was at the end of each month in which something came in, as one line that rises. */
function growth(months) {
  if (!months.length) return null;
  const last = months.at(-1);
  const [from, to] = [months[0].month, last.month].map(monthNumber);
  if (from === to) return h("section", {}, h("h2", {}, "Growth"), h("p", { class: "lead number" }, count(last.totalConversations, "conversation")), h("p", { class: "quiet-text" }, `All imported in ${month(`${last.month}-15`)}`));
  const x = (each) => ((monthNumber(each.month) - from) / (to - from)) * WIDTH;
  const y = (value) => HEIGHT - 2 - (value / Math.max(1, last.totalConversations)) * (HEIGHT - 4);
  let path = `M0 ${HEIGHT}`;
  let before = 0;
  for (const each of months) {
    path += ` L${x(each).toFixed(1)} ${y(before).toFixed(1)} L${x(each).toFixed(1)} ${y(each.totalConversations).toFixed(1)}`;
    before = each.totalConversations;
  }
  const said = `${count(last.totalConversations, "conversation")} imported from ${month(`${months[0].month}-15`)} to ${month(`${last.month}-15`)}.`;
  return h("section", {},
    h("h2", {}, "Growth"),
    s("svg", { class: "growth-line", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": said }, s("path", { d: `${path} L${WIDTH} ${y(before).toFixed(1)} L${WIDTH} ${HEIGHT} Z` }), s("title", {}, said)),
    h("p", { class: "quiet-text ends" }, h("span", {}, month(`${months[0].month}-15`)), h("span", {}, month(`${last.month}-15`))));
}

function monthNumber(text) {
  const [year, number_] = text.split("-").map(Number);
  return 12 * year + number_;
}

function storage({ bytes, storage: kinds }) {
  const shown = KINDS.map(([key, words]) => ({ key, words, bytes: kinds[key] })).filter((each) => each.bytes > 0);
  const bar = (each) => {
    const part = h("span", { "data-kind": each.key, title: `${each.words}: ${size(each.bytes)}` });
    part.style.setProperty("flex-grow", each.bytes);
    return part;
  };
  const largest = [...shown].sort((a, b) => b.bytes - a.bytes).slice(0, 3);
  return h("section", {},
    h("h2", {}, "Storage"),
    h("p", { class: "lead number" }, size(bytes)),
    h("div", { class: "storage-bar", role: "img", "aria-label": shown.map((each) => `${each.words} ${size(each.bytes)}`).join(", ") }, shown.map(bar)),
    h("p", { class: "quiet-text number facts kinds" }, largest.map((each) => h("span", { "data-kind": each.key }, `${each.words} ${size(each.bytes)}`))));
}

customElements.define("library-statistics", LibraryStatistics);
