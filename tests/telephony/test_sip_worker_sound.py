"""Reading a leg's counters, from a stack that is played."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("pjsua2")

from telephony import sip_worker_sound
from telephony.contract import LegSound
from telephony.sip_worker_sound import LegMeter


class PlayedLeg:
    """What ``pj.Call`` answers; counters are set by the test."""

    def __init__(self) -> None:
        self.media = SimpleNamespace(index=0)
        self.pkt = self.loss = self.dup = self.discard = self.sent = self.reports = self.far_lost = 0

    def getId(self) -> int:
        return 0

    def getStreamInfo(self, _index: int) -> Any:
        return SimpleNamespace(codecName="PCMA")

    def getStreamStat(self, _index: int) -> Any:
        came = SimpleNamespace(
            pkt=self.pkt,
            bytes=self.pkt * 160,
            loss=self.loss,
            dup=self.dup,
            reorder=self.loss,
            lossPeriodUsec=SimpleNamespace(n=self.loss),
            jitterUsec=SimpleNamespace(last=2500),
        )
        went = SimpleNamespace(
            pkt=self.sent, updateCount=self.reports, loss=self.far_lost, jitterUsec=SimpleNamespace(last=1000)
        )
        rtcp = SimpleNamespace(rxStat=came, txStat=went, rttUsec=SimpleNamespace(last=81_000))
        return SimpleNamespace(rtcp=rtcp, jbuf=SimpleNamespace(discard=self.discard, frameSize=80, avgDelayMsec=24))


@pytest.fixture(autouse=True)
def _no_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sip_worker_sound, "reordered", lambda _call, _media, _packets: 3)


def sounds(meter: LegMeter, leg: PlayedLeg, seconds: float, begin: float = 0.0, each: int = 25) -> list[LegSound]:
    """What is told while both sides send."""
    told = []
    for half in range(1, round(seconds * 2) + 1):
        leg.pkt, leg.sent = leg.pkt + each, leg.sent + 25
        sound = meter.sound(meter.read(leg, begin + half / 2))  # type: ignore[arg-type]
        if sound is not None:
            told.append(sound)
    return told


def test_every_two_seconds_one_word() -> None:
    leg = PlayedLeg()
    leg.loss, leg.dup, leg.discard = 4, 1, 6
    told = sounds(LegMeter("agent"), leg, 8.5)
    assert len(told) == 4
    assert told[-1] == LegSound(
        speaker="agent", packets=425, lost=7, late=2, reordered=3, doubled=1, bursts=4, jitter_ms=2.5,
        round_trip_ms=81.0, far_loss=0.0, far_jitter_ms=1.0, drift_ppm=0.0, buffer_ms=24.0, codec="PCMA",
    )  # fmt: skip


def test_totals_go_on_over_a_new_stream() -> None:
    leg, meter = PlayedLeg(), LegMeter("caller")
    leg.loss = 5
    sounds(meter, leg, 10)
    leg.pkt = leg.sent = leg.loss = 0
    last = sounds(meter, leg, 4, begin=10)[-1]  # told at 12.5 s
    assert (last.packets, last.lost) == (500 + 125, 5)


def test_loss_that_the_party_reports_is_that_of_the_last_interval() -> None:
    leg, meter = PlayedLeg(), LegMeter("caller")
    sounds(meter, leg, 5)
    leg.reports, leg.far_lost = 1, 25
    assert sounds(meter, leg, 5, begin=5)[-1].far_loss == pytest.approx(25 / 275, abs=1e-4)
    leg.reports = 2
    assert sounds(meter, leg, 5, begin=10)[-1].far_loss == 0.0


def test_a_clock_that_is_fast() -> None:
    leg, meter = PlayedLeg(), LegMeter("caller")
    told: LegSound | None = None
    for half in range(240):
        leg.pkt = int(half / 2 * 1.001 / 0.02)
        told = meter.sound(meter.read(leg, half / 2)) or told  # type: ignore[arg-type]
    assert told is not None
    assert told.drift_ppm == pytest.approx(1000, abs=100)
