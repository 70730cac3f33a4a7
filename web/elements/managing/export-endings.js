/** How the tray tells what became of operations on exports, by their names in the table. */

import { comparedEnding } from "../comparing/compared-ending.js";
import { filledEnding } from "../media/filled-ending.js";
import { savedBadly, savedEnding } from "../saving/saved-ending.js";
import { checkedBadly, checkedEnding } from "./checking.js";
import { deletedBadly, deletedEnding } from "./deleting.js";
import { duplicatedEnding, mergedEnding } from "./merging.js";

/** @type {Record<string, {ending: (activity: object) => Node, isBad?: (result: object) => boolean}>} */
export const ENDINGS = {
  "export delete": { ending: deletedEnding, isBad: deletedBadly },
  "export check many": { ending: checkedEnding, isBad: checkedBadly },
  "export merge": { ending: mergedEnding },
  "export duplicate": { ending: duplicatedEnding },
  "export compare": { ending: comparedEnding },
  "media fill": { ending: filledEnding },
  "export save": { ending: savedEnding, isBad: savedBadly },
  "search save": { ending: savedEnding, isBad: savedBadly },
  "conversation save": { ending: savedEnding, isBad: savedBadly },
};
