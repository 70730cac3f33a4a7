/** The menu of an export: what can be done with it, in the order shown. */

import { call } from "../../api.js";
import { announce } from "../../lib/announce.js";
import { addressOf, addressOfBackups, go } from "../../lib/router.js";
import { backUp } from "../backups/backing-up.js";
import { openMenu } from "../frame/pop-menu.js";
import { problemNote } from "../frame/problem-note.js";
import { openDialog } from "../frame/question.js";
import { askToSave } from "./bulk-actions.js";
import { check } from "./checking.js";
import { askToDelete } from "./deleting.js";
import { openDetails } from "./export-details.js";
import { askToDuplicate } from "./merging.js";

/**
 * Open the menu of an export at its button.
 *
 * @param {object} summary an ExportSummary
 * @param {{page: HTMLElement, rename: () => void}} from the page, from which wishes go up, and how a name is changed there
 */
export function openExportMenu(button, summary, from) {
  openMenu(button, summary.name, actions(summary, from));
}

/** What the menu holds; null is a line between. */
function actions(summary, { page, rename }) {
  const { name } = summary;
  const wish = (type, detail) => page.dispatchEvent(new CustomEvent(type, { bubbles: true, detail }));
  return [
    { icon: "eye", words: "Open", does: () => go(addressOf(name)) },
    { icon: "info", words: "Details", does: () => openDetails(name) },
    { icon: "rename", words: "Rename", does: rename },
    { icon: "folder", words: "Show the folder", does: () => reveal(name) },
    null,
    { icon: "import", words: "Add a newer archive", does: () => wish("import-wanted", { into: name }) },
    { icon: "swap", words: "Compare", does: () => go(`/compare?${new URLSearchParams({ a: name })}`) },
    { icon: "copy", words: "Duplicate", does: () => askToDuplicate(summary) },
    { icon: "save", words: "Save as files", does: () => askToSave([summary]) },
    { icon: "check", words: "Check", does: () => check([summary]) },
    null,
    { icon: "backups", words: "Back up now", does: () => backUp([name]) },
    { icon: "clock", words: "Its backups", does: () => go(addressOfBackups(name)) },
    null,
    { icon: "trash", words: "Delete", danger: true, does: () => askToDelete([summary]) },
  ];
}

/** Show the folder of an export in the system's file manager. */
export async function reveal(name) {
  try {
    await call("export reveal", { export: name });
    announce("The folder is shown in the file manager.");
  } catch (error) {
    openDialog({ title: "The folder cannot be shown", body: problemNote(error) });
  }
}
