"""What passes between the desk and the house about the language in which a call is heard."""

from __future__ import annotations

from typing import Annotated

import msgspec


class Spoken(msgspec.Struct, frozen=True, kw_only=True):
    """A language that callers may speak here."""

    language: str
    """BCP 47: 'ko', 'en'."""
    heard: bool
    """There is a speech model of it; without one a call goes on without words."""


class ChooseLanguage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the caller of her call speaks."""

    language: Annotated[str, msgspec.Meta(min_length=2, max_length=35)]
    """One of those in ``Hello.languages``."""
