/** Says in place what is wrong with the folder that backups go to, and with archives in it. */

import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { count, size } from "../../lib/say.js";
import { backupProblem } from "../restoring/unlock-form.js";

const LITTLE = 1_000_000_000; // bytes left below which it is said

/** A note on the backups' folder; null if all is well with it. */
export function folderNote({ path, available, freeBytes }) {
  const where = h("code", {}, h("bdi", {}, path));
  if (!available) {
    return note("The folder for backups is not there now.",
      ["No backup can be made or read until ", where, " is back. If it is on a disk that is not connected, connect it; nothing is lost by waiting."]);
  }
  if (freeBytes !== null && freeBytes < LITTLE) return note(`${size(freeBytes)} are left where backups go.`, ["A clean-up frees some, or choose another folder below. They are in ", where, "."]);
  return null;
}

/** A note on archives that could not be opened: locked ones ask for their passphrase, anew if it was wrong; damaged ones are named. */
export function lockedNote(problems, retry, { isWrong = false } = {}) {
  const locked = problems.filter(({ loss }) => !loss);
  const damaged = problems.filter(({ loss }) => loss);
  return [
    locked.length ? backupProblem({ code: isWrong ? "wrong-passphrase" : "passphrase-needed", message: "" }, retry, `${count(locked.length, "encrypted backup")} cannot be looked into yet. ${locked.length === 1 ? "Its" : "Their"} passphrase:`) : null,
    damaged.length ? note(`${count(damaged.length, "archive")} among the backups cannot be read.`, [damaged.map(({ item }) => item).join(", "), ". ", damaged[0].hint]) : null,
  ];
}

function note(title, text) {
  return h("div", { class: "band", "data-mood": "attention", role: "status" }, icon("warning"), h("div", {}, h("p", {}, h("strong", {}, title)), h("p", { class: "quiet-text" }, text)));
}
