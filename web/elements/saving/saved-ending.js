/** How the tray tells where saved conversations are. */

import { copyFrom } from "../../lib/clipboard.js";
import { h } from "../../lib/dom.js";
import { count, number } from "../../lib/say.js";
import { openResults } from "../managing/results-dialog.js";

/** Where the files are, and what became of each. */
export function savedEnding({ result }) {
  const copy = h("button", { type: "button", class: "small", onclick: () => copyFrom(copy, result.open || result.folder) }, "Copy path");
  const isPlain = savedWell(result) && result.items.length === 1;
  return h("div", {},
    h("p", { class: "quiet-text" }, summary(result)),
    h("p", { class: "saved-place" }, h("code", {}, h("bdi", {}, result.items.length === 1 ? result.open || result.folder : result.folder))),
    h("div", { class: "buttons" }, copy,
      isPlain ? null : h("button", { type: "button", class: "small", onclick: () => openResults("What was saved", [...result.problems.map(asProblem), ...result.items.map(line)]) }, "Results")));
}

/** Whether something could not be saved as it was asked for. */
export function savedBadly(result) {
  return !savedWell(result);
}

function savedWell({ items, problems }) {
  return problems.length === 0 && items.every(({ outcome }) => outcome !== "failed");
}

function summary({ items, media }) {
  const tally = (wanted) => items.filter(({ outcome }) => outcome === wanted).length;
  const [written, updated, unchanged, failed] = ["written", "updated", "unchanged", "failed"].map(tally);
  const parts = [];
  if (written || !items.length) parts.push(`${count(written, "file")} saved`);
  if (updated) parts.push(`${number(updated)} brought up to date`);
  if (unchanged) parts.push(`${number(unchanged)} there already`);
  if (media) parts.push(`${count(media, "media file")} beside ${items.length === 1 ? "it" : "them"}`);
  if (failed) parts.push(`${number(failed)} could not be saved`);
  return `${parts.join(", ")}.`;
}

const OUTCOMES = { written: "Saved.", updated: "Brought up to date.", unchanged: "There already, as it is.", failed: "Could not be saved." };

function line({ title, file, outcome }) {
  return { name: title || "Untitled", mood: outcome === "failed" ? "loss" : "good", words: `${OUTCOMES[outcome]} ${file}` };
}

function asProblem({ message, item, hint, loss }) {
  return { name: item || "Worth knowing", mood: loss ? "loss" : "attention", words: `${message} ${hint ?? ""}` };
}
