/** Settings: how the page looks, and what else there is to know or change. */

import { call } from "../../api.js";
import { h, replace } from "../../lib/dom.js";
import { entitle } from "../../lib/router.js";
import { count } from "../../lib/say.js";
import { applyTheme } from "../../lib/theme.js";
import { openMigrationHistory } from "../migration/migration-history.js";
import "./more-settings.js";
import { problemNote } from "./problem-note.js";

const THEMES = { system: "As the system", light: "Light", dark: "Dark" };
const THEME = "appearance.theme";
const OFFER = "migration.offer";

/** @element settings-page */
export class SettingsPage extends HTMLElement {
  #body = h("div", {});
  #more = document.createElement("more-settings");

  connectedCallback() {
    replace(this, h("div", { class: "page-narrow" }, h("h1", {}, "Settings"), this.#body));
  }

  /** Called by the frame whenever this page is to be seen. */
  async show() {
    entitle("Settings");
    try {
      const [settings, health] = await Promise.all([call("settings show"), call("health")]);
      this.#draw(settings, health);
    } catch (error) {
      replace(this.#body, problemNote(error, () => this.show()));
    }
  }

  #draw(settings, health) {
    const theme = settings.find(({ key }) => key === THEME)?.value ?? "system";
    this.#more.show(settings);
    const { exports = 0, conversations = 0, messages = 0 } = health.counts;
    replace(this.#body,
      h("section", { class: "settings-group" }, h("h2", {}, "Appearance"), this.#themes(theme)),
      this.#oldApp(settings.find(({ key }) => key === OFFER)?.value ?? true),
      this.#more,
      h("section", { class: "settings-group" },
        h("h2", {}, "This library"),
        h("dl", { class: "settings-list" },
          row("Folder", h("code", {}, h("bdi", {}, health.library))),
          row("Holds", [count(exports, "export"), count(conversations, "conversation"), count(messages, "message")].join(", ")),
          row("Version", health.version))));
  }

  #oldApp(offers) {
    const note = h("div", {});
    const want = () => this.dispatchEvent(new CustomEvent("migration-wanted", { bubbles: true }));
    const offer = async ({ target }) => {
      try {
        await call("settings change", { key: OFFER, value: target.checked });
        replace(note);
      } catch (error) {
        target.checked = !target.checked;
        replace(note, problemNote(error));
      }
    };
    return h("section", { class: "settings-group" },
      h("h2", {}, "Sessions of the old app"),
      h("p", { class: "settings-about" }, "What the app this one follows kept can become exports here. Its own files are only read."),
      h("div", { class: "buttons" },
        h("button", { type: "button", onclick: want }, "Look for sessions…"),
        h("button", { type: "button", onclick: () => openMigrationHistory() }, "Earlier migrations")),
      h("label", { class: "switch" }, h("input", { type: "checkbox", role: "switch", checked: offers, onchange: offer }), "Tell me on the library page when there are any"),
      note);
  }

  #themes(chosen) {
    const note = h("div", {});
    const choose = async (theme) => {
      applyTheme(theme);
      try {
        await call("settings change", { key: THEME, value: theme });
        replace(note);
      } catch (error) {
        replace(note, problemNote(error));
      }
    };
    return h("fieldset", { class: "themes" },
      h("legend", { class: "visually-hidden" }, "Theme"),
      h("div", { class: "segments" }, Object.entries(THEMES).map(([value, words]) =>
        h("label", {}, h("input", { type: "radio", name: "theme", value, checked: value === chosen, onchange: () => choose(value) }), h("span", {}, words)))),
      note);
  }
}

function row(name, value) {
  return h("div", {}, h("dt", {}, name), h("dd", {}, value));
}

customElements.define("settings-page", SettingsPage);
