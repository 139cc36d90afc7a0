"""The last line of defence before a disk: no personal number is ever written, whatever came through.

``stt`` masks personal numbers before words leave its room. This check stands behind it for what never passed it: a
display name, a card, a text message, a gap in the masking. It knows written forms only, and only those that can hardly
be anything else. What leaves the call centre (exports, statistics, quotes) is also without telephone numbers and
addresses: :func:`without_contacts`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, Final

import msgspec

from core.check_digits import card_shaped
from core.contacts.addresses import addresses
from core.contacts.contact import NO_PLACES, Contact, Places
from core.contacts.phones import phones
from core.contacts.plates import REGIONS, plates
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
CARD: Final = re.compile(
    r"(?<![\dA-Za-z.])(?:[3-69]\d{3}([-. ]?)\d{4}\1\d{4}\1\d{4}|3[47]\d\d([- ]?)\d{6}\2\d{5})(?![\dA-Za-z])"
)
"""Sixteen or fifteen digits as on a card; its check digit must be right."""
LICENCE: Final = re.compile(
    rf"(?<![\d-])(?:1[1-9]|2[0-8])-\d\d-\d{{6}}-\d\d(?![\d-])|(?:{REGIONS})\s?\d\d-\d{{6}}-\d\d(?![\d-])"
)
PASSPORT: Final = re.compile(r"(?<![A-Za-z\d@/#_-])[MSRGD](?:\d{8}|\d{3}[A-Z]\d{4})(?![A-Za-z\d])")
_PERSONAL: Final[tuple[tuple[str, re.Pattern[str], str], ...]] = (
    ("resident_number", RESIDENT_NUMBER, MASK),
    ("card", CARD, "****-****-****-****"),
    ("driving_licence", LICENCE, "**-**-******-**"),
    ("passport", PASSPORT, "M********"),
)
PHONE_SHOWN: Final = "[전화]"
ADDRESS_SHOWN: Final = "[주소]"
PLATE_SHOWN: Final = "[차량번호]"
MAIL_SHOWN: Final = "[이메일]"
_MAIL: Final = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}")
LOOKED_AT: Final = 4000
"""Characters that are searched for contacts at once; longer texts are cut at blanks."""
_OURS: Final = frozenset(
    {
        *("type", "call_id", "utterance", "at", "since", "visit_id", "photo_id", "message_id", "callback_id", "screen"),
        *("alert_id", "rule_id", "issue_id", "entry_id", "agent_id", "contact_id", "text_id", "reply_to"),
    }
)


def without_personal_numbers(event: Event) -> Event:
    """The same event, or a copy with every personal number masked (and a transcript's words left out)."""
    line = to_json(event)
    text = line.decode()
    if not any(pattern.search(text) for _, pattern, _ in _PERSONAL):  # nearly always
        return event
    masked = from_json(msgspec.json.encode(_masked(msgspec.json.decode(line))))
    if isinstance(event, TranscriptFinal) and isinstance(masked, TranscriptFinal) and masked.text != event.text:
        kinds = tuple(dict.fromkeys((*event.masked, *_kinds(event.text))))
        silenced = event.silenced if event.typed else (*event.silenced, (event.start, event.end))
        return msgspec.structs.replace(masked, words=(), masked=kinds, silenced=silenced)
    return masked


def without_personal_number(text: str) -> str:
    """The same text with every personal number masked."""
    for _, pattern, mask in _PERSONAL:
        text = pattern.sub(_mask_of(mask), text)
    return text


def _mask_of(mask: str) -> Callable[[re.Match[str]], str]:
    return lambda found: mask if _is_personal(found) else found[0]


def _is_personal(found: re.Match[str]) -> bool:
    return found.re is not CARD or card_shaped("".join(char for char in found[0] if char.isdecimal()))


def _kinds(text: str) -> tuple[str, ...]:
    return tuple(kind for kind, pattern, _ in _PERSONAL if any(map(_is_personal, pattern.finditer(text))))


def without_contacts(text: str, places: Places = NO_PLACES) -> str:
    """The same text without telephone numbers, addresses, number plates, e-mail addresses and personal numbers.

    For whatever leaves the call centre or outlives the call: exports, statistics, gaps, quotes. ``places`` are the
    names of the city's own streets and districts, so that more of its addresses are known.
    """
    text = _MAIL.sub(MAIL_SHOWN, without_personal_number(unicodedata.normalize("NFC", text)))
    return "".join(_without_contacts(piece, places) for piece in _pieces(text))


def _without_contacts(text: str, places: Places) -> str:
    found: list[tuple[Contact, str]] = []
    for kind, contacts in (
        (PHONE_SHOWN, phones(text)),
        (ADDRESS_SHOWN, addresses(text, places)),
        (PLATE_SHOWN, plates(text)),
    ):
        found += [
            (new, kind)
            for new in contacts
            if all(new.end <= other.start or other.end <= new.start for other, _ in found)
        ]
    out, at = "", 0
    for contact, kind in sorted(found, key=lambda each: each[0].start):
        out += text[at : contact.start] + kind
        at = contact.end
    return out + text[at:]


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces that are quick to search."""
    while len(text) > LOOKED_AT:
        cut = text.rfind(" ", 1, LOOKED_AT)
        cut = cut if cut > 0 else LOOKED_AT
        yield text[:cut]
        text = text[cut:]
    yield text


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        return without_personal_number(value)
    if isinstance(value, list):
        return [_masked(inner) for inner in value]
    if isinstance(value, dict):
        return {key: inner if key in _OURS else _masked(inner) for key, inner in value.items()}
    return value
