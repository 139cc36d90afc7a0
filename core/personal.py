"""The last line of defence before a disk: no resident number is ever written, whatever came through.

``stt`` masks personal numbers before words leave its room. This check stands behind it for what never passed it:
a display name, a card, a gap in the masking.
"""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from core.events import Event, TranscriptFinal, from_json, to_json

MASK: Final = "******-*******"
# Birthday, then sex and century, then the serial (주민등록번호, 외국인등록번호). The birthday must be one: thirteen
# digits of anything else may stay. People part the halves, and the birthday, with blanks, dots and dashes of all
# lengths; some write every digit apart.
_PARTS: Final = r"[-‐-—. ]"
RESIDENT_NUMBER: Final = re.compile(
    rf"(?<!\d)\d\d{_PARTS}?(?:0[1-9]|1[0-2]){_PARTS}?(?:0[1-9]|[12]\d|3[01]){_PARTS}{{0,3}}[1-8]{_PARTS}?\d{{6}}(?!\d)"
    r"|(?<!\d)(?<!\d )\d \d (?:0 [1-9]|1 [0-2]) (?:0 [1-9]|[12] \d|3 [01]) (?:- )?[1-8](?: \d){6}(?! ?\d)"
)
_OURS: Final = frozenset(
    {
        *("type", "call_id", "utterance", "at", "since", "visit_id", "photo_id", "message_id", "callback_id", "screen"),
        *("alert_id", "rule_id", "issue_id", "entry_id", "agent_id"),
    }
)


def without_resident_numbers(event: Event) -> Event:
    """The same event, or a copy with every resident number masked (and a transcript's words left out)."""
    line = to_json(event)
    if not RESIDENT_NUMBER.search(line.decode()):  # nearly always: one pass over a line that is needed anyway
        return event
    masked = from_json(msgspec.json.encode(_masked(msgspec.json.decode(line))))
    if isinstance(event, TranscriptFinal) and isinstance(masked, TranscriptFinal) and masked.text != event.text:
        kinds = tuple(dict.fromkeys((*event.masked, "resident_number")))
        return msgspec.structs.replace(masked, words=(), masked=kinds)
    return masked


def without_resident_number(text: str) -> str:
    """The same text with every resident number masked."""
    return RESIDENT_NUMBER.sub(MASK, text)


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return without_resident_number(value)
    if isinstance(value, list):
        return [_masked(inner) for inner in value]
    if isinstance(value, dict):
        return {key: inner if key in _OURS else _masked(inner) for key, inner in value.items()}
    return value
