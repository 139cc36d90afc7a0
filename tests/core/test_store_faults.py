"""A database that cannot be used: one line that says what to do, and no harm done."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.errors import ConfigError, StoreFault
from core.events import CallStarted, Party, TranscriptFinal
from core.home import Home
from core.store.sql_store import open_store
from tests.postgres import PostgresServer


def final(seq: int, text: str = "네") -> TranscriptFinal:
    return TranscriptFinal(call_id="c", seq=seq, speaker="caller", utterance="u", start=0, end=1, text=text)


async def fault_of(url: str, home: Home) -> str:
    with pytest.raises(StoreFault) as caught:
        await open_store(url, home)
    return one_line(caught.value)


def one_line(fault: StoreFault) -> str:
    message = str(fault)
    assert "\n" not in message
    assert fault.code == "store"
    return message


@pytest.fixture
def small_disk() -> Iterator[None]:
    """Every SQLite database may grow to 120 pages: what a full disk looks like from inside."""

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        connection.cursor().execute("PRAGMA max_page_count=120")

    sa.event.listen(sa.Engine, "connect", limit)
    yield
    sa.event.remove(sa.Engine, "connect", limit)


async def test_the_default_is_a_file_in_the_home_folder(home: Home) -> None:
    store = await open_store("", home)
    await store.close()
    assert home.database.exists()


async def test_a_full_disk_is_told_and_keeps_what_was_there(home: Home, small_disk: None) -> None:
    store = await open_store("", home)
    await store.append([final(1)])
    with pytest.raises(StoreFault, match=r"the disk is full: free some space") as caught:
        for seq in range(2, 100):
            await store.append([final(seq, "가" * 2000)])
    assert "가가" not in one_line(caught.value), "words do not leave through an error"
    kept = await store.events("c")
    assert [event.seq for event in kept] == list(range(1, len(kept) + 1))
    await store.close()


async def test_a_locked_database_is_told_and_works_again_when_free(home: Home) -> None:
    store = await open_store("", home)
    other = sqlite3.connect(home.database)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreFault, match="is locked by another program: close it"):
        await store.append([final(1)])
    other.rollback()
    other.close()
    await store.append([final(1)])
    assert len(await store.events("c")) == 1
    await store.close()


async def test_opening_a_locked_database_is_told(home: Home) -> None:
    other = sqlite3.connect(home.database)
    other.execute("BEGIN EXCLUSIVE")
    assert "is locked by another program" in await fault_of("", home)
    other.close()


async def test_a_file_that_is_no_database_is_told_and_left_alone(home: Home) -> None:
    home.database.write_text("this is a letter, not a database" * 100)
    assert "is no SQLite database" in await fault_of("", home)
    assert home.database.read_text().startswith("this is a letter")


async def test_a_missing_folder_is_told(home: Home, tmp_path: Path) -> None:
    assert "No such file or directory" in await fault_of(f"sqlite:///{tmp_path}/none/x.db", home)


async def test_an_address_that_cannot_be_read_is_a_wrong_setting(home: Home) -> None:
    with pytest.raises(ConfigError, match=r"store\.url cannot be read"):
        await open_store("nonsense", home)


@pytest.mark.postgresql
async def test_a_wrong_password_is_told_without_telling_it(postgres: PostgresServer, home: Home) -> None:
    message = await fault_of(postgres.url("postgres", password="guessed"), home)
    assert "refuses user or password: check store.url and store.password_file" in message
    assert "guessed" not in message
    assert re.search(r"postgresql://minwon:\*+@127\.0\.0\.1", message)


@pytest.mark.postgresql
async def test_a_missing_database_is_told(postgres: PostgresServer, home: Home) -> None:
    assert "create the database and user of store.url" in await fault_of(postgres.url("none"), home)


@pytest.mark.postgresql
async def test_no_server_is_told_at_once(home: Home) -> None:
    async with asyncio.timeout(10):
        message = await fault_of("postgresql://minwon@127.0.0.1:1/minwon", home)
    assert "does not answer: is the server running, and is store.url right?" in message


@pytest.mark.postgresql
async def test_a_server_that_goes_away_and_comes_back(home: Home) -> None:
    server = PostgresServer()
    try:
        server.start()
        store = await open_store(server.new_database(), home)
        await store.append([CallStarted(call_id="c", seq=1, caller=Party(), called="120")])
        server.stop()
        for _ in range(2):
            with pytest.raises(StoreFault):
                await store.append([final(2)])
        server.start()
        await store.append([final(2)])
        assert [event.seq for event in await store.events("c")] == [1, 2]
        await store.close()
    finally:
        server.remove()


async def test_a_closed_store_leaves_no_thread_behind(home: Home) -> None:
    """aiosqlite has a thread per connection; one that stays would keep the node from ending."""
    before = set(threading.enumerate())
    store = await open_store("", home)
    await asyncio.gather(*(store.events(str(number)) for number in range(5)))
    await store.close()
    # Threads of asyncio's own executor stay for the loop.
    mine = [thread for thread in set(threading.enumerate()) - before if not thread.name.startswith("asyncio")]
    for thread in mine:
        await asyncio.to_thread(thread.join, 2)
    assert [thread.name for thread in mine if thread.is_alive()] == []


async def test_a_reader_or_writer_that_is_cancelled_leaves_the_store_usable(store_url: str, home: Home) -> None:
    store = await open_store(store_url, home)
    await store.append([final(1)])
    for wait_s in (0, 0.0005, 0.001, 0.002, 0.005) * 4:
        tasks = [asyncio.create_task(store.append([final(2 + number)])) for number in range(5)]
        tasks += [asyncio.create_task(store.events("c")) for _ in range(5)]  # type: ignore[arg-type]
        await asyncio.sleep(wait_s)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    async with asyncio.timeout(10):
        await store.append([final(seq) for seq in range(1, 10)])
        assert [event.seq for event in await store.events("c")] == list(range(1, 10))
    await store.close()
