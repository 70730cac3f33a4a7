/** Which of a list are chosen for something to be done with all of them. */

/** A set of names that tells `change` whenever it does. */
export class Selection extends EventTarget {
  #names = new Set();
  #anchor = null;

  get size() {
    return this.#names.size;
  }

  /** The chosen names, in the order they were chosen. */
  get names() {
    return [...this.#names];
  }

  has(name) {
    return this.#names.has(name);
  }

  /** Choose what was not, and the other way round; the next stretch begins here. */
  toggle(name) {
    if (!this.#names.delete(name)) this.#names.add(name);
    this.#anchor = name;
    this.#tell();
  }

  /** Choose everything from where the choice was last changed, else from `otherwise`, up to `name`. */
  extend(order, name, otherwise = name) {
    this.#anchor ??= otherwise;
    const to = order.indexOf(name);
    const from = order.includes(this.#anchor) ? order.indexOf(this.#anchor) : to;
    for (const each of order.slice(Math.min(from, to), Math.max(from, to) + 1)) this.#names.add(each);
    this.#tell();
  }

  /** Choose these and no others. */
  only(names) {
    this.#names = new Set(names);
    this.#tell();
  }

  /** Forget what is no longer among `known`. */
  keep(known) {
    const here = new Set(known);
    const kept = [...this.#names].filter((name) => here.has(name));
    if (kept.length !== this.#names.size) this.only(kept);
  }

  clear() {
    if (this.#names.size) this.only([]);
    this.#anchor = null;
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }
}
