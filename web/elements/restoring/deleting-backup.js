/** Deleting one backup: asked first, and asked again where others need bytes of it. */

import { ask } from "../../jobs.js";
import { announce } from "../../lib/announce.js";
import { h, replace } from "../../lib/dom.js";
import { number, size } from "../../lib/say.js";
import { dayAndHour } from "../backups/backup-words.js";
import { backupProblem } from "./unlock-form.js";

/**
 * Ask in `room` whether to delete `backup` of an export; `kept` and `deleted` are told.
 */
export function askToDelete(room, exportName, backup, { kept, deleted }) {
  question(room, {
    title: "Delete this backup",
    words: [
      h("p", {}, "The state of ", h("bdi", {}, exportName), ` of ${dayAndHour(backup.createdAt)} can then not be restored any more.`),
      h("p", { class: "quiet-text" }, "If other backups need bytes of it, you are asked about those before anything is deleted."),
    ],
    no: "Keep it",
    yes: "Delete this backup",
    kept,
    away: () => remove(room, exportName, backup, { kept, deleted }),
  });
}

async function remove(room, exportName, backup, { kept, deleted, withOthers = false }) {
  try {
    const { freedBytes } = await ask("backup delete", { export: exportName, id: backup.id, withOthers });
    announce(`Deleted; ${size(freedBytes)} freed.`);
    deleted();
  } catch (error) {
    const others = error.details?.backups?.length;
    if (!others || withOthers) {
      replace(room, backupProblem(error));
      return;
    }
    question(room, {
      title: "Delete the backups that need it, too",
      words: [
        h("p", { role: "alert" }, error.message),
        h("p", { class: "quiet-text" }, "They cannot be restored without it. Nothing is deleted yet; the rules of cleaning up would make one of them self-contained instead."),
      ],
      no: "Keep them",
      yes: `Delete all ${number(others + 1)}`,
      kept,
      away: () => remove(room, exportName, backup, { kept, deleted, withOthers: true }),
    });
  }
}

function question(room, { title, words, no, yes, kept, away }) {
  const keep = h("button", { type: "button", class: "small", onclick: () => (replace(room), kept()) }, no);
  const go = h("button", { type: "button", class: "small primary danger", onclick: away }, yes);
  replace(room, h("div", { class: "confirm", role: "group", "aria-label": title }, words, h("div", { class: "buttons" }, keep, go)));
  keep.focus();
}
