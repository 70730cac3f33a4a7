/** What changed between two exports: a page of its own, its choice in the address. */

import { call } from "../../api.js";
import { follow, stageOf } from "../../jobs.js";
import { announce } from "../../lib/announce.js";
import { h, replace } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { entitle, go } from "../../lib/router.js";
import { problemNote } from "../frame/problem-note.js";
import { comparisonView, said } from "./comparison.js";

/** @element compare-page */
export class ComparePage extends HTMLElement {
  #asked = "";
  #running = null;
  #a = h("select", { id: "compare-a" });
  #b = h("select", { id: "compare-b" });
  #go = h("button", { type: "submit", class: "primary", disabled: true }, "Compare"); // until there is a choice
  #result = h("div", { class: "comparison" });
  #stage = h("p", { class: "quiet-text" });
  #bar = h("progress", { "aria-label": "Comparing" });
  #stop = h("button", { type: "button", class: "small", onclick: () => this.#running?.abort() }, "Stop");
  #progress = h("div", { class: "comparing", hidden: true }, h("div", { class: "comparing-line" }, this.#stage, this.#stop), this.#bar);

  connectedCallback() {
    const compare = (event) => {
      event.preventDefault();
      go(`/compare?${new URLSearchParams({ a: this.#a.value, b: this.#b.value })}`);
    };
    const swap = () => {
      [this.#a.value, this.#b.value] = [this.#b.value, this.#a.value];
    };
    replace(this, h("div", { class: "page-narrow" },
      h("header", { class: "compare-head" },
        h("a", { class: "quiet button", href: "/" }, icon("back"), "Library"),
        h("h1", {}, "What changed"),
        h("p", { class: "page-about" }, "What the later one has that the earlier one has not, and the other way round. Nothing is written.")),
      h("form", { class: "compare-form", onsubmit: compare },
        h("div", { class: "field" }, h("label", { for: "compare-a" }, "From"), this.#a),
        h("button", { type: "button", class: "quiet icon-only", "aria-label": "The other way round", title: "The other way round", onclick: swap }, icon("swap")),
        h("div", { class: "field" }, h("label", { for: "compare-b" }, "To"), this.#b),
        this.#go),
      this.#progress, this.#result));
  }

  disconnectedCallback() {
    this.#running?.abort();
  }

  /** Called by the frame whenever this page is to be seen. */
  async show({ query }) {
    entitle("What changed");
    const [a, b] = [query.get("a") ?? "", query.get("b") ?? ""];
    try {
      await this.#offer(a, b);
    } catch (error) {
      replace(this.#result, problemNote(error, () => this.show({ query })));
      return;
    }
    if (a && b) await this.#compare(a, b);
  }

  async #offer(a, b) {
    const names = (await call("export list", { sort: "name" })).map(({ name }) => name);
    const options = () => names.map((name) => h("option", { value: name }, name));
    replace(this.#a, options());
    replace(this.#b, options());
    this.#a.value = names.includes(a) ? a : (names[0] ?? "");
    this.#b.value = names.includes(b) ? b : (names.find((name) => name !== this.#a.value) ?? "");
    this.#go.disabled = names.length === 0;
  }

  async #compare(a, b) {
    const asked = JSON.stringify([a, b]);
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    replace(this.#result);
    this.#progress.hidden = false;
    try {
      const job = await follow(await call("export compare", { a, b }), { onChange: ({ progress }) => this.#tell(progress), signal: running.signal });
      if (asked !== this.#asked) return;
      this.#ended(job);
    } catch (error) {
      if (asked !== this.#asked) return;
      this.#asked = "";
      replace(this.#result, problemNote(error, () => this.#compare(a, b)));
    }
    this.#progress.hidden = true;
  }

  #ended({ state, result }) {
    if (state === "cancelled") {
      this.#asked = "";
      replace(this.#result, h("p", { class: "quiet-text" }, "Stopped."));
      return;
    }
    replace(this.#result, comparisonView(result));
    announce(said(result));
  }

  #tell({ stage, done, total }) {
    this.#stage.textContent = stageOf({ stage: stage || "starting" });
    if (total) Object.assign(this.#bar, { max: total, value: done });
    else this.#bar.removeAttribute("value");
  }
}

customElements.define("compare-page", ComparePage);
