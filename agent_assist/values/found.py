"""Everything in an utterance that fits into a field of a form, in the order in which it was said."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterator
from typing import Final

from agent_assist.values.candidate import Candidate
from agent_assist.values.counts import counts
from agent_assist.values.dates import dates
from agent_assist.values.departments import departments
from agent_assist.values.money import money
from agent_assist.values.names import NO_NAMES, Names
from agent_assist.values.times import times
from core.contacts.addresses import addresses
from core.contacts.phones import phones
from core.contacts.plates import plates
from core.events import HeardValue, ValueKind

LOOKED_AT: Final = 2000
"""Characters of an utterance; nobody says more at once, and what is typed behind it is no value for a form."""
MOST: Final = 50
"""Values of one utterance; more are left out."""
_FIRST: Final[tuple[ValueKind, ...]] = (
    "phone",
    "plate",
    "address",
    "date",
    "money",
    "time",
    "count",
    "department",
)
"""Which wins where two are equally long."""


def found(text: str, names: Names = NO_NAMES, *, today: dt.date | None = None) -> tuple[HeardValue, ...]:
    """The values in a text, none overlapping another; ``spoken`` is ``text[start:end]``.

    ``text`` may be as it leaves ``stt`` (digits where those are safe), as an engine wrote it, or typed. ``today`` is
    what '내일' and '11월 26일' are told by; without it only days with a year are found.
    """
    nfc, places = _composed(text[:LOOKED_AT])
    kept: list[Candidate] = []
    ranked = sorted(_candidates(nfc, names, today), key=lambda each: (each.start - each.end, _FIRST.index(each.kind)))
    for candidate in ranked:
        if all(candidate.end <= other.start or other.end <= candidate.start for other in kept):
            kept.append(candidate)
    kept.sort(key=lambda each: each.start)
    return tuple(_heard(text, candidate, places) for candidate in kept[:MOST])


def _candidates(text: str, names: Names, today: dt.date | None) -> Iterator[Candidate]:
    for phone in phones(text):
        yield Candidate(phone.start, phone.end, "phone", phone.value)
    for plate in plates(text):
        yield Candidate(plate.start, plate.end, "plate", plate.value)
    for address in addresses(text, names.places):
        yield Candidate(address.start, address.end, "address", address.value)
    yield from dates(text, today)
    yield from money(text)
    yield from times(text)
    yield from counts(text)
    yield from departments(text, names.departments)


def _heard(text: str, candidate: Candidate, places: list[int] | None) -> HeardValue:
    start, end = candidate.start, candidate.end
    if places is not None:
        start, end = places[start], places[end]
    return HeardValue(kind=candidate.kind, value=candidate.value, spoken=text[start:end], start=start, end=end)


def _composed(text: str) -> tuple[str, list[int] | None]:
    """The text in composed Hangul (NFC), and where each of its characters stood; None = where it stands."""
    if unicodedata.is_normalized("NFC", text):
        return text, None
    out: list[str] = []
    places: list[int] = []
    at = 0
    while at < len(text):
        end = at + 1
        while end < len(text) and _joins(text[end]):
            end += 1
        piece = unicodedata.normalize("NFC", text[at:end])
        out.append(piece)
        places += [at] * len(piece)
        at = end
    return "".join(out), [*places, len(text)]


def _joins(char: str) -> bool:
    """Whether a character goes on with the one before: a vowel or final letter of Hangul, an accent."""
    return "\u1160" <= char <= "\u11ff" or unicodedata.combining(char) != 0
