"""Bring a database to the schema of this version, or refuse one that is ahead of it."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from core.errors import StoreFault
from core.store.engine import WRITES, shown, sync_engine
from core.store.faults import faults

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

_SCRIPTS: Final = Path(__file__).parent / "migrations"
_UPGRADE_LOCK = 0x6D696E776F6E  # 'minwon': nodes that start together on one PostgreSQL upgrade one after the other


def upgrade(url: sa.URL | str) -> bool:
    """Apply what is missing, all or nothing; True when something was. Blocks: call it in a thread.

    Raises ``StoreFault`` when the database cannot be used or was written by a newer minwon.
    """
    target = sa.make_url(url)
    engine = sync_engine(target)
    try:
        with (
            faults(shown(target)),
            _one_at_a_time(target),
            engine.execution_options(**WRITES).begin() as connection,
        ):
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
            present = _present(connection)
            if present == newest():
                return False
            if present is not None and present not in _known():
                raise StoreFault(
                    f"the database {shown(target)} was written by a newer minwon (schema {present}, "
                    f"this one knows {newest()}): start the newer version, or restore a backup of before it"
                )
            from alembic import command  # with all it brings, a fifth of a second: a start finds the schema as it is

            command.upgrade(_alembic(connection), "head")
            return True
    finally:
        engine.dispose()


@contextmanager
def _one_at_a_time(target: sa.URL) -> Iterator[None]:
    """Nodes that start together on one SQLite file wait here for each other, however long it takes; its own lock is
    told to be somebody else's after two seconds. PostgreSQL has a lock for it."""
    if target.get_backend_name() != "sqlite" or not target.database:
        yield
        return
    with Path(f"{target.database}.upgrade").open("w") as gate:  # a file of its own: see core.store.engine
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield


def newest() -> str:
    """The schema of this version."""
    return max(_known())


def _known() -> set[str]:
    """The scripts bear their revisions in their names: 'v0014_floor.py'."""
    return {script.name[1:5] for script in (_SCRIPTS / "versions").glob("v????_*.py")}


def _present(connection: sa.Connection) -> str | None:
    """What Alembic wrote down; None for a database that it has not seen."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return revision


def _alembic(connection: sa.Connection) -> AlembicConfig:
    from alembic.config import Config as AlembicConfig  # see above

    config = AlembicConfig()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
