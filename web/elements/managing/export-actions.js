/** What can be done with one export: its menu, in the order shown. */

import { go, addressOf } from "../../lib/router.js";
import { openDetails } from "./export-details.js";

/**
 * The menu of an export, for `openMenu`; null is a line between.
 *
 * @param {object} summary an ExportSummary
 * @param {HTMLElement} page from which wishes go up
 */
export function exportActions(summary, page) {
  const { name } = summary;
  const wish = (type, detail) => page.dispatchEvent(new CustomEvent(type, { bubbles: true, detail }));
  return [
    { icon: "eye", words: "Open", does: () => go(addressOf(name)) },
    { icon: "info", words: "Details", does: () => openDetails(name) },
    { icon: "import", words: "Add a newer archive", does: () => wish("import-wanted", { into: name }) },
  ];
}
