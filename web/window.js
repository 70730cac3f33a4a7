/** The window around the page: the bridge to Python, and what Python pushes. A browser has neither. */

import { recall, remember } from "./lib/memory.js";

const PATIENCE = 10_000; // milliseconds until a bridge that does not come is given up: HTTP is there

let windowed = false;
let bridge = null;

/** Whether this page is shown in the app's own window. */
export function inWindow() {
  return windowed;
}

/** Take note of what `/enter` said of who entered; a reload is still the window. */
export function enter(isWindow) {
  if (isWindow) remember("window", "1", sessionStorage);
  windowed = isWindow || recall("window", "", sessionStorage) === "1";
  if (windowed) bridge = bridgeReady();
}

/** Whether the bridge is there: it comes a moment after the page. */
export function isBridged() {
  return Boolean(window.pywebview?.api?.call);
}

/** Call Python through the bridge: `{ok}` or `{error}`; null where there is no bridge. */
export async function throughBridge(token, name, values) {
  await bridge;
  const call = window.pywebview?.api?.call;
  return call ? call(token, name, JSON.stringify(values)) : null;
}

/**
 * Hear what Python pushes under a name: "job", "menu", "dropped", "offered", "closing".
 * Answers a function that ends it; an aborted `signal` does too.
 */
export function hear(name, listener, { signal } = {}) {
  const told = ({ detail }) => listener(detail);
  addEventListener(`python:${name}`, told, { signal });
  return () => removeEventListener(`python:${name}`, told);
}

function bridgeReady() {
  return new Promise((resolve) => {
    if (isBridged()) resolve();
    addEventListener("pywebviewready", resolve, { once: true });
    setTimeout(resolve, PATIENCE);
  });
}
