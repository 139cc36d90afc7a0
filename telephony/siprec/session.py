"""A recording session as it stands, and what one more message changes in it.

| the recording client says                                        | we say                                          |
|------------------------------------------------------------------|-------------------------------------------------|
| another name or number on a side (transfer)                      | ``Identified``                                  |
| the caller's stream, or both, does not send (inactive, recvonly) | ``Held(agent)``: she put the caller on hold     |
| the agent's stream alone does not send                           | ``Held(caller)``                                |
| they send again                                                  | ``Resumed``                                     |
| a stream of two is taken away (port 0); it comes back            | ``AudioLost``, ``AudioBack`` of that side       |
| all conversations stopped, or everybody left, but no BYE         | the call is over, the session waits for another |
| a conversation of another id and other people                    | the call is over, and the next one begins       |
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from core.events import Party, Speaker
from telephony.contract import AnySignal, AudioBack, AudioLost, Held, Identified, Resumed
from telephony.siprec.metadata import Metadata
from telephony.siprec.offer import OfferedStream
from telephony.siprec.sides import Ours, Sides, sides

SPEAKERS: tuple[Speaker, ...] = ("caller", "agent")


class Picture(msgspec.Struct, frozen=True, kw_only=True):
    """A recording session at one moment."""

    offer: tuple[OfferedStream, ...] = ()
    metadata: Metadata = Metadata()
    sides: Sides = Sides()
    both: bool = False
    """There were two streams at some time: one that is not there is missed."""

    @property
    def over(self) -> bool:
        """Nobody talks any more, as far as the metadata tells."""
        return self.metadata.over

    @property
    def held_by(self) -> Speaker | None:
        """Who put the other on hold."""
        silent = {speaker for speaker in SPEAKERS if (stream := self._stream(speaker)) and not stream.speaks}
        if not silent:
            return None
        return "caller" if silent == {"agent"} and self.sides.caller is not None else "agent"

    @property
    def missing(self) -> frozenset[Speaker]:
        """Whose stream should be there."""
        return frozenset(s for s in SPEAKERS if self.both and self.index(s) is None)

    def index(self, speaker: Speaker) -> int | None:
        """The side's place in the SDP."""
        return self.sides.caller if speaker == "caller" else self.sides.agent

    def speaks(self, speaker: Speaker) -> bool:
        """Whether the side's voice is sent at present."""
        stream = self._stream(speaker)
        return stream is not None and stream.speaks

    def party(self, speaker: Speaker) -> Party:
        """Who is on that side."""
        return self.sides.caller_party if speaker == "caller" else self.sides.agent_party

    def after(self, ours: Ours, offer: Sequence[OfferedStream] | None, update: Metadata | None) -> Picture:
        """The session after a message; None = the message had no such part."""
        streams = self.offer if offer is None else tuple(offer)
        metadata = self.metadata if update is None else self.metadata.with_update(update)
        before = self.sides if self.offer else None
        return Picture(
            offer=streams,
            metadata=metadata,
            sides=sides(streams, metadata, ours, before),
            both=self.both or len(streams) > 1,
        )

    def afresh(self, ours: Ours) -> Picture:
        """The same streams and metadata, for another call: nothing of the one before counts."""
        return Picture(offer=self.offer, metadata=self.metadata).after(ours, None, None)

    def _stream(self, speaker: Speaker) -> OfferedStream | None:
        return next((stream for stream in self.offer if stream.index == self.index(speaker)), None)


def is_another_call(before: Picture, after: Picture) -> bool:
    """Whether another conversation has begun: other sessions, and nobody is there who was there before."""
    old, new = before.metadata.running, after.metadata.running
    theirs = {p.party for p in before.metadata.present}
    others = bool(theirs) and not any(p.party in theirs for p in after.metadata.present)
    return bool(old and new) and not (old & new) and others


def news(before: Picture, after: Picture) -> list[AnySignal]:
    """What the call's owner must hear of, within one call."""
    told: list[AnySignal] = [
        Identified(speaker=speaker, party=after.party(speaker))
        for speaker in SPEAKERS
        if after.party(speaker) != before.party(speaker)
    ]
    for speaker in SPEAKERS:
        if speaker in after.missing - before.missing:
            told.append(AudioLost(speaker=speaker))
        if speaker in before.missing - after.missing:
            told.append(AudioBack(speaker=speaker))
    if after.held_by != before.held_by:
        if before.held_by is not None:
            told.append(Resumed(speaker=before.held_by))
        if after.held_by is not None:
            told.append(Held(speaker=after.held_by))
    return told
