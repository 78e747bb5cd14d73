import { startProsody } from "../support/prosody.js";
import { streamSuite } from "./stream-suite.js";

streamSuite(startProsody);
