/** What differs between two states of an export, as three lists of files. */

import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { number } from "../../lib/say.js";

const SHOWN = 200;

/**
 * The differences, each kind folded behind its number; `words` says what each kind is called
 * here, e.g. `{added: "would come back"}`.
 */
export function differences({ added, changed, removed, renamed }, words) {
  const moved = Object.entries(renamed);
  if (!added.length && !changed.length && !removed.length && !moved.length) return h("p", { class: "recovers" }, icon("check"), h("span", {}, "No difference: every file is the same to the byte."));
  return h("div", { class: "differences" },
    kind(words.added, added, "added"), kind(words.changed, changed, "changed"), kind(words.removed, removed, "removed"),
    moved.length ? kind(words.renamed, moved.map(([before, after]) => `${before} → ${after}`), "renamed") : null);
}

function kind(words, paths, name) {
  const facts = h("span", { class: "number" }, number(paths.length));
  if (!paths.length) return h("p", { class: "difference", "data-kind": name }, facts, words);
  return h("details", { class: "difference", "data-kind": name },
    h("summary", {}, facts, h("span", {}, words), icon("down")),
    h("ul", { role: "list" }, paths.slice(0, SHOWN).map((path) => h("li", {}, h("bdi", {}, path)))),
    paths.length > SHOWN ? h("p", { class: "quiet-text" }, `and ${number(paths.length - SHOWN)} more`) : null);
}
