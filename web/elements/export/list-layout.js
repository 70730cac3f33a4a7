/** Where each row and heading of a long list stands: arithmetic only, so that it can be tested alone. */

import { month } from "../../lib/say.js";

/**
 * Lay items out one under another, a quiet heading where a new month begins.
 *
 * @param {object[]} items conversations in the order shown
 * @param {string} sort "updated", "created", "title" or "messages"; only times have headings
 * @param {{row: number, heading: number, start?: number}} heights in pixels; `start` is what is above the first
 * @returns {{entries: {top: number, height: number, heading?: string, index?: number}[], rows: number[], height: number}}
 *   `rows` holds, for each item, its place among the entries
 */
export function lay(items, sort, { row, heading, start = 0 }) {
  const entries = [];
  const rows = [];
  let top = start;
  let before = null;
  items.forEach((item, index) => {
    const group = groupOf(item, sort);
    if (group !== null && group !== before) {
      entries.push({ top, height: heading, heading: group });
      top += heading;
      before = group;
    }
    rows.push(entries.length);
    entries.push({ top, height: row, index });
    top += row;
  });
  return { entries, rows, height: top };
}

/** The entries that touch the pixels from `from` to `to`. */
export function within({ entries }, from, to) {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle].top + entries[middle].height < from) low = middle + 1;
    else high = middle;
  }
  const seen = [];
  for (let at = low; at < entries.length && entries[at].top <= to; at += 1) seen.push(entries[at]);
  return seen;
}

function groupOf(item, sort) {
  if (sort !== "updated" && sort !== "created") return null;
  const moment = sort === "created" ? item.createdAt : (item.updatedAt ?? item.createdAt);
  return moment ? month(moment) : "No date";
}
