"""What a message centre has of ours, by its own ids: which receipt belongs to which message. Pure.

A message is one submission or, when it is long, several; it has arrived when all have, and failed when one has. Its
reference names all of them. Receipts may come before the answer to the submission, twice, in any order, for what we
never sent, or, after a broken connection, for what we sent and never got an answer for: those that nobody knows yet
are kept, up to ``EARLY``, and found again by id or by whom they were for.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final, Literal
from urllib.parse import quote, unquote

from msgspec.structs import replace

from channels.contract import Receipt
from channels.smpp_receipts import Ids, Report, id_key, receipt_of

EARLY: Final = 10_000
"""Reports of what nobody knows yet; of more the oldest is given up."""
KNOWN: Final = 50_000
"""Submissions whose end is waited for; of more the oldest message is forgotten, and is asked for if at all."""
ENDED: Final = 10_000
"""Ids whose end is known, so that a second receipt is known for one."""
_MANY: Final = ","

Kind = Literal["known", "backlog", "early", "twice"]
"""'backlog' = known, of a message that was handed over by an earlier connection than this."""


def reference_of(ids: tuple[str, ...]) -> str:
    """One reference for all submissions of a message; only signs that may be kept and logged."""
    return _MANY.join(quote(each, safe=":@") for each in ids)


def ids_of(reference: str) -> tuple[str, ...]:
    """The other way."""
    return tuple(unquote(each) for each in reference.split(_MANY))


class _Whole:
    """A message and those of its submissions whose end is not known."""

    __slots__ = ("connection", "reference", "waits")

    def __init__(self, reference: str, waits: set[str], connection: int) -> None:
        self.reference = reference
        self.waits = waits
        self.connection = connection


class Book:
    """One for a centre. ``ids``: see :func:`channels.smpp_receipts.id_key`."""

    def __init__(self, ids: Ids = "same", *, early: int = EARLY, known: int = KNOWN, ended: int = ENDED) -> None:
        self._ids = ids
        self._most_early = early
        self._most_known = known
        self._most_ended = ended
        self._wholes: dict[str, _Whole] = {}
        self._early: OrderedDict[str, Report] = OrderedDict()
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._ends: OrderedDict[str, Receipt] = OrderedDict()
        self.dropped = 0
        """Early reports that found no room."""

    def __len__(self) -> int:
        """Submissions whose end is not known."""
        return len(self._wholes)

    def key(self, report: Report) -> str:
        """By which a report is told from others, and :func:`id_key` of the submission's answer is the same."""
        return id_key(report.message_id, self._ids)

    def knows(self, message_id: str) -> bool:
        """A submission of this id has no end yet."""
        return id_key(message_id) in self._wholes

    def unknown(self, report: Report) -> bool:
        """It was heard, maybe twice, and nobody knows its message yet."""
        return self.key(report) in self._early

    def waits(self, reference: str) -> tuple[str, ...]:
        """Those ids of a message whose end is not known."""
        return tuple(each for each in ids_of(reference) if id_key(each) in self._wholes)

    def expects(self, reference: str, connection: int = 0) -> Receipt | None:
        """From now on its receipts are known; its end when they came before. What is known already stays as it is.

        ``connection``: the how manieth to this centre handed it over; 0 = one of an earlier node.
        """
        if (receipt := self._ends.get(reference)) is not None:
            return receipt
        keys = {id_key(each) for each in ids_of(reference)}
        if not any(key in self._wholes for key in keys):
            whole = _Whole(reference, keys, connection)
            self._wholes.update(dict.fromkeys(keys, whole))
            self._forget_oldest()
        for key in sorted(keys):
            if (report := self._early.pop(key, None)) is not None and (receipt := self._noted(key, report)) is not None:
                return receipt
        return None

    def heard(self, report: Report, connection: int = 0) -> tuple[Kind, Receipt | None]:
        """A receipt came by this connection: whether it was known, and the message's end if this is it."""
        key = self.key(report)
        if key in self._wholes:
            kind: Kind = "known" if self._wholes[key].connection == connection else "backlog"
            return kind, self._noted(key, report)
        if key in self._ended:
            return "twice", None
        twice = key in self._early
        if not twice or report.outcome != "underway":
            self._early[key] = report
        if len(self._early) > self._most_early:
            self._early.popitem(last=False)
            self.dropped += 1
        return ("twice" if twice else "early"), None

    def answered(self, report: Report) -> Receipt | None:
        """A question was answered; its id is as in the submission's answer."""
        key = id_key(report.message_id)
        return self._noted(key, report) if key in self._wholes else None

    def found(self, number: str, user_reference: int, body: bytes) -> Report | None:
        """The early report of a submission that never got an answer, with the id as the submission's answer has it.

        It is told by whom it was for and our own reference; where the centre does not bring that back, by the first
        octets of its text, if only one fits.
        """
        mine = {key: each for key, each in self._early.items() if each.number == number}
        named = [key for key, each in mine.items() if each.user_reference == user_reference]
        if not named:
            begun = [key for key, each in mine.items() if each.user_reference is None and _begins(each, body)]
            named = begun if len(begun) == 1 else []
        if not named:
            return None
        report = mine[named[0]]
        return report if self._ids == "same" else replace(report, message_id=named[0])

    def _forget_oldest(self) -> None:
        while len(self._wholes) > self._most_known:
            for key in next(iter(self._wholes.values())).waits:
                del self._wholes[key]

    def _noted(self, key: str, report: Report) -> Receipt | None:
        if report.outcome == "underway":
            return None
        whole = self._wholes.pop(key)
        whole.waits.discard(key)
        self._end(key)
        if report.outcome == "failed":
            for other in whole.waits:
                del self._wholes[other]
                self._end(other)
        elif whole.waits:
            return None
        receipt = self._ends[whole.reference] = receipt_of(report, whole.reference)
        if len(self._ends) > self._most_ended:
            self._ends.popitem(last=False)
        return receipt

    def _end(self, key: str) -> None:
        self._ended[key] = None
        if len(self._ended) > self._most_ended:
            self._ended.popitem(last=False)


def _begins(report: Report, body: bytes) -> bool:
    return bool(report.begins) and body.startswith(report.begins)
