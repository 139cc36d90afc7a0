"""What draft-ietf-vcon-vcon-core-04 demands of an unsigned vCon, read off its sections; not off our own shapes."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final
from uuid import UUID

TOP: Final = {
    "vcon", "uuid", "extensions", "critical", "created_at", "updated_at", "subject", "redacted", "amended",
    "parties", "dialog", "analysis", "attachments",
}  # fmt: skip
PARTY: Final = {
    "tel", "sip", "stir", "mailto", "name", "did", "validation", "gmlpos", "civicaddress", "uuid", "type",
    "org", "dept",
}  # fmt: skip
FILE: Final = {"mediatype", "filename", "body", "encoding", "url", "content_hash"}
COMMON: Final = {"type", "start", "duration", "application"}
SESSION: Final = {"session_id", "party_history"}
OF_TYPE: Final = {
    "recording": COMMON | SESSION | FILE | {"parties", "originator", "recording_set", "message_id"},
    "text": COMMON | SESSION | FILE | {"parties", "originator", "message_id"},
    "transfer": COMMON | {"transferee", "transferor", "transfer_target", "original", "consultation", "target_dialog"},
    "incomplete": COMMON | SESSION | {"parties", "originator", "disposition"},
}
DISPOSITIONS: Final = {"no-answer", "congestion", "failed", "busy", "hung-up", "voicemail-no-message"}
EVENTS: Final = {"join", "drop", "hold", "unhold", "mute", "unmute", "keydown", "keyup"}
ANALYSIS: Final = FILE | {"type", "dialog", "attachment", "vendor", "product", "schema"}
ATTACHMENT: Final = FILE | {"purpose", "start", "party", "dialog"}


def require(vcon: dict[str, Any]) -> None:
    """``AssertionError`` for the first rule that is broken."""
    assert set(vcon) <= TOP, set(vcon) - TOP
    assert vcon.get("vcon", "0.4.0") == "0.4.0"
    assert UUID(vcon["uuid"]).version == 8
    _date(vcon["created_at"])
    assert not ("redacted" in vcon and "amended" in vcon)
    assert isinstance(vcon.get("redacted", {"type": ""})["type"], str)
    parties, dialogs = vcon["parties"], vcon["dialog"]
    for party in parties:
        assert set(party) <= PARTY and all(isinstance(value, str) for value in party.values())
        assert "name" not in party or party.get("type") != "person" or "validation" in party  # SHOULD, 4.2.7
        assert not party.get("tel") or re.fullmatch(r"tel:[0-9]+;phone-context=\+82|tel:\+[0-9]+", party["tel"])
    for dialog in dialogs:
        _dialog(dialog, len(parties), len(dialogs))
    for attachment in vcon.get("attachments", []):
        assert set(attachment) <= ATTACHMENT and {"start", "party", "dialog"} <= set(attachment)
        assert attachment["party"] < len(parties) and attachment["dialog"] < len(dialogs)
        _date(attachment["start"])
        _file(attachment)
    for analysis in vcon.get("analysis", []):
        assert set(analysis) <= ANALYSIS and {"type", "vendor"} <= set(analysis)
        assert all(place < len(dialogs) for place in analysis["dialog"])
        _file(analysis)


def _dialog(dialog: dict[str, Any], parties: int, dialogs: int) -> None:
    kind = dialog["type"]
    assert set(dialog) <= OF_TYPE[kind], set(dialog) - OF_TYPE[kind]
    _date(dialog["start"])
    assert dialog.get("duration", 0) >= 0
    assert all(place < parties for place in dialog.get("parties", []))
    for name in ("transferee", "transferor", "transfer_target"):
        assert dialog.get(name, 0) < parties
    if "original" in dialog:
        assert dialog["original"] < dialogs
    if kind == "incomplete":
        assert dialog["disposition"] in DISPOSITIONS
    for event in dialog.get("party_history", []):
        assert set(event) == {"party", "time", "event"} and event["event"] in EVENTS and event["party"] < parties
        _date(event["time"])
    _file(dialog)


def _file(one: dict[str, Any]) -> None:
    """Sections 2.3 and 2.4."""
    inline, elsewhere = "body" in one, "url" in one
    assert not (inline and elsewhere)
    assert inline == ("encoding" in one) and elsewhere == ("content_hash" in one)
    if inline:
        assert "/" in one["mediatype"]
        assert one["encoding"] in ("json", "none", "base64url")
        assert one["encoding"] == "json" or isinstance(one["body"], str)
    if one.get("encoding") == "base64url":
        assert re.fullmatch(r"[A-Za-z0-9_-]*", one["body"])
    if elsewhere:
        assert one["url"].startswith("https://")
        assert re.fullmatch(r"sha512-[A-Za-z0-9_-]{86}", one["content_hash"])


def _date(text: str) -> None:
    """RFC 3339, with its zone."""
    assert datetime.fromisoformat(text).tzinfo is not None
