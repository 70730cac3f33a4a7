/** What can be done with several exports at once: the buttons of the selection bar, in their order. */

import { count } from "../../lib/say.js";
import { backUp } from "../backups/backing-up.js";
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
  { icon: "check", words: "Check", does: check },
  { icon: "backups", words: "Back up", does: (chosen) => backUp(chosen.map(({ name }) => name)) },
  { icon: "save", words: "Save", does: askToSave },
  { icon: "branches", words: "Merge", least: 2, does: askToMerge },
  { icon: "trash", words: "Delete", danger: true, does: askToDelete },
];

/** Ask in which form to save whole exports, and save them. @param {object[]} summaries */
export function askToSave(summaries) {
  const names = summaries.map(({ name }) => name);
  const activity = names.length === 1 ? `Save ${names[0]}` : `Save ${count(names.length, "export")}`;
  openSave({ title: names.length === 1 ? `Save “${names[0]}”` : `Save ${count(names.length, "export")}`, about: names.length > 1 ? listed(summaries) : null, operation: "export save", values: { names }, activity });
}
