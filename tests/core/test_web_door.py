"""What of an address is read, and how what went wrong is told."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from agent_assist.admin.house import AdminHouse
from core.agent import Agent
from core.errors import BadInput, MinwonError, Refused, StoreFault
from core.store.knowledge import EditedMeanwhile, InUse
from core.web.door import LONGEST_TEXT, DoorFault, Missing, day, guarded, number, one_of, text
from tests.fakes.admin_site import AGENTS


def asked(**query: str) -> web.Request:
    return make_mocked_request("GET", str(URL.build(path="/kb/api/x", query=query)) if query else "/kb/api/x")


@given(st.text(max_size=400))
def test_whatever_stands_in_a_query_is_read_or_refused_in_words(written: str) -> None:
    request = asked(text=written, limit=written, day=written, state=written)
    assert len(text(request)) <= LONGEST_TEXT
    for read in (
        lambda: number(request, "limit", 5, least=1, most=200),
        lambda: day(request, "day"),
        lambda: one_of(request, "state", ("open", "done")),
    ):
        try:
            read()
        except BadInput as wrong:
            assert " / " in str(wrong)


def test_what_can_be_read() -> None:
    request = asked(limit="7", day="2026-11-30", state="open", text="  여권 ")
    assert number(request, "limit", 5, least=1, most=200) == 7
    assert day(request, "day") == date(2026, 11, 30)
    assert (one_of(request, "state", ("open",)), text(request)) == ("open", "여권")
    assert (number(asked(), "limit", 5), day(asked(), "day"), one_of(asked(), "state", ("open",))) == (5, None, "")


class _House:
    def __init__(self, agent: Agent | None) -> None:
        self._agent = agent

    def who(self, request: web.Request) -> Agent | None:
        return self._agent


async def _answered(trouble: MinwonError) -> tuple[int, DoorFault]:
    async def answer(request: web.Request, agent: Agent) -> None:
        raise trouble

    house: AdminHouse = _House(AGENTS["editor"])  # type: ignore[assignment]
    response = await guarded(house, ("editor",), answer)(asked())
    assert isinstance(response, web.Response) and isinstance(response.body, bytes)
    return response.status, msgspec.json.decode(response.body, type=DoorFault)


@pytest.mark.parametrize(
    ("trouble", "status", "code"),
    [
        (Missing("없음 / none"), 404, "not_found"),
        (Refused("없음 / none", code="no_entry"), 404, "no_entry"),
        (Refused("안 됨 / no", code="not_allowed"), 403, "not_allowed"),
        (Refused("안 됨 / no"), 409, "refused"),
        (BadInput("틀림 / wrong"), 400, "bad_input"),
        (StoreFault("잠김 / locked"), 503, "store"),
        (EditedMeanwhile("바뀜 / changed", 7), 409, "edited_meanwhile"),
        (InUse("쓰임 / used", 12), 409, "in_use"),
    ],
)
async def test_every_trouble_has_its_status_and_its_words(trouble: MinwonError, status: int, code: str) -> None:
    got, fault = await _answered(trouble)
    assert (got, fault.code, fault.message) == (status, code, str(trouble))
    assert (fault.newest, fault.users) == (
        trouble.newest if isinstance(trouble, EditedMeanwhile) else 0,
        trouble.users if isinstance(trouble, InUse) else 0,
    )
