/** Remembers small things about how the person likes the page, where the browser lets it. */

/** Answer what was remembered under `key`, else `otherwise`. */
export function recall(key, otherwise, store = localStorage) {
  try {
    const text = store.getItem(key);
    return text === null ? otherwise : JSON.parse(text);
  } catch {
    return otherwise;
  }
}

/** Remember `value` under `key`; a browser that will not is no reason to stop. */
export function remember(key, value, store = localStorage) {
  try {
    store.setItem(key, JSON.stringify(value));
  } catch {
    return;
  }
}
