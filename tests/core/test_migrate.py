"""The schema: all migrations together are what the code believes, on both databases."""

from __future__ import annotations

import asyncio
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from core.errors import StoreFault
from core.home import Home
from core.store.engine import WRITES, sync_engine
from core.store.migrate import newest, upgrade
from core.store.schema import metadata
from core.store.sql_store import open_store


def test_all_migrations_lead_to_the_schema(store_url: str) -> None:
    assert upgrade(store_url) is True
    engine = sync_engine(sa.make_url(store_url))
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert context.get_current_revision() == newest()
            assert compare_metadata(context, metadata) == []
    finally:
        engine.dispose()


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
