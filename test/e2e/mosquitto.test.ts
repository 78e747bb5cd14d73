import { startProsody } from "../support/prosody.js";
import { mosquittoSuite } from "./mosquitto-suite.js";

mosquittoSuite(startProsody);
