"""What was measured in a test call. Filled by ``calling``, judged by ``call_verdicts``."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from server.exchange.ladder import Seen
from server.exchange.tones import Found
from telephony.softphone_messages import Stream

_LEAST = 50
"""Measurements for a word on the clock."""


class Pace(msgspec.Struct, frozen=True):
    """How the other side's packets come."""

    packets_per_s: float
    drift_ppm: float
    """How much faster than ours its clock runs."""
    error_ppm: float
    """``drift_ppm`` may be wrong by so much: a test call is short."""


class CallFacts(msgspec.Struct, kw_only=True):
    """Filled as the call goes on; what was not reached keeps its default."""

    to: str
    itself: bool = False
    """Our own phone answered: no exchange took part."""
    answered: bool = False
    status: int = 0
    """The final answer, where the call was not answered; 0 = none came."""
    reason: str = ""
    answer_s: float = 0.0
    early_media: bool = False
    wants: tuple[str, ...] = ("PCMA", "PCMU")
    """Codecs as configured."""
    stream: Stream | None = None
    """The RTP that came, before keys were pressed."""
    pace: Pace | None = None
    echo: Found | None = None
    """Our sound in what we heard; in a call to ourselves: the answering phone's sound."""
    far_heard: Found | None = None
    """In a call to ourselves: our sound at the answering phone."""
    leaked: bool = False
    """In a call to ourselves: our own sound came back too."""
    round_trip_s: float = 0.0
    waited_s: float = 0.0
    """How long another sound (an announcement) went before the echo."""
    keys_sent: str = ""
    keys_back: str = ""
    info_status: int = 0
    """Answer to a key by INFO; 0 = none."""
    hold_status: int = 0
    after_hold: Found | None = None
    exercised: bool = False
    """Everything but the end has been tried."""
    bye_status: int = 0
    """Answer to our BYE; 0 = none."""
    bye_came: bool = False
    """The other side ended the call and we agreed."""
    ended_early: str = ""
    """The other side ended the call while we tested."""
    messages: tuple[Seen, ...] = ()
    """The SIP of the call."""


def pace_of(streams: Sequence[Stream]) -> Pace | None:
    """The pace of packets by least squares; None where too little came.

    Packets are looked at every 20 ms and come every 20 ms: a beat between the two can hide half a packet over the
    whole time, which bounds what can be told.
    """
    if not streams:
        return None
    last = streams[-1]
    rows = [stream for stream in streams if stream.source == last.source and stream.packets]
    if len(rows) < _LEAST or rows[-1].packets == rows[0].packets or not last.packets:
        return None
    at = np.array([row.at for row in rows]) - rows[0].at
    # Only the moments at which a count changed carry news.
    counts = np.array([float(row.packets) for row in rows])
    news = np.concatenate([[True], np.diff(counts) > 0])
    at, counts = at[news], counts[news]
    if len(at) < _LEAST:
        return None
    centred = at - at.mean()
    slope = float(np.dot(centred, counts) / np.dot(centred, centred))
    left = counts - counts.mean() - slope * centred
    error = float(np.sqrt(np.dot(left, left) / max(len(at) - 2, 1) / np.dot(centred, centred)))
    ptime = packet_ms(last)
    due = 1000 / ptime if ptime else 50.0
    hidden = 0.5 / (counts[-1] - counts[0])
    return Pace(round(slope, 2), round((slope / due - 1) * 1e6), round(max(3 * error / due, hidden) * 1e6))


def packet_ms(stream: Stream) -> int:
    """How much sound one packet holds, by its size: G.711 has 8 bytes a millisecond; 0 = unknown."""
    if not stream.packets or stream.codec not in ("PCMA", "PCMU"):
        return 0
    return round(stream.bytes / stream.packets / 8 / 5) * 5
