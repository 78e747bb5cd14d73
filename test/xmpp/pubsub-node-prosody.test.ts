import { startProsody } from "../support/prosody.js";
import { pubsubNodeSuite } from "./pubsub-node-suite.js";

pubsubNodeSuite(startProsody);
