"""How a text would arrive, before it is sent: bytes, kind, title, what becomes of its signs, where it would be cut."""

from __future__ import annotations

from agent_assist.admin.house import TextSize
from agent_assist.desk_texts import SignChange, TextLook
from channels.carried import changes, places_of_cuts
from channels.contract import Kind
from channels.fields import unfilled
from channels.sms_text import LMS_BYTES, SMS_BYTES, byte_length, kind_of, subject_of, titled, writable
from core.errors import BadInput


def size_of(text: str) -> TextSize:
    """How long a message is as it would be sent. ``BadInput`` when it cannot be carried."""
    carried = writable(text)
    return TextSize(bytes=byte_length(carried), kind=kind_of(carried), limit=LMS_BYTES)


def look_at(text: str, subject: str = "") -> TextLook:
    """All of it, with her title or the usual one; what keeps it from being sent is ``fault``, nothing is raised."""
    told = tuple(
        SignChange(start=change.start, end=change.end, sign=change.sign, fate=change.fate, becomes=change.becomes)
        for change in changes(text)
    )
    missing = tuple(unfilled(f"{text}{subject}"))
    try:
        carried = writable(text)
        subject = writable(subject)
    except BadInput as wrong:
        return TextLook(carried="", changes=told, unfilled=missing, fault=wrong.code)
    length = byte_length(carried)
    kind: Kind = "sms" if length <= SMS_BYTES else "lms"
    sms_end, lms_end = places_of_cuts(carried)
    return TextLook(
        carried=carried,
        bytes=length,
        kind=kind,
        limit=LMS_BYTES,
        subject=(title := (subject or subject_of(carried)) if kind == "lms" else ""),
        subject_bytes=byte_length(title),
        sms_end=sms_end,
        lms_end=lms_end,
        changes=told,
        unfilled=missing,
        fault=_fault(carried, missing, title),
    )


def _fault(carried: str, missing: tuple[str, ...], title: str) -> str:
    if not carried:
        return "message_empty"
    try:
        kind_of(carried)
        titled(title)
    except BadInput as wrong:
        return wrong.code
    return "message_field" if missing else ""
