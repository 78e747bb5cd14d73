"""The script that one writes in an evening: MQTT states to presence, chat messages to commands, over slixmpp and paho.

Argument: its way in JSON, as the other peers get it. Prints "ready".
"""

import json
import sys

import paho.mqtt.client as mqtt
import slixmpp

way = json.loads(sys.argv[1])


class Bridge(slixmpp.ComponentXMPP):
    def __init__(self):
        super().__init__(way["domain"], way["secret"], way["host"], way["port"])
        self.asked = set()
        self.add_event_handler("session_start", self.on_start)
        self.add_event_handler("message", self.on_chat)
        self.mqtt = mqtt.Client()
        self.mqtt.on_message = self.on_mqtt

    def on_start(self, _):
        self.mqtt.connect(way["host"], way["mqttPort"])
        self.mqtt.subscribe("bench/+/state")
        self.mqtt.loop_start()
        print("ready", flush=True)

    def on_mqtt(self, _client, _data, message):
        device = message.topic.split("/")[1]
        self.loop.call_soon_threadsafe(self.update, device, json.loads(message.payload))

    def update(self, device, state):
        jid = f"{device}@{way['domain']}"
        power = "on" if state["power"] == "ON" else "off"
        status = f"{state['stamp']} · {power} · {state['temperature']} °C · {state['humidity']} %"
        self.send_presence(pfrom=f"{jid}/device", pto=way["receiver"], pstatus=status, pnick=device)
        if device in self.asked:
            self.asked.discard(device)
            self.send_message(mfrom=jid, mto=way["receiver"], mtype="chat", mbody=f"power is {power}")

    def on_chat(self, message):
        device = message["to"].user
        self.asked.add(device)
        self.mqtt.publish(f"bench/{device}/set", message["body"].removeprefix("power ").upper())


bridge = Bridge()
bridge.connect()
bridge.process()
