/** Deletes exports, once a person said so; says what became of each, and brings them back. */

import { ask as request, run } from "../../jobs.js";
import { announce } from "../../lib/announce.js";
import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { count, size } from "../../lib/say.js";
import { ask } from "../frame/question.js";
import { openResults } from "./results-dialog.js";

const NAMED = 8; // exports named in the question; the rest are counted

/** Ask whether to delete these exports, and delete them. @param {object[]} summaries */
export function askToDelete(summaries) {
  const names = summaries.map(({ name }) => name);
  const what = names.length === 1 ? h("bdi", {}, `“${names[0]}”`) : count(names.length, "export");
  const forGood = h("input", { type: "checkbox", name: "permanently" });
  const room = { id: "delete-names", autocomplete: "off", spellcheck: "false", dir: "auto" };
  const typed = names.length === 1 ? h("input", { type: "text", ...room }) : h("textarea", { rows: Math.min(4, names.length), ...room });
  const asked = h("div", { class: "field", hidden: true },
    h("label", { for: "delete-names" }, names.length === 1 ? "Type its name to delete it for good" : "Type their names, one a line, to delete them for good"), typed);
  const where = h("p", { class: "quiet-text" });
  const settle = () => {
    asked.hidden = !forGood.checked;
    where.textContent = forGood.checked ? "Nothing brings it back, unless a backup holds it." : "To the trash of this computer: “Recently deleted” brings it back while it is there.";
  };
  settle();
  forGood.addEventListener("change", settle);
  ask({
    title: ["Delete ", what, "?"],
    danger: true,
    yes: "Delete",
    body: [listed(summaries), where, h("label", { class: "check-line" }, forGood, "Delete for good, past the trash"), asked],
    check: () => !forGood.checked || sameNames(typed.value, names),
    does: () => {
      const values = forGood.checked ? { names, permanently: true, confirm: typed.value } : { names };
      run("export delete", values, names.length === 1 ? `Delete ${names[0]}` : `Delete ${count(names.length, "export")}`);
    },
  });
}

/** The names and sizes of exports, as a short list. */
export function listed(summaries) {
  const rest = summaries.length - NAMED;
  return h("ul", { role: "list", class: "plain-rows listed" },
    summaries.slice(0, NAMED).map(({ name, conversationCount, sizeBytes }) =>
      h("li", {}, h("bdi", { title: name }, name), h("span", { class: "number quiet-text" }, `${count(conversationCount, "conversation")} · ${size(sizeBytes)}`))),
    rest > 0 ? h("li", { class: "quiet-text" }, `and ${count(rest, "more export", "more")}`) : null);
}

/** How the tray tells that exports were deleted: with undo, while there is something to undo. */
export function deletedEnding({ result }) {
  const back = result.items.filter(({ id }) => id);
  const undo = h("button", { type: "button", class: "small primary", onclick: () => bringBack(back, undo) }, "Undo");
  const isPlain = result.items.length === 1 || result.items.every(({ status, id }) => status === "deleted" && id);
  return h("div", {},
    h("p", { class: "quiet-text" }, summary(result)),
    h("div", { class: "buttons" },
      back.length ? undo : null,
      isPlain ? null : h("button", { type: "button", class: "small", onclick: () => openResults("What became of each", result.items.map(line)) }, "Results")));
}

/** Whether deleting left something undone. */
export function deletedBadly(result) {
  return result.items.some(({ status }) => status === "failed");
}

/** Each is brought back for itself: that one is back already, or gone, keeps no other where it is. */
async function bringBack(items, button) {
  button.disabled = true;
  const refused = [];
  for (const { id, name } of items) {
    await request("deleted restore", { id }).catch((error) => refused.push({ name, error }));
  }
  const done = items.length - refused.length;
  const said = done === items.length ? ["Brought back."] : [done ? `${count(done, "export")} brought back. ` : "", refused.map(({ name, error }) => [h("bdi", {}, name), `: ${error.message} ${error.hint} `])].flat(2);
  const told = h("p", { class: "activity-line" }, h("span", {}, said));
  button.replaceWith(told);
  announce(told.textContent);
  document.dispatchEvent(new CustomEvent("export-imported"));
}

function summary({ items, stopped }) {
  if (items.length === 1 && items[0].error) return `${items[0].error.message} ${items[0].error.hint}`;
  const inTrash = items.filter(({ went }) => went === "trash" || went === "library-trash").length;
  const gone = items.filter(({ went }) => went === "gone").length;
  const failed = items.filter(({ status }) => status === "failed").length;
  const parts = [];
  if (inTrash) parts.push(`${count(inTrash, "export")} moved to the trash`);
  if (gone) parts.push(`${count(gone, "export")} deleted for good`);
  if (failed) parts.push(`${count(failed, "export")} left as ${failed === 1 ? "it was" : "they were"}`);
  if (stopped) parts.push("stopped");
  return `${parts.join(", ")}.`;
}

function line({ name, status, went, place, hint, error }) {
  if (status === "failed") return { name, mood: "loss", words: `${error.message} ${error.hint}` };
  if (status === "skipped") return { name, mood: "skipped", words: "Stopped before it: left as it was." };
  if (went === "gone") return { name, mood: "good", words: "Deleted for good." };
  return { name, mood: "good", words: hint || "In the trash.", more: place ? h("p", { class: "quiet-text" }, h("code", {}, h("bdi", {}, place))) : null };
}

function sameNames(text, names) {
  const typed = text.split("\n").map((line) => line.trim()).filter(Boolean).sort();
  return JSON.stringify(typed) === JSON.stringify(names.map((name) => name.trim()).sort());
}
