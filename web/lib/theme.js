/** The theme of the page: as the system has it, light, or dark. */

import { remember } from "./memory.js";

/**
 * Show the page in this theme, now and at the next first paint (`theme.js`, one folder up).
 * `theme-changed` (detail: the theme) says so on `document`.
 */
export function applyTheme(theme) {
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
  remember("theme", theme);
  document.dispatchEvent(new CustomEvent("theme-changed", { detail: theme }));
}
