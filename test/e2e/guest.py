"""Somebody who was invited: makes an account with the token of the link (XEP-0445, XEP-0077), and tells how that went.

Arguments: JID PASSWORD HOST PORT TOKEN. Output: {"got": "account"} | {"got": "refusal", "text": ...}
"""

import asyncio
import json
import sys
from xml.etree import ElementTree

import slixmpp
from slixmpp.exceptions import IqError


class Guest(slixmpp.ClientXMPP):
    def __init__(self, jid, password, token):
        super().__init__(jid, password)
        self.token = token
        # Its queue before a session would hold registrations back as well.
        self._always_send_everything = True
        self.register_plugin("xep_0077", {"force_registration": True})
        self.add_event_handler("register", self.on_register)

    async def on_register(self, _):
        try:
            preauth = self.make_iq_set(ito=self.boundjid.domain)
            preauth.append(ElementTree.Element("{urn:xmpp:pars:0}preauth", token=self.token))
            await preauth.send()
            account = self.make_iq_set()
            account["register"]["username"] = self.boundjid.user
            account["register"]["password"] = self.password
            await account.send()
            told = {"got": "account"}
        except IqError as error:
            told = {"got": "refusal", "text": error.iq["error"]["text"]}
        print(json.dumps(told), flush=True)
        self.disconnect()


async def main():
    jid, password, host, port, token = sys.argv[1:]
    guest = Guest(jid, password, token)
    if slixmpp.__version_info__ < (1, 9):
        guest.connect((host, int(port)), force_starttls=False, disable_starttls=True)
    else:
        guest.enable_direct_tls = False
        guest.enable_starttls = False
        guest.enable_plaintext = True
        guest.connect(host, int(port))
    await guest.disconnected


asyncio.run(main())
