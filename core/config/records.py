"""The counselling record."""

from __future__ import annotations

from core.config.section import Section


class RecordsConfig(Section, frozen=True, kw_only=True):
    """The counselling record of each contact."""
