"""Which stream is the caller's and which the agent's. RFC 7865 does not say: it knows participants, no roles.

| evidence  | what it is                                                               | then                          |
|-----------|--------------------------------------------------------------------------|-------------------------------|
| 'ours'    | one of the two is the subscriber that is recorded (BroadWorks userID),   | that one is the agent         |
|           | or its number is an extension (``sip.extensions``) or a hotline number   |                               |
| 'calling' | the metadata says who called (Oracle callingParty, BroadWorks            | the calling one is the caller |
|           | callingPartyNumber, Ribbon callData)                                     |                               |
| 'order'   | nothing of it, or the same of both (two extensions talk to each other)   | the first stream: the caller  |

The first row that tells the two apart counts: an agent who calls a citizen is 'calling', yet is ours. Later messages
change it only with evidence that is as strong as what was there. A stream alone is the caller's, unless it is the
agent's alone; where nobody is said to send, the first who is named sends the first stream.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import msgspec

from core.events import Party
from telephony.siprec.metadata import Metadata, Participant
from telephony.siprec.offer import OfferedStream

Evidence = Literal["order", "calling", "ours"]
_STRENGTH: dict[Evidence, int] = {"order": 0, "calling": 1, "ours": 2}
MOST_STREAMS = 2
"""A caller's and an agent's; further ones are not heard."""


class Ours(msgspec.Struct, frozen=True):
    """How a number of the house is known."""

    extensions: str
    """Pattern of whole numbers."""
    hotline: frozenset[str] = frozenset()

    def has(self, participant: Participant) -> bool:
        """Whether somebody is on our side."""
        number = participant.party.number
        return participant.recorded or number in self.hotline or bool(re.fullmatch(self.extensions, number))


class Sides(msgspec.Struct, frozen=True, kw_only=True):
    """Who is who. An index is the stream's place in the SDP; None = there is no such stream."""

    caller: int | None = None
    agent: int | None = None
    evidence: Evidence = "order"
    caller_party: Party = Party()
    agent_party: Party = Party()


def sides(offer: Sequence[OfferedStream], metadata: Metadata, ours: Ours, before: Sides | None = None) -> Sides:
    """The rule. ``before``: what was in force so far."""
    usable = [stream.index for stream in offer if stream.there][:MOST_STREAMS]
    senders = _senders(usable, offer, metadata)
    people = list(dict.fromkeys(p for index in usable for p in senders[index])) or list(metadata.present)
    agent, evidence = _agent(people, ours)
    if before is not None and (evidence == "order" or _STRENGTH[evidence] < _STRENGTH[before.evidence]):
        at, evidence, agent = _kept(usable, before), before.evidence, None
    elif agent is not None:
        at = _stream_of(agent, usable, senders)
    else:
        at = _second(usable)
    caller_at = next((index for index in usable if index != at), None)
    agent = agent or _alone(senders.get(at) if at is not None else people[1:2])
    caller = _alone([p for p in (senders.get(caller_at) if caller_at is not None else None) or people if p != agent])
    return Sides(
        caller=caller_at,
        agent=at,
        evidence=evidence,
        caller_party=_party(caller, before.caller_party if before else None),
        agent_party=_party(agent, before.agent_party if before else None),
    )


def _agent(people: Sequence[Participant], ours: Ours) -> tuple[Participant | None, Evidence]:
    mine = [p for p in people if ours.has(p)]
    if mine and (len(mine) < len(people) or len(people) == 1):
        return mine[0], "ours"
    callers = [p for p in people if p.calling]
    others = [p for p in people if not p.calling]
    if callers and others:
        return others[0], "calling"
    return None, "order"


def _senders(
    usable: Sequence[int], offer: Sequence[OfferedStream], metadata: Metadata
) -> dict[int, tuple[Participant, ...]]:
    """Who sends which stream, by its label."""
    people = metadata.present
    labels = {stream.label: stream.index for stream in offer if stream.label}
    at = {stream.id: labels.get(stream.label, -1) for stream in metadata.streams}
    told = {i: tuple(p for p in people if any(at.get(s, -1) == i for s in p.sends or ())) for i in usable}
    if any(told.values()) or len(people) != len(usable):
        return told
    return {index: (people[place],) for place, index in enumerate(usable)}


def _stream_of(agent: Participant, usable: Sequence[int], senders: dict[int, tuple[Participant, ...]]) -> int | None:
    """Hers alone; else the one of two that nobody else sends; else the second; of one that others send too, none."""
    alone = [index for index in usable if senders[index] == (agent,)]
    others = [index for index in usable if any(p != agent for p in senders[index])]
    if alone:
        return alone[0]
    free = [index for index in reversed(usable) if index not in others]
    return free[0] if free and len(usable) > 1 else _second(usable)


def _kept(usable: Sequence[int], before: Sides) -> int | None:
    """The agent's stream as it was; a stream that came to the caller's is hers."""
    if before.agent in usable:
        return before.agent
    if before.caller in usable:
        return next((index for index in usable if index != before.caller), None)
    return _second(usable)


def _second(usable: Sequence[int]) -> int | None:
    return usable[1] if len(usable) > 1 else None


def _alone(people: Sequence[Participant] | None) -> Participant | None:
    return people[0] if people else None


def _party(participant: Participant | None, before: Party | None) -> Party:
    party = participant.party if participant is not None else Party()
    return party if party != Party() else before or party
