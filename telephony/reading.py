"""What one look at a leg's RTP and RTCP counters says: the totals of the whole leg, whatever re-INVITEs did to it."""

from __future__ import annotations

import msgspec


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """Counters as they stood at one moment; those of RTCP are what the party told us last."""

    at: float
    """Seconds of our clock."""
    packets: int = 0
    """RTP packets received."""
    payload: int = 0
    """Bytes of voice in them: of G.711, 8,000 are a second."""
    lost: int = 0
    """Sequence numbers that did not come."""
    late: int = 0
    """Packets that came when their time to be played was over, or that found no room in the jitter buffer."""
    bursts: int = 0
    """Runs of sequence numbers that did not come."""
    reordered: int = 0
    doubled: int = 0
    jitter_ms: float = 0.0
    """Interarrival jitter (RFC 3550 section 6.4.1)."""
    buffer_ms: float = 0.0
    """Mean delay in the jitter buffer."""
    sent: int = 0
    """Our packets to the party."""
    reports: int = 0
    """RTCP reports about our voice that came from the party."""
    far_lost: int = 0
    """What it lost of ours, as the last report says."""
    far_jitter_ms: float = 0.0
    round_trip_ms: float = 0.0
    """By RTCP (RFC 3550 section 6.4.1, LSR and DLSR); 0 = unknown."""

    @property
    def voice_s(self) -> float:
        """Seconds of the party's own clock that the stream has gone on: what came, and what is known to be lost."""
        if not self.packets:
            return 0.0
        mean = self.payload / self.packets
        return (self.payload + (self.lost - self.doubled) * mean) / BYTES_A_SECOND


BYTES_A_SECOND = 8000
"""G.711 (RFC 3551), the only codec that we offer."""


def missing(loss: int, doubled: int) -> int:
    """Sequence numbers that never came. RFC 3550 (section 6.4.1) counts as lost what is expected less what came,
    doubled packets too, and pjmedia never less than 0: with more doubled than lost ones nobody can tell, nor need
    they."""
    return loss + doubled if loss else 0


def too_late(discarded: int, frame_bytes: int, packets: int, payload: int, doubled: int) -> int:
    """Packets that the jitter buffer threw away, from its count of frames (of 10 ms in pjmedia's G.711): their time was
    over, or the buffer shrank. A packet's twin is thrown away too and is no loss."""
    if not packets or not frame_bytes:
        return 0
    frames_a_packet = max(1.0, payload / packets / frame_bytes)
    return max(0, round(discarded / frames_a_packet) - doubled)
