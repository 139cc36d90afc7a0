"""Where gateways deliver what people write (``channels.inbox.routes``)."""

from __future__ import annotations

from typing import Final

from channels.inbox.ours import TextIn
from channels.inbox.routes import HookFault, Taken
from server.api.routes import Answer, Route

HOOKS: Final = (
    Route(
        method="POST",
        path="/hooks/texts/{gateway}",
        id="textIn",
        summary="A text or pictures of somebody, by a signed webhook (docs/texts-in.md); the body is that of 'minwon'.",
        tag="hooks",
        sends=TextIn,
        answers={
            200: Answer("It is kept, or was before.", Taken),
            204: Answer("Signed, and nothing for us."),
            400: Answer("Signed, and cannot be read: `malformed`, `no_words`, `id_reused`, `slow`.", HookFault),
            401: Answer("Not signed by the gateway (`signature`), or too old (`clock`).", HookFault),
            404: Answer("There is no such gateway, or no secret for it.", HookFault),
            413: Answer("Larger than `inbox.most_mb` (`too_large`), or a text that is too long.", HookFault),
            429: Answer("Too many from this address: come again later (Retry-After).", HookFault),
            503: Answer("It cannot be kept now: come again later (Retry-After).", HookFault),
        },
    ),
)
