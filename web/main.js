/** Starts the page: admits the tab, defines the elements, shows the place in the address bar. */

import "./admitted.js";
import "./elements/frame/app-frame.js";
import { call } from "./api.js";
import { applyTheme } from "./lib/theme.js";

// Each start is a new address to the browser, which then remembers nothing: the setting does.
call("settings show").then(
  (settings) => applyTheme(settings.find(({ key }) => key === "appearance.theme")?.value ?? "system"),
  () => {}, // the page that is shown says what is wrong
);
