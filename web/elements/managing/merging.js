/** Makes several exports one, and a second of one. */

import { run } from "../../jobs.js";
import { h } from "../../lib/dom.js";
import { addressOf, go } from "../../lib/router.js";
import { count } from "../../lib/say.js";
import { added, warnings } from "../library/import-report.js";
import { ask, openDialog } from "../frame/question.js";
import { listed } from "./deleting.js";

/** Ask what the exports are to become, and merge them. @param {object[]} summaries */
export function askToMerge(summaries) {
  const largest = [...summaries].sort((a, b) => b.conversationCount - a.conversationCount);
  const into = h("select", { name: "into", "aria-label": "The export to add to", disabled: true }, largest.map(({ name }) => h("option", { value: name }, name)));
  const name = h("input", { type: "text", name: "name", id: "merge-name", value: `${largest[0].name} and others`, autocomplete: "off", spellcheck: "false", maxlength: 200, dir: "auto" });
  const remove = h("input", { type: "checkbox", name: "remove" });
  const way = (value, words, field, checked) => h("div", { class: "field choice" },
    h("label", {}, h("input", { type: "radio", name: "way", value, checked }), h("span", {}, words)), field);
  ask({
    title: `Merge ${count(summaries.length, "export")}?`,
    yes: "Merge",
    body: [
      listed(summaries),
      h("p", { class: "quiet-text" }, "Of each conversation the one that grew furthest is kept, with every branch and file of the others. Nothing gets poorer."),
      h("fieldset", { class: "plain" }, h("legend", { class: "visually-hidden" }, "Into what"),
        way("new", "Into a new export", [h("label", { class: "visually-hidden", for: "merge-name" }, "Name of the new export"), name], true),
        way("into", "Into one of them", into, false)),
      h("label", { class: "check-line" }, remove, "Move those merged to the trash afterwards, if nothing was lost"),
    ],
    check: (form) => {
      const isNew = form.elements.way.value === "new";
      name.disabled = !isNew;
      into.disabled = isNew;
      return !isNew || Boolean(name.value.trim());
    },
    does: (form) => {
      const names = summaries.map((each) => each.name);
      const isNew = form.elements.way.value === "new";
      const target = isNew ? name.value.trim() : into.value;
      const others = isNew ? names : names.filter((each) => each !== target);
      run("export merge", { names: others, remove: remove.checked, ...(isNew ? { name: target } : { into: target }) }, `Merge into ${target}`);
    },
  });
}

/** Ask for the name of a copy, and make it. */
export function askToDuplicate({ name }) {
  const field = h("input", { type: "text", id: "copy-name", value: `${name} copy`, autocomplete: "off", spellcheck: "false", maxlength: 200, dir: "auto", autofocus: true });
  ask({
    title: ["Duplicate ", h("bdi", {}, `“${name}”`)],
    yes: "Duplicate",
    body: [h("p", { class: "quiet-text" }, "Every file is copied; from then on the two have nothing to do with each other."),
      h("div", { class: "field" }, h("label", { for: "copy-name" }, "Name of the copy"), field)],
    check: () => Boolean(field.value.trim()),
    does: () => {
      run("export duplicate", { export: name, name: field.value.trim() }, `Duplicate ${name}`);
    },
  });
}

/** How the tray tells what was merged. */
export function mergedEnding({ result }) {
  const { export: name, merged, deleted, assets, conversations } = result;
  const report = () => {
    const dialog = openDialog({
      title: ["Merged into ", h("bdi", {}, name)],
      body: [h("p", {}, added({ conversations, assets })), warnings(result.warnings),
        deleted.length ? h("p", { class: "quiet-text" }, `${count(deleted.filter(({ status }) => status === "deleted").length, "export")} moved to the trash.`) : h("p", { class: "quiet-text" }, "The exports merged are as they were.")],
      foot: h("button", { type: "button", class: "primary", onclick: () => dialog.close() }, "Close"),
    });
  };
  return h("div", {},
    h("p", { class: "quiet-text" }, `${count(merged.length, "export")}: ${added({ conversations, assets })}`),
    h("div", { class: "buttons" }, show(name), h("button", { type: "button", class: "small", onclick: report }, "Report")));
}

/** How the tray tells of a copy. */
export function duplicatedEnding({ result: { name } }) {
  return h("div", {}, h("p", { class: "quiet-text" }, "Copied as ", h("bdi", {}, name), "."), h("div", { class: "buttons" }, show(name)));
}

function show(name) {
  return h("button", { type: "button", class: "small primary", onclick: () => go(addressOf(name)) }, "Show");
}
