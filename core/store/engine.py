"""Database addresses and connections: SQLite in the home folder, or PostgreSQL."""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from core.config.secrets import hide_password
from core.errors import ConfigError, StoreFault
from core.home import Home

_BUSY_TIMEOUT_MS: Final = 2000
_WAL_PAUSE_S: Final = 0.01
# A server that vanished without a word must not hold a write for the 15 minutes that TCP would wait.
_POSTGRES_PATIENCE: Final = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
WRITES: Final = {"writes": True}
"""Execution options of a transaction that will write: SQLite takes its lock at once, so it cannot fail half-way."""


def address(url: str, home: Home) -> sa.URL:
    """The database that ``store.url`` means; '' is SQLite in the home folder."""
    if not url:
        return sa.URL.create("sqlite", database=str(home.database))
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as fault:
        raise ConfigError("store.url cannot be read: write postgresql://user@host/name, or leave it empty") from fault
    return parsed.set(drivername=parsed.get_backend_name())


def shown(url: sa.URL) -> str:
    """How messages name the database: the file, or the address without its password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return hide_password(url.render_as_string(hide_password=False))


def async_engine(url: sa.URL) -> AsyncEngine:
    """The engine that the store works with."""
    if url.get_backend_name() == "sqlite":
        engine = create_async_engine(url.set(drivername="sqlite+aiosqlite"), hide_parameters=True)
        _tune_sqlite(engine.sync_engine)
        return engine
    _require_psycopg()
    return create_async_engine(url.set(drivername="postgresql+psycopg"), **_postgres_options())


def sync_engine(url: sa.URL) -> sa.Engine:
    """The engine that migrations work with. Creates a missing SQLite file, for this user alone."""
    if url.get_backend_name() == "sqlite":
        _create_private(Path(url.database or ""))
        engine = sa.create_engine(url, hide_parameters=True, poolclass=sa.NullPool)
        _tune_sqlite(engine)
        return engine
    _require_psycopg()
    options = _postgres_options() | {"pool_size": 1, "max_overflow": 0}
    return sa.create_engine(url.set(drivername="postgresql+psycopg"), **options)


def _postgres_options() -> dict[str, Any]:
    return {
        "hide_parameters": True,
        # A server that was restarted is noticed before a transaction begins, not in its middle.
        "pool_pre_ping": True,
        "pool_size": 4,
        "max_overflow": 4,
        "pool_timeout": 10,
        "connect_args": _POSTGRES_PATIENCE,
    }


def _require_psycopg() -> None:
    try:
        import psycopg  # noqa: F401
    except ImportError as fault:
        raise StoreFault("PostgreSQL needs its driver: pip install 'minwon[postgresql]'") from fault


def _create_private(path: Path) -> None:
    # Only a file that is new is opened: to close one that SQLite has open in this process would drop SQLite's locks on
    # it (POSIX advisory locks belong to the process; sqlite.org/howtocorrupt.html, 2.2).
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDONLY, 0o600))
    except FileExistsError:
        return
    except OSError as fault:
        raise StoreFault(f"the database {path} cannot be opened ({fault.strerror}): check its folder") from fault


def _switch_to_wal(cursor: Any) -> None:
    """Nodes that start together on a new file all want to switch it: SQLite tells all but one at once that it is
    locked, whatever the busy timeout says."""
    deadline = time.monotonic() + _BUSY_TIMEOUT_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:  # where another program holds it, one try alone waits as long as that
                raise
            time.sleep(_WAL_PAUSE_S)


def _tune_sqlite(engine: sa.Engine) -> None:
    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        cursor = connection.cursor()
        # WAL: readers and the writer do not wait for each other. NORMAL: safe against a killed process; a power
        # cut may take the last moments, which the journal's next replay brings back.
        cursor.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")
        _switch_to_wal(cursor)
        for pragma in ("synchronous=NORMAL", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
