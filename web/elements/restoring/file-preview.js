/** One file as it is inside a backup: a conversation to read, a picture, sound, text, or its facts. */

import { addressInside, call, readInside } from "../../api.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { exact, size, when } from "../../lib/say.js";
import "../reading/message-view.js";
import { backupProblem } from "./unlock-form.js";

const KINDS = { img: /\.(png|jpe?g|gif|webp|avif|bmp)$/i, audio: /\.(wav|mp3|m4a|aac|ogg|oga|opus|flac)$/i, video: /\.(mp4|m4v|mov|webm|ogv)$/i };
const TEXT = /\.(json|txt|md|csv|tsv|log|py|js|css|yaml|yml|toml|srt|vtt|html|xml)$/i;
const MOST_TEXT = 200_000; // bytes shown as they stand

/** @element file-preview */
export class FilePreview extends HTMLElement {
  #asked = 0;
  #place = null;

  /** Show a file of the backup at `place` (`{exportName, backup}`); null shows what can be done here. */
  async show(place, file) {
    this.#asked += 1;
    this.#place = place;
    const asked = this.#asked;
    if (!file) {
      replace(this, h("p", { class: "quiet-text preview-empty" }, "Press a file to see it as it was."));
      return;
    }
    const body = h("div", { class: "preview-body", "aria-busy": "true" });
    replace(this, this.#head(file), body);
    try {
      const shown = await this.#body(file);
      if (asked === this.#asked) replace(body, shown);
    } catch (error) {
      if (asked === this.#asked) replace(body, backupProblem(error, () => this.show(place, file)));
    }
    body.removeAttribute("aria-busy");
  }

  #head({ path, sizeBytes, modifiedAt }) {
    const { exportName, backup } = this.#place;
    const at = path.lastIndexOf("/");
    return h("header", { class: "preview-title" },
      h("h3", { tabindex: "-1" }, h("bdi", {}, path.slice(at + 1))),
      h("p", { class: "facts quiet-text number" }, h("span", {}, size(sizeBytes)), modifiedAt ? h("time", { datetime: modifiedAt, title: exact(modifiedAt) }, when(modifiedAt)) : null),
      at > 0 ? h("p", { class: "quiet-text" }, "in ", h("bdi", {}, path.slice(0, at))) : null,
      h("a", { class: "button", href: `${addressInside(exportName, backup, path)}?download=1`, download: path.slice(at + 1) }, icon("save"), "Save a copy"));
  }

  async #body({ path, name, sizeBytes }) {
    const { exportName, backup } = this.#place;
    const src = addressInside(exportName, backup, path);
    if (/^conversations\/.*\.json$/i.test(path)) return this.#conversation(path);
    if (KINDS.img.test(name)) return h("img", { src, alt: name });
    if (KINDS.audio.test(name)) return h("audio", { src, controls: true, preload: "metadata" });
    if (KINDS.video.test(name)) return h("video", { src, controls: true, preload: "metadata" });
    if (TEXT.test(name) && sizeBytes <= MOST_TEXT) return h("pre", { tabindex: "0", dir: "auto" }, await readInside(exportName, backup, path));
    return h("p", { class: "quiet-text" }, "This kind of file is not shown here; a copy can be saved.");
  }

  /** A conversation page by page, its branches to be switched as in the reader. */
  async #conversation(path, leaf = "") {
    const { exportName, backup } = this.#place;
    const ask = (after = "") => call("backup conversation", { export: exportName, id: backup, path, leaf, after });
    const list = h("div", { class: "messages" });
    let before = null;
    const more = h("button", { type: "button", hidden: true });
    const add = ({ messages, next }) => {
      for (const message of messages) {
        const view = document.createElement("message-view");
        view.show(message, before);
        before = message;
        list.append(view);
      }
      more.hidden = !next;
      more.onclick = async () => {
        more.disabled = true;
        add(await ask(next));
        more.disabled = false;
      };
    };
    const shown = await ask();
    add(shown);
    list.addEventListener("branch-wanted", async ({ detail }) => replace(this.querySelector(".preview-body"), await this.#conversation(path, detail.leaf)));
    more.textContent = "Show what follows";
    return [h("h4", {}, h("bdi", {}, shown.title || "Untitled")), list, more];
  }
}

customElements.define("file-preview", FilePreview);
