"""Accounts that come, change and go while the node runs."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from msgspec.structs import replace

from core.bus.memory_bus import MemoryBus
from core.config import AgentConfig, SipConfig
from core.errors import Refused
from core.events import now
from core.store.accounts import Account
from server.dispatcher import Dispatcher
from server.hot_desk import HotDesk
from server.signing_in.directory import Directory
from server.staff import Staff
from tests.fakes.accounts import MemoryAccounts

KIM = AgentConfig(id="kim", name="김하늘", extension="2101", uri="sip:kim@pbx")
BADA = Account(id="bada", name="이바다", extension="2102", uri="sip:bada@pbx", made=now())


def spawn(work: Coroutine[Any, Any, None], _name: str) -> object:
    return asyncio.ensure_future(work)


class House:
    def __init__(self) -> None:
        self.store = MemoryAccounts()
        self.directory = Directory(self.store, [KIM])
        self.dispatcher = Dispatcher([KIM], MemoryBus(), wrap_up_s=0, spawn=spawn)
        self.staff = Staff(self.directory, self.dispatcher, HotDesk(self.dispatcher, SipConfig(), [KIM]), [KIM])

    async def put(self, account: Account) -> None:
        await self.directory.put_account(account)
        await self.staff.settle()

    async def nobody_waits(self, _place: object) -> None:
        return None


@pytest.fixture
def house() -> House:
    return House()


async def test_an_agent_who_is_added_takes_calls_without_a_restart(house: House) -> None:
    waiting = asyncio.create_task(house.dispatcher.next_agent("c1", now(), house.nobody_waits))
    await asyncio.sleep(0)
    await house.put(BADA)
    await house.dispatcher.wish("bada", "ready")
    agent = await asyncio.wait_for(waiting, 1)
    assert (agent.id, agent.uri) == ("bada", "sip:bada@pbx")


async def test_one_who_is_disabled_gets_no_more_calls_and_keeps_the_one_that_she_has(house: House) -> None:
    await house.put(BADA)
    await house.dispatcher.joined("bada", "c1")
    await house.put(replace(BADA, disabled=True))
    assert house.dispatcher.roster.seen("bada").state == "talking", "her call is not cut"
    await house.dispatcher.released("bada")
    gone = house.dispatcher.roster.seen("bada")
    assert (gone.state, gone.reason) == ("away", "account_disabled")
    with pytest.raises(Refused) as refused:
        await house.dispatcher.wish("bada", "ready")
    assert refused.value.code == "account_disabled"
    assert house.dispatcher.roster.longest_ready() is None
    await house.put(replace(BADA, disabled=False, name="이바다라"))
    await house.dispatcher.wish("bada", "ready")
    assert house.dispatcher.roster.agent("bada").name == "이바다라"


async def test_a_ready_one_is_away_at_once_and_her_seat_is_free(house: House) -> None:
    await house.put(BADA)
    await house.dispatcher.wish("bada", "ready")
    await house.put(replace(BADA, disabled=True))
    assert house.dispatcher.roster.seen("bada").state == "away"
    assert house.dispatcher.roster.at("2102") is None


async def test_another_telephone_and_another_queue(house: House) -> None:
    await house.put(BADA)
    await house.put(replace(BADA, uri="sip:bada@new", extension="2109", queues=("tax",)))
    agent = house.dispatcher.roster.agent("bada")
    assert (agent.uri, agent.extension, agent.serves("tax"), agent.serves("water")) == (
        "sip:bada@new", "2109", True, False,
    )  # fmt: skip


async def test_one_who_was_disabled_before_the_start_is_never_hired(house: House) -> None:
    await house.store.put_account(replace(BADA, disabled=True))
    await house.directory.load()
    await house.staff.settle()
    assert not house.dispatcher.knows("bada")


async def test_of_two_with_the_same_name_the_files_counts(house: House) -> None:
    await house.store.put_account(replace(BADA, id="kim"))
    await house.directory.load()
    assert house.directory.known("kim").origin == "file"
    with pytest.raises(Refused) as refused:
        await house.directory.put_account(replace(BADA, id="kim"))
    assert refused.value.code == "from_file"
