import { inverterSuite } from "../e2e/inverter-suite.js";
import { startEjabberd } from "../support/ejabberd.js";

inverterSuite(startEjabberd);
