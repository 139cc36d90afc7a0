"""From what is to be said to a ``Message`` that can be sent. Pure."""

from __future__ import annotations

from datetime import datetime

from channels.contract import Message
from channels.sms_text import kind_of, writable
from core.errors import BadInput
from core.phone_numbers import is_mobile, normalised


def composed(
    *, message_id: str, to: str, text: str, at: datetime, secrets: tuple[str, ...] = (), call_id: str = "", by: str = ""
) -> Message:
    """A message with its number normalised, its text in what a message can carry, its kind told by its length.

    Raises ``BadInput`` with a code that the desk has words for: 'not_a_mobile', 'message_empty', 'message_unwritable',
    'message_too_long'.
    """
    number = normalised(to)
    if not is_mobile(number):
        raise BadInput("this is no mobile number: text messages reach 010, 011 and 016 to 019", code="not_a_mobile")
    carried = writable(text)
    if not carried:
        raise BadInput("the message is empty: write a text", code="message_empty")
    for secret in secrets:
        # A secret that was rewritten would be kept as it stands; links are ASCII, so this is a bug of ours.
        assert secret, "an empty secret is in every text"
        assert secret in carried, "the secret is not in the text, or not in characters that a message can carry"
    return Message(
        message_id=message_id,
        to=number,
        text=carried,
        kind=kind_of(carried),
        secrets=secrets,
        call_id=call_id,
        by=by,
        at=at,
    )
