"""Open sessions in memory and in the store, also while both change at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from core.store.accounts import SessionRecord
from server.signing_in.book import Book
from tests.fakes.accounts import MemoryAccounts
from tests.server.signing_in.site import Clock


class SlowReading(MemoryAccounts):
    """What it answers was read a while ago."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def sessions(self) -> list[SessionRecord]:
        found = await super().sessions()
        await self.go_on.wait()
        return found


def a_book(store: MemoryAccounts, clock: Clock) -> Book:
    return Book(store, longest=timedelta(hours=12), idle=timedelta(minutes=30), clock=clock)


async def opened(book: Book, account_id: str = "kim") -> str:
    return await book.open(account_id, address="10.0.0.1", browser="", way="password")


async def test_what_opens_or_ends_while_the_store_is_read_is_newer_than_what_was_read() -> None:
    store = SlowReading()
    book = a_book(store, Clock())
    ends = await opened(book)
    store.go_on.clear()
    loading = asyncio.create_task(book.load())
    await asyncio.sleep(0)
    begins = await opened(book, "lee")
    (session,) = book.living("kim")
    await book.close([session.token_hash])
    store.go_on.set()
    await loading
    assert book.find(ends) is None, "it does not come back"
    assert book.find(begins) is not None, "it is not taken away"


async def test_what_another_process_ends_is_over_here_and_what_it_begins_is_known() -> None:
    store, clock = MemoryAccounts(), Clock()
    here, there = a_book(store, clock), a_book(store, clock)
    token = await opened(here)
    over = here.over(token)
    await there.load()
    assert there.find(token) is not None
    await there.close(each.token_hash for each in there.living("kim"))
    other = await opened(there, "lee")
    await here.load()
    assert over.is_set()
    assert here.find(token) is None
    assert here.find(other) is not None


async def test_a_sign_of_life_is_kept_and_what_was_taken_away_stays_away() -> None:
    store, clock = MemoryAccounts(), Clock()
    book = a_book(store, clock)
    token = await opened(book)
    clock.on(minutes=20)
    assert book.find(token) is not None
    await book.settle()
    assert (await store.sessions())[0].seen == clock.now
    clock.on(minutes=30)
    (ended,) = book.ended()
    assert book.living() == []
    await book.close([ended.token_hash])
    await book.settle()
    assert await store.sessions() == []


async def test_who_holds_a_line_of_no_session_is_told_at_once() -> None:
    book = a_book(MemoryAccounts(), Clock())
    assert book.over("never seen").is_set()
