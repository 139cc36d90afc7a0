"""The desk's view of counselling records: who is on the line, for those who may know."""

from __future__ import annotations

from collections.abc import AsyncIterator
from unittest.mock import Mock

import pytest
from msgspec.structs import replace

from core.agent import Agent
from core.errors import Refused
from core.home import Home
from core.store.sql_store import open_store
from server.dispatcher import Dispatcher
from server.house_record import HouseRecord
from tests.fakes.records import Records

KIM = Agent(id="kim", name="김하늘")
LEE = Agent(id="lee", name="이바다")
BOSS = Agent(id="boss", name="정감독", roles=("supervisor",))


@pytest.fixture
async def records(home: Home) -> AsyncIterator[Records]:
    store = await open_store("", home)
    yield Records(store, {agent.id: agent.name for agent in (KIM, LEE, BOSS)})
    await store.close()


async def test_who_is_on_the_line_is_told_to_the_agent_and_to_those_who_oversee_her(records: Records) -> None:
    house = HouseRecord(records=records.desk, dispatcher=Mock(spec=Dispatcher))
    await records.call("before", agent=LEE, days_ago=1)
    await records.call("now", agent=KIM)
    for contact_id in ("before", "now"):
        await records.keeping.record(contact_id)

    for agent in (KIM, BOSS, replace(BOSS, people=("kim",))):
        seen = await house.person_seen("now", agent)
        assert [one.contact_id for one in seen.contacts] == ["before"]

    for agent in (LEE, replace(BOSS, people=("lee",))):
        with pytest.raises(Refused, match="not yours"):
            await house.person_seen("now", agent)


async def test_a_supervisor_of_one_team_sees_who_is_with_nobody_yet(records: Records) -> None:
    house = HouseRecord(records=records.desk, dispatcher=Mock(spec=Dispatcher))
    await records.call("menu")
    assert (await house.person_seen("menu", replace(BOSS, people=("lee",)))).count == 0
