"""What Naver Cloud SENS answers, and what it means for a message. Pure.

Fields and HTTP statuses as in its SMS API v2 (api-gov.ncloud-docs.com: sens-sms-send, sens-sms-list, sens-sms-get).
The carriers' result codes (``statusCode`` of a completed message) come from the carriers' relay and are not part of
that reference; those that are known here only choose better words, any other has failed just the same.
"""

from __future__ import annotations

import re
from typing import Final, TypeVar

import msgspec

from channels.contract import Receipt
from channels.reasons import in_words
from core.errors import GatewayFault

T = TypeVar("T")


class Accepted(msgspec.Struct, frozen=True, rename="camel"):
    """Answer to a POST of messages."""

    request_id: str | None = None
    """Given when it was taken."""
    status_code: str | None = None
    """'202' when it was."""


class Entry(msgspec.Struct, frozen=True, rename="camel"):
    """One message of a list; what is not known yet may be null."""

    request_id: str | None = None
    """The POST that it came with."""
    message_id: str | None = None
    """Its own id."""
    to: str | None = None
    """Digits."""
    content: str | None = None
    """Its text, when it is asked for by its own id."""
    status: str | None = None
    """READY, PROCESSING, COMPLETED."""
    status_code: str | None = None
    """The carrier's result, '0' = delivered."""
    status_name: str | None = None
    """'success' or 'fail' once completed."""


class Page(msgspec.Struct, frozen=True):
    """Answer to a GET of messages."""

    messages: tuple[Entry, ...] = ()
    """Newest first."""


_REFERENCE: Final = re.compile(r"[A-Za-z0-9:_.-]{1,128}")
_CODE: Final = re.compile(r"[0-9A-Za-z]{1,8}")

_REFUSALS: Final = {401: "not_allowed", 403: "not_allowed", 404: "no_service"}
_BUSY: Final = frozenset({408, 425, 429})
_RESULTS: Final = {
    **dict.fromkeys(("2003", "2005"), "switched_off"),
    **dict.fromkeys(("2004", "2007"), "phone_full"),
    **dict.fromkeys(("3001", "3003"), "no_subscriber"),
    "3004": "suspended",
    **dict.fromkeys(("3006", "3012", "3013"), "rejected"),
    **dict.fromkeys(("3017", "3018", "3019", "3023"), "sender_not_registered"),
    **dict.fromkeys(("3009", "3022"), "unwritable"),
}


def of_sending(status: int, body: bytes) -> Receipt:
    """What a POST's answer means. Raises ``GatewayFault`` where trying again may help."""
    busy(status)
    if status >= 300:
        # Redirects too: they mean that sms.url is not SENS.
        name = "no_service" if status < 400 else _REFUSALS.get(status, "bad_request")
        return Receipt(state="failed", reason=in_words(name, str(status)))
    accepted = read(body, Accepted)
    if accepted.status_code != "202":
        return Receipt(state="failed", reason=in_words("bad_request", _code(accepted.status_code)))
    if not (reference := usable(accepted.request_id)):
        raise GatewayFault("the message gateway took a message and gave no id that can be used")
    return Receipt(state="sent", reference=reference)


def of_delivery(status: int, body: bytes, reference: str) -> Receipt:
    """What a GET by the request's id means. Raises ``GatewayFault`` where asking again may help: nearly always."""
    entries = [entry for entry in listed(status, body) if entry.request_id == reference]
    if not entries or entries[0].status != "COMPLETED":
        return Receipt(state="sent", reference=reference)
    entry = entries[0]
    if entry.status_name == "success" or entry.status_code == "0":
        return Receipt(state="delivered", reference=reference)
    name = _RESULTS.get(entry.status_code or "", "not_delivered")
    return Receipt(state="failed", reference=reference, reason=in_words(name, _code(entry.status_code)))


def listed(status: int, body: bytes) -> tuple[Entry, ...]:
    """The messages of a GET's answer; none for 404. Raises ``GatewayFault`` for any other refusal."""
    busy(status)
    if status == 404:
        return ()
    if status >= 300:
        raise GatewayFault(f"the message gateway refuses to tell about messages (HTTP {status}): see docs/messages.md")
    return read(body, Page).messages


def usable(reference: str | None) -> str:
    """An id that came from the network, if it may be kept and put into an address; else ''."""
    return reference if reference and _REFERENCE.fullmatch(reference) else ""


def busy(status: int) -> None:
    """Raise ``GatewayFault`` for what will pass by itself."""
    if status >= 500 or status in _BUSY:
        raise GatewayFault(f"the message gateway is busy (HTTP {status})")


def read(body: bytes, kind: type[T]) -> T:
    """The answer's JSON. Raises ``GatewayFault`` for anything else: a proxy's page, half an answer."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.DecodeError as fault:
        raise GatewayFault("the message gateway answers what is not SENS: is sms.url right?") from fault


def _code(code: str | None) -> str:
    return code if code and _CODE.fullmatch(code) else ""
