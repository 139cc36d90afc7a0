"""Reads a leg's RTP and RTCP counters from pjsua2: one ``getStreamStat`` a look, about 10 us with all that is read."""

from __future__ import annotations

import msgspec

from core.events import Speaker
from telephony.contract import LegSound
from telephony.drift import Drift
from telephony.reading import Reading, missing, too_late
from telephony.sip_worker_leg import Leg
from telephony.sip_worker_memory import reordered

SOUND_S = 2.0
"""How often a leg's sound is told."""
_EARLY_S = 0.05
"""Looks do not come on the dot."""
_TOTALS = ("packets", "payload", "lost", "late", "bursts", "reordered", "doubled", "sent", "reports", "far_lost")
"""Fields of a ``Reading`` that only grow."""


class LegMeter:
    """One media stream of one leg, for as long as the leg lives. A re-INVITE may begin the stream anew, and its
    counters with it; the totals go on."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker: Speaker = speaker
        self._drift = Drift()
        self._earlier = Reading(at=0.0)
        """The totals of streams that are over."""
        self._stream = Reading(at=0.0)
        """The newest look at the present one."""
        self._told_at: float | None = None
        self._reported = self._earlier
        """The look at which the party's last report was seen."""
        self._far_loss = 0.0
        self._codec = ""

    def read(self, leg: Leg, at: float, *, index: int = -1) -> Reading:
        """Look at the leg's stream, or at that of its media ``index``. ``pj.Error`` when it has none now."""
        index = leg.media.index if index < 0 else index
        stream = _reading(leg, index, at)
        if stream.packets < self._stream.packets or stream.sent < self._stream.sent:
            self._earlier, self._codec = _sum(self._earlier, self._stream), ""
        if not self._codec and stream.packets:
            self._codec = str(leg.getStreamInfo(index).codecName)
        self._stream = stream
        total = _sum(self._earlier, stream)
        self._drift.add(at, total.voice_s, total.jitter_ms / 1000)
        if total.reports != self._reported.reports:
            sent, far_lost = total.sent - self._reported.sent, total.far_lost - self._reported.far_lost
            self._far_loss = round(min(max(0.0, far_lost / sent), 1.0), 4) if sent > 0 else 0.0
            self._reported = total
        return total

    def sound(self, reading: Reading) -> LegSound | None:
        """What to tell about the leg now; None until two seconds have passed since the last time."""
        if self._told_at is None:
            self._told_at = reading.at
        if reading.at - self._told_at < SOUND_S - _EARLY_S:
            return None
        self._told_at = reading.at
        return LegSound(
            speaker=self._speaker,
            packets=reading.packets,
            lost=reading.lost + reading.late,
            late=reading.late,
            bursts=reading.bursts,
            reordered=reading.reordered,
            doubled=reading.doubled,
            jitter_ms=reading.jitter_ms,
            round_trip_ms=reading.round_trip_ms,
            far_loss=self._far_loss,
            far_jitter_ms=reading.far_jitter_ms,
            drift_ppm=self._drift.ppm,
            buffer_ms=reading.buffer_ms,
            codec=self._codec,
        )


def _reading(leg: Leg, index: int, at: float) -> Reading:
    stat = leg.getStreamStat(index)
    rtcp, buffer = stat.rtcp, stat.jbuf
    came, went = rtcp.rxStat, rtcp.txStat
    packets, payload, doubled = came.pkt, came.bytes, came.dup
    out_of_order = reordered(leg.getId(), index, packets) if came.loss or buffer.discard else 0
    return Reading(
        at=at,
        packets=packets,
        payload=payload,
        lost=missing(came.loss, doubled),
        late=too_late(buffer.discard, buffer.frameSize, packets, payload, doubled),
        bursts=came.lossPeriodUsec.n,
        reordered=out_of_order,
        doubled=doubled,
        jitter_ms=round(came.jitterUsec.last / 1000, 1),
        buffer_ms=float(buffer.avgDelayMsec),
        sent=went.pkt,
        reports=went.updateCount,
        far_lost=went.loss,
        far_jitter_ms=round(went.jitterUsec.last / 1000, 1),
        round_trip_ms=round(rtcp.rttUsec.last / 1000, 1),
    )


def _sum(earlier: Reading, stream: Reading) -> Reading:
    """Counters of both, states of the newer."""
    if not earlier.sent and not earlier.packets:
        return stream
    return msgspec.structs.replace(stream, **{name: getattr(earlier, name) + getattr(stream, name) for name in _TOTALS})
