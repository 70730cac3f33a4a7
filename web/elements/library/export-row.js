/** One export as a row of the table, and the head above the rows. */

import { h } from "../../lib/dom.js";
import { dayShort, months, number, size } from "../../lib/say.js";
import { backUpButton, chooser, menuButton, moment, nameLink, state } from "./export-parts.js";

const COLUMNS = [
  ["choose", "Choose"], ["name", "Name"], ["dates", "From"], ["conversations", "Conversations"], ["messages", "Messages"],
  ["media", "Media"], ["size", "Size"], ["changed", "Changed"], ["backup", "Last backup"], ["health", "Health"], ["more", "More"],
];
const UNNAMED = new Set(["choose", "more"]);
const FIGURES = new Set(["conversations", "messages", "media", "size"]);

/** The head of the table. */
export function tableHead() {
  return h("thead", {}, h("tr", {}, COLUMNS.map(([key, words]) =>
    h("th", { scope: "col", "data-column": key, class: FIGURES.has(key) ? "figure" : null }, UNNAMED.has(key) ? h("span", { class: "visually-hidden" }, words) : words))));
}

/** Make the row of an ExportSummary. */
export function exportRow(summary) {
  const cells = {
    choose: chooser(summary),
    dates: years(summary),
    conversations: number(summary.conversationCount),
    messages: number(summary.messageCount),
    media: number(summary.mediaCount),
    size: size(summary.sizeBytes),
    changed: moment(summary.updatedAt, dayShort),
    backup: summary.lastBackupAt ? moment(summary.lastBackupAt, dayShort) : backUpButton(summary),
    health: state(summary) ?? "Good",
    more: menuButton(summary),
  };
  return h("tr", {}, COLUMNS.map(([key]) =>
    key === "name"
      ? h("th", { scope: "row", "data-column": key }, nameLink(summary))
      : h("td", { "data-column": key, class: FIGURES.has(key) ? "figure number" : "number" }, cells[key])));
}

function years({ firstMessageAt, lastMessageAt }) {
  if (!firstMessageAt || !lastMessageAt) return "–";
  const [from, to] = [firstMessageAt, lastMessageAt].map((iso) => new Date(iso).getFullYear());
  return h("span", { title: months(firstMessageAt, lastMessageAt) }, from === to ? String(from) : `${from} – ${to}`);
}
