/** Which rows of a long list are in sight: arithmetic only, so that it can be tested alone. */

/**
 * The rows of a list that stand in sight, and the room the others take.
 *
 * @param {{count: number, columns?: number, height: number, from: number, to: number, spare?: number}} list
 *   `height` is that of a row and the gap below it; `from` and `to` are pixels below the list's top
 * @returns {{first: number, last: number, before: number, after: number}}
 *   items `first` up to, not including, `last`; pixels before and after them
 */
export function inSight({ count, columns = 1, height, from, to, spare = 0 }) {
  const rows = Math.ceil(count / columns);
  const top = Math.min(Math.max(0, Math.floor((from - spare) / height)), Math.max(0, rows - 1));
  const bottom = Math.min(rows, Math.max(top + 1, Math.ceil((to + spare) / height)));
  return { first: top * columns, last: Math.min(count, bottom * columns), before: top * height, after: (rows - bottom) * height };
}
