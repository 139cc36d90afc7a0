"""The audit log's contract, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from core.audit import Note
from core.home import Home
from core.store.audit import BEGINNING, AuditQuery, AuditStore, chained
from core.store.contract import Store
from core.store.engine import sync_engine


@pytest.fixture
def audit(store: Store) -> AuditStore:
    return store.audit


def heard(subject: str = "r1", **more: object) -> Note:
    fields: dict[str, object] = {"who": "park", "deed": "heard", "thing": "recording", "subject": subject}
    return Note(**(fields | more))  # type: ignore[arg-type]


async def test_lines_are_numbered_and_chained_in_the_order_in_which_they_were_noted(audit: AuditStore) -> None:
    for subject in ("r1", "r2", "r3"):
        await audit.note(heard(subject))
    lines = await audit.walk()
    assert [line.number for line in lines] == [1, 2, 3]
    assert [line.note.subject for line in lines] == ["r1", "r2", "r3"]
    before = BEGINNING
    for line in lines:
        assert line.chain == chained(before, line.number, line.at, line.note)
        before = line.chain


async def test_many_at_once_get_a_number_each(audit: AuditStore) -> None:
    await asyncio.gather(*(audit.note(heard(f"r{n}")) for n in range(20)))
    assert [line.number for line in await audit.walk()] == list(range(1, 21))


async def test_lines_are_found_newest_first(audit: AuditStore) -> None:
    await audit.note(heard("r1", person="p1"))
    await audit.note(heard("r2", who="kim", deed="exported"))
    await audit.note(heard("r3", thing="contact"))

    async def found(**wanted: object) -> list[str]:
        return [line.note.subject for line in await audit.lines(AuditQuery(**wanted))]  # type: ignore[arg-type]

    assert await found() == ["r3", "r2", "r1"]
    assert await found(who="kim") == ["r2"]
    assert await found(deed="heard") == ["r3", "r1"]
    assert await found(thing="contact") == ["r3"]
    assert await found(person="p1") == ["r1"]
    assert await found(before=2) == ["r1"]
    newest = (await audit.lines(AuditQuery(), limit=1))[0]
    assert await found(since=newest.at) == ["r3"]
    assert await found(until=newest.at) == ["r2", "r1"]
    assert [line.number for line in await audit.walk(after=1, limit=1)] == [2]


async def test_what_is_typed_as_reason_holds_no_resident_number(audit: AuditStore) -> None:
    await audit.note(heard(reason="900101-1234567 민원인 요청", detail="a\0b"))
    (line,) = await audit.walk()
    assert "1234567" not in line.note.reason
    assert line.note.detail == "ab"
    assert line.chain == chained(BEGINNING, 1, line.at, line.note)


@pytest.mark.parametrize("statement", ["UPDATE audit SET who = 'nobody'", "DELETE FROM audit"])
async def test_no_line_can_be_changed_or_deleted(statement: str, audit: AuditStore, store_url: str, home: Home) -> None:
    await audit.note(heard())
    engine = sync_engine(sa.make_url(store_url))
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(sa.text(statement))
    engine.dispose()
    assert len(await audit.walk()) == 1
