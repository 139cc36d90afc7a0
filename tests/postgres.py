"""A private PostgreSQL server for the test run, or a skipped test that says why there is none."""

from __future__ import annotations

import pytest

from core.errors import EnvironmentFault
from server.bench import postgres
from server.bench.postgres import SMALL


class PostgresServer(postgres.PostgresServer):
    """Listens on a free port of 127.0.0.1, with a password."""

    def __init__(self) -> None:
        try:
            super().__init__(SMALL)
        except EnvironmentFault as fault:
            pytest.skip(str(fault))
