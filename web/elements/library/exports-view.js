/** Which exports are shown, in which order and how: read from the address, written to it, applied. */

import { recall, remember } from "../../lib/memory.js";

/** The orders there are; the first is the one nobody has to ask for. */
export const SORTS = {
  newest: "Changed last",
  name: "Name",
  size: "Largest",
  conversations: "Most conversations",
  backup: "Longest without backup",
};
/** What can be the matter with an export. */
export const STATES = { "": "All exports", problems: "With problems", unprotected: "Never backed up" };
/** Sizes in bytes, from and up to. */
export const SIZES = {
  "": ["Any size", 0, Infinity],
  small: ["Under 100 MB", 0, 1e8],
  medium: ["100 MB to 1 GB", 1e8, 1e9],
  large: ["Over 1 GB", 1e9, Infinity],
};
const SHAPES = ["cards", "table"];
const MARKS = /\p{M}/gu;

/**
 * @typedef {{search: string, state: string, year: string, size: string, sort: string, shape: string}} View
 */

/** Read the view an address asks for; what it does not say is as the person last had it. @returns {View} */
export function readView(query) {
  const asked = (key, known, otherwise) => (known.includes(query.get(key)) ? query.get(key) : otherwise);
  return {
    search: query.get("search") ?? "",
    state: asked("state", Object.keys(STATES), ""),
    year: /^\d{4}$/.test(query.get("year") ?? "") ? query.get("year") : "",
    size: asked("size", Object.keys(SIZES), ""),
    sort: asked("sort", Object.keys(SORTS), recall("exports.sort", "newest")),
    shape: asked("as", SHAPES, recall("exports.shape", "cards")),
  };
}

/** The address of a view; the order and the shape are also remembered for the next time. @param {View} view */
export function addressOfView({ search, state, year, size, sort, shape }) {
  remember("exports.sort", sort);
  remember("exports.shape", shape);
  const query = new URLSearchParams(Object.entries({ search, state, year, size, sort: sort === "newest" ? "" : sort, as: shape === "cards" ? "" : shape }).filter(([, value]) => value));
  const text = query.toString();
  return text ? `/?${text}` : "/";
}

/** Whether a view leaves anything out. @param {View} view */
export function isFiltered({ search, state, year, size }) {
  return Boolean(search.trim() || state || year || size);
}

/** The exports of a view, in its order. @param {object[]} exports as Python tells them @param {View} view */
export function chosen(exports, view) {
  const words = folded(view.search).split(/\s+/).filter(Boolean);
  const [, least, most] = SIZES[view.size];
  const found = exports.filter((each) => {
    const name = folded(each.name);
    return words.every((word) => name.includes(word)) && isInState(each, view.state) && each.sizeBytes >= least && each.sizeBytes < most && (!view.year || yearsIn(each).has(view.year));
  });
  return found.sort(ORDERS[view.sort]);
}

/** The years any of these exports holds conversations of, newest first. */
export function yearsOf(exports) {
  const years = new Set();
  for (const each of exports) for (const year of yearsIn(each)) years.add(year);
  return [...years].sort().reverse();
}

const byName = (a, b) => a.name.localeCompare(b.name, undefined, { numeric: true });
const ORDERS = {
  newest: (a, b) => compared(b.updatedAt, a.updatedAt) || byName(a, b),
  name: byName,
  size: (a, b) => b.sizeBytes - a.sizeBytes || byName(a, b),
  conversations: (a, b) => b.conversationCount - a.conversationCount || byName(a, b),
  backup: (a, b) => compared(a.lastBackupAt ?? "", b.lastBackupAt ?? "") || byName(a, b),
};

function compared(a, b) {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function isInState({ health, lastBackupAt }, state) {
  if (state === "problems") return health === "problems";
  return state !== "unprotected" || !lastBackupAt;
}

function yearsIn({ months }) {
  return new Set(Object.keys(months).map((month) => month.slice(0, 4)));
}

function folded(text) {
  return text.normalize("NFKD").replace(MARKS, "").toLowerCase();
}
