"""How good a talk sounds: the E-model (ITU-T G.107, 06/2015), narrow band, for one direction of one leg.

It adds up impairments on one scale: R = Ro - Is - Id - Ie,eff + A. What a network changes (delay, loss) is taken from
measurements; the telephones are the defaults of G.107 table 2, for nobody can measure them here.
"""

from __future__ import annotations

from math import exp, log10, sqrt
from typing import Final

import msgspec

SLR: Final = 8.0
"""Send loudness rating of the talker's telephone, dB."""
RLR: Final = 2.0
"""Receive loudness rating of the listener's, dB."""
STMR: Final = 15.0
"""Sidetone masking rating, dB."""
D_FACTOR: Final = 3.0
"""D-value of either telephone."""
TELR: Final = 65.0
"""Talker echo loudness rating, dB: how much of the talker's voice comes back."""
WEPL: Final = 110.0
"""Weighted echo path loss, dB."""
QDU: Final = 1.0
"""Quantisation distortion units: one G.711 coding."""
NC: Final = -70.0
"""Circuit noise, dBm0p."""
NFOR: Final = -64.0
"""Noise floor at the receiver, dBmp."""
PS: Final = 35.0
"""Room noise at the talker, dB(A)."""
PR: Final = 35.0
"""Room noise at the listener, dB(A)."""
ADVANTAGE: Final = 0.0
"""A: what users forgive; nothing, on a wired line."""
MT_MS: Final = 100.0
"""Delay that nobody notices (G.107 table 1, default sensitivity)."""


class Codec(msgspec.Struct, frozen=True):
    """How a codec bears loss (ITU-T G.113 appendix I)."""

    ie: float
    """Impairment without any loss."""
    bpl: float
    """Robustness: the greater, the less a lost packet is heard."""


G711: Final = Codec(0.0, 25.1)
"""G.711 whose receiver conceals lost packets (PLC), as ours does."""
CODECS: Final = {"PCMA": G711, "PCMU": G711}


def r_factor(*, delay_ms: float, loss: float = 0.0, burst_ratio: float = 1.0, codec: Codec = G711) -> float:
    """The transmission rating R.

    ``delay_ms``: mouth to ear, one way, with packets, network and jitter buffer. ``loss``: share of packets, 0..1, that
    is not heard. ``burst_ratio``: how much longer runs of lost packets are than by chance, which is 1.
    """
    no, ro = _signal_to_noise()
    return ro - _simultaneous(no, ro) - _delayed(no, ro, delay_ms) - effective_ie(codec, loss, burst_ratio) + ADVANTAGE


def mos(r: float) -> float:
    """Mean opinion score that listeners and talkers would give (G.107 annex B), 1..4.5."""
    if r <= 0:
        return 1.0
    if r >= 100:
        return 4.5
    return max(1.0, 1 + 0.035 * r + r * (r - 60) * (100 - r) * 7e-6)  # the cubic dips below 1 for R < 6.5


def effective_ie(codec: Codec, loss: float, burst_ratio: float = 1.0) -> float:
    """Ie,eff: what codec and loss take away together (G.107 formula 7-29)."""
    percent = 100 * min(max(loss, 0.0), 1.0)
    if not percent:
        return codec.ie
    return codec.ie + (95 - codec.ie) * percent / (percent / max(burst_ratio, 1.0) + codec.bpl)


def burst_ratio(loss: float, bursts: int, lost: int) -> float:
    """BurstR (G.107 clause 7.5): mean run of lost packets over that of chance, which is 1 / (1 - loss); at least 1."""
    if not bursts or not lost or loss >= 1:
        return 1.0
    return max(1.0, lost / bursts * (1 - loss))


def _signal_to_noise() -> tuple[float, float]:
    """Sum of all noises No, and basic signal-to-noise ratio Ro (7-2 to 7-7)."""
    olr = SLR + RLR
    nos = PS - SLR - D_FACTOR - 100 + 0.004 * (PS - olr - D_FACTOR - 14) ** 2
    pre = PR + 10 * log10(1 + 10 ** ((10 - (STMR + D_FACTOR)) / 10))
    nor = RLR - 121 + pre + 0.008 * (pre - 35) ** 2
    no = 10 * log10(sum(10 ** (noise / 10) for noise in (NC, nos, nor, NFOR + RLR)))
    return no, 15 - 1.5 * (SLR + no)


def _simultaneous(no: float, ro: float) -> float:
    """Is: too loud a voice, sidetone and quantisation, all at the same time as the voice (7-8 to 7-17)."""
    xolr = SLR + RLR + 0.2 * (64 + no - RLR)
    iolr: float = 20 * ((1 + (xolr / 8) ** 8) ** (1 / 8) - xolr / 8)
    stmro = -10 * log10(10 ** (-STMR / 10) + 10 ** (-TELR / 10))
    ist: float = (
        12 * (1 + ((stmro - 13) / 6) ** 8) ** (1 / 8)
        - 28 * (1 + ((stmro + 1) / 19.4) ** 35) ** (1 / 35)
        - 13 * (1 + ((stmro - 3) / 33) ** 13) ** (1 / 13)
        + 29
    )
    q = 37 - 15 * log10(QDU)
    g = 1.07 + 0.258 * q + 0.0602 * q * q
    y, z = (ro - 100) / 15 + 46 / 8.4 - g / 9, 46 / 30 - g / 40
    iq: float = 15 * log10(1 + 10**y + 10**z)
    return iolr + ist + iq


def _delayed(no: float, ro: float, delay_ms: float) -> float:
    """Id: talker echo, listener echo and delay as such (7-18 to 7-28); T = Ta = Tr / 2."""
    t = max(delay_ms, 0.0)
    roe = -1.5 * (no - RLR)
    terv = TELR - 40 * log10((1 + t / 10) / (1 + t / 150)) + 6 * exp(-0.3 * t * t)
    talker = _over(roe, 80 + 2.5 * (terv - 14), 100) - 1
    listener = _over(ro, 10.5 * (WEPL + 7) * (2 * t + 1) ** -0.25, 169)
    return talker * (1 - exp(-t)) + listener + _too_late(t)


def _over(better: float, worse: float, bend: float) -> float:
    """The smooth maximum of G.107: about ``better - worse`` when an echo is heard, about nothing when not."""
    return (better - worse) / 2 + sqrt((better - worse) ** 2 / 4 + bend)


def _too_late(t: float) -> float:
    """Idd: people begin to talk at the same time."""
    if t <= MT_MS:
        return 0.0
    x = log10(t / MT_MS) / log10(2)
    late: float = 25 * ((1 + x**6) ** (1 / 6) - 3 * (1 + (x / 3) ** 6) ** (1 / 6) + 2)
    return late
