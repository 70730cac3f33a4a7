/** What the tray says when a job of backups has ended, and what can be done next. */

import { dismiss } from "../../jobs.js";
import { h } from "../../lib/dom.js";
import { addressOf, addressOfBackups, go } from "../../lib/router.js";
import { count, size } from "../../lib/say.js";
import { settleButtons } from "../restoring/restored-note.js";
import { openCheckReport } from "./check-report.js";

/** @type {Record<string, {ending: (activity: object) => Node, isBad?: (result: object) => boolean}>} */
export const BACKUP_ENDINGS = {
  "backup create": { ending: created, isBad: ({ problems }) => problems.some(({ loss }) => loss) },
  "backup bulk": { ending: createdAll, isBad: ({ items }) => items.some(({ status }) => status === "failed") },
  "backup verify": { ending: checked, isBad: ({ ok }) => !ok },
  "backup verify export": { ending: checked, isBad: ({ ok }) => !ok },
  "backup verify all": { ending: checked, isBad: ({ ok }) => !ok },
  "backup reindex": { ending: foundAgain, isBad: ({ problems }) => problems.some(({ loss }) => loss) },
  "backup restore": { ending: restored, isBad: ({ problems }) => problems.some(({ loss }) => loss) },
  "backup cleanup": { ending: cleaned },
};

function said(words, ...buttons) {
  return h("div", {}, h("p", { class: "quiet-text" }, words), buttons.length ? h("div", { class: "buttons" }, buttons) : null);
}

function show(activity, address, words = "Show") {
  const open = () => {
    dismiss(activity.key);
    go(address);
  };
  return h("button", { type: "button", class: "small", onclick: open }, words);
}

function created(activity) {
  const { export: name, id, unchanged, fileCount, changedCount, storedBytes, type, problems } = activity.result;
  if (unchanged) return said("Nothing changed since the last backup, so none was needed.");
  const what = type === "full" ? count(fileCount, "file") : `${count(changedCount, "changed file")} of ${count(fileCount, "file")}`;
  const lost = problems.length ? ` ${count(problems.length, "thing")} worth knowing: ${problems[0].message}` : "";
  return said(`${what}, ${size(storedBytes)} stored and checked.${lost}`, show(activity, addressOfBackups(name, id)));
}

function createdAll(activity) {
  const times = (status) => activity.result.items.filter((each) => each.status === status).length;
  const [made, unchanged, failed] = ["done", "unchanged", "failed"].map(times);
  const parts = [made ? `${count(made, "backup")} made` : "", unchanged ? `${count(unchanged, "export")} had not changed` : "", failed ? `${count(failed, "export")} could not be backed up` : ""].filter(Boolean);
  return said(`${parts.join(", ") || "There was nothing to back up"}.`, show(activity, addressOfBackups()));
}

function checked({ result }) {
  const { ok, damaged, healed, checkedBytes, problems } = result;
  const unread = problems.length ? ` ${problems[0].message}` : "";
  if (ok && !healed.length) return said(`${size(checkedBytes)} read; nothing is damaged.${unread}`);
  const words = damaged.length ? `${count(damaged.length, "file")} damaged${healed.length ? `, ${count(healed.length, "file")} healed` : ""}.` : `${count(healed.length, "file")} damaged, and healed.`;
  return said(words, h("button", { type: "button", class: "small primary", onclick: () => openCheckReport(result) }, damaged.length ? "What is damaged" : "What was healed"));
}

function restored(activity) {
  const { export: name, files, bytes, previous, problems } = activity.result;
  const lost = problems.filter(({ loss }) => loss).length;
  const words = `${count(files, "file")}, ${size(bytes)}, each compared with the backup.${lost ? ` ${count(lost, "file")} could not be restored.` : ""}`;
  if (!previous) return said(words, show(activity, addressOf(name), "Show the export"));
  return h("div", {}, h("p", { class: "quiet-text" }, words, " What was there before is kept until you decide."), settleButtons(name, () => dismiss(activity.key)));
}

function foundAgain({ result }) {
  const { backups, archives, bytes, problems } = result;
  const lost = problems.length ? ` ${problems[0].message}` : "";
  return said(`${count(backups, "backup")} in ${count(archives, "archive")}, ${size(bytes)}.${lost}`);
}

function cleaned({ result }) {
  return said(`${size(result.freedBytes)} freed.`);
}
