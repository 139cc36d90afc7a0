"""Bench ``typing``: the search box at 13,000 and 200,000 entries: how long a keystroke takes, and what it forgives.

Titles of the database are typed key by key, as a Korean keyboard composes them; then with the keyboard left off, in
first consonants, and with one slip of the finger. Slips are drawn, the same ones in every run.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from typing import Final

from agent_assist.hangul import initials
from agent_assist.keyboard import hangul, latin
from agent_assist.lookup import Lookup
from core.store.entry import Entry
from server.bench.figures import Figure, Report, percentile, spread
from server.bench.stage import Stage
from server.bench.suggest import many
from server.knowledge import sample_entries

SIZES: Final = {13_000: (0.05, 50), 200_000: (None, 8)}
"""Entries -> seconds that a keystroke may take, and how many titles are typed."""
KEYS: Final = 24
"""Of each title so many keys are pressed."""
RESULTS: Final = 10
SLIP_KEYS: Final = "qwertyuiopasdfghjklzxcvbnm"


async def measure(stage: Stage) -> Report:
    """Each size after the other, in this process."""
    figures: list[Figure] = []
    entries = tuple(sample_entries())
    for count, (bound_s, titles) in SIZES.items():
        stage.tell(f"{count} entries")
        figures += await asyncio.get_running_loop().run_in_executor(
            None, measured, many(entries, count), bound_s, titles
        )
    return Report(
        figures=tuple(figures),
        notes=("the entries of 한빛시, each once for every place of the city", "found = among the first ten"),
    )


def measured(entries: Sequence[Entry], bound_s: float | None, titles: int) -> list[Figure]:
    """Build one look-up and type into it."""
    count = len(entries)
    began = time.perf_counter()
    lookup = Lookup(entries)
    built = time.perf_counter() - began
    chosen = random.Random(17).sample(range(count), min(titles, count))
    seconds: list[float] = []
    for at in chosen:
        keys = latin(entries[at].title)[:KEYS]
        for end in range(1, len(keys) + 1):
            for query in (hangul(keys[:end]), keys[:end]):
                began = time.perf_counter()
                lookup.find(query, RESULTS)
                seconds.append(time.perf_counter() - began)
    # A title may stand in the database more than once: whichever of them is found is right.
    ways: dict[str, Callable[[str], str]] = {
        "as it is written": str,
        "keyboard left off": latin,
        "first consonants": initials,
        "one slip": _Slips().slipped,
    }
    return [
        *spread(f"{count}: a keystroke", seconds, bound=bound_s),
        Figure(name=f"{count}: a keystroke, worst of 1000", value=1000 * percentile(seconds, 0.999), unit="ms"),
        Figure(name=f"{count}: keystrokes", value=len(seconds), unit=""),
        *(
            Figure(
                name=f"{count}: found, {name}",
                value=100 * sum(_found(lookup, entries, at, way) for at in chosen) / len(chosen),
                unit="%",
            )
            for name, way in ways.items()
        ),
        Figure(name=f"{count}: building the look-up", value=built, unit="s"),
    ]


def _found(lookup: Lookup, entries: Sequence[Entry], at: int, way: Callable[[str], str]) -> bool:
    title = entries[at].title
    return any(entries[hit.document].title == title for hit in lookup.find(way(title), RESULTS))


class _Slips:
    """One key wrong, missing, doubled or swapped with the next, in the longest word."""

    def __init__(self) -> None:
        self._random = random.Random(23)

    def slipped(self, title: str) -> str:
        words = title.split()
        longest = max(range(len(words)), key=lambda at: len(words[at]))
        keys = latin(words[longest])
        at = self._random.randrange(1, len(keys) - 1) if len(keys) > 2 else 0
        wrong = (
            keys[:at] + self._random.choice(SLIP_KEYS) + keys[at + 1 :],
            keys[:at] + keys[at + 1 :],
            keys[:at] + keys[at] + keys[at:],
            keys[:at] + keys[at : at + 2][::-1] + keys[at + 2 :],
        )
        words[longest] = hangul(self._random.choice(wrong))
        return " ".join(words)
