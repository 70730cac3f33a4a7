/** Speaks to screen readers: the only writer of the page's one polite live region. */

/** Say `words` once, after whatever is being said. */
export function announce(words) {
  const region = document.getElementById("announcements");
  region.textContent = "";
  // A region that is emptied and filled in one go may stay silent when the words are the same.
  requestAnimationFrame(() => {
    region.textContent = words;
  });
}
