"""Bring a database to the schema of this version, or refuse one that is ahead of it."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from core.errors import StoreFault
from core.store.engine import WRITES, shown, sync_engine
from core.store.faults import faults

_SCRIPTS = Path(__file__).parent / "migrations"
_UPGRADE_LOCK = 0x6D696E776F6E  # 'minwon': nodes that start together on one PostgreSQL upgrade one after the other


def upgrade(url: sa.URL | str) -> bool:
    """Apply what is missing, all or nothing; True when something was. Blocks: call it in a thread.

    Raises ``StoreFault`` when the database cannot be used or was written by a newer minwon.
    """
    target = sa.make_url(url)
    engine = sync_engine(target)
    try:
        with faults(shown(target)), engine.execution_options(**WRITES).begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_UPGRADE_LOCK)))
            present = MigrationContext.configure(connection).get_current_revision()
            if present == newest():
                return False
            if present is not None and present not in _known():
                raise StoreFault(
                    f"the database {shown(target)} was written by a newer minwon (schema {present}, "
                    f"this one knows {newest()}): start the newer version, or restore a backup of before it"
                )
            command.upgrade(_alembic(connection), "head")
            return True
    finally:
        engine.dispose()


def newest() -> str:
    """The schema of this version."""
    head = _directory().get_current_head()
    assert head is not None, "no migration is installed"
    return head


def _known() -> set[str]:
    return {script.revision for script in _directory().walk_revisions()}


def _directory() -> ScriptDirectory:
    return ScriptDirectory(str(_SCRIPTS))


def _alembic(connection: sa.Connection) -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
