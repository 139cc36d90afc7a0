"""The worker's loop."""

from __future__ import annotations

import threading
import time
from itertools import pairwise

from telephony import sip_worker_loop
from telephony.sip_worker_loop import Loop


def run(loop: Loop) -> None:
    loop.run(lambda milliseconds: time.sleep(milliseconds / 1000))


def failed(error: Exception) -> None:
    raise error


def test_jobs_run_in_order_and_from_any_thread() -> None:
    loop, done = Loop(failed), list[int]()

    def post() -> None:
        for number in range(100):
            loop.post(lambda number=number: done.append(number))  # type: ignore[misc]
        loop.post(loop.stop)

    threading.Thread(target=post).start()
    run(loop)
    assert done == list(range(100))


def test_timers_come_in_the_order_of_their_times_and_can_be_cancelled() -> None:
    loop, done = Loop(failed), list[str]()
    loop.later(0.06, loop.stop)
    loop.later(0.04, lambda: done.append("second"))
    loop.later(0.02, lambda: done.append("first"))
    cancelled = loop.later(0.03, lambda: done.append("never"))
    cancelled.cancel()
    cancelled.cancel()
    run(loop)
    assert done == ["first", "second"]


def test_every_comes_again_and_again() -> None:
    loop, at = Loop(failed), list[float]()
    loop.every(0.03, lambda: at.append(time.monotonic()))
    loop.later(0.2, loop.stop)
    run(loop)
    assert len(at) >= 3 and all(later - earlier > 0.02 for earlier, later in pairwise(at))


def test_a_job_that_fails_is_told_and_ends_nothing() -> None:
    errors, done = list[Exception](), list[str]()
    loop = Loop(errors.append)
    loop.post(lambda: [][0])
    loop.post(lambda: done.append("next"))
    loop.post(loop.stop)
    run(loop)
    assert done == ["next"] and isinstance(errors[0], IndexError)


def test_too_many_jobs_are_dropped_and_counted() -> None:
    loop = Loop(failed)
    for _ in range(sip_worker_loop.LIMIT + 7):
        loop.post(lambda: None)
    assert loop.dropped == 7
