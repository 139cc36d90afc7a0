"""Statistics, reports, and the mail that brings them."""

from __future__ import annotations

from core.config.section import Section


class StatisticsConfig(Section, frozen=True, kw_only=True):
    """What is counted, and how."""


class MailConfig(Section, frozen=True, kw_only=True):
    """The city's mail server, for scheduled reports."""
