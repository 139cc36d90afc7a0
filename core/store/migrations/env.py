"""Run by Alembic: migrates on the connection that ``core.store.migrate`` hands in."""

from __future__ import annotations

from alembic import context

import core.store.schema_accounts
import core.store.schema_audit
import core.store.schema_contacts
import core.store.schema_floor
import core.store.schema_knowledge
import core.store.schema_recordings
import core.store.schema_reports
import core.store.schema_rights
import core.store.schema_statistics
import core.store.schema_texting
import core.store.schema_threads
import core.store.schema_webhooks  # noqa: F401 - its tables belong to the metadata
from core.store.schema import metadata

connection = context.config.attributes["connection"]
# SQLite cannot alter a table in place; batch mode copies it.
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
context.run_migrations()
