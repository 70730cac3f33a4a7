/** One export on the library page: its name, what it holds, when it is from. */

import { h, replace } from "../../lib/dom.js";
import { addressOf } from "../../lib/router.js";
import { count, exact, months, size, when } from "../../lib/say.js";
import { monthChart } from "./month-chart.js";

/**
 * @element export-card
 * @prop {object} summary an ExportSummary as Python tells it
 */
export class ExportCard extends HTMLElement {
  set summary(summary) {
    const { name, conversationCount, messageCount, mediaCount, sizeBytes } = summary;
    const facts = [count(conversationCount, "conversation"), count(messageCount, "message")];
    if (mediaCount) facts.push(count(mediaCount, "media file"));
    replace(
      this,
      h("h2", {}, h("a", { href: addressOf(name) }, h("bdi", {}, name))),
      h("p", { class: "facts number" }, facts.map((fact) => h("span", {}, fact))),
      monthChart(summary.months),
      h("p", { class: "span number" },
        h("span", {}, months(summary.firstMessageAt, summary.lastMessageAt) || "No dates"),
        h("span", {}, size(sizeBytes))),
      h("p", { class: "imported" }, "Imported ", h("time", { datetime: summary.updatedAt, title: exact(summary.updatedAt) }, when(summary.updatedAt))),
    );
  }
}

customElements.define("export-card", ExportCard);
