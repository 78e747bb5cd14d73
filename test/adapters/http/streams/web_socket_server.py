"""A WebSocket server by python3-websockets. Prints what it hears; each line of its input goes to all clients, as JSON text."""
import asyncio
import json
import sys

import websockets

clients = set()


async def serve(client, *_):
    clients.add(client)
    headers = client.request_headers if hasattr(client, "request_headers") else client.request.headers
    print("opened", client.subprotocol, headers.get("Authorization"), flush=True)
    try:
        async for message in client:
            print("heard", message, flush=True)
    except websockets.ConnectionClosed:
        pass
    clients.discard(client)
    print("closed", client.close_code, flush=True)


async def main():
    async with websockets.serve(serve, "127.0.0.1", int(sys.argv[1]), subprotocols=["v1"]):
        print("ready", flush=True)
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            message = json.loads(line)
            for client in list(clients):
                await client.send(bytes(message["bytes"]) if isinstance(message, dict) else message)


asyncio.run(main())
