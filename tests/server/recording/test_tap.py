"""What is taken from a leg: nothing doubled, nothing moved, whatever the leg's clock and its losses."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.audio import FRAME_BYTES, FRAME_S, Frame, FrameQueue
from records.recording.spool import Sound
from server.recording.tap import BATCH, LEAD, Tap


def frames(count: int, *, first_s: float = 0.0, lost: set[int] = frozenset()) -> list[Frame]:  # type: ignore[assignment]
    return [
        Frame(number.to_bytes(2, "little") * (FRAME_BYTES // 2), first_s + number * FRAME_S, number in lost)
        for number in range(count)
    ]


def slots(sounds: list[Sound]) -> dict[int, int]:
    """Slot -> number of the frame; a slot has one frame at most."""
    found: dict[int, int] = {}
    for sound in sounds:
        for index in range(len(sound.pcm) // FRAME_BYTES):
            slot = sound.slot + index
            assert slot not in found
            found[slot] = int.from_bytes(sound.pcm[index * FRAME_BYTES :][:2], "little")
    return found


@given(count=st.integers(0, 300), first=st.floats(0, 5), lost=st.sets(st.integers(0, 299)))
def test_every_frame_has_its_slot(count: int, first: float, lost: set[int]) -> None:
    """Wherever the leg's clock lies between two slots: no rounding lays one frame over another."""
    sounds: list[Sound] = []
    tap = Tap("caller", sounds.append, lambda fault: None, "keep")
    for frame in frames(count, first_s=first, lost=lost):
        tap.take(frame)
    tap.ended()
    found = slots(sounds)
    assert sorted(found.values()) == [number for number in range(count) if number not in lost]
    for slot, number in found.items():
        assert abs(slot * FRAME_S - (first + number * FRAME_S)) <= FRAME_S


def test_the_second_before_belongs_to_it() -> None:
    sounds: list[Sound] = []
    tap = Tap("caller", sounds.append, lambda fault: None, "lead")
    for frame in frames(1000):
        tap.take(frame)
    assert not sounds
    assert tap.set_mode("keep", with_lead=True) == 1000 * FRAME_S
    tap.ended()
    assert sorted(slots(sounds).values()) == list(range(1000 - LEAD, 1000))


def test_what_is_dropped_is_gone() -> None:
    sounds: list[Sound] = []
    tap = Tap("caller", sounds.append, lambda fault: None, "drop")
    for number, frame in enumerate(frames(400)):
        if number == 130:
            assert tap.set_mode("keep") == 130 * FRAME_S
        if number == 170:
            tap.set_mode("drop")
        tap.take(frame)
    tap.ended()
    assert sorted(slots(sounds).values()) == list(range(130, 170))
    assert tap.where() == 400 * FRAME_S


def test_a_fault_is_told_once_and_the_leg_goes_on() -> None:
    faults: list[Exception] = []

    def broken(_sound: Sound) -> None:
        raise RuntimeError

    queue = FrameQueue()
    tap = Tap("caller", broken, faults.append, "keep")
    queue.tap(tap.take, tap.ended)
    for frame in frames(3 * BATCH):
        queue.put(frame)
    queue.close()
    assert len(faults) == 1
    assert len(queue) == 2 * BATCH  # the newest two seconds


def test_a_slow_listener_takes_nothing_from_it() -> None:
    sounds: list[Sound] = []
    queue = FrameQueue(limit_s=0.2)
    tap = Tap("agent", sounds.append, lambda fault: None, "keep")
    queue.tap(tap.take, tap.ended)
    for frame in frames(500):
        queue.put(frame)
    queue.close()
    assert queue.dropped == 490
    assert len(slots(sounds)) == 500


def test_a_leg_that_is_over_already() -> None:
    queue = FrameQueue()
    queue.close()
    ended: list[bool] = []
    queue.tap(lambda frame: None, lambda: ended.append(True))
    assert ended == [True]
