"""Written contacts find an agent: one in which somebody is in danger first, then the one that waits longest, to the
free agent who owes least. Pure.

A call always goes first: only who is ready and has no call gets one, and while she has some she stays ready for calls.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Final

import msgspec

from core.events import AlertKind, Written

DANGER: Final[frozenset[AlertKind]] = frozenset({"emergency", "self_harm"})
"""Kinds of alerts that wait for nobody: a life may hang on it."""


class Seat(msgspec.Struct, frozen=True, kw_only=True):
    """An agent who is ready and has no call."""

    agent_id: str
    """Who."""
    since: datetime
    """Since when she is ready."""
    queues: tuple[str, ...] = ()
    """Queues that she serves, empty = all."""


def dealt(
    waiting: Iterable[Written],
    seats: Iterable[Seat],
    owing: Mapping[str, int],
    *,
    most: int,
    passed_over: Mapping[str, AbstractSet[str]],
    urgent: Collection[str] = (),
) -> list[tuple[str, str]]:
    """Who gets what: pairs of contact and agent, in the order in which they are to be given.

    ``owing``: how many answers each agent owes now; nobody gets beyond ``most``. ``passed_over``: of a contact, those
    who have not answered it in time. ``urgent``: contacts with an open alert of ``DANGER``.
    """
    there = list(seats)
    owes = dict(owing)
    pairs: list[tuple[str, str]] = []
    for written in sorted(
        waiting, key=lambda one: (one.contact_id not in urgent, one.owed_since or one.opened, one.contact_id)
    ):
        free = [
            seat
            for seat in there
            if owes.get(seat.agent_id, 0) < most
            and serves(seat, written.queue)
            and seat.agent_id not in passed_over.get(written.contact_id, ())
        ]
        if not free:
            continue
        chosen = min(free, key=lambda seat: (owes.get(seat.agent_id, 0), seat.since, seat.agent_id))
        owes[chosen.agent_id] = owes.get(chosen.agent_id, 0) + 1
        pairs.append((written.contact_id, chosen.agent_id))
    return pairs


def serves(seat: Seat, queue: str) -> bool:
    """Whether contacts of that queue are for her; '' is the queue of everybody."""
    return not queue or not seat.queues or queue in seat.queues
