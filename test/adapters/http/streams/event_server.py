"""Server-sent events by Python's own HTTP server. Prints its port; each line of its input is written to all streams, as JSON text."""
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

streams = []


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.end_headers()
        self.wfile.write(b": hi\n\n")
        streams.append(self.wfile)
        print("asked", json.dumps(self.headers.get("Last-Event-ID")), flush=True)
        threading.Event().wait()

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
print("ready", flush=True)
for line in sys.stdin:
    for stream in streams:
        stream.write(json.loads(line).encode())
