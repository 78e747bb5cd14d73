import { startProsody } from "../support/prosody.js";
import { componentSuite } from "./component-suite.js";

componentSuite(() => startProsody({ rosters: false }));
