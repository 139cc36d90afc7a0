"""The lists of an editor."""

from __future__ import annotations

from datetime import date

from agent_assist.knowledge.lists import Used, all_heads, expiring, most_used, never_used, overdue
from core.home import Home
from core.store.entry import Entry
from core.store.knowledge import EntryHead, Usage
from core.store.sql_store import open_store
from tests.agent_assist.writers import T0

DAY = date(2026, 3, 2)


def head(entry_id: str, *, expires: date | None = None, review_by: date | None = None, published: int = 1) -> EntryHead:
    return EntryHead(
        entry_id=entry_id,
        title=f"제목 {entry_id}",
        category="",
        department_id="",
        department="",
        person="",
        state="published" if published else "draft",
        version=1,
        published=published,
        expires=expires,
        review_by=review_by,
        updated=None,
        at=T0,
        by="haneul",
    )


def ids(heads: tuple[EntryHead, ...]) -> list[str]:
    return [found.entry_id for found in heads]


def test_overdue_the_longest_first() -> None:
    heads = [
        head("1", review_by=DAY),
        head("2", review_by=date(2026, 3, 3)),
        head("3", expires=date(2026, 3, 1)),
        head("4", expires=DAY),
        head("5", review_by=date(2025, 1, 1), expires=date(2026, 1, 1)),
        head("6", review_by=date(2025, 1, 1), published=0),
        head("7"),
    ]
    assert ids(overdue(heads, DAY)) == ["5", "3", "1"]


def test_expiring_the_soonest_first() -> None:
    heads = [
        head("1", expires=date(2026, 4, 1)),
        head("2", expires=date(2026, 4, 2)),
        head("3", expires=DAY),
        head("4", expires=date(2026, 3, 1)),
        head("5", expires=DAY, published=0),
        head("6"),
    ]
    assert ids(expiring(heads, DAY)) == ["3", "1"]
    assert ids(expiring(heads, DAY, days=0)) == ["3"]
    assert ids(expiring(heads, DAY, days=31)) == ["3", "1", "2"]


def test_most_and_never_used() -> None:
    heads = [head("1"), head("2"), head("3"), head("4", published=0), head("5")]
    usage = [
        Usage(entry_id="1", day=DAY, shown=90),
        Usage(entry_id="2", day=DAY, shown=5, opened=1, accepted=1),
        Usage(entry_id="3", day=DAY, shown=9, sent=2),
        Usage(entry_id="4", day=DAY, opened=1),
        Usage(entry_id="gone", day=DAY, sent=99),
    ]
    assert [used.head.entry_id for used in most_used(heads, usage)] == ["3", "2", "4"]
    assert most_used(heads, usage, limit=1) == (Used(head=heads[2], usage=usage[2]),)
    assert ids(never_used(heads, usage)) == ["1", "5"], "shown, but nobody took it"


async def test_all_heads_are_read_page_by_page(home: Home) -> None:
    store = await open_store("", home)
    try:
        await store.put_entries([Entry(id=str(number), title="x") for number in range(2_001)])
        found = await all_heads(store.knowledge)
        assert [each.entry_id for each in found] == [str(number) for number in range(2_001)]
        assert len(await all_heads(store.knowledge, text="1999")) == 1
    finally:
        await store.close()
