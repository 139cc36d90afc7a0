"""How people speak when they want, answer, promise or correct something: read once from ``cues.toml``."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import Final

LISTS: Final[dict[str, list[str]]] = tomllib.loads(
    files("agent_assist.draft").joinpath("cues.toml").read_text(encoding="utf-8")
)
"""All lists, by name."""


def _any(name: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each})" for each in LISTS[name]))


WANTS: Final = _any("wants")
ASKS: Final = _any("asks")
TROUBLE: Final = _any("trouble")
TELLING: Final = _any("telling")
ANSWERS: Final = _any("answers")
STOCK: Final = _any("stock")
QUESTIONS: Final = _any("questions")
PROMISES: Final = _any("promises")
WRITTEN: Final = _any("written")
CORRECTIONS: Final = _any("corrections")
_LEADING: Final = re.compile(
    r"\s*(?:" + "|".join(sorted(map(re.escape, LISTS["leading"]), key=len, reverse=True)) + r")(?=[\s,.!?…]+)[\s,.!?…]*"
)


def without_leading(sentence: str) -> str:
    """'아 네 저기 등본을요' -> '등본을요'."""
    at = 0
    while match := _LEADING.match(sentence, at):
        at = match.end()
    return sentence[at:].strip()
