"""The clock of a forked voice."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core.audio import FRAME_BYTES, FRAME_S, SILENCE, Frame
from telephony.forks.track import AHEAD_S, BEHIND_TICKS, MOST, PAUSE_S, SLACK_S, Track

PCM = b"\1\0" * (FRAME_BYTES // 2)


def speak(track: Track, begin: float, seconds: float) -> list[Frame]:
    frames: list[Frame] = []
    for number in range(round(seconds / FRAME_S)):
        frames += track.put(PCM, begin + number * FRAME_S)
    return frames


def starts_follow(frames: list[Frame]) -> bool:
    return all(round(b.start - a.start, 3) == FRAME_S for a, b in pairwise(frames))


def test_a_voice_that_begins_late_begins_late() -> None:
    frames = speak(Track(3.0), 3.0, 1.0)
    assert frames[0].start == 3.0 and len(frames) == 50 and starts_follow(frames)


def test_pieces_of_any_size() -> None:
    track = Track(0.0)
    pieces = [PCM[:7], PCM[7:] + PCM[:100], PCM[100:]]
    frames = [frame for piece in pieces for frame in track.put(piece, 0.1)]
    assert [frame.pcm for frame in frames] == [PCM, PCM]


def test_a_pause_becomes_silence_as_it_passes() -> None:
    track = Track(0.0)
    speak(track, 0.0, 1.0)
    assert not track.tick(1.0 + PAUSE_S - 0.1), "it may be on its way"
    silence = track.tick(1.6)
    assert silence and all(frame.lost and frame.pcm == SILENCE for frame in silence) and starts_follow(silence)
    assert 1.6 - SLACK_S - FRAME_S <= track.position <= 1.6 - SLACK_S
    assert len(track.tick(1.7)) in (4, 5, 6)
    assert not track.put(PCM, 1.75)[0].lost


def test_a_stall_of_the_network_loses_no_word() -> None:
    track = Track(0.0)
    speak(track, 0.0, 1.0)
    track.tick(1.9)
    burst = track.put(PCM * 45, 1.9)
    assert len(burst) == 45 and not track.dropped
    assert track.position > 1.9
    speak(track, 1.92, 0.5)
    track.tick(3.5)
    assert abs(3.5 - SLACK_S - track.position) <= FRAME_S, "the next pause makes it true again"


def test_what_was_lost_on_the_way_is_made_up_for() -> None:
    """A sender that skips now and then, never for long."""
    track = Track(0.0)
    now, filled = 0.0, 0
    for _ in range(12):
        speak(track, now, 0.4)
        now += 0.5  # 0.1 s is missing
        for tick in range(5):
            filled += len(track.tick(now + tick * 0.1 - 0.4))
    assert filled and now - track.position < PAUSE_S + 0.7


def test_half_a_frame_before_silence_is_filled_up() -> None:
    track = Track(0.0)
    track.put(PCM + PCM[:100], 0.0)
    frames = track.tick(1.0)
    assert frames[0].pcm == PCM[:100].ljust(FRAME_BYTES, b"\0") and not frames[0].lost and frames[1].lost
    assert starts_follow(frames)


def test_stamps_tell_what_is_missing() -> None:
    track = Track(0.0)
    assert [frame.lost for frame in track.put(PCM, 0.0, 1000)] == [False]
    frames = track.put(PCM, 0.08, 1080)
    assert [frame.lost for frame in frames] == [True, True, True, False]
    assert frames[-1].start == 0.08
    assert len(track.put(PCM, 0.1, 10_000_000)) == 1, "a stamp that cannot be true is not believed"
    assert len(track.put(PCM, 0.12, 0)) == 1, "nor one that goes back"


def test_more_than_real_time_is_dropped_and_counted() -> None:
    track = Track(0.0)
    frames = track.put(PCM * 500, 0.0)
    assert len(frames) == round(AHEAD_S / FRAME_S) and track.dropped == 500 - len(frames)
    assert track.put(PCM, 0.5) and track.dropped == 500 - len(frames)


def test_a_long_hole_is_a_hole() -> None:
    track = Track(0.0)
    frames = track.tick(60.0)
    assert len(frames) == MOST and frames[-1].start >= 59.8


def test_the_end_loses_nothing() -> None:
    track = Track(0.0)
    track.put(PCM[:10], 0.0)
    assert [len(frame.pcm) for frame in track.end()] == [FRAME_BYTES]
    assert not track.end()


STEPS = st.lists(
    st.tuples(
        st.floats(0, 3),
        st.one_of(st.none(), st.integers(0, 3000)),
        st.one_of(st.none(), st.integers(0, 10**7)),
    ),
    max_size=30,
)


@given(STEPS)
def test_frames_never_go_back_nor_far_ahead(steps: list[tuple[float, int | None, int | None]]) -> None:
    track, now, last = Track(0.0), 0.0, -FRAME_S
    for passed, size, stamp in steps:
        now += passed
        frames = track.tick(now) if size is None else track.put(bytes(size), now, stamp)
        for frame in frames:
            assert len(frame.pcm) == FRAME_BYTES
            assert round(frame.start - last, 3) >= FRAME_S
            last = frame.start
        assert track.position <= now + AHEAD_S + 2 * FRAME_S
    assert BEHIND_TICKS
