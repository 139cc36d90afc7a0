"""What citizens say -> what offices write, as shipped: read once from ``lay_words.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

_TABLES: Final = tomllib.loads(files("agent_assist").joinpath("lay_words.toml").read_text(encoding="utf-8"))

NOUNS: Final[Mapping[str, tuple[str, ...]]] = {word: tuple(office) for word, office in _TABLES["nouns"].items()}
VERBS: Final[Mapping[str, tuple[str, ...]]] = {stem: tuple(office) for stem, office in _TABLES["verbs"].items()}
"""By stem: '떼'."""
PHRASES: Final[Mapping[str, tuple[str, ...]]] = {said: tuple(office) for said, office in _TABLES["phrases"].items()}
"""As one would look them up: '앞이 안 보이다'."""
