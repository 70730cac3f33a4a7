/** Checks exports, and says what was found in each. */

import { run } from "../../jobs.js";
import { h } from "../../lib/dom.js";
import { count, number } from "../../lib/say.js";
import { problemList } from "../library/import-report.js";
import { openResults } from "./results-dialog.js";

const SHOWN = 10; // problems of one export; its details have them all

/** Check every file of these exports. @param {object[]} summaries */
export function check(summaries) {
  const names = summaries.map(({ name }) => name);
  run("export check many", { names }, names.length === 1 ? `Check ${names[0]}` : `Check ${count(names.length, "export")}`);
}

/** How the tray tells what a check found. */
export function checkedEnding({ result: { items, stopped } }) {
  const bad = items.filter(({ status }) => status === "problems" || status === "failed").length;
  const files = items.reduce((sum, { checked }) => sum + checked, 0);
  const said = bad ? `${number(bad)} of ${count(items.length, "export")} with problems` : `${count(files, "file")} looked at, nothing wrong`;
  return h("div", {},
    h("p", { class: "quiet-text" }, `${said}${stopped ? ", stopped" : ""}.`),
    h("div", { class: "buttons" }, h("button", { type: "button", class: bad ? "small primary" : "small", onclick: () => openResults("What the check found", items.map(line)) }, "Results")));
}

/** Whether a check found anything. */
export function checkedBadly({ items }) {
  return items.some(({ status }) => status === "problems" || status === "failed");
}

function line({ name, status, checked, problemCount, problems, error }) {
  if (status === "skipped") return { name, mood: "skipped", words: "Stopped before it: not checked." };
  if (status === "failed") return { name, mood: "loss", words: `${error.message} ${error.hint}` };
  if (status === "good") return { name, mood: "good", words: `${count(checked, "file")} looked at, nothing wrong.` };
  return { name, mood: problems.some(({ loss }) => loss) ? "loss" : "attention", words: `${count(problemCount, "problem")}; ${count(checked, "file")} looked at.`, more: problemList(problems, SHOWN) };
}
