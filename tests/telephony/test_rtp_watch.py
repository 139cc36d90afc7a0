"""Noticing that a voice stopped coming, and that a phone only pauses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from telephony.reading import Reading
from telephony.rtp_watch import PAUSE_S, Notice, RtpWatch


class Party:
    """A phone's packets, looked at twice a second."""

    def __init__(self, watch: RtpWatch) -> None:
        self.watch = watch
        self.at = 0.0
        self.packets = self.lost = self.reports = 0
        self._missing = 0

    def goes_on(
        self, seconds: float, *, sends: bool = True, arrives: bool = True, rtcp: bool = False, held: bool = False
    ) -> list[tuple[float, Notice]]:
        """What the watch says, and when. What was sent and did not arrive is known as lost with the next packet."""
        told: list[tuple[float, Notice]] = []
        for _ in range(round(seconds * 2)):
            self.at += 0.5
            if sends and arrives:
                self.packets, self.lost, self._missing = self.packets + 25, self.lost + self._missing, 0
            elif sends:
                self._missing += 25
            if rtcp and self.at % 5 == 0:
                self.reports += 1
            notice = self.watch.tick(
                Reading(
                    at=self.at, packets=self.packets, payload=self.packets * 160, lost=self.lost, reports=self.reports
                ),
                held,
            )
            if notice:
                told.append((self.at, notice))
        return told


@pytest.fixture
def party() -> Party:
    """With the settings of the product."""
    return Party(RtpWatch(lost_s=2.0, probe_s=60.0))


def test_lost_is_told_within_three_seconds_and_back_at_once(party: Party) -> None:
    assert party.goes_on(5) == []
    assert party.goes_on(10, arrives=False) == [(7.0, "lost")]  # stopped at 5.0
    assert party.goes_on(1) == [(15.5, "back")]


def test_a_leg_that_never_sent_a_packet_is_lost_after_two_seconds(party: Party) -> None:
    assert party.goes_on(6, sends=False) == [(2.5, "lost")]


def test_rtcp_alone_excuses_nobody(party: Party) -> None:
    party.goes_on(10, rtcp=True)
    assert party.goes_on(6, arrives=False, rtcp=True) == [(12.0, "lost")]


def test_a_phone_that_pauses_between_sentences_may_do_so_longer(party: Party) -> None:
    party.goes_on(4, rtcp=True)
    assert party.goes_on(1, sends=False, rtcp=True) == []
    party.goes_on(2, rtcp=True)
    assert party.watch.pauses
    assert party.goes_on(PAUSE_S - 1, sends=False, rtcp=True) == []
    assert party.goes_on(3, sends=False, rtcp=True)[0][1] == "lost"


def test_a_path_that_was_broken_is_no_pause(party: Party) -> None:
    party.goes_on(4, rtcp=True)
    party.goes_on(1, arrives=False, rtcp=True)
    party.goes_on(4, rtcp=True)
    assert not party.watch.pauses
    assert party.goes_on(3, arrives=False, rtcp=True) == [(11.0, "lost")]


def test_a_first_pause_that_is_long_alarms_once_and_is_learnt_if_rtcp_went_on(party: Party) -> None:
    party.goes_on(4, rtcp=True)
    assert [word for _, word in party.goes_on(8, sends=False, rtcp=True)] == ["lost"]
    assert [word for _, word in party.goes_on(2, rtcp=True)] == ["back"]
    assert party.watch.pauses
    assert party.goes_on(8, sends=False, rtcp=True) == []


def test_a_long_silence_without_rtcp_teaches_nothing(party: Party) -> None:
    party.goes_on(4)
    party.goes_on(8, sends=False)
    party.goes_on(4)
    assert not party.watch.pauses


def test_a_phone_that_pauses_and_whose_reports_stop_is_gone(party: Party) -> None:
    party.goes_on(5, rtcp=True)
    party.goes_on(1, sends=False, rtcp=True)
    party.goes_on(9, rtcp=True)
    assert party.watch.pauses
    told = party.goes_on(20, sends=False)
    assert told and told[0][1] == "lost" and told[0][0] <= 15 + 12.5


def test_time_on_hold_is_no_loss(party: Party) -> None:
    party.goes_on(4)
    assert party.goes_on(20, sends=False, held=True) == []
    assert party.goes_on(3, sends=False) == [(26.0, "lost")]
    party.goes_on(5)
    assert not party.watch.pauses  # a hold is no pause


def test_probed_again_and_again() -> None:
    party = Party(RtpWatch(lost_s=2.0, probe_s=5.0))
    party.goes_on(1)
    assert party.goes_on(15, sends=False) == [(3.0, "lost"), (6.0, "probe"), (11.0, "probe"), (16.0, "probe")]


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans()), max_size=60))
def test_lost_and_back_alternate_and_probes_come_between(times: list[tuple[bool, bool, bool]]) -> None:
    party, lost = Party(RtpWatch(lost_s=2.0, probe_s=3.0)), False
    for sends, arrives, held in times:
        for _, notice in party.goes_on(0.5, sends=sends, arrives=arrives, held=held):
            match notice:
                case "lost":
                    assert not lost
                    lost = True
                case "back":
                    assert lost and sends and arrives
                    lost = False
                case "probe":
                    assert lost and not held
        assert party.watch.lost == lost
