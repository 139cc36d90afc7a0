"""Loss, from counters that mean something a little different."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from telephony.reading import Reading, missing, too_late


def test_a_packet_that_came_twice_hides_no_loss() -> None:
    assert missing(loss=2, doubled=1) == 3  # 3 were lost, and one more than expected came
    assert missing(loss=0, doubled=40) == 0


def test_frames_of_ten_milliseconds_are_packets_of_twenty() -> None:
    assert too_late(discarded=8, frame_bytes=80, packets=400, payload=64_000, doubled=1) == 3
    assert too_late(discarded=8, frame_bytes=80, packets=0, payload=0, doubled=0) == 0


@given(st.integers(1, 5000), st.integers(0, 200))
def test_voice_is_what_came_and_what_is_known_to_be_lost(packets: int, lost: int) -> None:
    reading = Reading(at=1.0, packets=packets, payload=packets * 160, lost=lost)
    assert abs(reading.voice_s - (packets + lost) * 0.02) < 1e-9


def test_no_packets_no_voice() -> None:
    assert Reading(at=1.0).voice_s == 0.0
