/** What changed between two exports, or an export and an archive, in words and lists. */

import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { addressOf } from "../../lib/router.js";
import { count, day, exact, number } from "../../lib/say.js";
import { problemList } from "../library/import-report.js";

const PROBLEMS_SHOWN = 20;
const LISTS = [
  ["new", "New", "only in what it is compared with"],
  ["grown", "Grown", "with messages that were not there"],
  ["renamed", "Renamed", "under another title"],
  ["edited", "Edited", "with messages whose words changed"],
  ["archived", "Archived or taken back", "put away in ChatGPT, or not any more"],
  ["gone", "Gone upstream", "no longer in what it is compared with, and kept here"],
];
const MEDIA = [["mediaFound", "Media found", "files missing here that it holds"], ["mediaLost", "Media lost", "files held here that it does not have"]];

/** One line about a Comparison: "12 new, 3 grown, 1,200 unchanged". */
export function said(comparison) {
  const parts = LISTS.map(([key, words]) => [comparison[key].total, words.toLowerCase()]).filter(([total]) => total).map(([total, words]) => `${number(total)} ${words}`);
  return `${[...parts, `${number(comparison.unchanged)} unchanged`].join(", ")}.`;
}

/** The whole of a Comparison, as a list of nodes. */
export function comparisonView(comparison) {
  const { a, b, complete, sameAccount, problems, goneBefore } = comparison;
  const nothing = [...LISTS, ...MEDIA].every(([key]) => comparison[key].total === 0);
  return [
    h("p", { class: "compared number" }, said(comparison)),
    sameAccount === false ? h("p", { class: "attention-text" }, icon("warning"), "The two are of different accounts.") : null,
    complete ? null : h("p", { class: "attention-text" }, icon("info"), h("span", {}, h("bdi", {}, b), " is a part of an archive: what it does not hold is not called gone.")),
    nothing ? h("p", { class: "health-line", "data-mood": "good" }, icon("check"), "Nothing is different.") : null,
    LISTS.map(([key, words, about]) => list(comparison[key], words, about, (each) => conversation(each, key === "new" ? newOf(comparison) : a))),
    MEDIA.map(([key, words, about]) => list(comparison[key], words, about, (each) => medium(each, a))),
    goneBefore ? h("p", { class: "quiet-text number" }, `${count(goneBefore, "conversation")} gone before already.`) : null,
    problems.length ? h("section", {}, h("h2", {}, "Worth knowing"), problemList(problems, PROBLEMS_SHOWN)) : null,
  ];
}

/** Where a new conversation can be read: in the other export; an archive cannot be opened. */
function newOf({ kind, b }) {
  return kind === "export" ? b : "";
}

function list({ total, items }, words, about, row) {
  if (!total) return null;
  const rest = total - items.length;
  return h("details", { class: "changes", open: total <= 12 },
    h("summary", {}, icon("next"), h("h2", {}, words), h("span", { class: "number" }, number(total)), h("span", { class: "quiet-text" }, about)),
    h("ul", { role: "list", class: "plain-rows" }, items.map(row)),
    rest > 0 ? h("p", { class: "quiet-text number" }, `and ${number(rest)} more`) : null);
}

function conversation({ id, title, updatedAt, messages, added, lost, edited, titleBefore, archived }, exportName) {
  const facts = [count(messages, "message")];
  if (added) facts.push(`${number(added)} added`);
  if (lost) facts.push(`${number(lost)} only here`);
  if (edited) facts.push(`${number(edited)} edited`);
  if (archived !== null && archived !== undefined) facts.push(archived ? "archived" : "taken back");
  return h("li", {},
    h("div", {}, named(exportName, id, title), titleBefore ? h("p", { class: "quiet-text" }, "was ", h("bdi", {}, titleBefore)) : null),
    h("span", { class: "number quiet-text" }, facts.join(" · "), updatedAt ? [" · ", h("time", { datetime: updatedAt, title: exact(updatedAt) }, day(updatedAt))] : null));
}

function medium({ conversationId, title, pointer, kind }, exportName) {
  return h("li", {}, h("div", {}, named(exportName, conversationId, title), h("p", { class: "quiet-text" }, h("bdi", {}, pointer))), h("span", { class: "quiet-text" }, kind));
}

function named(exportName, id, title) {
  const name = h("bdi", {}, title || "Untitled");
  return exportName ? h("a", { href: addressOf(exportName, id) }, name) : name;
}
