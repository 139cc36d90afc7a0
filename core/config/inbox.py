"""Texts and pictures that people send us."""

from __future__ import annotations

from core.config.section import Section


class InboxConfig(Section, frozen=True, kw_only=True):
    """Texts and pictures coming in by webhook."""
