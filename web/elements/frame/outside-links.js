/** Keeps the window on its own page: links outside go to the person's browser, files to a save dialog. */

import { callWindow } from "../../api.js";
import { announce } from "../../lib/announce.js";
import { h } from "../../lib/dom.js";

/** Take every click on a link that would leave the page, until `signal` is aborted. */
export function keepLinksOutside(signal) {
  window.open = () => null; // a window of its own would be shown with the bridge, or not at all
  for (const kind of ["click", "auxclick"]) document.addEventListener(kind, follow, { signal });
}

function follow(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button > 1) return;
  const isOurs = link.origin === location.origin;
  if (isOurs && (link.hasAttribute("download") || (!link.target && event.button === 0))) return;
  event.preventDefault();
  if (isOurs && link.pathname.startsWith("/api/media/")) save(link);
  else if (!isOurs) callWindow("open outside", { address: link.href }).catch(({ message }) => announce(message));
}

/** Save a file of an export: the window has no tab to show it in. */
function save(link) {
  const address = new URL(link.href);
  address.searchParams.set("download", "1");
  h("a", { href: address.href, download: "" }).click();
}
