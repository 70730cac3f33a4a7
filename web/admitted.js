/** Admits the tab before anything else runs: the frame fetches as soon as it is defined. */

import { admit } from "./api.js";

admit();
