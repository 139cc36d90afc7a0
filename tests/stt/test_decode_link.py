"""One worker process from the node's side; what the pool makes of it stands in test_decode_pool.py."""

from __future__ import annotations

import os
import signal
import time

import pytest

from models.shelf import ModelInfo
from stt import decode_link
from stt.decode_link import DecodeLink
from stt.decode_messages import Audio, Finish, Finished, Heeded


async def test_a_worker_is_ready_answers_and_ends_when_told(model: ModelInfo) -> None:
    """Started means loaded; closing is quick and clean."""
    link = await DecodeLink.start(model)
    try:
        assert link.load_s > 0
        link.send(Audio(1, bytes(1600)), owed=True)
        link.send(Finish(1), owed=True)
        answers = link.messages()
        assert await anext(answers) == Heeded(1, 1600, None)
        # Left and taken up again: nothing that has arrived is lost.
        await answers.aclose()
        final = await anext(link.messages())
        assert isinstance(final, Finished)
        link.finished(final.resident_mb)
        link.finished(final.resident_mb + 7)
        assert link.utterances == 2
        assert link.resident_mb == link.first_resident_mb + 7
    finally:
        began = time.monotonic()
        assert await link.close() == "ended with code 0"
        assert time.monotonic() - began < decode_link.GOODBYE_S


async def test_it_yields_to_the_voices_and_is_named_after_its_end(model: ModelInfo) -> None:
    """Nicer than the node, and an abort is told as what it was."""
    link = await DecodeLink.start(model)
    try:
        assert os.getpriority(os.PRIO_PROCESS, link.pid) > os.getpriority(os.PRIO_PROCESS, 0)
        assert link.epitaph() == "is running"
        os.kill(link.pid, signal.SIGABRT)
        assert [message async for message in link.messages()] == []
    finally:
        assert await link.close() == "was ended by signal 6"


async def test_an_idle_worker_is_not_taken_for_hung(model: ModelInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only one that owes an answer is."""
    monkeypatch.setattr(decode_link, "STALL_S", 0.2)
    link = await DecodeLink.start(model)
    try:
        os.kill(link.pid, signal.SIGSTOP)
        with pytest.raises(TimeoutError):
            async with decode_link.asyncio.timeout(0.8):
                await anext(link.messages())
        assert link.epitaph() == "is running"
        link.send(Audio(1, bytes(1600)), owed=True)
        assert [message async for message in link.messages()] == []
    finally:
        assert await link.close() == "was ended by signal 9"
