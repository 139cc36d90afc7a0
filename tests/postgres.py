"""A private PostgreSQL server for the test run, or a skipped test that says why there is none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

import pytest

from core.errors import EnvironmentFault
from core.store.migrate import upgrade
from server.bench import postgres
from server.bench.postgres import SMALL


class PostgresServer(postgres.PostgresServer):
    """Listens on a free port of 127.0.0.1, with a password."""

    def __init__(self) -> None:
        try:
            super().__init__(SMALL)
        except EnvironmentFault as fault:
            pytest.skip(str(fault))

    @contextmanager
    def migrated_database(self) -> Iterator[str]:
        """The address of a database with this version's schema and nothing in it; it is dropped in the end."""
        url = self.new_database(self._template)
        yield url
        self._say(f"DROP DATABASE {_name(url)} WITH (FORCE)")

    @cached_property
    def _template(self) -> str:
        """Migrated once, to be copied."""
        url = self.new_database()
        upgrade(url)
        return _name(url)


def _name(url: str) -> str:
    return url.rpartition("/")[2]
