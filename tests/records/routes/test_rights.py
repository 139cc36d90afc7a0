"""Legal holds over HTTP: those of one contact."""

from __future__ import annotations

from pathlib import Path

from core.store.audit import AuditQuery
from tests.fakes.records import NUMBER
from tests.fakes.records_site import AGENTS
from tests.fakes.rights_site import RightsSite


async def test_a_contact_is_held_by_itself_or_by_its_person(tmp_path: Path) -> None:
    async with RightsSite(tmp_path) as site:
        await site.records.call("c1", agent=AGENTS["agent"], days_ago=2)
        await site.records.call("c2", agent=AGENTS["agent"], days_ago=1, number="01099998888")
        await site.records.settled("c1", "c2")
        person = (await site.records.keeping.record("c1")).person
        await site.post(
            "rights/holds", {"title": "사건 1", "reason": "소송", "contacts": ["c1", "c2"]}, by="supervisor"
        )
        await site.post("rights/holds", {"title": "사건 2", "reason": "감사", "numbers": [NUMBER]}, by="supervisor")
        found = {
            query: [hold["title"] for hold in (await site.get(f"rights/holds{query}", by="supervisor"))["holds"]]
            for query in ("", f"?contact=c1&person={person}", "?contact=c2&person=", "?contact=c3&person=")
        }
        assert list(found.values()) == [["사건 2", "사건 1"], ["사건 2", "사건 1"], ["사건 1"], []]
        newest, *_ = await site.store.audit.lines(AuditQuery())
        assert (newest.note.deed, newest.note.thing, newest.note.detail) == ("saw", "hold", "contact c3")
        assert (await site.ask("GET", "rights/holds?contact=c1", by="agent"))[0] == 403
