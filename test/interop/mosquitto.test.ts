import { mosquittoSuite } from "../e2e/mosquitto-suite.js";
import { startEjabberd } from "../support/ejabberd.js";

mosquittoSuite(startEjabberd);
