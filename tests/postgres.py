"""A private PostgreSQL server for the test run, or a skipped test that says why there is none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import pytest

from core.errors import EnvironmentFault
from core.store.migrate import upgrade
from server.bench import postgres
from server.bench.postgres import SMALL

if TYPE_CHECKING:
    import psycopg

_SHAPE: Final = """
    SELECT md5(string_agg(line, ',' ORDER BY line)) FROM (
        SELECT format('%s %s %s', attrelid, attname, atttypid) FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped
        UNION ALL SELECT format('%s %s %s', oid, tgname, tgenabled) FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT format('%s %s', conrelid, conname) FROM pg_constraint
        UNION ALL SELECT format('%s %s', oid, md5(prosrc)) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    ) AS lines (line)
"""
"""Tables, indexes, triggers, constraints and functions: copies of one template agree in it."""
_KEEP: Final = """
    DO $$ DECLARE name text; any_row boolean; BEGIN
        CREATE SCHEMA kept;
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO any_row;
            IF any_row THEN EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%I', name, name); END IF;
        END LOOP;
    END $$
"""
"""Puts the rows that a migrated database begins with aside, for ``_EMPTY``."""
_EMPTY: Final = """
    DO $$ DECLARE name text; BEGIN
        FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('DELETE FROM public.%I', name);
            IF to_regclass(format('kept.%I', name)) IS NOT NULL THEN
                EXECUTE format('INSERT INTO public.%I OVERRIDING SYSTEM VALUE TABLE kept.%I', name, name);
            END IF;
        END LOOP;
        PERFORM setval(seqrelid, seqstart, false) FROM pg_sequence;
    END $$
"""


class PostgresServer(postgres.PostgresServer):
    """Listens on a free port of 127.0.0.1, with a password."""

    def __init__(self) -> None:
        try:
            super().__init__(SMALL)
        except EnvironmentFault as fault:
            pytest.skip(str(fault))
        self._at_hand: list[str] = []

    @contextmanager
    def migrated_database(self) -> Iterator[str]:
        """The address of a database with this version's schema and nothing in it. It is emptied in the end, for the
        next who asks: a new one costs ten times that."""
        url = self._at_hand.pop() if self._at_hand else self.new_database(self._template)
        yield url
        if self._emptied(url):
            self._at_hand.append(url)
        else:
            self._say(f"DROP DATABASE {_name(url)} WITH (FORCE)")

    def _emptied(self, url: str) -> bool:
        """False where somebody changed more than rows."""
        with self._psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )
            if _shape(connection) != self._shape:
                return False
            connection.execute("SET session_replication_role = replica")  # no trigger: the audit log forbids it
            connection.execute(_EMPTY)
            return True

    @cached_property
    def _template(self) -> str:
        """Migrated once, to be copied."""
        url = self.new_database()
        upgrade(url)
        with self._psycopg.connect(url, autocommit=True) as connection:
            connection.execute(_KEEP)
            self._shape = _shape(connection)
        return _name(url)


def _shape(connection: psycopg.Connection[Any]) -> str:
    (told,) = connection.execute(_SHAPE).fetchone() or ("",)
    return str(told)


def _name(url: str) -> str:
    return url.rpartition("/")[2]
