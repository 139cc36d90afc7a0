"""Who speaks in a recording session, and how one message after the other changes what is known of it (RFC 7865)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from core.events import Party
from telephony.party import is_withheld, party_at

MOST = 64
"""Participants, streams or sessions that are kept; the newest are."""


class Participant(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody in the conversation."""

    id: str
    aor: str = ""
    """SIP or tel address, without what follows a semicolon."""
    name: str = ""
    calling: bool | None = None
    """It called, or was called, where a vendor says so."""
    recorded: bool = False
    """A vendor says that the recording is made for this one: a subscriber of the exchange, an agent."""
    sends: tuple[str, ...] | None = None
    """Ids of streams that carry its voice; None = was not told."""
    left: bool | None = None
    """None = was not told."""

    @property
    def party(self) -> Party:
        """As the desk shows it."""
        party = party_at(self.aor)
        if is_withheld(party):
            return Party(anonymous=True)
        return Party(number=party.number, name="" if self.name == party.number else self.name)


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """A media stream; its label is that of the SDP."""

    id: str
    label: str = ""


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation (CS, communication session)."""

    id: str
    stopped: bool = False


T = TypeVar("T", Participant, Stream, Session)


class Metadata(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of a recording session, or what one message says of it."""

    complete: bool = True
    """The message is a whole picture; else only what changed (RFC 7865)."""
    sessions: tuple[Session, ...] = ()
    participants: tuple[Participant, ...] = ()
    streams: tuple[Stream, ...] = ()

    @property
    def running(self) -> frozenset[str]:
        """Ids of the conversations that go on."""
        return frozenset(session.id for session in self.sessions if not session.stopped)

    @property
    def present(self) -> tuple[Participant, ...]:
        """Who has not left."""
        return tuple(participant for participant in self.participants if not participant.left)

    @property
    def over(self) -> bool:
        """Nobody talks any more: all conversations that were told have stopped, or all participants have left."""
        return bool((self.sessions and not self.running) or (self.participants and not self.present))

    def with_update(self, update: Metadata) -> Metadata:
        """What is known after one more message."""
        if update.complete:
            return update
        return Metadata(
            sessions=_merged(self.sessions, update.sessions, lambda old, new: new),
            participants=_merged(self.participants, update.participants, _newer_participant),
            streams=_merged(self.streams, update.streams, _newer_stream),
        )


def _merged(known: tuple[T, ...], news: tuple[T, ...], newer: Callable[[T, T], T]) -> tuple[T, ...]:
    by_id: dict[str, T] = {each.id: each for each in known}
    for each in news:
        old = by_id.get(each.id)
        by_id[each.id] = each if old is None else newer(old, each)
    return tuple(by_id.values())[-MOST:]


def _newer_stream(old: Stream, new: Stream) -> Stream:
    return Stream(id=old.id, label=new.label or old.label)


def _newer_participant(old: Participant, new: Participant) -> Participant:
    return Participant(
        id=old.id,
        aor=new.aor or old.aor,
        name=new.name or old.name,
        calling=old.calling if new.calling is None else new.calling,
        recorded=old.recorded or new.recorded,
        sends=old.sends if new.sends is None else new.sends,
        left=old.left if new.left is None else new.left,
    )
