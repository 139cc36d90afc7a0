"""What fits into a text message of Korea: characters, bytes, kinds. Pure.

Korean carriers carry EUC-KR with Microsoft's extension (CP949: all 11,172 syllables): a Hangul syllable, a Hanja or a
full-width sign takes 2 bytes, ASCII 1. Up to 90 bytes is an SMS, up to 2000 an LMS with a title of up to 40. Gateways
cut what is longer and fail on what the encoding lacks, so neither may reach them:

* signs that it lacks are written otherwise ('–' as '-', 'é' as 'e'), decoration such as emoji is left out;
* letters that it lacks (simplified Chinese, Thai) have no such way: ``BadInput`` names the first;
* too long is ``BadInput``, with the length. Nothing is cut: half a link or half an address is worse than a refusal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from channels.contract import Kind
from core.errors import BadInput

SMS_BYTES: Final = 90
LMS_BYTES: Final = 2000
SUBJECT_BYTES: Final = 40
_ENCODING: Final = "cp949"

_OTHERWISE: Final = {
    # Typography. The euro and (R) are in the newest KS X 1001 only; older carriers' tables lack them.
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("‚‛", "'"),
    **dict.fromkeys("„‟«»", '"'),
    **dict.fromkeys("•‣◦∙", "·"),
    "₩": "원",
    "€": "EUR",
    "®": "(R)",
    "\r": "",
    "\t": " ",
    # Letters without a decomposition: Vietnamese, Mongolian as it is typed on a Russian keyboard.
    "đ": "d",
    "Đ": "D",
    "ө": "о",
    "Ө": "О",
    "ү": "у",
    "Ү": "У",
}
_FIELD: Final = re.compile(r"\{([a-z_]+)\}")
_LINK: Final = re.compile(r"https?://")
_BLANKS: Final = re.compile(r"[^\S\n]+")
_MORE: Final = "..."


def writable(text: str) -> str:
    """The same text in characters that a message can carry. Unchanged if it already is, so it may be applied twice.

    Raises ``BadInput`` ('message_unwritable') for a letter that has no other way.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    return _BLANKS.sub(" ", "".join(map(written, text))).strip()


def written(sign: str) -> str:
    """What one sign becomes: itself, another way of writing it, or "" for decoration. Raises as :func:`writable`."""
    if sign in _OTHERWISE:
        return _OTHERWISE[sign]
    if sign == "\n" or (sign.isprintable() and _carried(sign)):
        return sign
    if sign.isspace():
        return " "
    plain = "".join(part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part))
    if plain not in {sign, ""} and plain.isprintable() and _carried(plain):
        return plain
    if unicodedata.category(sign)[0] in "LN":
        raise BadInput(
            f"a text message cannot carry the letter '{sign}': write it in Korean or English", code="message_unwritable"
        )
    return ""


def _carried(text: str) -> bool:
    try:
        text.encode(_ENCODING)
    except UnicodeEncodeError:
        return False
    return True


def byte_length(text: str) -> int:
    """Bytes of a :func:`writable` text as the carriers count them."""
    return len(text.encode(_ENCODING))


def kind_of(text: str) -> Kind:
    """'sms' or 'lms'. Raises ``BadInput`` ('message_too_long') beyond 2000 bytes."""
    length = byte_length(text)
    if length > LMS_BYTES:
        raise BadInput(f"the text has {length} bytes of at most {LMS_BYTES}: shorten it", code="message_too_long")
    return "sms" if length <= SMS_BYTES else "lms"


def subject_of(text: str) -> str:
    """Title of an LMS: the text's first line up to a link, cut behind a word when it has more than 40 bytes.

    '' when the text begins with a link: half a link in a title leads nowhere, and a whole one is a secret.
    """
    return shortened(_LINK.split(text.strip().partition("\n")[0])[0].rstrip(), SUBJECT_BYTES)


def titled(subject: str) -> str:
    """A title that somebody has written, as it is carried. ``BadInput``: 'message_unwritable', 'message_title_long'."""
    carried = writable(subject).replace("\n", " ")
    if (length := byte_length(carried)) > SUBJECT_BYTES:
        raise BadInput(
            f"the title has {length} bytes of at most {SUBJECT_BYTES}: shorten it", code="message_title_long"
        )
    return carried


def shortened(text: str, limit: int) -> str:
    """At most ``limit`` bytes: cut behind the last whole word, or within it where it is the only one, and '...'."""
    if byte_length(text) <= limit:
        return text
    room = limit - len(_MORE)
    kept = text.encode(_ENCODING)[:room].decode(_ENCODING, "ignore")
    if text[len(kept)] != " ":
        kept = kept.rpartition(" ")[0] or kept
    return kept.rstrip() + _MORE


def filled(template: str, values: Mapping[str, str]) -> str:
    """The template with ``{link}``, ``{centre}``, ``{department}``, ``{phone}`` ... filled in; values as they are.

    Raises ``BadInput`` ('message_field') for a field without a value: a caller must never read '{link}'.
    """

    def value(field: re.Match[str]) -> str:
        try:
            return values[field[1]]
        except KeyError:
            known = ", ".join(f"{{{name}}}" for name in sorted(values))
            raise BadInput(f"the message's field {field[0]} is unknown; known: {known}", code="message_field") from None

    return _FIELD.sub(value, template)
