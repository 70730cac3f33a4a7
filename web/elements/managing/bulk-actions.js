/** What can be done with several exports at once: the buttons of the selection bar, in their order. */

import { h } from "../../lib/dom.js";
import { count } from "../../lib/say.js";
import { backUp } from "../backups/backing-up.js";
import { ask } from "../frame/question.js";
import { openSave } from "../saving/save-dialog.js";
import { check } from "./checking.js";
import { askToDelete, listed } from "./deleting.js";
import { askToMerge } from "./merging.js";

/**
 * @typedef {{icon: string, words: string, least?: number, danger?: boolean, does: (chosen: object[]) => void}} BulkAction
 * `does` is given the ExportSummaries chosen, asks once, and does it for all; `least` is how many it takes.
 */

/** @type {BulkAction[]} */
export const BULK_ACTIONS = [
  { icon: "check", words: "Check", does: askToCheck },
  { icon: "backups", words: "Back up", does: askToBackUp },
  { icon: "save", words: "Save", does: askToSave },
  { icon: "branches", words: "Merge", least: 2, does: askToMerge },
  { icon: "trash", words: "Delete", danger: true, does: askToDelete },
];

function askToCheck(summaries) {
  ask({
    title: `Check ${count(summaries.length, "export")}?`, yes: "Check", does: () => check(summaries),
    body: [listed(summaries), h("p", { class: "quiet-text" }, "Every file is read once, to see that it is there and whole. Nothing is changed.")],
  });
}

function askToBackUp(summaries) {
  ask({
    title: `Back up ${count(summaries.length, "export")}?`, yes: "Back up", does: () => backUp(summaries.map(({ name }) => name)),
    body: [listed(summaries), h("p", { class: "quiet-text" }, "What changed since the last backup of each is stored and checked; of what did not change nothing is written.")],
  });
}

/** Ask in which form to save whole exports, and save them. @param {object[]} summaries */
export function askToSave(summaries) {
  const names = summaries.map(({ name }) => name);
  const activity = names.length === 1 ? `Save ${names[0]}` : `Save ${count(names.length, "export")}`;
  openSave({ title: names.length === 1 ? `Save “${names[0]}”` : `Save ${count(names.length, "export")}`, about: names.length > 1 ? listed(summaries) : null, operation: "export save", values: { names }, activity });
}
