/** Asks how conversations are to be saved, and saves them; the tray says where they are. */

import { call } from "../../api.js";
import { run } from "../../jobs.js";
import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { folderPicker } from "../frame/folder-picker.js";
import { openDialog } from "../frame/question.js";
import { SAVING_CHOICES } from "./saving-choices.js";

const FORMATS = [
  ["markdown", "Markdown", "For notes and other programs; media in a folder beside it."],
  ["html", "Web page", "One file each that looks as it does here and opens in any browser."],
  ["html-pages", "Linked web pages", "A page for each and one that leads to all of them."],
  ["pdf", "PDF", "For printing; made by a browser on this computer."],
  ["text", "Plain text", "Just the words."],
  ["json", "JSON", "Exactly as ChatGPT exported it."],
];

/**
 * Offer the forms in which something can be saved; one press saves it.
 *
 * @param {{title: any, about?: any, operation: string, values: object, activity: string, formats?: string[]}} what
 *   `operation` is done with `values` and what was chosen; `activity` is its title in the tray
 */
export function openSave({ title, about = null, operation, values, activity, formats = FORMATS.map(([format]) => format) }) {
  const choices = SAVING_CHOICES.map((choice) => ({ ...choice, select: h("select", { id: `save-${choice.key}` }, choice.options.map(([value, said]) => h("option", { value }, said))) }));
  const to = h("input", { type: "text", id: "save-to", placeholder: "The library’s folder “saved”", autocomplete: "off", spellcheck: "false" });
  const save = (format) => {
    const chosen = Object.fromEntries(choices.map(({ key, select }) => [key, select.value]));
    dialog.close();
    run(operation, { ...values, ...chosen, format, to: to.value.trim() || undefined }, activity);
  };
  const dialog = openDialog({
    title,
    body: [
      about,
      h("ul", { role: "list", class: "formats" }, FORMATS.filter(([format]) => formats.includes(format)).map(([format, name, said], index) =>
        h("li", {}, h("button", { type: "button", autofocus: index === 0, onclick: () => save(format) }, icon("save"), h("span", {}, h("strong", {}, name), h("span", { class: "quiet-text" }, said)))))),
      h("details", { class: "save-options" },
        h("summary", {}, "Names, folders, place"),
        h("div", { class: "save-fields" },
          choices.map(({ key, words, select }) => h("div", { class: "field" }, h("label", { for: `save-${key}` }, words), select)),
          h("div", { class: "field wide-field" }, h("label", { for: "save-to" }, "Folder to save to"), h("div", { class: "place-row" }, to, folderPicker(to))))),
    ],
  });
  asSet(choices);
}

/** The choices begin as the settings have them. */
async function asSet(choices) {
  const settings = await call("settings show").catch(() => []);
  for (const { setting, select } of choices) {
    const found = settings.find(({ key }) => key === setting);
    if (found) select.value = found.value;
  }
}

/** Offer to save conversations of an export. @param {string[]} ids */
export function openSaveConversations(exportName, ids, { title }) {
  openSave({ title, operation: "conversation save", values: { export: exportName, ids }, activity: ids.length === 1 ? "Save a conversation" : `Save ${ids.length} conversations` });
}

