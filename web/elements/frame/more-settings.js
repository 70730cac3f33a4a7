/** The settings that have no place of their own, by what they are about; each is kept as soon as it is changed. */

import { call } from "../../api.js";
import { h, replace } from "../../lib/dom.js";
import { addressOfBackups } from "../../lib/router.js";
import { size } from "../../lib/say.js";
import { SAVING_CHOICES } from "../saving/saving-choices.js";
import { problemNote } from "./problem-note.js";

const LIMITS = [0, 1e9, 5e9, 20e9];
/** What each is called, and what an empty one means; the sentence below it is Python's. */
const SAVING = [...SAVING_CHOICES, { setting: "saving.browser", words: "Browser that makes PDF files", empty: "The first one that is found" }];
const COMING_IN = [
  { setting: "exports.maxFileBytes", words: "Largest file to send", sizes: LIMITS, about: "Of what the page sends for an import; a larger file is refused." },
  { setting: "migration.source", words: "Folder of the old app", empty: "Wherever it is found" },
  { setting: "migration.verify", words: "Prove each migration" },
];
const BACKUPS = [
  { setting: "backups.verifyEvery", words: "Days until all is read again" },
  { setting: "backups.passphraseFile", words: "File with the passphrase", empty: "None" },
];

/** @element more-settings */
export class MoreSettings extends HTMLElement {
  /** @param {{key: string, value: any, meaning: string}[]} settings as Python tells them */
  show(settings) {
    const known = new Map(settings.map((each) => [each.key, each]));
    replace(this,
      group("Saving as files", SAVING, known),
      group("Importing and migrating", COMING_IN, known),
      group("Backups", BACKUPS, known, h("p", { class: "settings-about" }, "When they are made, where they go and how many stay is chosen ", h("a", { href: addressOfBackups() }, "with the backups"), ".")));
  }
}

function group(title, shown, known, about = null) {
  const note = h("div", {});
  const change = async (key, value) => {
    try {
      await call("settings change", { key, value });
      replace(note);
    } catch (error) {
      replace(note, problemNote(error));
    }
  };
  return h("section", { class: "settings-group" }, h("h2", {}, title), about,
    h("div", { class: "fields" }, shown.map((each) => field(each, known.get(each.setting), change))), note);
}

function field({ setting, words, about, ...kind }, { value, meaning }, change) {
  const id = `setting-${setting}`;
  const told = h("p", { class: "quiet-text", id: `${id}-about` }, about ?? meaning);
  const input = control(kind, value, { id, "aria-describedby": told.id, onchange: ({ target }) => change(setting, given(target, kind)) });
  return h("div", { class: "setting" }, typeof value === "boolean" ? h("label", { class: "switch" }, input, words) : [h("label", { for: id }, words), input], told);
}

function control({ options, sizes, empty }, value, attributes) {
  if (typeof value === "boolean") return h("input", { type: "checkbox", role: "switch", checked: value, ...attributes });
  if (sizes) return select([...new Set([...sizes, value])].map((bytes) => [bytes, bytes ? size(bytes) : "Any size"]), value, attributes);
  if (options) return select(options, value, attributes);
  return h("input", { type: "text", value: String(value), placeholder: empty, autocomplete: "off", spellcheck: "false", inputmode: typeof value === "number" ? "numeric" : null, ...attributes });
}

function select(options, chosen, attributes) {
  return h("select", attributes, options.map(([value, words]) => h("option", { value, selected: value === chosen }, words)));
}

function given({ type, checked, value }, { sizes }) {
  if (type === "checkbox") return checked;
  return sizes ? Number(value) : value.trim();
}

customElements.define("more-settings", MoreSettings);
