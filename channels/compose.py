"""From what is to be said to a ``Message``. Pure."""

from __future__ import annotations

from datetime import datetime

from channels.contract import Message


def message(
    *, message_id: str, to: str, text: str, at: datetime, secrets: tuple[str, ...] = (), call_id: str = "", by: str = ""
) -> Message:
    """A message that can be sent: number normalised, text in what EUC-KR can hold, its kind told by its length.

    Raises ``BadInput`` with a code: 'not_a_mobile', 'message_empty', 'message_too_long'.
    """
    raise NotImplementedError
