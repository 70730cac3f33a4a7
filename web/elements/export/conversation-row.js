/** One row of the conversation list: its title, and in a few words what is in it. */

import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { count, dayOfMonth, dayShort, exact } from "../../lib/say.js";

/** Make the row of a ConversationSummary, an option that is also a link. */
export function conversationRow(item, { sort, href }) {
  const said = sort === "updated" || sort === "created" ? dayOfMonth : dayShort;
  const moment = sort === "created" ? item.createdAt : (item.updatedAt ?? item.createdAt);
  return h(
    "a",
    { role: "option", class: "conversation-row", href, tabindex: "-1", title: item.title },
    h("span", { class: "title" },
      h("bdi", {}, item.title || "Untitled"),
      item.starred ? h("span", { class: "star", role: "img", "aria-label": "starred" }, icon("star")) : null),
    h("span", { class: "meta" },
      h("span", { class: "marks" }, marks(item).map((mark) => h("span", {}, mark))),
      moment ? h("time", { datetime: moment, title: exact(moment) }, said(moment)) : null),
  );
}

function marks({ messageCount, hasMedia, branches, archived, gone }) {
  const words = [count(messageCount, "message")];
  if (hasMedia) words.push("media");
  if (branches) words.push(count(branches, "branch", "branches"));
  if (archived) words.push("archived");
  if (gone) words.push(h("span", { title: "No longer in the latest archive, and kept here" }, "only here"));
  return words;
}
