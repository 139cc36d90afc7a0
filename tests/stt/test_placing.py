"""Which worker decodes what, without a process: the workers' links are lists of what they were sent."""

from __future__ import annotations

from typing import cast

from stt.contract import Hypothesis
from stt.decode_link import DecodeLink
from stt.decode_messages import Audio, Begin, Finish, Finished, Forget, Heeded, Refused, ToWorker
from stt.placing import TRIES, Placing
from stt.pool_worker import CHUNK_BYTES, Utterance, Worker


class Link:
    """A worker that only listens."""

    def __init__(self) -> None:
        self.sent: list[ToWorker] = []

    def send(self, message: ToWorker, *, owed: bool) -> None:
        assert owed is not isinstance(message, Begin | Forget)
        self.sent.append(message)

    def settled(self) -> None: ...

    def finished(self, resident_mb: int) -> None: ...


class Scene:
    """A placing, its troubles, and the finals of its utterances."""

    def __init__(self) -> None:
        self.troubles: list[str] = []
        self.finals: list[tuple[int, str]] = []
        self.placing = Placing(self.troubles.append)
        self.links: list[Link] = []

    def worker(self) -> Worker:
        link = Link()
        self.links.append(link)
        worker = Worker(cast(DecodeLink, link))
        self.placing.welcome(worker)
        return worker

    def utterance(self, number: int, grammar: tuple[str, ...] = ()) -> Utterance:
        utterance = Utterance(
            number,
            60.0,
            grammar,
            lambda text: None,
            lambda final: self.finals.append((number, final.text)),
            self.placing.drop,
        )
        self.placing.place(utterance)
        return utterance


def test_to_the_worker_that_has_fewest_and_not_to_one_that_leaves() -> None:
    scene = Scene()
    first, second = scene.worker(), scene.worker()
    homes = [scene.utterance(number).home for number in (1, 2)]
    assert homes == [first, second]
    first.retiring = True
    assert [scene.utterance(number).home for number in (3, 4)] == [second, second]


def test_one_without_a_worker_waits_for_one_with_its_audio() -> None:
    scene = Scene()
    utterance = scene.utterance(1, ("네",))
    utterance.feed(bytes(CHUNK_BYTES))
    utterance.finish()
    assert scene.placing.lag_s == 0.1
    worker = scene.worker()
    assert scene.links[0].sent == [Begin(1, ("네",)), Audio(1, bytes(CHUNK_BYTES)), Finish(1)]
    scene.placing.heed(worker, Heeded(1, CHUNK_BYTES, "네"))
    scene.placing.heed(worker, Finished(1, Hypothesis(text="네", final=True), 100))
    assert scene.finals == [(1, "네")]
    assert scene.placing.lag_s == 0.0


def test_a_refused_one_ends_when_it_is_over() -> None:
    """No final before, one then, and it is nobody's work any more."""
    scene = Scene()
    worker, utterance = scene.worker(), scene.utterance(1, ("네",))
    scene.placing.heed(worker, Refused(1, "no grammars here"))
    assert (scene.finals, utterance.refusal, worker.utterances) == ([], "no grammars here", {})
    assert scene.troubles == ["an utterance is not heard: no grammars here"]
    utterance.feed(bytes(CHUNK_BYTES))
    utterance.finish()
    assert scene.finals == [(1, "")]
    assert scene.links[0].sent == [Begin(1, ("네",)), Forget(1)]


def test_one_that_workers_die_of_is_given_up_and_ends_once() -> None:
    """Its final comes at once and not again when it is over; why, it says."""
    scene = Scene()
    worker, utterance = scene.worker(), scene.utterance(1)
    for _ in range(TRIES):
        scene.placing.leave(worker)
        worker = scene.worker()
    assert (scene.placing.replays, scene.placing.given_up) == (TRIES - 1, 1)
    assert scene.finals == [(1, "")]
    utterance.finish()
    assert scene.finals == [(1, "")]
    assert "keep dying of it" in utterance.refusal
    assert worker.utterances == {}
