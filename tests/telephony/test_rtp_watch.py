"""Noticing that a voice stopped coming."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from telephony.rtp_watch import RtpWatch


def test_lost_probed_again_and_again_and_back() -> None:
    watch = RtpWatch(lost_s=2, probe_s=5)
    assert [watch.tick(50, False)] == [""]
    told = [watch.tick(50, False) for _ in range(14)]
    assert [(second, word) for second, word in enumerate(told, 1) if word] == [
        (2, "lost"), (5, "probe"), (10, "probe"),
    ]  # fmt: skip
    assert watch.tick(51, False) == "back"
    assert watch.tick(52, False) == ""


def test_silence_on_hold_is_no_loss() -> None:
    watch = RtpWatch(lost_s=2, probe_s=5)
    assert not any(watch.tick(50, held=True) for _ in range(20))
    assert [watch.tick(50, held=False) for _ in range(2)] == ["", "lost"]


@given(st.lists(st.tuples(st.integers(0, 2), st.booleans())))
def test_lost_and_back_alternate_and_probes_come_between(seconds: list[tuple[int, bool]]) -> None:
    watch, packets, lost = RtpWatch(lost_s=2, probe_s=3), 0, False
    for new, held in seconds:
        packets += new
        match watch.tick(packets, held):
            case "lost":
                assert not lost
                lost = True
            case "back":
                assert lost and new
                lost = False
            case "probe":
                assert lost and not held
        assert watch.lost == lost
