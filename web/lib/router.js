/** Addresses of the page itself: reads them, writes them, and follows links inside the page. */

/**
 * A place in the page.
 * @typedef {{name: "library"|"search"|"media"|"compare"|"settings"|"export"|"backups", exportName?: string, conversation?: string,
 *            message?: string, leaf?: string, backup?: string, query: URLSearchParams}} Place
 */

const moved = new EventTarget();

/** Read the address bar. Unknown addresses are the library. @returns {Place} */
export function place(address = location) {
  const query = new URLSearchParams(address.search);
  const parts = address.pathname.split("/").filter(Boolean).map(decoded);
  if (parts[0] === "search" && parts.length === 1) return { name: "search", query };
  if (["media", "compare"].includes(parts[0]) && parts.length === 1) return { name: parts[0], query };
  if (parts[0] === "settings" && parts.length === 1) return { name: "settings", query };
  if (parts[0] === "backups") return { name: "backups", exportName: parts[1] ?? "", backup: parts[2] ?? "", query };
  if (parts[0] === "exports" && parts[1]) {
    return {
      name: "export",
      exportName: parts[1],
      conversation: parts[2] ?? "",
      message: decoded(address.hash.slice(1)),
      leaf: query.get("leaf") ?? "",
      query,
    };
  }
  return { name: "library", query };
}

/** The address of an export, a conversation in it, or a message of that. */
export function addressOf(exportName, conversation = "", { message = "", leaf = "" } = {}) {
  let address = `/exports/${encodeURIComponent(exportName)}`;
  if (conversation) address += `/${encodeURIComponent(conversation)}`;
  if (leaf) address += `?leaf=${encodeURIComponent(leaf)}`;
  if (message) address += `#${encodeURIComponent(message)}`;
  return address;
}

/** The address of all backups, of those of an export, or of one; `query` says what of it is shown. */
export function addressOfBackups(exportName = "", backup = "", query = {}) {
  let address = "/backups";
  if (exportName) address += `/${encodeURIComponent(exportName)}`;
  if (backup) address += `/${encodeURIComponent(backup)}`;
  const asked = new URLSearchParams(query).toString();
  return asked ? `${address}?${asked}` : address;
}

/** Go to an address inside the page; `replace` leaves no step to come back to. */
export function go(address, { replace = false } = {}) {
  if (replace) history.replaceState(history.state, "", address);
  else if (address !== location.pathname + location.search + location.hash) {
    history.pushState({ depth: (history.state?.depth ?? 0) + 1 }, "", address);
  }
  moved.dispatchEvent(new Event("move"));
}

/** Change the address without going anywhere, e.g. to the message now being read. */
export function note(address) {
  history.replaceState(history.state, "", address);
}

/** Go back if the step before was ours, else to `address`. */
export function back(address) {
  if ((history.state?.depth ?? 0) > 0) history.back();
  else go(address, { replace: true });
}

/** Call `show(place)` now and at every move. */
export function follow(show) {
  const tell = () => show(place());
  moved.addEventListener("move", tell);
  addEventListener("popstate", tell);
  document.addEventListener("click", followLink);
  tell();
}

function followLink(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
  if (link.pathname.startsWith("/api/") || link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  go(link.pathname + link.search + link.hash);
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Name the window or tab after what it shows. */
export function entitle(...names) {
  document.title = [...names.filter(Boolean), "Data Dumpster Diver"].join(" · ");
}
