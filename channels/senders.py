"""From which of our numbers a text goes: only from one that is registered. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.errors import Refused
from core.store.texting import SenderNumber


def usable(senders: Sequence[SenderNumber], today: date) -> list[SenderNumber]:
    """Those that are registered by today."""
    return [sender for sender in senders if sender.registered <= today]


def chosen(
    senders: Sequence[SenderNumber],
    today: date,
    *,
    wish: str = "",
    usual: str = "",
    department: str = "",
    queue: str = "",
) -> str:
    """The number that was wished, else the department's, else the queue's, else '' = ``usual``, the gateway's own.

    Raises ``Refused`` ('sender_unknown') for a wish that may not send.
    """
    ready = usable(senders, today)
    if wish and wish != usual:
        if wish not in {sender.number for sender in ready}:
            raise Refused("texts may not come from this number: it is not registered", code="sender_unknown")
        return wish
    if wish:
        return ""
    for sender in ready:
        if department and sender.department == department:
            return sender.number
    return next((sender.number for sender in ready if queue and sender.queue == queue), "")
