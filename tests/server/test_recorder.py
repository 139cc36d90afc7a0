"""The recorder: what a desk has shown is in the store at last, once, whatever dies in between."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from core import metrics
from core.errors import StoreFault
from core.events import AgentStateChanged, TranscriptFinal, TranscriptPartial, now
from core.home import Home
from core.journal import Journal
from core.store.sql_store import SqlStore, open_store
from server.recorder import Recorder
from tests.postgres import PostgresServer


def final(seq: int, call_id: str = "c") -> TranscriptFinal:
    return TranscriptFinal(call_id=call_id, seq=seq, speaker="caller", utterance="u", start=0, end=1, text="네")


async def until(what: Callable[[], bool], within_s: float = 10) -> None:
    async with asyncio.timeout(within_s):
        while not what():  # noqa: ASYNC110 - the recorder tells nobody when it is done, as in life
            await asyncio.sleep(0.02)


async def seqs(store: SqlStore, call_id: str = "c") -> list[int]:
    return [event.seq for event in await store.events(call_id)]


async def test_kept_events_are_in_the_store_soon_and_gone_from_the_journal(home: Home) -> None:
    store = await open_store("", home)
    async with Recorder(store, Journal(home.spool)) as recorder:
        for seq in range(1, 501):
            recorder.keep(final(seq))
        assert recorder.pending == 500
        await until(lambda: recorder.pending == 0, within_s=5)
        assert await seqs(store) == list(range(1, 501))
        assert recorder.healthy
        assert all(not path.stat().st_size for path in home.spool.glob("events-*"))
    await store.close()


async def test_the_event_loop_is_never_blocked(home: Home, no_blocking_calls: None) -> None:
    store = await open_store("", home)
    journal = await asyncio.to_thread(Journal, home.spool)
    async with Recorder(store, journal) as recorder:
        for seq in range(1, 100):
            recorder.keep(final(seq))
        assert await recorder.flush(5)
        assert len(await store.events("c")) == 99
        assert (await store.calls())[0].last_seq == 99
    await store.close()


async def test_only_lasting_events_of_calls_are_kept(home: Home) -> None:
    store = await open_store("", home)
    async with Recorder(store, Journal(home.spool)) as recorder:
        recorder.keep(TranscriptPartial(call_id="c", seq=1, speaker="caller", utterance="u", start=0, text="여"))
        recorder.keep(AgentStateChanged(agent_id="haneul", state="ready", since=now()))
        assert recorder.pending == 0
    await store.close()


async def test_flush_stores_at_once_and_closing_too(home: Home) -> None:
    store = await open_store("", home)
    async with Recorder(store, Journal(home.spool)) as recorder:
        recorder.keep(final(1))
        assert await recorder.flush(5)
        assert await seqs(store) == [1]
        recorder.keep(final(2))
    assert await seqs(store) == [1, 2]
    await store.close()


async def test_a_locked_store_makes_events_wait_and_flush_give_up(home: Home) -> None:
    store = await open_store("", home)
    async with Recorder(store, Journal(home.spool)) as recorder:
        other = sqlite3.connect(home.database)
        other.execute("BEGIN IMMEDIATE")
        recorder.keep(final(1))
        loop = asyncio.get_running_loop()
        before = loop.time()
        assert not await recorder.flush(0.3)
        assert loop.time() - before < 1.8, "it must not wait for the lock, 2 s"

        await until(lambda: not recorder.healthy)
        assert b"minwon_store_healthy 0.0" in metrics.render()
        recorder.keep(final(2))
        other.rollback()
        other.close()
        await until(lambda: recorder.healthy and recorder.pending == 0)
        assert await seqs(store) == [1, 2]
        assert b"minwon_store_healthy 1.0" in metrics.render()
    await store.close()


async def test_what_an_earlier_node_left_is_stored_before_the_node_is_ready(home: Home) -> None:
    earlier = Journal(home.spool)
    for seq in range(1, 450):
        earlier.keep(final(seq))
    earlier.close()
    store = await open_store("", home)
    async with Recorder(store, Journal(home.spool)) as recorder:
        assert recorder.pending == 0
        assert await seqs(store) == list(range(1, 450))
    await store.close()


async def test_an_event_that_no_database_takes_does_not_hold_up_the_others(home: Home) -> None:
    store = await open_store("", home)
    async with Recorder(store, Journal(home.spool)) as recorder:
        recorder.keep(final(1))
        recorder.keep(msgspec.structs.replace(final(2), seq=2**63))
        recorder.keep(final(3))
        assert await recorder.flush(5)
        assert await seqs(store) == [1, 3]
        assert str(2**63) in (home.spool / "set-aside.jsonl").read_text()
        assert recorder.healthy
    await store.close()


async def test_a_full_journal_is_told_to_the_line(home: Home) -> None:
    store = await open_store("", home)
    async with Recorder(store, Journal(home.spool, limit_bytes=300)) as recorder:
        with pytest.raises(StoreFault):
            for seq in range(1, 10):
                recorder.keep(final(seq))
    await store.close()


async def test_a_bug_in_the_task_is_seen(home: Home) -> None:
    class Broken(SqlStore):
        async def append(self, events: object) -> None:
            raise RuntimeError("a bug")

    store = await open_store("", home)
    store.__class__ = Broken
    recorder = Recorder(store, Journal(home.spool))
    with pytest.raises(RuntimeError, match="a bug"):
        async with recorder:
            recorder.keep(final(1))

            await until(lambda: not recorder.healthy)
    await store.close()


NODE = """
import asyncio, sys
from pathlib import Path
from core.home import open_home
from core.journal import Journal
from core.store.sql_store import open_store
from server.recorder import Recorder
from tests.server.test_recorder import final

async def main():
    home = open_home(sys.argv[1])
    store = await open_store("", home)
    async with Recorder(store, Journal(home.spool)) as recorder:
        seq = int(sys.argv[2])
        while True:
            for _ in range(7):
                seq += 1
                recorder.keep(final(seq))
                print(seq, flush=True)   # a desk has it now
            await asyncio.sleep(0.003)

asyncio.run(main())
"""


async def test_kill_9_loses_no_event_that_was_shown(home: Home) -> None:
    """A real process, killed in the midst of keeping and storing, again and again."""
    shown = 0
    for after_lines in (3, 60, 400):
        node = subprocess.Popen(  # noqa: ASYNC220 - forking is quick
            [sys.executable, "-c", NODE, str(home.root), str(shown)], stdout=subprocess.PIPE
        )
        assert node.stdout is not None
        lines = [int(await asyncio.to_thread(node.stdout.readline)) for _ in range(after_lines)]
        os.kill(node.pid, signal.SIGKILL)
        lines += [int(line) for line in node.stdout.read().split()]
        node.stdout.close()
        node.wait(10)
        shown = max(shown, *lines)
    store = await open_store("", home)
    async with Recorder(store, Journal(home.spool)):
        stored = await seqs(store)
    await store.close()
    assert len(stored) == len(set(stored))
    # One more than was shown may be kept: killed between keep() and the showing.
    assert set(range(1, shown + 1)) <= set(stored)
    assert max(stored) <= shown + 3


@pytest.mark.postgresql
async def test_a_server_that_goes_away_costs_nothing(home: Home, tmp_path: Path) -> None:
    server = PostgresServer()
    try:
        server.start()
        store = await open_store(server.new_database(), home)
        async with Recorder(store, Journal(home.spool, segment_bytes=2000)) as recorder:
            seq = 0

            async def speak(until_it: Callable[[], bool]) -> None:
                nonlocal seq
                async with asyncio.timeout(20):
                    while not until_it():
                        seq += 1
                        recorder.keep(final(seq))
                        await asyncio.sleep(0.005)

            await speak(lambda: seq >= 50)
            await asyncio.to_thread(server.stop)
            await speak(lambda: not recorder.healthy and recorder.pending >= 60)
            await asyncio.to_thread(server.start)
            await speak(lambda: recorder.healthy)
            assert await recorder.flush(10)
            assert await seqs(store) == list(range(1, seq + 1))
        await store.close()
    finally:
        server.remove()
