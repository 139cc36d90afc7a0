"""Texts that citizens send to a number of ours, as a message centre hands them over.

A text is acknowledged when ``on_text`` has taken it; what cannot be taken now the centre delivers again, and so it does
what a bug of ours fails at (the log says where, without its words). A part of a longer text is acknowledged at once and
kept in memory until the others have come: the centre would not send them otherwise. When a connection broke, the
centre may deliver again what we had taken: the same text then gets the same id, by which who takes it knows it. After a
crash of ours nobody knows that any more, and it may be there twice: rather that than not at all.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import time
import traceback
import unicodedata
from collections import OrderedDict
from typing import Final

from channels import smpp_pdu as pdu
from channels.contract import OnText
from channels.smpp_join import MISSING, Joiner, Key, piece_of
from channels.smpp_parts import Form, decoded
from core import metrics
from core.errors import MinwonError
from core.log import get_logger
from core.phone_numbers import normalised

log = get_logger("channels.smpp")

_TAKEN: Final = 1000
"""Texts that are known again when they are delivered again."""
_AGAIN_S: Final = 300.0
"""So long after a new bind."""
_SWEEP_S: Final = 60.0


class Incoming:
    """One for a gateway."""

    def __init__(self, form: Form, on_text: OnText | None) -> None:
        """Without ``on_text`` texts are refused for good, and counted."""
        self._form = form
        self._on_text = on_text
        self._joiner = Joiner()
        self._taken: OrderedDict[str, tuple[float, str]] = OrderedDict()

    async def run(self) -> None:
        """Hands on what stayed in pieces; until cancelled."""
        while True:
            await asyncio.sleep(_SWEEP_S)
            for (number, to, coding), parts in self._joiner.overdue(time.monotonic()):
                text = "".join(MISSING if part is None else decoded(part, coding, self._form) for part in parts)
                await self._hand_on(number, to, text, time.monotonic())

    async def take(self, deliver: pdu.Deliver, bound_at: float) -> int:
        """The command_status for the centre. ``bound_at``: since when this connection stands."""
        number = normalised(deliver.source)
        if not number or self._on_text is None:
            log.warning("smpp.text_refused", why="nobody takes texts" if number else "it comes from no number")
            metrics.SMPP_TEXTS.labels(result="refused").inc()
            return pdu.RX_P_APPN
        key: Key = (number, deliver.destination, deliver.data_coding)
        piece = piece_of(deliver)
        whole = self._joiner.add(key, piece, time.monotonic())
        if whole is None:
            metrics.SMPP_TEXTS.labels(result="part").inc()
            return pdu.ROK
        text = "".join(decoded(part, deliver.data_coding, self._form) for part in whole)
        if not await self._hand_on(number, deliver.destination, text, bound_at):
            return pdu.RX_T_APPN
        self._joiner.done(key, piece)
        return pdu.ROK

    async def _hand_on(self, number: str, to: str, text: str, bound_at: float) -> bool:
        assert self._on_text is not None
        written = unicodedata.normalize("NFC", text.replace("\0", ""))
        digest = hashlib.sha256(f"{number}\0{to}\0{written}".encode()).hexdigest()
        at, reference = self._taken.pop(digest, (0.0, ""))
        now = time.monotonic()
        if not reference or not at < bound_at < now < bound_at + _AGAIN_S:
            reference = f"smpp-{secrets.token_hex(8)}"
        try:
            await self._on_text(number, to, written, reference)
        except MinwonError as fault:
            log.error("smpp.text_not_taken", code=fault.code, why=str(fault))
            metrics.SMPP_TEXTS.labels(result="later").inc()
            return False
        except Exception as fault:  # a bug with one text must not end the connection that the others come by
            # No message and no traceback: they may quote what was written.
            where = traceback.extract_tb(fault.__traceback__)[-1]
            log.error("smpp.text_bug", error=type(fault).__name__, where=f"{where.filename}:{where.lineno}")
            metrics.SMPP_TEXTS.labels(result="bug").inc()
            return False
        self._taken[digest] = now, reference
        if len(self._taken) > _TAKEN:
            self._taken.popitem(last=False)
        metrics.SMPP_TEXTS.labels(result="taken").inc()
        return True
