import { startProsody } from "../support/prosody.js";
import { inverterSuite } from "./inverter-suite.js";

inverterSuite(startProsody);
