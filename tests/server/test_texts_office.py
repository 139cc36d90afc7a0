"""The office addresses of texts: who may, what is checked, what is noted, and that no number stands anywhere."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from channels.opt_outs import OptOuts
from channels.routes import text_routes, text_settings_room
from core.bus.memory_bus import MemoryBus
from core.dispositions import dispositions
from core.events import CardUsed, RecordKept, now
from core.person_key import PersonKeys
from core.store.audit import AuditQuery
from server.after_call import AfterCall
from server.texts_office import TextsOfficeHouse
from server.web import Setup
from tests.fakes.records_site import AGENTS, RecordsSite
from tests.server.test_after_call import WASTE, put

NUMBER = "010-0284-1009"
KEYS = PersonKeys(b"k" * 32)
TEMPLATE: dict[str, Any] = {"title": "안내", "text": "{부서} {전화}로 문의하세요."}


class _Shelves:
    categories = ("청소", "청소>폐기물")
    departments = ("여권과", "자원순환과")


class _Texts:
    usual_sender = "0331200120"

    def __init__(self, opt_outs: OptOuts) -> None:
        self.opt_outs = opt_outs


class _Parts:
    shelf = None


async def _receipt(_contact_id: str) -> str:
    return "26-482-173-053"


def texts_office(site: RecordsSite) -> TextsOfficeHouse:
    """The real house over the site's store; nothing is sent."""

    after_call = AfterCall(
        store=site.store,
        sending=None,  # type: ignore[arg-type]
        bus=MemoryBus(),
        history=site.store.events,
        tell=None,  # type: ignore[arg-type]
        entry=lambda entry_id: WASTE if entry_id == WASTE.id else None,
        receipt=_receipt,
        phone_of=lambda _department: "",
        centre="한빛시",
        clock=lambda: now().astimezone(),
    )
    return TextsOfficeHouse(
        store=site.store,
        texts=_Texts(OptOuts(site.store.texting, KEYS)),  # type: ignore[arg-type]
        parts=_Parts(),  # type: ignore[arg-type]
        after_call=after_call,
        shelves=_Shelves,  # type: ignore[arg-type]
        results=dispositions(("answered=답변 완료/Answered", "text_sent=문자로 안내/Sent by text")),
        who=site.who,
        names=lambda: {agent.id: agent.name for agent in AGENTS.values()},
    )


def rooms(site: RecordsSite) -> tuple[Setup, ...]:
    return (text_settings_room(texts_office(site)),)


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[RecordsSite]:
    async with RecordsSite(tmp_path, rooms) as site:
        yield site


async def test_every_address_asks_for_its_role(site: RecordsSite) -> None:
    for route in text_routes(texts_office(site)):
        path = f"texts/{route.path.replace('{id}', 'x')}"
        assert (await site.ask(route.method, path, {}, by=""))[0] == 401
        assert (await site.ask(route.method, path, {}, by="editor"))[0] == 403
        if "agent" not in route.roles:
            assert (await site.ask(route.method, path, {}, by="agent"))[0] == 403
        if route.roles == ("admin",):
            assert (await site.ask(route.method, path, {}, by="supervisor"))[0] == 403


async def test_templates_are_checked_and_kept(site: RecordsSite) -> None:
    status, kept = await site.ask("POST", "texts/templates", TEMPLATE, by="supervisor")
    assert (status, kept["by"]) == (200, "supervisor")
    wrong = {"title": " ", "text": "{담당지}"}
    status, told = await site.ask("POST", "texts/templates", wrong, by="supervisor")
    assert (status, [fault["field"] for fault in told["faults"]]) == (400, ["title", "text"])
    for text in ("", "가" * 1001, "ไทย"):
        assert (await site.ask("POST", "texts/templates", {**TEMPLATE, "text": text}, by="supervisor"))[0] == 400
    _, page = await site.ask("GET", "texts/templates", by="supervisor")
    assert [(one["template"]["title"], one["bytes"], one["used"]) for one in page["templates"]] == [("안내", 27, 0)]
    assert "담당자" in page["fields"]
    rule = {"name": "뒤", "template_id": kept["template_id"], "results": ["answered"]}
    assert (await site.ask("POST", "texts/rules", rule, by="supervisor"))[0] == 200
    path = f"texts/templates/{kept['template_id']}/drop"
    assert (await site.ask("POST", path, by="supervisor"))[1]["code"] == "template_in_use"


async def test_a_rule_without_a_condition_is_refused_and_one_is_tried(site: RecordsSite) -> None:
    _, template = await site.ask("POST", "texts/templates", TEMPLATE, by="supervisor")
    rule = {"name": "폐기물 뒤", "template_id": template["template_id"]}
    status, told = await site.ask("POST", "texts/rules", rule, by="supervisor")
    assert (status, told["faults"][0]["code"]) == (400, "no_condition")
    wrong = {"name": "x", "template_id": "gone", "sender": "0331111111", "results": ["answered"]}
    _, told = await site.ask("POST", "texts/rules", wrong, by="supervisor")
    assert [fault["field"] for fault in told["faults"]] == ["template_id", "sender"]
    kept = RecordKept(version=1, by="kim", department="자원순환과", result="answered")
    await put(site.store, "c1", CardUsed(entry_id="7", deed="accepted"), kept)
    whole = {**rule, "results": ["answered"]}
    status, trial = await site.ask("POST", "texts/rules/try", {"rule": whole, "days": 7}, by="supervisor")
    assert (status, trial["sent"], trial["looked_at"]) == (200, 1, 1)
    assert (await site.ask("POST", "texts/rules/try", {"rule": whole, "days": 0}, by="supervisor"))[0] == 400
    _, page = await site.ask("GET", "texts/rules", by="supervisor")
    assert page["rules"] == []
    assert page["results"][0] == {"value": "answered", "label": "답변 완료", "english": "Answered"}


async def test_sender_numbers_are_an_administrators(site: RecordsSite) -> None:
    wish = {"number": "033-120-4567", "name": "자원순환과", "registered": "2026-01-02", "department": "자원순환과"}
    assert (await site.ask("POST", "texts/senders", wish, by="admin"))[1]["number"] == "0331204567"
    assert (await site.ask("POST", "texts/senders", {**wish, "number": "12"}, by="admin"))[0] == 400
    _, page = await site.ask("GET", "texts/senders", by="supervisor")
    assert (page["usual"], len(page["senders"])) == ("0331200120", 1)
    _, template = await site.ask("POST", "texts/templates", TEMPLATE, by="supervisor")
    rule = {"name": "x", "template_id": template["template_id"], "results": ["answered"], "sender": "0331204567"}
    _, kept = await site.ask("POST", "texts/rules", rule, by="supervisor")
    assert (await site.ask("POST", "texts/senders/0331204567/drop", by="admin"))[1]["code"] == "sender_in_use"
    await site.ask("POST", f"texts/rules/{kept['rule_id']}/drop", by="supervisor")
    assert (await site.ask("POST", "texts/senders/0331204567/drop", by="admin"))[0] == 204


async def test_an_opt_out_is_found_by_number_and_noted_by_person(site: RecordsSite) -> None:
    found = "texts/opt-outs/find"
    assert (await site.ask("POST", found, {"number": NUMBER}))[1] == {"opt_out": None}
    assert (await site.ask("POST", "texts/opt-outs", {"number": NUMBER}))[1]["opt_out"]["way"] == "desk"
    await site.ask("POST", "texts/opt-outs", {"number": "010-5555-6666"}, by="supervisor")
    assert (await site.ask("POST", found, {"number": "+82 10 0284 1009"}))[1]["opt_out"]["by"] == "김하늘"
    _, page = await site.ask("GET", "texts/opt-outs")
    assert [one["way"] for one in page["opt_outs"]] == ["office", "desk"]
    assert "0284" not in str(page)
    assert (await site.ask("POST", "texts/opt-outs/drop", {"number": NUMBER}))[0] == 204
    assert (await site.ask("POST", "texts/opt-outs/drop", {"number": NUMBER}))[1]["code"] == "not_opted_out"
    assert (await site.ask("POST", found, {"number": "abc"}))[1]["code"] == "not_a_number"
    assert (await site.ask("GET", "texts/opt-outs?before=yesterday"))[0] == 400
    lines = await site.store.audit.lines(AuditQuery())
    noted = [(line.note.deed, line.note.person) for line in lines if line.note.thing == "person"]
    assert ("saw", KEYS.key(NUMBER)) in noted
    assert "0284" not in str(lines)
