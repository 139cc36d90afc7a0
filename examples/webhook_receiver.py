#!/usr/bin/env python3
"""Receive webhooks of minwon: verify that they come from it, drop doubles, answer first and work after.

    export MINWON_WEBHOOK_SECRET=whsec_...      # shown once, when the receiver was made
    python3 webhook_receiver.py 8099            # behind a TLS proxy; prints what happened, one JSON line each

A webhook may come twice (a node was killed between our answer and its note): it has the same ``webhook-id`` then. Ids
are kept in a file, so that a receiver that starts anew knows them. Python's standard library alone.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
import sqlite3
import sys
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer

CLOCK_S = 300
"""A webhook that was signed longer ago is a replay."""
LARGEST = 1 << 20
SECRETS = [base64.b64decode(each.removeprefix("whsec_")) for each in os.environ["MINWON_WEBHOOK_SECRET"].split()]
"""Two, with a blank between, while one is exchanged for another."""


def verified(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether one of our secrets has signed it, and just now."""
    webhook_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdigit() or abs(time.time() - int(timestamp)) > CLOCK_S:
        return False
    signed = f"{webhook_id}.{timestamp}.".encode() + body
    wanted = [base64.b64encode(hmac.digest(secret, signed, "sha256")).decode() for secret in SECRETS]
    given = [part.removeprefix("v1,") for part in headers.get("webhook-signature", "").split(" ")]
    return any(hmac.compare_digest(mac, one) for mac in wanted for one in given)


class Seen:
    """Ids of webhooks that were worked on, and what is still to be worked on."""

    def __init__(self, file: str) -> None:
        self._database = sqlite3.connect(file)
        self._database.execute("CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY, body BLOB, at REAL)")

    def take(self, webhook_id: str, body: bytes) -> bool:
        """Keep it, before it is answered. False: it came before."""
        with self._database:
            new = self._database.execute(
                "INSERT INTO seen VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (webhook_id, body, time.time())
            )
            return new.rowcount > 0


class Receiver(BaseHTTPRequestHandler):
    """One request."""

    seen = Seen(os.environ.get("MINWON_WEBHOOK_SEEN", "webhooks.sqlite3"))

    def do_POST(self) -> None:
        """204 = we have it; 401 = it is not from minwon; 413 = too large."""
        length = int(self.headers.get("Content-Length", "0"))
        if length > LARGEST:
            return self._answer(413)
        body = self.rfile.read(length)
        if not verified(self.headers, body):
            return self._answer(401)
        new = self.seen.take(self.headers["webhook-id"], body)
        self._answer(204)
        if new:
            work(json.loads(body))
        return None

    def _answer(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: what happened is printed by ``work``."""


def work(event: dict[str, object]) -> None:
    """Yours to fill in: ``type`` says what happened, ``data`` has ids and figures."""
    print(json.dumps(event, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", int(sys.argv[1]) if len(sys.argv) > 1 else 8099), Receiver)
    print(json.dumps({"listening": server.server_address[1]}), flush=True)
    server.serve_forever()
