import { xmppServerSuite } from "../doctor/xmpp-server-suite.js";
import { startEjabberd } from "../support/ejabberd.js";

xmppServerSuite(startEjabberd);
