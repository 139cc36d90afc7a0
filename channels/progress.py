"""How far a message is: what each answer and each fault of a gateway makes of its record. Pure.

queued ──────────────► sent ──────────► delivered
   │  └─(tries, pauses)  │ (asked, less and less often, for a day)
   └──────► failed ◄─────┘
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from msgspec.structs import replace

from channels.contract import Message, Receipt
from channels.reasons import in_words
from core.errors import IllegalStep
from core.events import MessageState
from core.store.messages import MessageRecord

PAUSES_S: Final = (2.0, 6.0, 20.0, 60.0, 180.0)
"""After the first try, the second ...: six tries within five to seven minutes. A call rarely lasts longer."""
_JITTER: Final = 0.5
"""A pause is longer by up to this part of it, so that what failed together does not come back together."""
LATEST: Final = timedelta(hours=1)
"""What could not be sent until then (a node that was down) is not sent any more: it would only puzzle the caller."""
FIRST_QUESTION_S: Final = 3.0
FIRST_QUESTION_TOLD_S: Final = 60.0
"""The same where the gateway tells by itself: a question is then for what it forgot."""
_LAST_QUESTION_S: Final = 3600.0
WATCHED: Final = timedelta(days=1)
"""So long the delivery is asked for. Carriers keep a message for a phone that is switched off for one to three days."""

_STEPS: Final[dict[MessageState, frozenset[MessageState]]] = {
    "queued": frozenset({"sent", "delivered", "failed"}),
    "sent": frozenset({"sent", "delivered", "failed"}),
    "delivered": frozenset(),
    "failed": frozenset(),
}


def queued(message: Message) -> MessageRecord:
    """The record of a message that was just taken."""
    return MessageRecord(
        message_id=message.message_id,
        to=message.to,
        text=message.kept,
        kind=message.kind,
        call_id=message.call_id,
        by=message.by,
        sender=message.sender,
        entry_id=message.entry_id,
        purpose=message.purpose,
        subject=message.subject,
        at=message.at,
        next_at=message.at,
        blanked=bool(message.secrets),
    )


def refused(message: Message, reason: str) -> MessageRecord:
    """The record of a message that waited until it was not to be sent any more."""
    return replace(queued(message), state="failed", reason=reason, next_at=None)


def begun(record: MessageRecord, now: datetime) -> MessageRecord:
    """A try begins; until its answer nobody knows what becomes of it."""
    return replace(record, tries=record.tries + 1, tried=record.tried or now)


def received(
    record: MessageRecord, receipt: Receipt, now: datetime, *, first_s: float = FIRST_QUESTION_S
) -> MessageRecord:
    """The gateway said something; ``first_s``: how long until it is asked for the delivery.

    Raises ``IllegalStep`` for what it cannot say of a message in this state.
    """
    if receipt.state not in _STEPS[record.state]:
        raise IllegalStep("message", record.state, receipt.state)
    known = replace(record, state=receipt.state, reference=receipt.reference or record.reference)
    if receipt.state == "sent":
        return _asked_again(known, now, first_s)
    return replace(known, reason=receipt.reason, next_at=None, tried=None)


def faulted(record: MessageRecord, now: datetime, luck: float, *, first_s: float = FIRST_QUESTION_S) -> MessageRecord:
    """The gateway did not answer, or is busy. ``luck`` (0..1) makes the pause."""
    if record.state == "sent":
        return _asked_again(record, now, first_s)
    if record.tries > len(PAUSES_S):
        return _failed(record, "unreachable")
    pause_s = PAUSES_S[record.tries - 1] * (1 + _JITTER * luck)
    return replace(record, next_at=now + timedelta(seconds=pause_s))


def resumed(record: MessageRecord, now: datetime) -> MessageRecord:
    """A node that starts anew finds this record with something left to do."""
    if record.state != "queued":
        return record
    if record.blanked:
        return _failed(record, "restarted")
    return _failed(record, "too_late") if now - record.at > LATEST else record


def unwatched(record: MessageRecord) -> MessageRecord:
    """Sent, and nobody asks any more what became of it."""
    return replace(record, reason=in_words("no_report"), next_at=None, tried=None)


def _asked_again(record: MessageRecord, now: datetime, first_s: float) -> MessageRecord:
    age = now - record.at
    if age > WATCHED:
        return unwatched(record)
    # Half of its age: most arrive within seconds, the rest when somebody switches a phone on.
    pause_s = min(max(first_s, age.total_seconds() / 2), _LAST_QUESTION_S)
    return replace(record, next_at=now + timedelta(seconds=pause_s), tried=None)


def _failed(record: MessageRecord, reason: str) -> MessageRecord:
    return replace(record, state="failed", reason=in_words(reason), next_at=None, tried=None)
