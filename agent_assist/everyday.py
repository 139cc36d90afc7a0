"""Words of any conversation, read once from ``everyday.toml``."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Final

_LISTS: Final = tomllib.loads(files("agent_assist").joinpath("everyday.toml").read_text(encoding="utf-8"))

EMPTY: Final[frozenset[str]] = frozenset(_LISTS["empty"])
"""Grammar, politeness, hesitation: no topic."""
COMMON: Final[frozenset[str]] = frozenset(_LISTS["common"])
"""Heard in calls about anything."""
ELSEWHERE: Final[tuple[str, ...]] = tuple(_LISTS["elsewhere"])
"""Phrases of what no office does."""
ASKING_WORDS: Final[frozenset[str]] = frozenset(_LISTS["asking_words"])
ASKING_ENDINGS: Final[frozenset[str]] = frozenset(_LISTS["asking_endings"])
"""What marks a question, a wish or hearsay."""
