/** Backs exports up, one or many, from wherever they are shown. */

import { run } from "../../jobs.js";
import { count } from "../../lib/say.js";

/** Back up the exports of these names; what happens shows in the tray. */
export function backUp(names) {
  if (names.length === 1) run("backup create", { export: names[0] }, `Back up ${names[0]}`);
  else run("backup bulk", { exports: names }, `Back up ${count(names.length, "export")}`);
}
