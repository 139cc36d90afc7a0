"""Recordings of calls."""

from __future__ import annotations

from core.config.section import Section


class RecordingConfig(Section, frozen=True, kw_only=True):
    """Recordings of calls, encrypted at rest."""
