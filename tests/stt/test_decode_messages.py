"""What goes over the wire comes out as it went in, however it is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.events import Word
from stt.contract import Hypothesis
from stt.decode_messages import (
    LARGEST,
    LENGTH,
    Audio,
    Failed,
    Finish,
    Finished,
    Forget,
    Heeded,
    Ready,
    bodies,
    from_worker,
    packed,
    to_worker,
)

TO_WORKER = [Audio(1, b"\0\1" * 800), Finish(1), Forget(2)]
FROM_WORKER = [
    Ready(0.1),
    Failed("모델이 없습니다"),
    Heeded(3, 1600, "여권"),
    Heeded(3, 1600, None),
    Finished(
        3,
        Hypothesis(text="네", words=(Word(text="네", start=0.4, end=0.8, confidence=1.0),), final=True),
        105,
    ),
]


@given(st.lists(st.integers(1, 200), min_size=1, max_size=40))
def test_any_cutting_gives_the_same_messages(sizes: list[int]) -> None:
    """A socket delivers as it likes."""
    stream = b"".join(packed(message) for message in TO_WORKER)
    buffer, found, at = bytearray(), [], 0
    for size in [*sizes, len(stream)]:
        buffer += stream[at : at + size]
        at += size
        found += [to_worker.decode(body) for body in bodies(buffer)]
    assert found == TO_WORKER
    assert not buffer


def test_answers() -> None:
    """All kinds."""
    buffer = bytearray(b"".join(packed(message) for message in FROM_WORKER))
    assert [from_worker.decode(body) for body in bodies(buffer)] == FROM_WORKER


def test_an_impossible_length_is_refused() -> None:
    """The two sides no longer understand each other."""
    with pytest.raises(ValueError, match="bytes"):
        bodies(bytearray(LENGTH.pack(LARGEST + 1)))
