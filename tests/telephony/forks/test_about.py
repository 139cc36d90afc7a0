"""Facts of a call in an address or a message."""

from __future__ import annotations

import pytest

from core.errors import BadInput
from core.events import Party
from telephony.forks.about import LONGEST, MOST, about, parameters


def test_an_address() -> None:
    told = parameters("/in?call=7&token=secret&from=01012345678&name=%EA%B9%80")
    assert told == [("call", "7"), ("from", "01012345678"), ("name", "김")]
    opened = about(told).opened("other", ("caller",))
    assert (opened.call, opened.caller) == ("7", Party(number="01012345678", name="김"))


def test_too_many_parameters() -> None:
    with pytest.raises(BadInput):
        parameters("/?" + "&".join(f"a{number}=1" for number in range(MOST + 1)))


def test_the_first_that_tells_counts() -> None:
    facts = about([("call", "a"), ("rate", 16000), ("list", []), (7, "x"), ("yes", True)], [("call", "b")])
    assert facts.facts == {"call": "a", "rate": "16000"}


def test_who_they_are() -> None:
    opened = about([("from", "sip:0215771577@pbx"), ("name", "a\x1b[31mb"), ("agent", "sip:2107@10.0.0.5")]).opened(
        "1", ("caller",)
    )
    assert opened.caller == Party(number="0215771577", name="a[31mb")
    assert opened.agent.number == "2107"
    assert about([("from", "Anonymous")]).opened("1", ("caller",)).caller == Party(anonymous=True)


def test_a_novel_is_cut() -> None:
    assert len(about([("call", "x" * 9999)]).first("call")) == LONGEST


def test_a_speaker_that_is_none() -> None:
    with pytest.raises(BadInput):
        _ = about([("speaker", "both")]).speaker
