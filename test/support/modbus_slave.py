"""Modbus RTU slaves at one serial port, by pymodbus and pyserial.

Arguments: PORT. Commands, one JSON object a line:
{"do": "set", "unit": 1, "table": "holding" | "input" | "coil" | "discrete", "address": 0, "values": [...]} makes the unit and the registers
{"do": "fault", "unit": 1, "kind": "silent" | "hold" | "late" | "crc" | "flip" | "cut" | "noise" | "mute-above-5" | "none", "times": 3} spoils that many answers, all without `times`
{"do": "release"} lets the held answers go, oldest first, one by one, before the answer to the next question
{"do": "say", "hex": "..."} sends bytes that nobody asked for
Output: {"got": "ready"} whenever the port is there, {"got": "request", "unit": 1, "function": 3, "address": 0, "count": 2} for each request that was understood
(a write has "values"), {"got": "done"} for each command.
"""

import json
import os
import select
import sys
import threading
import time

import serial
from pymodbus.datastore import ModbusSlaveContext, ModbusSparseDataBlock
from pymodbus.factory import ServerDecoder
from pymodbus.framer.rtu_framer import ModbusRtuFramer

TABLES = {"coil": 1, "discrete": 2, "holding": 3, "input": 4}
LATE = 0.4
NOISE = bytes(range(0, 256, 3)) + b"\x00\xff\xff"


def tell(got, **facts):
    print(json.dumps({"got": got, **facts}), flush=True)


class Bus:
    def __init__(self, path):
        self.path = path
        self.units = {}
        self.faults = {}
        self.held = []
        self.released = []
        self.framer = ModbusRtuFramer(ServerDecoder())
        self.port = None

    def plug(self):
        try:
            self.port = serial.Serial(self.path, 9600, timeout=0)
            tell("ready")
        except serial.SerialException:
            self.port = None

    def unit(self, number):
        if number not in self.units:
            blocks = {name: ModbusSparseDataBlock({}) for name in ("di", "co", "hr", "ir")}
            self.units[number] = ModbusSlaveContext(**blocks, zero_mode=True)
        return self.units[number]

    def on_bytes(self, data):
        self.framer.processIncomingPacket(data, self.on_request, list(self.units) or [255])

    def on_request(self, request):
        facts = {"unit": request.unit_id, "function": request.function_code, "address": request.address}
        values = getattr(request, "values", None) or getattr(request, "value", None)
        if request.function_code > 4:
            facts["values"] = values if isinstance(values, list) else [int(values or 0)]
        else:
            facts["count"] = request.count
        tell("request", **facts)
        response = request.execute(self.units[request.unit_id])
        response.unit_id = request.unit_id
        if self.faults.get(request.unit_id, ("none", None))[0] == "mute-above-5":
            if request.address <= 5:
                self.port.write(self.framer.buildPacket(response))
            return
        self.answer(request.unit_id, self.framer.buildPacket(response))

    def answer(self, unit, frame):
        for late in self.released:
            self.write(late)
            time.sleep(0.05)
        self.released.clear()
        kind, times = self.faults.get(unit, ("none", None))
        if times is not None:
            self.faults[unit] = (kind, times - 1) if times > 1 else ("none", None)
        if kind == "hold":
            self.held.append(frame)
        elif kind == "late":
            threading.Timer(LATE, self.write, [frame]).start()
        elif kind == "crc":
            self.port.write(frame[:-1] + bytes([frame[-1] ^ 0x10]))
        elif kind == "flip":
            self.port.write(frame[:3] + bytes([frame[3] ^ 0x01]) + frame[4:])
        elif kind == "cut":
            self.port.write(frame[: len(frame) // 2])
        elif kind == "noise":
            self.port.write(NOISE + frame + NOISE)
        elif kind == "none":
            self.port.write(frame)

    def write(self, frame):
        if self.port is not None:
            self.port.write(frame)

    def obey(self, command):
        do = command["do"]
        if do == "set":
            block = self.unit(command["unit"]).store[{1: "c", 2: "d", 3: "h", 4: "i"}[TABLES[command["table"]]]]
            for index, value in enumerate(command["values"]):
                block.values[command["address"] + index] = value
        elif do == "fault":
            self.faults[command["unit"]] = (command["kind"], command.get("times"))
        elif do == "release":
            self.released, self.held = self.held, []
        elif do == "say":
            self.port.write(bytes.fromhex(command["hex"]))
        tell("done")

    def run(self):
        rest = b""
        while True:
            if self.port is None:
                self.plug()
            readable, _, _ = select.select([0] if self.port is None else [0, self.port], [], [], 0.02 if self.port is None else None)
            if 0 in readable:
                chunk = os.read(0, 65536)
                if not chunk:
                    return
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    self.obey(json.loads(line))
            if self.port in readable:
                try:
                    self.on_bytes(self.port.read(1000))
                except serial.SerialException:
                    self.port.close()
                    self.port = None


Bus(sys.argv[1]).run()
