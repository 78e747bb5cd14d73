import { startEjabberd } from "../support/ejabberd.js";
import { streamSuite } from "../xmpp/stream-suite.js";

streamSuite(startEjabberd);
