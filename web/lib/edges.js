/** Watches for the ends of something long coming near while it is scrolled. */

/** Calls `onNear(edge)` when one of the `edges` is less than `ahead` pixels out of the scroller's sight. */
export class Edges {
  #watcher;
  #edges;

  constructor(scroller, edges, ahead, onNear) {
    this.#edges = edges;
    this.#watcher = new IntersectionObserver(
      (seen) => seen.filter(({ isIntersecting }) => isIntersecting).forEach(({ target }) => onNear(target)),
      { root: scroller, rootMargin: `${ahead}px 0px` },
    );
    this.lookAgain();
  }

  /** Look anew: an edge that is still near after something was added tells so once more. */
  lookAgain() {
    for (const edge of this.#edges) {
      this.#watcher.unobserve(edge);
      this.#watcher.observe(edge);
    }
  }

  stop() {
    this.#watcher.disconnect();
  }
}
