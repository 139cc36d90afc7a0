"""What a message centre's command_status means for a text (SMPP 3.4, 5.1.3). Pure."""

from __future__ import annotations

from typing import Final, Literal

from channels.reasons import in_words

Meaning = Literal["taken", "throttled", "later", "refused"]

_THROTTLED: Final = frozenset({0x14, 0x58})
"""ESME_RMSGQFUL, ESME_RTHROTTLED."""
_LATER: Final = frozenset({0x04, 0x08, 0x64, 0xFE})
"""Not bound as it should be, system error, temporary application error, delivery failure: will pass by itself."""
_WORDS: Final = {
    **dict.fromkeys((0x0A, 0x48, 0x49), "sender_not_registered"),
    **dict.fromkeys((0x0B, 0x50, 0x51), "no_subscriber"),
    **dict.fromkeys((0x0D, 0x0E, 0x0F), "not_allowed"),
    **dict.fromkeys((0x15, 0x53), "no_service"),
    **dict.fromkeys((0x45, 0x66), "not_delivered"),
    0x65: "rejected",
}
_BINDS: Final = {
    0x05: "it says that we are bound already: another node uses this system_id, or our old connection lives on",
    0x0D: "it refuses the bind: ask its operator whether this machine's address and bind mode are allowed",
    0x0E: "it refuses the password: look at smpp.password_file",
    0x0F: "it does not know smpp.system_id",
    0x53: "it refuses smpp.system_type",
}


def meaning(status: int) -> Meaning:
    """Of a submit_sm_resp."""
    if status == 0:
        return "taken"
    if status in _THROTTLED:
        return "throttled"
    return "later" if status in _LATER else "refused"


def reason(status: int) -> str:
    """Why it was refused, in words for the agent, with the code for the engineer."""
    return in_words(_WORDS.get(status, "bad_request"), f"{status:X}")


def bind_refusal(status: int) -> str:
    """Why there is no bind, for the engineer."""
    return _BINDS.get(status, f"it refuses the bind with command_status 0x{status:08X}")
