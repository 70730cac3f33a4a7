/** What can be done with several exports at once: the buttons of the selection bar, in their order. */

import { askToDelete } from "./deleting.js";

/**
 * @typedef {{icon: string, words: string, least?: number, danger?: boolean, does: (chosen: object[]) => void}} BulkAction
 * `does` is given the ExportSummaries chosen, asks once, and does it for all; `least` is how many it takes.
 */

/** @type {BulkAction[]} */
export const BULK_ACTIONS = [
  { icon: "trash", words: "Delete", danger: true, does: askToDelete },
];
