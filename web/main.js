/** Starts the page: admits the tab, defines the elements, shows the place in the address bar. */

import { admit } from "./api.js";

admit();
await import("./elements/frame/app-frame.js");
