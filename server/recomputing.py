"""``minwon statistics recompute``: all facts drawn from the stored events anew, all cells added up from the facts anew.

With ``check`` nothing is written: what differs is told. Without it what differs is told and mended. Contacts whose
events are gone by age keep their facts, days whose facts are gone keep their cells. Beside a running node it is safe:
what is counted meanwhile is counted once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, Literal

import msgspec

from core.store.statistics import Difference, Read, StatisticsStore
from core.store.statistics_cells import month_of
from records.statistics.facts import Rules, facts_of
from records.statistics.tally import KINDS

LINES: Final = 500
"""Lines that are read together."""
TOLD: Final = 100
"""Differences that are told one by one."""

Step = Literal["facts", "days", "months"]


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far it is."""

    step: Step
    """What is looked at."""
    done: int
    """Contacts, days or months."""
    of: int
    """How many there are, 0 = not known before the end."""


class Recomputed(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it."""

    contacts: int
    """Lines that were read."""
    days: int
    months: int
    differing: int
    """Differences that were found: contacts and cells, field by field."""
    mended: bool
    """Whether they were mended."""
    differences: tuple[Difference, ...]
    """The first of them."""


async def recompute(
    statistics: StatisticsStore, rules: Rules, *, check: bool, follow: Callable[[Progress], None] = lambda _at: None
) -> Recomputed:
    """Compare all that is kept with what it should be; mend it unless ``check``."""
    read = partial(facts_of, rules=rules)
    found: list[Difference] = []
    differing = contacts = 0

    def note(differences: Sequence[Difference]) -> None:
        nonlocal differing
        differing += len(differences)
        found.extend(differences[: max(0, TOLD - len(found))])

    after = ""
    while lines := await statistics.lines(after=after, limit=LINES):
        note(await _facts(statistics, read, lines, check=check))
        contacts, after = contacts + len(lines), lines[-1]
        follow(Progress(step="facts", done=contacts, of=0))
    days = await statistics.days()
    for at, day in enumerate(days, 1):
        differences = await statistics.check_day(day)
        note(differences)
        if differences and not check:
            await statistics.rebuild_day(day)
        follow(Progress(step="days", done=at, of=len(days)))
    months = sorted({month_of(day) for day in days})
    for at, month in enumerate(months, 1):
        differences = await statistics.check_month(month)
        note(differences)
        if differences and not check:
            await statistics.rebuild_month(month)
        follow(Progress(step="months", done=at, of=len(months)))
    return Recomputed(
        contacts=contacts,
        days=len(days),
        months=len(months),
        differing=differing,
        mended=not check and differing > 0,
        differences=tuple(found),
    )


async def _facts(statistics: StatisticsStore, read: Read, lines: Sequence[str], *, check: bool) -> Sequence[Difference]:
    differences = await statistics.differences(read, KINDS, lines)
    if differences and not check:
        await statistics.recount(read, KINDS, lines)
    return differences


def in_words(told: Recomputed) -> str:
    """For people."""
    looked = f"{told.contacts:,} contacts, {told.days:,} days, {told.months:,} months"
    if not told.differing:
        return f"{looked}: everything agrees"
    lines = [f"{each.what}: {each.field} is kept as {each.kept}, computed {each.computed}" for each in told.differences]
    if told.differing > len(lines):
        lines.append(f"... and {told.differing - len(lines):,} more")
    done = "mended" if told.mended else "nothing was changed; to mend it: minwon statistics recompute"
    return "\n".join([*lines, f"{looked}: {told.differing:,} differences, {done}"])
