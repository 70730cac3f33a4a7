/** Asks what to import and where to: files or a folder, a new export or one that is there. */

import { call, callWindow } from "../../api.js";
import { compareFiles, importFiles, isOneSource } from "../../jobs.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { count, size } from "../../lib/say.js";
import { inWindow } from "../../window.js";
import { filesOf, picked } from "./dropped-files.js";

const SHOWN = 6; // files named in the dialog; the rest are counted

/** @element import-dialog */
export class ImportDialog extends HTMLElement {
  #files = [];
  #exports = [];
  #chosen = h("div", { class: "chosen", "aria-live": "polite" });
  #name = h("input", { type: "text", id: "import-name", autocomplete: "off", spellcheck: "false", maxlength: 200, dir: "auto" });
  #into = h("select", { id: "import-into", "aria-label": "The export to add to" });
  #asNew = h("input", { type: "radio", name: "import-target", value: "new", checked: true, onchange: () => this.#target() });
  #asMore = h("input", { type: "radio", name: "import-target", value: "into", onchange: () => this.#target() });
  #start = h("button", { type: "submit", class: "primary" }, "Import");
  #look = h("button", { type: "button", hidden: true, onclick: () => this.#compare() }, "What would change");
  #filePicker = h("input", { type: "file", multiple: true, class: "visually-hidden", tabindex: "-1", "aria-label": "Archive files", accept: ".zip,.7z,.tar,.tgz,.gz,.bz2,.xz,.json,.dat", onchange: () => this.#pick(this.#filePicker) });
  #folderPicker = h("input", { type: "file", webkitdirectory: true, class: "visually-hidden", tabindex: "-1", "aria-label": "An unpacked folder", onchange: () => this.#pick(this.#folderPicker) });
  #dialog = h("dialog", { "aria-labelledby": "import-title" });
  #more = null;

  connectedCallback() {
    const close = () => this.#dialog.close();
    this.#more = h("div", { class: "field choice" },
      h("label", {}, this.#asMore, h("span", {}, "Add to an export that is there")), this.#into,
      h("p", { class: "quiet-text" }, "Conversations that grew are completed; nothing is replaced by less."));
    replace(this.#dialog,
      h("form", { method: "dialog", onsubmit: (event) => this.#submit(event) },
        h("header", { class: "dialog-head" },
          h("h2", { id: "import-title" }, "Import an archive"),
          h("button", { type: "button", class: "quiet icon-only", "aria-label": "Close", onclick: close }, icon("close"))),
        h("div", { class: "dialog-body" },
          this.#dropField(), this.#filePicker, this.#folderPicker, this.#chosen,
          h("fieldset", {},
            h("legend", { class: "visually-hidden" }, "Where to"),
            h("div", { class: "field choice" },
              h("label", {}, this.#asNew, h("span", {}, "A new export")),
              h("label", { class: "visually-hidden", for: "import-name" }, "Name of the new export"), this.#name),
            this.#more)),
        h("footer", { class: "dialog-foot" }, h("button", { type: "button", onclick: close }, "Cancel"), this.#look, this.#start)));
    replace(this, this.#dialog);
  }

  /** Open, perhaps with files already chosen or an export to add to. */
  async ask({ files = [], into = "" } = {}) {
    if (this.#dialog.open) {
      if (files.length) this.#add(files);
      return;
    }
    this.#files = files;
    this.#name.value = "";
    this.#asNew.checked = !into;
    this.#asMore.checked = Boolean(into);
    this.#draw();
    this.#dialog.showModal();
    if (files.length) this.#start.focus();
    await this.#offer(into);
  }

  async #offer(into) {
    this.#exports = await call("export list").catch(() => []);
    replace(this.#into, this.#exports.map(({ name }) => h("option", { value: name, selected: name === into }, name)));
    this.#target();
  }

  #dropField() {
    const field = h("div", { class: "drop-field" },
      icon("import"), h("p", {}, "Drop your ChatGPT archive here"),
      h("div", { class: "buttons" },
        h("button", { type: "button", autofocus: true, onclick: () => this.#choose(this.#filePicker, "pick files") }, icon("file"), "Choose files"),
        h("button", { type: "button", onclick: () => this.#choose(this.#folderPicker, "pick folder") }, icon("folder"), "Choose a folder")));
    field.addEventListener("drop", async (event) => {
      event.preventDefault();
      event.stopPropagation();
      document.querySelector(".drop-veil").hidden = true;
      if (!inWindow()) this.#add(await filesOf(event.dataTransfer)); // the window tells of them itself
    });
    return field;
  }

  /** By the system's own dialog in the window, by the browser's elsewhere. */
  async #choose(picker, verb) {
    if (!inWindow()) return picker.click();
    return this.#add(await callWindow(verb));
  }

  #pick(picker) {
    this.#add(picked(picker.files));
    picker.value = "";
  }

  /** Choose some sources more; the dialog is open. */
  #add(files) {
    const paths = new Set(files.map(({ path }) => path));
    this.#files = [...this.#files.filter(({ path }) => !paths.has(path)), ...files];
    this.#draw();
    this.#start.focus();
  }

  #draw() {
    this.#start.disabled = this.#files.length === 0;
    this.#target();
    this.#name.placeholder = suggestedName(this.#files);
    if (!this.#files.length) {
      replace(this.#chosen);
      return;
    }
    const total = this.#files.reduce((sum, { size: bytes }) => sum + (bytes ?? 0), 0);
    const rest = this.#files.length - SHOWN;
    replace(this.#chosen,
      h("p", { class: "chosen-head" },
        h("strong", { class: "number" }, [count(this.#files.length, "file"), total ? size(total) : ""].filter(Boolean).join(", ")),
        h("button", { type: "button", class: "quiet small", onclick: () => this.#clear() }, "Clear")),
      h("ul", { role: "list" },
        this.#files.slice(0, SHOWN).map(({ path, place, size: bytes }) => h("li", {}, h("bdi", { title: place ?? path }, path), h("span", { class: "number" }, bytes === null ? "folder" : size(bytes)))),
        rest > 0 ? h("li", { class: "quiet-text" }, `and ${count(rest, "more file", "more")}`) : null));
  }

  #clear() {
    this.#files = [];
    this.#draw();
  }

  #target() {
    this.#more.hidden = this.#exports.length === 0;
    this.#name.disabled = this.#asMore.checked;
    this.#into.disabled = !this.#asMore.checked;
    this.#look.hidden = !this.#asMore.checked || this.#exports.length === 0;
    this.#look.disabled = this.#files.length === 0 || !isOneSource(this.#files);
  }

  /** Bring the files over and say what they would change, before anything is added. */
  #compare() {
    compareFiles(this.#files, this.#into.value);
    this.#dialog.close();
  }

  #submit(event) {
    event.preventDefault();
    if (!this.#files.length) return;
    const into = this.#asMore.checked ? this.#into.value : "";
    importFiles(this.#files, { into, name: into ? "" : this.#name.value.trim() });
    this.#dialog.close();
  }
}

/** What the export would be called if the person gives no name: shown as the field's hint. */
function suggestedName(files) {
  return files.length ? "Named after the archive" : "Its name";
}

customElements.define("import-dialog", ImportDialog);
