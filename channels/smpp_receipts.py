"""What a delivery receipt says. Pure.

Centres write receipts as text in the form of SMPP 3.4's appendix B, which is vendor specific ("id:... stat:DELIVRD
err:000 Text:..."), as optional parameters (receipted_message_id, message_state), or both; parameters win. Which
deliver_sm is a receipt the esm_class says (5.2.12); some centres forget it and send the parameters alone.
"""

from __future__ import annotations

import re
from typing import Final, Literal

import msgspec

from channels import smpp_pdu as pdu
from channels.contract import Receipt
from channels.reasons import in_words
from core.phone_numbers import normalised

Outcome = Literal["delivered", "failed", "underway"]
Ids = Literal["same", "decimal"]

_KINDS: Final = 0x3C
_RECEIPT: Final = 0x04
_INTERMEDIATE: Final = 0x20
_FIELD: Final = re.compile(r"\b(id|stat|err|text):(\S*)", re.IGNORECASE)
_STATES: Final = {1: "ENROUTE", 2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 6: "ACCEPTD", 8: "REJECTD"}
"""message_state (5.2.28) by the names of appendix B; 7 is UNKNOWN. What is not here is no end yet."""
_FAILED: Final = {
    "EXPIRED": "switched_off",
    "DELETED": "not_delivered",
    "UNDELIV": "not_delivered",
    "REJECTD": "rejected",
}
_CODE: Final = re.compile(r"[0-9A-Za-z]{1,8}")


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a centre says of one submission of ours."""

    message_id: str
    """The centre's id of it; '' = it gave none."""
    outcome: Outcome
    reason: str = ""
    """Why it failed, in words for the agent."""
    number: str = ""
    """Who it was for, as one dials at home; '' = unknown."""
    user_reference: int | None = None
    """Our own reference, where the centre brings it back."""
    begins: bytes = b""
    """The first octets of the text, where the centre brings them back."""


def report_of(deliver: pdu.Deliver) -> Report | None:
    """None when it is no receipt but a text."""
    kind = deliver.esm_class & _KINDS
    named = deliver.options.get(pdu.RECEIPTED_MESSAGE_ID)
    state = deliver.options.get(pdu.MESSAGE_STATE)
    if kind not in {_RECEIPT, _INTERMEDIATE} and not (named and state):
        return None
    fields, begins = _fields(deliver.body)
    word = _STATES.get(state[-1], "UNKNOWN") if state else fields.get("stat", "").upper()[:7]
    reference = deliver.options.get(pdu.USER_MESSAGE_REFERENCE)
    return Report(
        message_id=named.rstrip(b"\0").decode("latin-1") if named else fields.get("id", ""),
        outcome="underway" if kind == _INTERMEDIATE and word not in _FAILED else _outcome(word),
        reason=_reason(word, fields.get("err", "")),
        number=normalised(deliver.source),
        user_reference=int.from_bytes(reference, "big") if reference else None,
        begins=begins,
    )


def report_of_query(answer: pdu.Answer, message_id: str) -> Report:
    """What a query_sm_resp says."""
    word = _STATES.get(answer.state, "UNKNOWN")
    error = str(answer.error) if answer.error else ""
    return Report(message_id=message_id, outcome=_outcome(word), reason=_reason(word, error))


def receipt_of(report: Report, reference: str) -> Receipt:
    """The same for the messenger."""
    if report.outcome == "underway":
        return Receipt(state="sent", reference=reference)
    return Receipt(state=report.outcome, reference=reference, reason=report.reason)


def id_key(message_id: str, ids: Ids = "same") -> str:
    """By which a receipt's id is compared with that of the submission's answer.

    Centres pad with zeros, change case, and some answer in hexadecimal and report in decimal (``ids`` 'decimal', for
    the ids of receipts).
    """
    if ids == "decimal" and message_id.isascii() and message_id.isdigit():
        message_id = f"{int(message_id):x}"
    return message_id.lower().lstrip("0") or "0"


def _fields(body: bytes) -> tuple[dict[str, str], bytes]:
    """Fields by name; what stands behind 'Text:' as it is."""
    head, mark, tail = body, b"", b""
    at = body.lower().find(b"text:")
    if at >= 0:
        head, mark, tail = body[:at], b"text:", body[at + 5 :]
    fields = {name.lower(): value for name, value in _FIELD.findall(head.decode("latin-1"))}
    return fields, tail.rstrip(b"\0 ") if mark else b""


def _outcome(word: str) -> Outcome:
    """ACCEPTD is 'read by somebody for the subscriber' in the standard and 'we have it' with most centres: no end."""
    if word == "DELIVRD":
        return "delivered"
    return "failed" if word in _FAILED else "underway"


def _reason(word: str, error: str) -> str:
    if word not in _FAILED:
        return ""
    code = error if error.strip("0") and _CODE.fullmatch(error) else word
    return in_words(_FAILED[word], code)
