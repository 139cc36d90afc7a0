"""Alembic's scripts, run by ``core.store.migrate``. Together they lead to ``core.store.schema``; a test compares."""
