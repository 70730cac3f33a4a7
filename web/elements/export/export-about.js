/** What an export holds and where it came from; beside the list while nothing is being read. */

import { call } from "../../api.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { addressOf, entitle } from "../../lib/router.js";
import { count, exact, model, months, number, size, when } from "../../lib/say.js";
import { problemNote } from "../frame/problem-note.js";
import { monthChart } from "../library/month-chart.js";

const MODELS_SHOWN = 8;
const KINDS = { image: "Pictures", audio: "Recordings", video: "Films", file: "Files" };

/** @element export-about  @fires import-wanted to add a newer archive */
export class ExportAbout extends HTMLElement {
  #name = "";

  show(name) {
    entitle(name);
    if (name === this.#name) return;
    this.#name = name;
    this.reload();
  }

  async reload() {
    const name = this.#name;
    if (!name) return;
    try {
      const details = await call("export show", { export: name });
      if (name === this.#name) this.#draw(details);
    } catch (error) {
      this.#name = "";
      replace(this, problemNote(error, () => this.show(name)));
    }
  }

  #draw(details) {
    const more = () => this.dispatchEvent(new CustomEvent("import-wanted", { bubbles: true, detail: { into: details.name } }));
    replace(
      this,
      h("header", { class: "about-head" },
        h("a", { class: "back-link quiet", href: addressOf(details.name), title: "Back to the list" }, icon("back"), h("span", { class: "visually-hidden" }, "Back to the list")),
        h("div", {}, h("h2", {}, h("bdi", {}, details.name)), h("p", { class: "page-about number" }, months(details.firstMessageAt, details.lastMessageAt) || "\u00a0")),
        h("button", { type: "button", onclick: more }, icon("import"), "Add a newer archive")),
      figures(details),
      h("div", { class: "about-chart" }, monthChart(details.months)),
      h("div", { class: "about-columns" }, models(details.models), media(details)),
      sources(details.sources),
      h("p", { class: "about-path quiet-text" }, icon("folder"), h("code", {}, h("bdi", {}, details.path))),
    );
  }
}

function figures({ conversationCount, messageCount, mediaCount, sizeBytes }) {
  const all = [["Conversations", number(conversationCount)], ["Messages", number(messageCount)], ["Media files", number(mediaCount)], ["On disk", size(sizeBytes)]];
  return h("dl", { class: "big-figures" }, all.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", { class: "number" }, value))));
}

function models(counts) {
  const sorted = Object.entries(counts).sort((a, b) => b[1] - a[1]);
  if (!sorted.length) return null;
  const most = sorted[0][1];
  const bar = (value) => {
    const element = h("span", { class: "bar", "aria-hidden": "true" });
    element.style.setProperty("inline-size", `${Math.max(1, (100 * value) / most)}%`);
    return element;
  };
  return h("section", {},
    h("h3", {}, "Models"),
    h("ul", { role: "list", class: "bar-rows" }, sorted.slice(0, MODELS_SHOWN).map(([slug, value]) =>
      h("li", {}, h("span", { class: "name", title: slug }, model(slug)), h("span", { class: "number" }, number(value)), bar(value)))),
    sorted.length > MODELS_SHOWN ? h("p", { class: "quiet-text" }, `and ${count(sorted.length - MODELS_SHOWN, "other")}`) : null);
}

function media({ mediaBytes, missingMedia }) {
  const kinds = Object.entries(mediaBytes).filter(([, bytes]) => bytes > 0);
  if (!kinds.length && !missingMedia) return null;
  return h("section", {},
    h("h3", {}, "Media"),
    h("ul", { role: "list", class: "plain-rows" }, kinds.map(([kind, bytes]) => h("li", {}, h("span", {}, KINDS[kind] ?? kind), h("span", { class: "number" }, size(bytes))))),
    missingMedia ? h("p", { class: "attention-text" }, icon("warning"), `${count(missingMedia, "file")} the archive did not hold. A newer or an older archive may.`) : null);
}

function sources(all) {
  if (!all.length) return null;
  return h("section", {},
    h("h3", {}, "Made of"),
    h("div", { class: "table-wrap" },
      h("table", {},
        h("thead", {}, h("tr", {}, ["Source", "Imported", "Added", "Updated", "Size"].map((name, index) => h("th", { scope: "col", class: index > 1 ? "figure" : null }, name)))),
        h("tbody", {}, all.map((source) => h("tr", {},
          h("th", { scope: "row" }, h("bdi", { title: source.name }, source.name)),
          h("td", {}, h("time", { datetime: source.importedAt, title: exact(source.importedAt) }, when(source.importedAt))),
          h("td", { class: "figure number" }, number(source.conversations.added)),
          h("td", { class: "figure number" }, number(source.conversations.updated)),
          h("td", { class: "figure number" }, size(source.bytes))))))));
}

customElements.define("export-about", ExportAbout);
