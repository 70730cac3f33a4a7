/** What backups take: space by export, what compression and storing once save, growth, checks and restores. */

import { call } from "../../api.js";
import { run } from "../../jobs.js";
import { h, replace, s } from "../../lib/dom.js";
import { addressOfBackups } from "../../lib/router.js";
import { count, month, number, size } from "../../lib/say.js";
import { problemNote } from "../frame/problem-note.js";
import { moment, ratio, since } from "./backup-words.js";

const EXPORTS_SHOWN = 12;
const HEIGHT = 72;
const LEAST_SLOTS = 24; // months

/** @element backup-figures */
export class BackupFigures extends HTMLElement {
  /** Ask for the figures and show them. */
  async load() {
    try {
      this.#draw(await call("backup stats"));
    } catch (error) {
      replace(this, problemNote(error, () => this.load()));
    }
  }

  #draw(stats) {
    if (!stats.backups) {
      replace(this);
      return;
    }
    replace(this,
      h("section", { class: "backup-section", "aria-labelledby": "figures-title" },
        h("h2", { id: "figures-title" }, "What they take"),
        figures(stats),
        h("div", { class: "about-columns" }, byExport(stats.exports), growth(stats.growth)),
        proofs(stats),
        h("div", { class: "buttons" },
          h("button", { type: "button", onclick: () => run("backup verify all", { quick: true }, "Check all backups quickly") }, "Check all quickly"),
          h("button", { type: "button", onclick: () => run("backup verify all", {}, "Check all backups") }, "Check all to the last byte"),
          h("button", { type: "button", onclick: () => lookAgain() }, "Look through the folder again"))));
  }
}

/** Make the index again from the archives alone, and let the page know. */
async function lookAgain() {
  if (await run("backup reindex", {}, "Look through the folder of backups")) document.dispatchEvent(new CustomEvent("backup-changed"));
}

function figures({ sourceBytes, storedBytes, compression, deduplication }) {
  const all = [["Stored on disk", size(storedBytes)], ["What they hold", size(sourceBytes)], ["Compression", ratio(compression)], ["Stored once, not again", ratio(deduplication)]];
  return h("dl", { class: "big-figures" }, all.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", { class: "number" }, value))));
}

function byExport(exports) {
  const sorted = exports.filter((each) => each.storedBytes > 0).sort((a, b) => b.storedBytes - a.storedBytes);
  const most = Math.max(1, sorted[0]?.storedBytes ?? 0);
  const bar = (value) => {
    const element = h("span", { class: "bar", "aria-hidden": "true" });
    element.style.setProperty("inline-size", `${Math.max(1, (100 * value) / most)}%`);
    return element;
  };
  return h("section", {},
    h("h3", {}, "Space by export"),
    h("ul", { role: "list", class: "bar-rows" }, sorted.slice(0, EXPORTS_SHOWN).map(({ export: name, storedBytes }) =>
      h("li", {}, h("a", { class: "name", href: addressOfBackups(name) }, h("bdi", {}, name)), h("span", { class: "number" }, size(storedBytes)), bar(storedBytes)))),
    sorted.length > EXPORTS_SHOWN ? h("p", { class: "quiet-text" }, `and ${count(sorted.length - EXPORTS_SHOWN, "other")}`) : null);
}

function growth(points) {
  if (points.length < 2) return null;
  const most = Math.max(1, ...points.map(({ storedBytes }) => storedBytes));
  const slots = Math.max(points.length, LEAST_SLOTS);
  const width = slots * 8;
  const before = slots - points.length; // few months stand at the right, no wider than many
  const first = points[0];
  const last = points.at(-1);
  const said = `Stored bytes by month: ${size(first.storedBytes)} in ${month(`${first.month}-15`)}, ${size(last.storedBytes)} in ${month(`${last.month}-15`)}.`;
  return h("section", {},
    h("h3", {}, "Growth"),
    s("svg", { class: "month-chart backup-growth", viewBox: `0 0 ${width} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": said },
      points.map(({ month: key, storedBytes }, index) => {
        const tall = Math.max(1, Math.round((storedBytes / most) * (HEIGHT - 2)));
        return s("rect", { x: (before + index) * 8 + 1, y: HEIGHT - tall, width: 6, height: tall }, s("title", {}, `${month(`${key}-15`)}: ${size(storedBytes)}`));
      })),
    h("p", { class: "chart-ends quiet-text number" }, h("span", {}, `since ${month(`${first.month}-15`)}`), h("span", {}, month(`${last.month}-15`))));
}

function proofs({ backups, checkedBackups, oldestCheckAt, restores, lastRestoreAt }) {
  const rows = [
    ["Checked to the last byte", checkedBackups ? [`${number(checkedBackups)} of ${count(backups, "backup")}`, oldestCheckAt ? [", the oldest check ", since(oldestCheckAt)] : ""] : "none yet"],
    ["Restores proven", restores ? [number(restores), ", the last ", moment(lastRestoreAt)] : "none yet: try one, beside the original"],
  ];
  return h("dl", { class: "settings-list proofs" }, rows.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", { class: "number" }, value))));
}

customElements.define("backup-figures", BackupFigures);
