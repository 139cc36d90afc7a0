"""Who answers today: the person in charge, or the first of her deputies who is there. Pure.

What agents read is decided by the same rule (``core.store.resolving``); this one says it in full, for the pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Literal

import msgspec

from core.store.knowledge import Person
from core.store.resolving import deputies, is_absent

__all__ = ["Answering", "answering", "is_absent", "next_change"]


class Answering(msgspec.Struct, frozen=True, kw_only=True):
    """Who answers on one day."""

    person: Person | None = None
    """Who answers; None = nobody is there."""
    instead_of: Person | None = None
    """The person in charge, when somebody else answers, or nobody."""
    reason: Literal["", "absent", "left"] = ""
    """Why the person in charge does not."""
    until: date | None = None
    """Her last day of absence; None = she is there, has left, or is away until further notice."""
    chain: tuple[Person, ...] = ()
    """All deputies, in order, whether they are there or not."""


def answering(person_id: str, people: Mapping[str, Person], today: date, *, deputy_id: str = "") -> Answering:
    """Who answers for an entry of this person and, where it names one, this deputy."""
    chain = tuple(deputies(person_id, people, deputy_id))
    person = people.get(person_id)
    there = next((deputy for deputy in chain if not is_absent(deputy, today)), None)
    if person is None:
        return Answering(person=there, chain=chain)
    if not is_absent(person, today):
        return Answering(person=person, chain=chain)
    until = None if person.left else person.absent_until
    return Answering(
        person=there, instead_of=person, reason="left" if person.left else "absent", until=until, chain=chain
    )


def next_change(people: Iterable[Person], today: date) -> date | None:
    """The next day on which somebody goes or comes back: what agents read is another then, though nobody wrote it."""
    days = []
    for person in people:
        if person.left:
            continue
        if person.absent_from:
            days.append(person.absent_from)
        if person.absent_until and person.absent_until < date.max:
            days.append(person.absent_until + timedelta(days=1))
    return min((day for day in days if day > today), default=None)
