/** How the tray tells what became of operations on exports, by their names in the table. */

import { deletedBadly, deletedEnding } from "./deleting.js";

/** @type {Record<string, {ending: (activity: object) => Node, isBad?: (result: object) => boolean}>} */
export const ENDINGS = {
  "export delete": { ending: deletedEnding, isBad: deletedBadly },
};
