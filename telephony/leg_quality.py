"""From measurements to a grade and its reasons: what one leg sounded like between two looks at it.

The figure is the E-model's, for the worse of both directions: what comes from the party, and what it says that it gets
of ours (RTCP). Beside it stand causes that the E-model does not know (an echo, a voice that cracks) or that are to be
named long before it minds them. A leg with a cause is not 'good'.
"""

from __future__ import annotations

from typing import Final

import msgspec

from core.events import Grade, SoundCause
from telephony import emodel
from telephony.contract import LegSound

GOOD_MOS: Final = 3.8
FAIR_MOS: Final = 3.1
LOSS: Final = 0.03
"""Share of packets from which loss is named: syllables are missing, for people and for the recogniser."""
JITTER_MS: Final = 30.0
"""More than a jitter buffer of a packet or two takes without loss."""
ROUND_TRIP_MS: Final = 300.0
"""150 ms one way is what ITU-T G.114 asks for."""
DRIFT_PPM: Final = 200.0
"""A clock that gains or loses a packet in less than 100 s. Telephones keep within 50."""
CLIPPED: Final = 0.003
"""Share of samples at the edge: a voice that cracks."""
PACKET_MS: Final = 20.0
BRIDGE_MS: Final = 15.0
"""Delay that passing through us adds."""
CAUSES: Final[tuple[SoundCause, ...]] = (
    "one_way", "silent", "loss", "far_loss", "delay", "echo", "clipping", "jitter", "drift",
)  # fmt: skip
"""The worst first: what makes talking impossible, then what spoils it."""
NO_RTP: Final = LegSound(
    packets=0, lost=0, reordered=0, doubled=0, jitter_ms=0.0, round_trip_ms=0.0, far_loss=0.0, far_jitter_ms=0.0,
    drift_ppm=0.0, buffer_ms=0.0, codec="",
)  # fmt: skip
"""A leg before its first look, or one without RTP (a fork's)."""


class Heard(msgspec.Struct, frozen=True, kw_only=True):
    """What the frames of a leg, and the watch over its packets, tell beside the counters."""

    one_way: bool = False
    """No packets come."""
    unheard: bool = False
    """Packets come, with nothing in them since the leg began, while the other talks: perhaps she only listens."""
    silent: bool = False
    """... and has talked so long that an answer is overdue."""
    clipped: float = 0.0
    """Share of samples."""
    echo: bool = False
    """The other's voice comes back."""


class Quality(msgspec.Struct, frozen=True, kw_only=True):
    """How a leg sounds; the fields are those of ``core.events.QualityChanged``."""

    grade: Grade
    mos: float = 0.0
    loss: float = 0.0
    jitter_ms: float = 0.0
    delay_ms: float = 0.0
    causes: tuple[SoundCause, ...] = ()


def quality(earlier: LegSound, now: LegSound, heard: Heard) -> Quality:
    """How a leg sounded between two looks; ``earlier`` is ``NO_RTP`` for all its life."""
    loss, mos = _loss_and_mos(earlier, now)
    there: dict[SoundCause, bool] = {
        "one_way": heard.one_way,
        "silent": heard.silent or heard.unheard,
        "loss": loss >= LOSS,
        "far_loss": now.far_loss >= LOSS,
        "delay": now.round_trip_ms >= ROUND_TRIP_MS,
        "echo": heard.echo,
        "clipping": heard.clipped >= CLIPPED,
        "jitter": now.jitter_ms >= JITTER_MS,
        "drift": abs(now.drift_ppm) >= DRIFT_PPM,
    }
    causes = tuple(cause for cause in CAUSES if there[cause])
    return Quality(
        grade="none" if heard.one_way or heard.silent else grade(mos, bool(causes)),
        mos=round(mos, 2),
        loss=round(loss, 4),
        jitter_ms=now.jitter_ms,
        delay_ms=now.round_trip_ms,
        causes=causes,
    )


def grade(mos: float, has_cause: bool) -> Grade:
    """Of a leg on which something comes; ``mos`` 0 = cannot be told."""
    if mos and mos < FAIR_MOS:
        return "poor"
    return "fair" if has_cause or (mos and mos < GOOD_MOS) else "good"


def _loss_and_mos(earlier: LegSound, now: LegSound) -> tuple[float, float]:
    lost = max(0, now.lost - earlier.lost)
    played = max(0, _played(now) - _played(earlier))
    expected = played + lost
    if not expected:
        return 0.0, 0.0
    loss = lost / expected
    codec = emodel.CODECS.get(now.codec)
    if codec is None:
        return loss, 0.0
    delay_ms = now.round_trip_ms / 2 + now.buffer_ms + PACKET_MS + BRIDGE_MS
    ratio = emodel.burst_ratio(loss, now.bursts - earlier.bursts, lost)
    near = emodel.r_factor(delay_ms=delay_ms, loss=loss, burst_ratio=ratio, codec=codec)
    far = emodel.r_factor(delay_ms=delay_ms, loss=now.far_loss, codec=codec)
    return loss, emodel.mos(min(near, far))


def _played(sound: LegSound) -> int:
    return sound.packets - sound.doubled - sound.late
