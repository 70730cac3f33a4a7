/** One export as a card: its name, what it holds, when it is from, whether it is safe. */

import { h, replace } from "../../lib/dom.js";
import { count, dayShort, months, size } from "../../lib/say.js";
import { chooser, lastBackup, menuButton, moment, nameLink, state } from "./export-parts.js";
import { monthChart } from "./month-chart.js";

/**
 * @element export-card
 * @prop {object} summary an ExportSummary as Python tells it
 */
export class ExportCard extends HTMLElement {
  set summary(summary) {
    const { conversationCount, messageCount, mediaCount, sizeBytes } = summary;
    const facts = [count(conversationCount, "conversation"), count(messageCount, "message")];
    if (mediaCount) facts.push(count(mediaCount, "media file"));
    replace(
      this,
      h("header", {}, chooser(summary), h("h2", {}, nameLink(summary)), menuButton(summary)),
      h("p", { class: "facts number" }, facts.map((fact) => h("span", {}, fact))),
      monthChart(summary.months),
      h("p", { class: "span number" },
        h("span", {}, months(summary.firstMessageAt, summary.lastMessageAt) || "No dates"),
        h("span", {}, size(sizeBytes))),
      h("p", { class: "safety number" },
        state(summary) ?? h("span", {}, "Changed ", moment(summary.updatedAt, dayShort)), lastBackup(summary)),
    );
  }
}

customElements.define("export-card", ExportCard);
