/** What an export holds and what it was made of: the same on its page and in its details. */

import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { count, exact, model, number, size, when } from "../../lib/say.js";
import { monthChart } from "../library/month-chart.js";

const MODELS_SHOWN = 8;
export const KINDS = { image: "Pictures", audio: "Recordings", video: "Films", file: "Files" };

/** The facts of ExportDetails, as a list of nodes. */
export function exportFacts(details) {
  return [
    figures(details),
    h("div", { class: "about-chart" }, monthChart(details.months)),
    h("div", { class: "about-columns" }, models(details.models), media(details)),
    sources(details.sources),
  ];
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
