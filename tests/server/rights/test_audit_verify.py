"""`minwon audit verify`: whatever is done to the log behind its back is said, at its first wrong line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from core.audit import Note
from core.audit_seal import AuditSeal
from core.errors import BadInput
from core.home import Home
from core.site_key import KEY_BYTES
from core.store.audit import Anchor
from core.store.audit_check import Verdict, verify
from core.store.engine import sync_engine
from core.store.sql_store import SqlStore, open_store
from server.rights.anchors import Anchors, read_anchors

SEAL = AuditSeal(b"s" * KEY_BYTES)
LINES = 12


@pytest.fixture
async def store(store_url: str, home: Home) -> AsyncIterator[SqlStore]:
    opened = await open_store(store_url, home)
    for number in range(LINES):
        await opened.audit.note(Note(who="kim", deed="saw", thing="contact", subject=f"c{number}"))
    yield opened
    await opened.close()


def behind_its_back(store_url: str, *statements: str) -> None:
    """What somebody does who owns the database: the triggers go first."""
    engine = sync_engine(sa.make_url(store_url))
    sqlite = engine.dialect.name == "sqlite"
    off = (
        ["DROP TRIGGER audit_no_delete", "DROP TRIGGER audit_no_UPDATE"]
        if sqlite
        else ["ALTER TABLE audit DISABLE TRIGGER USER"]
    )
    with engine.begin() as connection:
        for statement in (*off, *statements):
            connection.execute(sa.text(statement))
    engine.dispose()


async def look(store: SqlStore, *anchors: Anchor, seal: AuditSeal = SEAL) -> Verdict:
    return await verify(store.audit, anchors, seal.made)


async def anchor(store: SqlStore) -> Anchor:
    newest = await store.audit.newest()
    assert newest is not None
    return SEAL.anchor(newest.number, newest.chain, newest.at)


async def test_a_log_that_nobody_touched_is_whole(store: SqlStore) -> None:
    verdict = await look(store, await anchor(store))
    assert (verdict.broken, verdict.lines, verdict.first, verdict.last, verdict.anchors) == (0, LINES, 1, LINES, 1)


@pytest.mark.parametrize(
    ("statement", "broken", "why"),
    [
        ("UPDATE audit SET who = 'nobody' WHERE number = 5", 5, "changed"),
        ("UPDATE audit SET chain = 'ab' WHERE number = 5", 5, "changed"),
        ("DELETE FROM audit WHERE number = 5", 5, "lines 5 to 5 are missing"),
        ("DELETE FROM audit WHERE number < 3", 1, "lines 1 to 2 are missing"),
        ("DELETE FROM audit WHERE number > 9", 10, "cut off"),
        ("DELETE FROM audit", 1, "cut off"),
    ],
)
async def test_the_first_wrong_line_is_said(
    store: SqlStore, store_url: str, statement: str, broken: int, why: str
) -> None:
    kept = await anchor(store)
    behind_its_back(store_url, statement)
    verdict = await look(store, kept)
    assert verdict.broken == broken
    assert why in verdict.why


async def test_an_end_that_was_written_anew_differs_from_its_anchor(store: SqlStore, store_url: str) -> None:
    kept = await anchor(store)
    behind_its_back(store_url, "DELETE FROM audit WHERE number > 9")
    for _ in range(5):
        await store.audit.note(Note(who="kim", deed="saw", thing="wall"))
    assert (await look(store)).broken == 0  # the chain alone cannot tell
    verdict = await look(store, kept)
    assert (verdict.broken, "written anew" in verdict.why) == (LINES, True)


async def test_a_purged_log_stays_checkable_and_a_forged_checkpoint_does_not(store: SqlStore, store_url: str) -> None:
    line = (await store.audit.walk(after=4, limit=1))[0]
    assert await store.audit.purge(SEAL.anchor(line.number, line.chain, line.at)) == 5
    verdict = await look(store, await anchor(store))
    assert (verdict.broken, verdict.lines, verdict.first) == (0, LINES - 5, 6)
    newest = await store.audit.newest()
    assert newest is not None
    assert await store.audit.purge(SEAL.anchor(newest.number, newest.chain, newest.at)) == 0  # never the last line
    with pytest.raises(BaseException, match="append-only"):
        engine = sync_engine(sa.make_url(store_url))
        try:
            with engine.begin() as connection:
                connection.execute(sa.text("DELETE FROM audit WHERE number = 7"))
        finally:
            engine.dispose()

    verdict = await look(store, seal=AuditSeal(b"x" * KEY_BYTES))
    assert (verdict.broken, "checkpoint" in verdict.why) == (5, True)


async def test_anchors_are_kept_in_a_file_and_forged_ones_are_known(store: SqlStore, tmp_path: Path) -> None:
    file = tmp_path / "audit" / "anchors.jsonl"
    anchors = Anchors(store.audit, SEAL, file)
    assert await anchors.write() is not None
    assert await anchors.write() is None
    await store.audit.note(Note(who="kim", deed="saw", thing="wall"))
    await anchors.write()
    assert file.stat().st_mode & 0o077 == 0
    kept = read_anchors(file)
    assert [each.number for each in kept] == [LINES, LINES + 1]
    assert (await look(store, *kept)).anchors == 2
    forged = replace(kept[0], at=datetime.now(UTC) + timedelta(days=1))
    assert "not sealed" in (await look(store, forged)).why
    file.write_bytes(msgspec.json.encode(kept[0]) + b"\nnothing\n")
    with pytest.raises(BadInput, match="line 2"):
        read_anchors(file)
