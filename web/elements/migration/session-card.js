/** One session of the old app: what it holds, what is wrong with it, what its export is to be called. */

import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { addressOf } from "../../lib/router.js";
import { count, dayShort, exact, number } from "../../lib/say.js";
import { holdings, keyOf, nameKey, outcome, sum, whence } from "./migration-words.js";

const PROBLEMS_SHOWN = 2; // the rest are behind a summary
let cards = 0;

/**
 * @element session-card
 * @prop {object} session a LegacySessionShown as Python tells it
 * @prop {boolean} isOneOfPlaces whether others come from elsewhere, so that it has to say where it lies; set first
 * @fires choice-changed when it is chosen or not, or named otherwise
 */
export class SessionCard extends HTMLElement {
  isOneOfPlaces = false;
  #session = null;
  #chosen = null;
  #name = null;
  #clash = h("div", { class: "clash", hidden: true });
  #way = h("select", { onchange: () => this.#changed() });
  #preview = h("div", { class: "preview", hidden: true });

  set session(session) {
    this.#session = session;
    cards += 1;
    const { name, canMigrate, migratedTo } = session;
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", name);
    this.#way.id = `clash-${cards}`;
    this.#chosen = h("input", { type: "checkbox", checked: this.isWaiting, disabled: !canMigrate, "aria-label": `Migrate ${name}`, onchange: () => this.#changed() });
    if (canMigrate && !migratedTo) {
      this.#name = h("input", { type: "text", value: name, "aria-label": `Name of the export for ${name}`, autocomplete: "off", spellcheck: "false", maxlength: 200, dir: "auto", oninput: () => this.#changed() });
    }
    replace(this,
      h("div", { class: "session-head" }, this.#chosen, this.#name ?? h("h3", {}, h("bdi", {}, name))),
      this.#clash,
      h("p", { class: "facts number" }, holdings(session).map((fact) => h("span", {}, fact))),
      this.#origin(), this.#standing(), this.#recoverable(), this.#problems(), this.#preview);
  }

  get session() {
    return this.#session;
  }

  /** Whether it holds anything that no export has yet. */
  get isWaiting() {
    const { canMigrate, migratedTo, changed } = this.#session;
    return canMigrate && (!migratedTo || changed);
  }

  get isChosen() {
    return this.#chosen.checked;
  }

  set isChosen(isChosen) {
    this.#chosen.checked = isChosen && !this.#chosen.disabled;
  }

  get key() {
    return keyOf(this.#session);
  }

  /** What its new export is to be called; empty if it goes where it went before. */
  get wanted() {
    return this.#name ? this.#name.value.trim() || this.#session.name : "";
  }

  /** What is to be done where its name is taken. */
  get way() {
    return this.#clash.hidden ? "rename" : this.#way.value;
  }

  /** Ask what to do about the name if `isTaken` says it is; a name that is free asks nothing. */
  settle(isTaken) {
    const clashes = this.isChosen && Boolean(this.wanted) && isTaken(this.wanted);
    this.#clash.hidden = !clashes;
    if (!clashes) return;
    let number = 2;
    while (isTaken(`${this.wanted} (${number})`)) number += 1;
    const ways = [
      ["rename", `Call it “${this.wanted} (${number})”`], ["merge", "Add it to that export"],
      ["skip", "Leave this session out"], ["fail", "Report it as failed"],
    ];
    const before = this.#way.value || "rename";
    replace(this.#way, ways.map(([value, words]) => h("option", { value, selected: value === before }, words)));
    if (!this.#clash.firstChild) {
      replace(this.#clash, h("label", { class: "attention-text", for: this.#way.id }, icon("warning"), "This name is taken."), this.#way);
    }
  }

  /** Show what a dry run says would become of it; null takes that away. */
  foretell(result) {
    this.#preview.hidden = !result;
    if (!result) return;
    const bad = result.status === "failed";
    replace(this.#preview,
      h("p", { class: "preview-head", "data-mood": bad ? "loss" : null }, icon(bad ? "warning" : "eye"), foretold(result)),
      bad ? h("p", { class: "quiet-text" }, [result.error?.message, result.error?.hint].filter(Boolean).join(" ")) : null,
      ["migrated", "merged"].includes(result.status) ? h("p", { class: "facts number" }, outcome(result).map((fact) => h("span", {}, fact)), result.verified ? h("span", {}, "verified") : null) : null);
  }

  #origin() {
    const { uploadedAt, id, source } = this.#session;
    return h("p", { class: "facts quiet-text" },
      uploadedAt ? h("span", {}, "Uploaded ", h("time", { datetime: uploadedAt, title: exact(uploadedAt) }, dayShort(uploadedAt))) : null,
      h("span", { class: "session-id", title: source }, h("bdi", {}, id)),
      this.isOneOfPlaces ? h("span", {}, "in ", h("bdi", {}, source)) : null);
  }

  #standing() {
    const { migratedTo, changed, canMigrate } = this.#session;
    if (!canMigrate) return h("p", { class: "quiet-text" }, "Nothing is left of it to bring over.");
    if (!migratedTo) return null;
    const link = h("a", { href: addressOf(migratedTo), onclick: () => this.closest("dialog")?.close() }, h("bdi", {}, migratedTo));
    return h("p", {}, changed ? "It changed since it was migrated; what came to it is added to " : "Migrated already, into ", link, ".");
  }

  #recoverable() {
    const { recoverable } = this.#session;
    const many = sum(recoverable);
    if (!many || !this.isWaiting) return null;
    return h("p", { class: "recovers" }, icon("check"), h("span", {}, `${count(many, "conversation")} the old app no longer showed can be recovered, ${whence(recoverable)}.`));
  }

  #problems() {
    const { problems, canMigrate } = this.#session;
    if (!problems.length || (canMigrate && !this.isWaiting)) return null;
    const rows = problems.map(({ message, loss }) => h("li", { "data-mood": loss ? "loss" : "attention" }, icon(loss ? "warning" : "info"), h("p", {}, message)));
    const rest = rows.splice(PROBLEMS_SHOWN);
    return [
      h("ul", { class: "problems", role: "list" }, rows),
      rest.length ? h("details", {}, h("summary", {}, `${number(rest.length)} more to know`), h("ul", { class: "problems", role: "list" }, rest)) : null,
    ];
  }

  #changed() {
    this.foretell(null);
    this.dispatchEvent(new CustomEvent("choice-changed", { bubbles: true }));
  }
}

function foretold({ status, export: name }) {
  const named = h("bdi", {}, `“${name}”`);
  switch (status) {
    case "migrated": return h("span", {}, "Would become ", named);
    case "merged": return h("span", {}, "Would be added to ", named);
    case "unchanged": return h("span", {}, "Everything in it is in ", named, " already");
    case "skipped": return h("span", {}, "Would be left out");
    default: return h("span", {}, "Would fail");
  }
}

/** Whether a name is among these, as folders go. */
export function takenBy(names) {
  const keys = new Set(names.map(nameKey));
  return (name) => keys.has(nameKey(name));
}

customElements.define("session-card", SessionCard);
