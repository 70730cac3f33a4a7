/** What the first look at the library does not need: each comes when it is wanted, or a moment after the start. */

import { offline } from "./api.js";

const LATER = {
  "backups-page": () => import("./elements/backups/backups-page.js"),
  "closing-question": () => import("./elements/frame/closing-question.js"),
  "compare-page": () => import("./elements/comparing/compare-page.js"),
  "deleted-dialog": () => import("./elements/managing/deleted-dialog.js"),
  deleting: () => import("./elements/managing/deleting.js"),
  "export-menu": () => import("./elements/managing/export-menu.js"),
  "export-page": () => import("./elements/export/export-page.js"),
  "import-dialog": () => import("./elements/library/import-dialog.js"),
  "job-tray": () => import("./elements/frame/job-tray.js"),
  "keys-dialog": () => import("./elements/frame/keys-dialog.js"),
  "library-statistics": () => import("./elements/library/library-statistics.js"),
  "library-welcome": () => import("./elements/library/library-welcome.js"),
  "media-page": () => import("./elements/media/media-page.js"),
  "migration-dialog": () => import("./elements/migration/migration-dialog.js"),
  "search-page": () => import("./elements/frame/search-page.js"),
  "selection-bar": () => import("./elements/managing/selection-bar.js"),
  "settings-page": () => import("./elements/frame/settings-page.js"),
};

const here = new Map(); // what has come, by name

/**
 * Load one of them and answer its module.
 *
 * @throws {ApiError} code "offline" where nobody gives it any more
 */
export async function bring(name) {
  try {
    if (!here.has(name)) here.set(name, await LATER[name]());
    return here.get(name);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // it came, and is wrong
    throw offline();
  }
}

/** Load one of them and use it, at once if it is there already; where it cannot come, `program-gone` (detail: why) says so on `document`. */
export async function wanted(name, use) {
  let found = here.get(name);
  try {
    found ??= await bring(name);
  } catch (error) {
    document.dispatchEvent(new CustomEvent("program-gone", { detail: error }));
    return;
  }
  use(found);
}

/** Load all of them while the first page is looked at; what goes wrong shows where it is wanted. */
export function bringAll() {
  for (const name of Object.keys(LATER)) bring(name).catch(() => {});
}
