"""The worker's turns: order, fairness, skipped partials, never skipped finals."""

from __future__ import annotations

import socket
import threading

from hypothesis import given
from hypothesis import strategies as st

from stt.decode_messages import (
    Audio,
    Begin,
    Finish,
    Finished,
    Forget,
    FromWorker,
    Heeded,
    Refused,
    ToWorker,
    packed,
)
from stt.decode_worker import STEP_BYTES, Workbench, serve
from tests.fakes.recognizer import CountingRecognizer


def work(bench: Workbench) -> list[FromWorker]:
    answers = []
    while bench.busy:
        answers += bench.step()
    return answers


def bench(*messages: ToWorker, batch: int = 1) -> tuple[Workbench, CountingRecognizer]:
    recognizer = CountingRecognizer(batch)
    made = Workbench(recognizer, lambda: 42)
    for message in messages:
        made.take(message)
    return made, recognizer


def test_an_utterance() -> None:
    """Every chunk is answered, then the final."""
    made, _ = bench(Audio(1, bytes(1600)))
    assert work(made) == [Heeded(1, 1600, "1600")]
    made.take(Audio(1, bytes(800)))
    made.take(Finish(1))
    answers = work(made)
    assert answers[0] == Heeded(1, 800, "2400")
    assert isinstance(answers[1], Finished)
    assert answers[1].hypothesis.text == "all 2400"
    assert answers[1].resident_mb == 42


def test_a_backlog_is_taken_in_large_steps_so_partials_are_skipped() -> None:
    """Ten chunks waiting: three steps, three partials."""
    made, recognizer = bench(*(Audio(1, bytes(1600)) for _ in range(10)))
    assert len(work(made)) == 3
    assert recognizer.sessions[0].steps == [STEP_BYTES, STEP_BYTES, 16000 - 2 * STEP_BYTES]


def test_a_long_replay_does_not_hold_up_the_others() -> None:
    """One step each in turn."""
    made, _ = bench(Audio(1, bytes(STEP_BYTES * 5)), Audio(2, bytes(1600)), Finish(2))
    ids = [answer.id for answer in work(made) if isinstance(answer, Heeded | Finished)]
    assert ids[:4] == [1, 2, 1, 2]


def test_what_is_forgotten_is_left() -> None:
    """Nobody waits for it any more; its number may still be on its turn."""
    made, _ = bench(Audio(1, bytes(1600)), Forget(1), Forget(9))
    assert work(made) == []


def test_an_utterance_without_audio_has_a_final() -> None:
    """Opened and closed at once."""
    made, _ = bench(Finish(5))
    [answer] = work(made)
    assert isinstance(answer, Finished)


def test_a_grammar_that_the_model_takes() -> None:
    """It is known before the session begins."""
    made, recognizer = bench(Begin(3, ("네", "아니요")), Audio(3, bytes(1600)), Finish(3))
    assert isinstance(work(made)[-1], Finished)
    assert recognizer.sessions[0].grammar == ("네", "아니요")


def test_a_grammar_that_it_does_not_take() -> None:
    """Said once; what comes of it afterwards is not decoded without its grammar, and nothing of it is kept."""
    made, recognizer = bench(Begin(3, ("impossible",)), Audio(3, bytes(1600)))
    assert work(made) == [Refused(3, "this model takes no such grammar")]
    made.take(Audio(3, bytes(1600)))
    made.take(Finish(3))
    assert work(made) == []
    made.take(Begin(4, ("impossible",)))
    made.take(Finish(4))
    assert work(made) == [Refused(4, "this model takes no such grammar")]
    assert recognizer.sessions == []
    made.take(Audio(3, bytes(1600)))
    assert work(made) == [Heeded(3, 1600, "1600")]


def test_utterances_that_wait_are_decoded_together() -> None:
    """Up to the engine's batch; the next ones get their turn before anybody gets a second one."""
    made, recognizer = bench(*(Audio(number, bytes(STEP_BYTES + 1600)) for number in range(1, 6)), batch=4)
    ids = [answer.id for answer in work(made) if isinstance(answer, Heeded)]
    assert recognizer.together == [4, 4, 2]
    assert ids == [1, 2, 3, 4, 5, 1, 2, 3, 4, 5]


def test_in_a_batch_as_well_a_refusal_and_a_final_are_answered_beside_the_others() -> None:
    """One of each in the same step."""
    made, _ = bench(
        Begin(1, ("impossible",)), Audio(1, bytes(160)), Audio(2, bytes(160)), Finish(3), Forget(4), batch=8
    )
    assert {type(answer): answer.id for answer in made.step()} == {Refused: 1, Heeded: 2, Finished: 3}
    assert not made.busy


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3000)), max_size=40),
    st.integers(1, 4),
    st.data(),
)
def test_every_byte_is_decoded_once_and_every_finish_answered_once(
    chunks: list[tuple[int, int]], batch: int, data: st.DataObject
) -> None:
    """Whatever the interleaving of messages and steps, one at a time or several."""
    made, recognizer = bench(batch=batch)
    answers: list[FromWorker] = []
    for number, size in chunks:
        made.take(Audio(number, bytes(size)))
        if made.busy and data.draw(st.booleans()):
            answers += made.step()
    numbers = {number for number, _ in chunks}
    for number in numbers:
        made.take(Finish(number))
    answers += work(made)
    assert sorted(a.id for a in answers if isinstance(a, Finished)) == sorted(numbers)
    for number in numbers:
        size = sum(size for n, size in chunks if n == number)
        assert sum(a.size for a in answers if isinstance(a, Heeded) and a.id == number) == size
    assert len(recognizer.sessions) == len(numbers)


def test_it_serves_until_the_node_hangs_up() -> None:
    """Over a real socket pair."""
    ours, theirs = socket.socketpair()
    made, _ = bench()
    with ours, theirs:
        serving = threading.Thread(target=serve, args=(theirs, made))
        serving.start()
        ours.sendall(packed(Audio(1, bytes(1600))) + packed(Finish(1)))
        assert ours.recv(1 << 16)
        ours.shutdown(socket.SHUT_WR)
        serving.join(5)
        assert not serving.is_alive()
