import { reloadSuite } from "../e2e/reload-suite.js";
import { startEjabberd } from "../support/ejabberd.js";

// ejabberd can since 23.10; Debian 12 has 23.01.
reloadSuite(startEjabberd, { writesRosters: false });
