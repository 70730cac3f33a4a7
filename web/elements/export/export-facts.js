/** What an export holds and what it was made of: the same on its page and in its details. */

import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { addressOf, addressOfBackups } from "../../lib/router.js";
import { count, exact, model, number, size, when } from "../../lib/say.js";
import { problemList } from "../library/import-report.js";
import { monthChart } from "../library/month-chart.js";

const MODELS_SHOWN = 8;
const PROBLEMS_SHOWN = 50;
const KINDS = { image: "Pictures", audio: "Recordings", video: "Films", file: "Files" };

/** The facts of ExportDetails, as a list of nodes. */
export function exportFacts(details) {
  return [
    figures(details),
    h("div", { class: "about-chart" }, monthChart(details.months)),
    health(details),
    h("div", { class: "about-columns" }, models(details.models), media(details), disk(details), projects(details.projects)),
    largest(details),
    sources(details.sources),
  ];
}

function figures({ conversationCount, messageCount, mediaCount, sizeBytes }) {
  const all = [["Conversations", number(conversationCount)], ["Messages", number(messageCount)], ["Media files", number(mediaCount)], ["On disk", size(sizeBytes)]];
  return h("dl", { class: "big-figures" }, all.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", { class: "number" }, value))));
}

function health({ name, health: state, problems, problemCount, checkedAt, lastBackupAt }) {
  const checked = checkedAt ? ["Every file was looked at ", time(checkedAt), "."] : "Not every file was looked at yet: “Check” does.";
  const rest = problemCount - Math.min(problems.length, PROBLEMS_SHOWN);
  return h("section", { class: "about-health" },
    h("h3", {}, "Health"),
    h("p", { class: "health-line", "data-mood": state === "good" ? "good" : "attention" }, icon(state === "good" ? "check" : "warning"), state === "good" ? "Nothing is known to be wrong." : count(problemCount, "problem")),
    h("p", { class: "quiet-text" }, checked, " ", lastBackupAt ? ["Backed up ", time(lastBackupAt), ". "] : "Never backed up. ", h("a", { href: addressOfBackups(name), onclick: ({ target }) => target.closest("dialog")?.close() }, "Its backups")),
    problems.length ? problemList(problems, PROBLEMS_SHOWN) : null,
    rest > 0 ? h("p", { class: "quiet-text number" }, `and ${number(rest)} more`) : null);
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

function media({ media: kinds, missingMedia }) {
  if (!kinds.length && !missingMedia) return null;
  return h("section", {},
    h("h3", {}, "Media"),
    rows(kinds.map(({ kind, count: files, bytes }) => [KINDS[kind] ?? kind, `${number(files)} · ${size(bytes)}`])),
    missingMedia ? h("p", { class: "attention-text" }, icon("warning"), `${count(missingMedia, "file")} the archive did not hold. A newer or an older archive may.`) : null);
}

function disk({ disk: { conversations, media: files, other } }) {
  return h("section", {},
    h("h3", {}, "On disk"),
    rows([["Conversations", size(conversations)], ["Media", size(files)], ["Everything else", size(other)]]));
}

function projects(all) {
  if (!all.length) return null;
  const words = { project: "Project", gpt: "Custom GPT" };
  return h("section", {},
    h("h3", {}, "Projects and custom GPTs"),
    rows(all.map(({ id, kind, conversations }) => [[`${words[kind]} `, h("code", {}, id)], count(conversations, "conversation")])));
}

function largest({ name, largest: all }) {
  if (!all.length) return null;
  return h("section", { class: "about-largest" },
    h("h3", {}, "Largest conversations"),
    rows(all.map(({ id, title, messages, bytes }) => [h("a", { href: addressOf(name, id) }, h("bdi", {}, title || "Untitled")), `${count(messages, "message")} · ${size(bytes)}`])));
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
          h("td", {}, time(source.importedAt)),
          h("td", { class: "figure number" }, number(source.conversations.added)),
          h("td", { class: "figure number" }, number(source.conversations.updated)),
          h("td", { class: "figure number" }, size(source.bytes))))))));
}

function rows(pairs) {
  return h("ul", { role: "list", class: "plain-rows" }, pairs.map(([name, value]) => h("li", {}, h("span", {}, name), h("span", { class: "number" }, value))));
}

function time(iso) {
  return h("time", { datetime: iso, title: exact(iso) }, when(iso));
}
