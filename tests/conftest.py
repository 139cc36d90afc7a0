"""Fixtures that several rooms use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from blockbuster import blockbuster_ctx
from hypothesis import settings

from core.home import Home, open_home
from tests.postgres import PostgresServer

# No test is timed: three files run side by side with real calls, on two cores.
settings.register_profile("minwon", deadline=None)
settings.load_profile("minwon")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A fresh home folder."""
    return open_home(tmp_path / "home")


@pytest.fixture
def no_blocking_calls() -> Iterator[None]:
    """Whatever blocks the event loop fails the test; the journal may, its files are small and cached on purpose."""
    with blockbuster_ctx() as watch:
        for function in watch.functions.values():
            function.can_block_in("core/journal.py", {"_append", "_open_segment", "_read", "_drop_if_read"})
            # Asks for the working directory, once, when a store is opened.
            function.can_block_in("sqlalchemy/dialects/sqlite/pysqlite.py", {"create_connect_args"})
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real PostgreSQL server, started when the first test asks for it."""
    server = PostgresServer()
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def store_url(request: pytest.FixtureRequest, home: Home) -> str:
    """``store.url`` of an empty database, once for each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{home.database}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with real calls and browsers first: they mostly wait, and none of them is left for the end, alone."""
    slow = {item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in slow)
