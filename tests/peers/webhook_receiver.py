"""A receiver of webhooks in a process of its own, that behaves as badly as it is told.

``python webhook_receiver.py``: prints its port, then a JSON line for each request: {"id", "ok", "at", "answered"}.
Lines on its standard input say how it answers from then on: a status ("204"), "slow" (never), "close" (without a word),
"redirect", "late" (200 after a second), "forget" (it dies right after the request came).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WAYS = ["204"]
SECRETS: list[bytes] = []


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        wanted = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + body
        macs = [base64.b64encode(hmac.digest(key, wanted, hashlib.sha256)).decode() for key in SECRETS]
        given = [part.removeprefix("v1,") for part in self.headers["webhook-signature"].split()]
        way = WAYS[0]
        told = {
            "id": self.headers["webhook-id"],
            "good": [mac in given for mac in macs],
            "signatures": len(given),
            "body": json.loads(body),
            "way": way,
        }
        print(json.dumps(told), flush=True)
        if way == "forget":
            os._exit(1)
        if way == "slow":
            time.sleep(60)
        if way == "close":
            self.close_connection = True
            self.connection.close()
            return
        if way == "late":
            time.sleep(1)
        self.send_response(int(way) if way.isdigit() else 307 if way == "redirect" else 200)
        if way == "redirect":
            self.send_header("Location", self.path + "elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        pass


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 0), Receiver)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    for line in sys.stdin:
        word, _, rest = line.strip().partition(" ")
        if word == "secrets":
            SECRETS[:] = [base64.b64decode(each.removeprefix("whsec_")) for each in rest.split()]
        else:
            WAYS[0] = word


if __name__ == "__main__":
    main()
