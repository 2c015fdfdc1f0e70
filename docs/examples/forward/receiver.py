# Receives events from `paycools forward`. Standard library only: PORT=3000 FORWARD_SECRET=whsec_… python3 receiver.py
import base64
import hashlib
import hmac
import json
import os
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

TOLERANCE_S = 5 * 60


def verify(secret: str, headers, body: bytes) -> dict:
    """Returns the event, or raises ValueError. Works with any framework: give it the body as received."""
    message_id = headers.get("webhook-id") or ""
    timestamp = headers.get("webhook-timestamp") or ""
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > TOLERANCE_S:
        raise ValueError("the timestamp is missing or too old")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = (headers.get("webhook-signature") or "").split(" ")
    if not any(hmac.compare_digest(expected.encode(), one.encode()) for one in given):
        raise ValueError("the signature does not match")
    return json.loads(body)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        try:
            event = verify(os.environ["FORWARD_SECRET"], self.headers, body)
        except ValueError:
            self.send_response(401)
            self.end_headers()
            return
        # An event can arrive twice: record event["id"] in the transaction of what you do with it.
        print(f"received {event['type']} {event['subject']}", flush=True)
        self.send_response(204)  # any 2xx completes the event; everything else is retried
        self.end_headers()

    def log_message(self, *args):
        pass


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "3000"))), Receiver)
    print("waits for events", flush=True)
    server.serve_forever()
