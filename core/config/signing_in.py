"""Who may sign in, and how."""

from __future__ import annotations

from core.config.section import Section


class SignInConfig(Section, frozen=True, kw_only=True):
    """Local accounts."""


class OidcConfig(Section, frozen=True, kw_only=True):
    """The city's identity provider, by OpenID Connect."""
