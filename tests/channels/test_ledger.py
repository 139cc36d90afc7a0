"""Records reach the store, also when it was away; nobody who sends waits for a store that is away."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from msgspec.structs import replace

from channels import progress
from channels.contract import Message
from channels.ledger import Ledger
from core import metrics
from core.errors import BadInput, StoreFault
from core.store.messages import MessageRecord

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def record(name: str, tries: int = 0) -> MessageRecord:
    message = Message(message_id=name, to="01000001234", text="x", kind="sms", at=AT)
    return replace(progress.queued(message), tries=tries)


class Shelf:
    """``put_message`` of a store that can be away, slow, or refuse."""

    def __init__(self) -> None:
        self.kept: dict[str, int] = {}
        self.puts = 0
        self.away = False
        self.refuses = ""
        self.gate = asyncio.Event()
        self.gate.set()

    async def put_message(self, *records: MessageRecord) -> None:
        self.puts += 1
        await self.gate.wait()
        if self.away:
            raise StoreFault("away")
        if any(known.message_id == self.refuses for known in records):
            raise BadInput("no")
        self.kept.update((known.message_id, known.tries) for known in records)


async def test_a_record_is_in_the_store_when_keep_returns() -> None:
    shelf = Shelf()
    ledger = Ledger(shelf)  # type: ignore[arg-type]
    await ledger.keep(record("a", 1))
    assert (shelf.kept, ledger.unsaved, ledger.pause_s()) == ({"a": 1}, 0, None)


async def test_while_the_store_is_away_it_is_tried_once_and_the_newest_states_come_later() -> None:
    shelf = Shelf()
    shelf.away = True
    ledger = Ledger(shelf, again_s=0.05)  # type: ignore[arg-type]
    for tries in range(5):
        await ledger.keep(record("a", tries))
        await ledger.keep(record("b", tries))
    assert shelf.puts == 1
    assert ledger.unsaved == 2
    pause = ledger.pause_s()
    assert pause is not None
    assert 0 < pause <= 0.05
    shelf.away = False
    await asyncio.sleep(0.06)
    assert ledger.pause_s() == 0.0
    await ledger.retry()
    assert shelf.kept == {"a": 4, "b": 4}


async def test_a_slow_store_never_gets_an_older_state_last() -> None:
    shelf = Shelf()
    shelf.gate.clear()
    ledger = Ledger(shelf)  # type: ignore[arg-type]
    keeps = [asyncio.create_task(ledger.keep(record("a", tries))) for tries in (1, 2, 3)]
    await asyncio.sleep(0)
    assert ledger.pause_s() is None, "somebody is at it"
    shelf.gate.set()
    await asyncio.gather(*keeps)
    assert shelf.kept == {"a": 3}


async def test_what_no_store_takes_holds_up_nothing_and_is_counted() -> None:
    shelf = Shelf()
    shelf.refuses = "bad"
    ledger = Ledger(shelf)  # type: ignore[arg-type]
    before = metrics.MESSAGES_UNSAVED._value.get()
    await ledger.keep(record("bad"))
    await ledger.keep(record("good"))
    assert (shelf.kept, ledger.unsaved) == ({"good": 0}, 0)
    assert metrics.MESSAGES_UNSAVED._value.get() == before + 1


async def test_beyond_the_limit_the_oldest_is_given_up_and_counted() -> None:
    shelf = Shelf()
    shelf.away = True
    ledger = Ledger(shelf, limit=2, again_s=0.0)  # type: ignore[arg-type]
    before = metrics.MESSAGES_UNSAVED._value.get()
    for name in "abc":
        await ledger.keep(record(name))
    shelf.away = False
    await ledger.retry()
    assert set(shelf.kept) == {"b", "c"}
    assert metrics.MESSAGES_UNSAVED._value.get() == before + 1


async def test_what_waits_for_one_goes_together_and_one_that_is_refused_takes_no_other_with_it() -> None:
    shelf = Shelf()
    shelf.gate.clear()
    shelf.refuses = "m7"
    ledger = Ledger(shelf)  # type: ignore[arg-type]
    keeping = [asyncio.create_task(ledger.keep(record("first")))]
    await asyncio.sleep(0)
    keeping += [asyncio.create_task(ledger.keep(record(f"m{number}"))) for number in range(20)]
    await asyncio.sleep(0)
    shelf.gate.set()
    await asyncio.gather(*keeping)
    assert shelf.puts == 2 + 20, "the first, all others, and each for itself"
    assert set(shelf.kept) == {"first", *(f"m{number}" for number in range(20))} - {"m7"}
    assert ledger.unsaved == 0
