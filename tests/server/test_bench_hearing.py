"""What was said held against what arrived."""

from __future__ import annotations

import math

import pytest

from core.events import Speaker, TranscriptFinal, TranscriptPartial
from server.bench.hearing import Ledger, Said, said_between
from server.bench.played_messages import Began
from server.bench.talk import Talk, Utterance

FRAME = bytes(320)
TALK = Talk(
    caller=(FRAME,) * 500,
    agent=(FRAME,) * 500,
    utterances=(
        Utterance(speaker="caller", onset=1.0, end=3.0, text="가"),
        Utterance(speaker="agent", onset=4.0, end=6.0, text="나"),
    ),
)
BEGAN = Began(call_id="c", talk=0, phase_s=2.0, begins_at=0.5, began=100.5)


def final(start: float, end: float, utterance: str = "caller-1", speaker: Speaker = "caller") -> TranscriptFinal:
    return TranscriptFinal(call_id="c", speaker=speaker, utterance=utterance, start=start, end=end, text="가")


def partial(text: str, utterance: str = "caller-1") -> TranscriptPartial:
    return TranscriptPartial(call_id="c", speaker="caller", utterance=utterance, start=0.0, text=text)


SAID = Said(leg=("c", "caller"), onset=9.5, end=11.5, wall=100.0)


def test_a_talk_goes_round_from_its_phase() -> None:
    """The call begins 2 s into the talk of 10 s, in the middle of the caller's first words, which do not count."""
    said = list(said_between(BEGAN, TALK, 0.0, 121.0))
    assert [(one.leg[1], round(one.wall + one.onset, 6)) for one in said] == [
        ("agent", 102.5),
        ("caller", 109.5),
        ("agent", 112.5),
    ]
    assert said[0].onset == pytest.approx(2.5)  # on the call's own clock


def test_only_what_lies_between_the_moments_counts() -> None:
    said = list(said_between(BEGAN, TALK, 102.6, 111.5))
    assert [round(one.wall + one.onset, 6) for one in said] == [109.5]


def test_delays_are_from_onset_and_end() -> None:
    ledger = Ledger()
    ledger.take(109.6, partial("…"))
    ledger.take(110.4, partial("가"))
    ledger.take(112.1, final(9.6, 11.4))
    delays = ledger.delays([SAID])
    assert delays.noticed == [pytest.approx(0.1)]
    assert delays.words == [pytest.approx(0.9)]
    assert delays.final == [pytest.approx(0.6)]
    assert delays.lost == 0


def test_what_was_cut_in_two_is_over_with_the_second() -> None:
    ledger = Ledger()
    ledger.take(111.0, final(9.6, 10.2))
    ledger.take(112.5, final(10.4, 11.4, "caller-2"))
    delays = ledger.delays([SAID])
    assert delays.words == [pytest.approx(1.5)]
    assert delays.final == [pytest.approx(1.0)]


def test_what_did_not_arrive_is_lost() -> None:
    ledger = Ledger()
    ledger.take(109.6, partial("…"))
    ledger.take(109.6, final(2.0, 4.0))  # another utterance
    ledger.take(112.0, final(9.6, 11.4, speaker="agent"))  # the other leg
    delays = ledger.delays([SAID])
    assert delays.lost == 1
    assert math.isinf(delays.final[0])


def test_told_twice_counts_once() -> None:
    """A desk that comes back is told the call's history again."""
    ledger = Ledger()
    ledger.take(112.0, final(9.6, 11.4))
    ledger.take(115.0, final(9.6, 11.4))
    assert ledger.delays([SAID]).final == [pytest.approx(0.5)]
