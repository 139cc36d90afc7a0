"""The schema: all migrations together are what the code believes, on both databases."""

from __future__ import annotations

import asyncio
import datetime
import json
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from core.errors import StoreFault
from core.home import Home
from core.store.engine import WRITES, sync_engine
from core.store.entry import Entry
from core.store.migrate import _SCRIPTS, _alembic, _known, newest, upgrade
from core.store.schema import metadata
from core.store.sql_store import open_store
from tests.postgres import PostgresServer


def _of_the_index(name: str | None) -> bool:
    """The index of contacts is made of other things in each database (``core.store.contact_index``)."""
    return (name or "").startswith(("contact_terms", "ix_contact_terms"))


@pytest.fixture
def store_url(kind_of_store: str, request: pytest.FixtureRequest, home: Home) -> str:
    """``store.url`` of a database without a schema."""
    if kind_of_store == "sqlite":
        return f"sqlite:///{home.database}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


def test_all_migrations_lead_to_the_schema(store_url: str) -> None:
    assert upgrade(store_url) is True
    engine = sync_engine(sa.make_url(store_url))
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"compare_type": True, "include_name": lambda name, *_: not _of_the_index(name)}
            )
            assert context.get_current_revision() == newest()
            assert compare_metadata(context, metadata) == []
    finally:
        engine.dispose()


def test_scripts_are_named_by_their_revisions() -> None:
    scripts = ScriptDirectory(str(_SCRIPTS))
    assert _known() == {script.revision for script in scripts.walk_revisions()}
    assert newest() == scripts.get_current_head()


def test_upgrading_twice_does_nothing(store_url: str) -> None:
    assert upgrade(store_url) is True
    assert upgrade(store_url) is False


def test_nodes_that_start_together_upgrade_once(store_url: str) -> None:
    with ThreadPoolExecutor(4) as nodes:
        done = list(nodes.map(upgrade, [store_url] * 4))
    assert sorted(done) == [False, False, False, True]


def test_a_database_of_a_newer_minwon_is_refused_with_advice(store_url: str, home: Home) -> None:
    upgrade(store_url)
    engine = sync_engine(sa.make_url(store_url))
    with engine.execution_options(**WRITES).begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(StoreFault, match=r"written by a newer minwon \(schema 9999.*start the newer version"):
        asyncio.run(open_store(store_url, home))


def test_a_new_sqlite_file_is_for_this_user_alone(home: Home) -> None:
    upgrade(f"sqlite:///{home.database}")
    assert stat.S_IMODE(home.database.stat().st_mode) == 0o600


def _database_of_0002(store_url: str, rows: list[dict[str, object]]) -> None:
    engine = sync_engine(sa.make_url(store_url))
    try:
        with engine.execution_options(**WRITES).begin() as connection:
            command.upgrade(_alembic(connection), "0002")
            entries = sa.Table("entries", sa.MetaData(), autoload_with=connection)
            connection.execute(sa.insert(entries), rows)
            connection.execute(sa.text("INSERT INTO revisions (name, number) VALUES ('entries', 3)"))
    finally:
        engine.dispose()


def _old_row(entry_id: str, **more: object) -> dict[str, object]:
    texts = ("category", "department", "person", "deputy", "phone", "body", "message")
    empty = dict.fromkeys(texts, "") | {"procedure": "[]", "keywords": "[]", "updated": None}
    return {"id": entry_id, "title": f"제목 {entry_id}"} | empty | more


async def test_the_entries_of_0002_become_versions_and_records(store_url: str, home: Home) -> None:
    full = _old_row(
        "7",
        category="민원 > 여권",
        department="민원과",
        person="김하늘",
        deputy="이바다",
        phone="02-120",
        body="본문",
        message="문자",
        procedure=json.dumps(["하나", "둘"]),
        keywords=json.dumps(["여권"]),
        updated=datetime.date(2026, 1, 2),
    )
    same_people = _old_row("a'1", department="민원과", person="김하늘", category="민원")
    other = _old_row("8", department="교통과", person="김하늘")
    many = [_old_row(f"n{number}") for number in range(2500)]
    await asyncio.to_thread(_database_of_0002, store_url, [full, same_people, other, *many])
    store = await open_store(store_url, home)
    try:
        found = {entry.id: entry for entry in await store.entries()}
        assert len(found) == 2503
        assert found["7"] == Entry(
            id="7",
            title="제목 7",
            category="민원>여권",
            department="민원과",
            person="김하늘",
            deputy="이바다",
            phone="02-120",
            procedure=("하나", "둘"),
            body="본문",
            keywords=("여권",),
            message="문자",
            updated=datetime.date(2026, 1, 2),
            version=1,
        )
        assert found["n2499"] == Entry(id="n2499", title="제목 n2499", version=1)
        knowledge = store.knowledge
        assert [record.name for record in await knowledge.departments()] == ["교통과", "민원과"]
        assert [record.name for record in await knowledge.people()] == ["김하늘", "김하늘", "이바다"]
        assert [record.name for record in await knowledge.categories()] == ["민원", "여권"]
        assert [head.entry_id for head in await knowledge.heads(limit=2)] == ["7", "8"]
        (only,) = await knowledge.versions("7")
        assert (only.state, only.by) == ("published", "import")
        assert await store.entries_revision() == 3
        await store.put_entries([found["7"]])
        assert len(await knowledge.versions("7")) == 1, "what was moved is found again by its names"
    finally:
        await store.close()
