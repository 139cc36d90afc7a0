"""Texts that agents and rules send."""

from __future__ import annotations

from core.config.section import Section


class TextsConfig(Section, frozen=True, kw_only=True):
    """Texts from the desk and by rules."""
