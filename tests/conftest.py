"""Fixtures that several rooms use."""

from __future__ import annotations

import gc
import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from blockbuster import blockbuster_ctx
from hypothesis import settings

from core.home import Home, open_home
from tests.migrated import CopiedSchema
from tests.postgres import PostgresServer

# No test is timed: four files run side by side with real calls, on two cores.
settings.register_profile("minwon", deadline=None)
settings.load_profile("minwon")


def pytest_configure() -> None:
    """No looking for garbage while everything is imported: what came stays, and half of the time went into it."""
    gc.disable()


def pytest_collection_finish() -> None:
    """From here on garbage is looked for among what tests make, not among 800,000 objects of modules and test items."""
    gc.freeze()
    gc.enable()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A fresh home folder."""
    return open_home(tmp_path / "home")


@pytest.fixture(autouse=True)
def same_zone() -> Iterator[None]:
    """A command that went to live in the city's zone leaves the next test in the machine's."""
    zone = os.environ.get("TZ")
    yield
    if os.environ.get("TZ") != zone:
        os.environ.pop("TZ", None) if zone is None else os.environ.update(TZ=zone)
        time.tzset()


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


@pytest.fixture(scope="session", autouse=True)
def copied_schema(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Whoever opens a store on no file yet gets a copy of a migrated one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.store.sql_store.upgrade", CopiedSchema(tmp_path_factory.mktemp("schema")))
        yield


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def kind_of_store(request: pytest.FixtureRequest) -> str:
    """Each kind of database once."""
    kind: str = request.param
    return kind


@pytest.fixture
def store_url(kind_of_store: str, request: pytest.FixtureRequest, home: Home) -> Iterator[str]:
    """``store.url`` of a database that nobody wrote to."""
    if kind_of_store == "sqlite":
        yield f"sqlite:///{home.database}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.migrated_database() as url:
        yield url


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with real calls and browsers mostly wait, others compute: they are mixed, so that processors are idle as
    little as they are fought for. Of those that wait the ones with many tests come first, and none is left for the end,
    alone."""
    marks: dict[Path, set[str]] = defaultdict(set)
    for item in items:
        marks[item.path].update(mark.name for mark in item.iter_markers())
    tests = Counter(item.path for item in items)
    waiting = [path for path, _ in tests.most_common() if marks[path] & {"slow", "browser", "sip"}]
    computing = [path for path in marks if path not in waiting]
    place = {path: number / len(waiting) * 0.75 for number, path in enumerate(waiting)}
    place |= {path: number / len(computing) for number, path in enumerate(computing)}
    place |= {path: -1.0 for path, names in marks.items() if "timeout" in names}  # they ask for more time than others
    items.sort(key=lambda item: place[item.path])
