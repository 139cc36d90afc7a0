"""Databases with this version's schema for the price of a copy: migrations run once in a process, not for each test."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import sqlalchemy as sa

from core.store.migrate import upgrade


class CopiedSchema:
    """Stands for ``upgrade`` where stores are opened: a SQLite file that is not there yet is a copy of a migrated one.

    Whatever is there is upgraded as in life. What is copied here is proved by ``tests/core/test_migrate.py``.
    """

    def __init__(self, folder: Path) -> None:
        self._template = folder / "migrated.sqlite3"
        self._one_at_a_time = threading.Lock()

    def __call__(self, url: sa.URL | str) -> bool:
        """Whether anything was done, as ``upgrade`` says."""
        target = sa.make_url(url)
        if target.get_backend_name() != "sqlite":
            return upgrade(target)
        file = Path(target.database or "")
        with self._one_at_a_time:
            if file.exists() or not file.parent.is_dir():
                return upgrade(target)
            if not self._template.exists():
                upgrade(f"sqlite:///{self._template}")
            shutil.copy(self._template, file)  # with its mode: for this user alone
            return True
