"""Other programs of the demo's city that are told by webhooks: one that listens, one that is switched off.

What they are told is seen on ``/records#/webhooks``, with the deliveries of each. Demo only.
"""

from __future__ import annotations

from typing import Final

from aiohttp import web

from core.config import OutwardConfig
from core.errors import Refused
from core.events import now
from core.webhook_signature import key_of, verified
from server.app import Node
from server.webhooks.office import WebhookForm

PATH: Final = "/demo/program"
LARGEST: Final = 64 * 1024
_WHO: Final = "minwon"
_SILENT: Final = "http://127.0.0.1:9/hook"
"""The discard port, at which nobody listens."""


def outward(address: str) -> OutwardConfig:
    """The demo's settings: receivers on this machine. ``address``: of it in its network, '' = loopback alone."""
    return OutwardConfig(webhook_networks=("127.0.0.0/8", *((f"{address}/32",) if address else ())))


class Programs:
    """A room of the demo's web application: the program that listens."""

    def __init__(self) -> None:
        self.heard = 0
        """Webhooks that were good."""
        self._keys: list[bytes] = []

    def setup(self, app: web.Application) -> None:
        """Add its address."""
        app.router.add_post(PATH, self._take)

    async def seed(self, node: Node) -> None:
        """Both are receivers from now on."""
        listens = WebhookForm(
            name="민원 통계 프로그램",
            url=f"{node.desk_url.rstrip('/')}{PATH}",
            topics=("contact.closed", "record.kept", "recording.kept", "issue.rising"),
        )
        made = await node.outward.office.make(listens, _WHO, "")
        self._keys = [key_of(made.secret)]
        silent = WebhookForm(name="문자 모아보기(꺼져 있음)", url=_SILENT, topics=("text.state",))
        await node.outward.office.make(silent, _WHO, "")

    async def _take(self, request: web.Request) -> web.Response:
        try:
            verified(self._keys, request.headers, await request.content.read(LARGEST), now())
        except Refused:
            return web.Response(status=401)
        self.heard += 1
        return web.Response(status=204)
