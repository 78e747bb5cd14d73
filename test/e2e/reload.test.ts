import { startProsody } from "../support/prosody.js";
import { reloadSuite } from "./reload-suite.js";

reloadSuite(startProsody, { writesRosters: true });
