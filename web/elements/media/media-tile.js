/** One picture, recording, film or file of the gallery. */

import { mediaAddress } from "../../api.js";
import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { dayShort, size } from "../../lib/say.js";

const ICONS = { image: "image", audio: "sound", video: "film", file: "file" };

/** Make the tile of a MediaItem: a button that shows it large. */
export function mediaTile(item, number) {
  const words = [item.conversationTitle, item.name, item.createdAt ? dayShort(item.createdAt) : "", size(item.sizeBytes)].filter(Boolean).join(", ");
  return h("li", {},
    h("button", { type: "button", class: "media-tile", "data-number": number, "data-kind": item.kind, "aria-label": words, title: words },
      item.kind === "image" ? h("img", { src: mediaAddress(item.export, item.path), alt: "", loading: "lazy", decoding: "async", onerror: (event) => event.target.replaceWith(icon("gone")) }) : icon(ICONS[item.kind] ?? "file"),
      item.kind === "image" ? null : h("span", { class: "tile-name" }, h("bdi", {}, item.conversationTitle || item.name)),
      item.kind === "image" ? null : h("span", { class: "quiet-text number" }, size(item.sizeBytes))));
}
