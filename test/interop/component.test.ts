import { startEjabberd } from "../support/ejabberd.js";
import { componentSuite } from "../xmpp/component-suite.js";

componentSuite(startEjabberd);
