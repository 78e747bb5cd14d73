"""An owner at a Homeroster, over slixmpp: does what it is told on standard input, one JSON object a line, and tells what it got.

Arguments: JID PASSWORD HOST PORT. Commands: {"do": "disco", "jid": ...}, {"do": "subscribe", "jid": ...},
{"do": "say", "jid": ..., "body": ...}, {"do": "follow", "service": ..., "node": ...},
{"do": "fetch", "service": ..., "node": ...}, {"do": "roster"}, {"do": "rename", "jid": ..., "name": ...},
{"do": "forget", "jid": ...}.
Output: {"got": "ready" | "items" | "presence" | "message" | "followed" | "fetched" | "item" | "contact" | "roster", ...}
"""

import asyncio
import json
import sys

import slixmpp
from slixmpp.exceptions import IqError


def tell(got, **facts):
    print(json.dumps({"got": got, **facts}), flush=True)


def contacts(iq):
    items = iq["roster"]["items"].items()
    return {str(jid): {key: item[key] for key in ("name", "groups", "subscription")} for jid, item in items}


class Owner(slixmpp.ClientXMPP):
    def __init__(self, jid, password):
        super().__init__(jid, password)
        for plugin in ("xep_0030", "xep_0060"):
            self.register_plugin(plugin)
        self.add_event_handler("session_start", self.on_start)
        self.add_event_handler("message", self.on_message)
        self.add_event_handler("pubsub_publish", self.on_item)
        self.add_event_handler("roster_update", self.on_roster)
        for show in ("available", "away", "xa", "dnd", "unavailable", "subscribed", "unsubscribed", "subscribe"):
            self.add_event_handler(f"presence_{show}", self.on_presence)

    async def on_start(self, _):
        await self.get_roster()
        self.send_presence()
        tell("ready", jid=self.boundjid.full)

    def on_roster(self, iq):
        for jid, contact in contacts(iq).items():
            tell("contact", jid=jid, **contact)

    def on_presence(self, presence):
        tell(
            "presence",
            sender=presence["from"].bare,
            resource=presence["from"].resource,
            type=presence["type"],
            status=presence["status"],
        )

    def on_message(self, message):
        if message["type"] in ("chat", "normal"):
            tell("message", sender=message["from"].bare, body=message["body"])

    def on_item(self, message):
        event = "{http://jabber.org/protocol/pubsub#event}"
        for items in message.xml.iter(f"{event}items"):
            for item in items.iter(f"{event}item"):
                values = {field.get("n"): field.get("v") for field in item.iter() if field.get("n")}
                tell("item", node=items.get("node"), id=item.get("id"), values=values)

    async def obey(self, command):
        jid = command.get("jid")
        if command["do"] == "disco":
            answer = await self["xep_0030"].get_items(jid=jid)
            tell("items", jids=[slixmpp.JID(item[0]).bare for item in answer["disco_items"]["items"]])
        if command["do"] == "subscribe":
            self.send_presence_subscription(pto=jid)
        if command["do"] == "roster":
            tell("roster", contacts=contacts(await self.make_iq_get("jabber:iq:roster").send()))
        if command["do"] == "rename":
            self.update_roster(jid, name=command["name"])
        if command["do"] == "forget":
            self.update_roster(jid, subscription="remove")
        if command["do"] == "say":
            self.send_message(mto=jid, mbody=command["body"], mtype="chat")
        if command["do"] == "follow":
            await self["xep_0060"].subscribe(command["service"], command["node"])
            tell("followed", node=command["node"])
        if command["do"] == "fetch":
            try:
                await self["xep_0060"].get_items(command["service"], command["node"])
                tell("fetched", node=command["node"])
            except IqError as refused:
                tell("fetched", node=command["node"], error=refused.condition)


async def main():
    jid, password, host, port, *authority = sys.argv[1:]
    owner = Owner(jid, password)
    # With an authority's certificate, only by TLS and only to a server that it vouches for.
    owner.ca_certs = authority[0] if authority else None
    if slixmpp.__version_info__ < (1, 9):
        owner.connect((host, int(port)), force_starttls=bool(authority), disable_starttls=not authority)
    else:
        owner.enable_direct_tls = False
        owner.enable_starttls = bool(authority)
        owner.enable_plaintext = not authority
        owner.connect(host, int(port))
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        await owner.obey(json.loads(line))


asyncio.run(main())
