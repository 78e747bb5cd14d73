import { startEjabberd } from "../support/ejabberd.js";
import { pubsubNodeSuite } from "../xmpp/pubsub-node-suite.js";

pubsubNodeSuite(startEjabberd);
