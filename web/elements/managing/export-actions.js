/** What can be done with one export: its menu, in the order shown. */

import { addressOf, go } from "../../lib/router.js";
import { askToDelete } from "./deleting.js";
import { openDetails } from "./export-details.js";

/**
 * The menu of an export, for `openMenu`; null is a line between.
 *
 * @param {object} summary an ExportSummary
 * @param {{page: HTMLElement, rename: () => void}} from the page, from which wishes go up, and how a name is changed there
 */
export function exportActions(summary, { page, rename }) {
  const { name } = summary;
  const wish = (type, detail) => page.dispatchEvent(new CustomEvent(type, { bubbles: true, detail }));
  return [
    { icon: "eye", words: "Open", does: () => go(addressOf(name)) },
    { icon: "info", words: "Details", does: () => openDetails(name) },
    { icon: "rename", words: "Rename", does: rename },
    { icon: "import", words: "Add a newer archive", does: () => wish("import-wanted", { into: name }) },
    null,
    { icon: "trash", words: "Delete", danger: true, does: () => askToDelete([summary]) },
  ];
}
