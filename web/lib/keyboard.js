/** Keys of the whole page, and the arrow keys within a list. */

/** Where typing is meant for a field, single letters are not ours. */
export function typing(event) {
  const field = event.target.closest?.("input, textarea, select, [contenteditable]");
  return Boolean(field) && !["checkbox", "radio", "button"].includes(field.type);
}

/** Which way an arrow-like key moves in a list of `length`, from `index`; null if it is none. */
export function stepOf(event, index, length, page = 10) {
  if (event.altKey || event.ctrlKey || event.metaKey || length === 0) return null;
  const last = length - 1;
  switch (event.key) {
    case "ArrowDown":
      return Math.min(last, index + 1);
    case "ArrowUp":
      return Math.max(0, index - 1);
    case "PageDown":
      return Math.min(last, index + page);
    case "PageUp":
      return Math.max(0, index - page);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return null;
  }
}

/** The same in a grid of so many columns, where the arrows to the sides move by one. */
export function stepInGrid(event, index, length, columns) {
  if (event.altKey || event.ctrlKey || event.metaKey || length === 0) return null;
  const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, PageDown: 4 * columns, PageUp: -4 * columns }[event.key];
  if (event.key === "Home") return 0;
  if (event.key === "End") return length - 1;
  if (by === undefined) return null;
  const to = index + by;
  return to < 0 || to >= length ? (Math.abs(by) > columns ? (by < 0 ? 0 : length - 1) : index) : to;
}

/** Every shortcut there is; the keys dialog lists them and `app-frame` obeys the first group. */
export const KEYS = [
  { keys: ["Ctrl", "K"], does: "Search" },
  { keys: ["Ctrl", "O"], does: "Import" },
  { keys: ["Ctrl", ","], does: "Settings" },
  { keys: ["?"], does: "Show these keys" },
  { keys: ["g", "l"], does: "Go to the library" },
  { keys: ["/"], does: "Search exports, or filter the titles of one" },
  { keys: ["↑", "↓"], does: "Move in a list or among pictures" },
  { keys: ["Space"], does: "Choose an export; with Shift all up to it" },
  { keys: ["Ctrl", "A"], does: "Choose all exports shown" },
  { keys: ["F2"], does: "Rename an export" },
  { keys: ["Del"], does: "Delete what is chosen" },
  { keys: ["Enter"], does: "Open" },
  { keys: ["j", "k"], does: "Next and previous question in a conversation" },
  { keys: ["Esc"], does: "Close what is open, or go back to the list" },
];
