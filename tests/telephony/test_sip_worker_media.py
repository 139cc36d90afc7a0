"""Tracks of voices on their way to the node. (Headsets need a running stack: ``tests/sip`` and the contract suite.)"""

from __future__ import annotations

import threading
import time
from itertools import pairwise

from telephony.sip_worker_media import KEPT, VoiceBox, VoiceTrack

VOICE = b"\1\2" * 160


def test_frames_are_20_ms_apart_in_audio_time_whatever_the_clock_does() -> None:
    track = VoiceTrack("c", 0, time.monotonic() - 5.0)
    for _ in range(5):
        track.put(VOICE)
    frames = track.take()
    assert [later[2] - earlier[2] for earlier, later in pairwise(frames)] == [20] * 4
    assert 5000 <= frames[0][2] < 5100 and frames[0][:2] == ("c", 0)
    assert track.take() == []


def test_a_leg_that_was_not_served_for_a_while_catches_up_with_the_clock() -> None:
    track = VoiceTrack("c", 0, time.monotonic())
    track.put(VOICE)
    time.sleep(0.3)
    track.put(VOICE)
    first, second = track.take()
    assert second[2] - first[2] >= 280


def test_the_oldest_goes_when_nobody_fetches_and_is_counted() -> None:
    box = VoiceBox(threading.Event())
    track = VoiceTrack("c", 0, time.monotonic())
    box.add(track)
    for number in range(KEPT + 30):
        track.put(bytes([number % 256]) * 320)
    taken = box.take()
    assert len(taken) == KEPT and taken[0][3][0] == 30
    assert box.dropped == 30
    box.remove(track)
    assert box.dropped == 30 and box.take() == ()


def test_what_comes_during_hold_is_not_the_partys_words() -> None:
    track = VoiceTrack("c", 0, time.monotonic())
    track.muted = True
    track.put(VOICE)
    assert track.take()[0][3] == b""
