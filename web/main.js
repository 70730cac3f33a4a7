/** Starts the page: admits the tab, defines the elements, shows the place in the address bar. */

import { admit, call } from "./api.js";
import { applyTheme } from "./lib/theme.js";

admit();
// The frame fetches as soon as it is defined, so the token has to be there before.
await import("./elements/frame/app-frame.js");

// Each start is a new address to the browser, which then remembers nothing: the setting does.
call("settings show").then(
  (settings) => applyTheme(settings.find(({ key }) => key === "appearance.theme")?.value ?? "system"),
  () => {}, // the page that is shown says what is wrong
);
