"""Hits before and after learning, on calls that came later than those that taught. Pure.

A question counts when it is known which entry the agent took. Differences come with a 95 % interval from resampling
calls (paired bootstrap; Efron, 1979): the questions of one call are no independent witnesses. Always the same figures
for the same calls.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final, TypeAlias

import msgspec
import numpy as np
from numpy.typing import NDArray

PLACES: Final = 3
"""Cards that are looked at."""
QUESTIONS_LIMIT: Final = 20_000
"""The newest are looked at."""
_RESAMPLED: Final = 1_000
_SEED: Final = 1979
_INTERVAL: Final = (2.5, 97.5)

Ranker: TypeAlias = Callable[[str], Sequence[str]]
"""What was said -> entries, best first."""
Floats: TypeAlias = NDArray[np.float64]


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """A question of a past call and what became of it."""

    call_id: str
    at: datetime
    text: str
    """Masked."""
    shown: tuple[str, ...] = ()
    """Entries that were shown, best first."""
    accepted: str = ""
    """The entry that the agent used, '' = none."""
    category: str = ""
    """Its category, for the table."""


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One measure before and after."""

    before: float
    after: float
    low: float
    """Of the difference, 2.5 % of resamplings are below."""
    high: float
    """2.5 % are above."""

    @property
    def difference(self) -> float:
        return self.after - self.before

    @property
    def sure(self) -> bool:
        """Whether the interval lies on one side of none."""
        return self.low > 0 or self.high < 0


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One category, or all."""

    category: str
    """'' = all."""
    questions: int
    calls: int
    hit1: Change
    """Share of questions whose entry is the first card."""
    hit3: Change
    """Share of questions whose entry is among three."""
    mrr: Change
    """Mean of 1/place, 0 where it is not among three."""


class AbReport(msgspec.Struct, frozen=True, kw_only=True):
    """The whole comparison."""

    rows: tuple[Row, ...]
    """All questions first, then categories, the most asked first."""
    idle: int
    """Questions after which no card was used."""
    idle_before: float
    """Share of those that brought cards."""
    idle_after: float
    since: datetime | None
    """The first question that was measured."""
    until: datetime | None


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """A report as a page shows it."""

    korean: tuple[str, ...]
    """Heads of the columns."""
    english: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def split(past: Sequence[Past], learn: float = 0.7) -> tuple[tuple[Past, ...], tuple[Past, ...]]:
    """By time: what may be learnt from, and the later calls on which it is measured. A call is never cut in two."""
    began: dict[str, datetime] = {}
    for question in past:
        began[question.call_id] = min(began.get(question.call_id, question.at), question.at)
    ordered = sorted(began, key=lambda call: (began[call], call))
    taught = set(ordered[: round(len(ordered) * learn)])
    in_time = sorted(past, key=lambda question: question.at)
    return (
        tuple(question for question in in_time if question.call_id in taught),
        tuple(question for question in in_time if question.call_id not in taught),
    )


def compared(past: Sequence[Past], before: Ranker, after: Ranker, *, category_level: int = 1) -> AbReport:
    """Both rankers on the same questions. ``category_level``: levels of the category path that make a row; 0 = none."""
    newest = sorted(past, key=lambda question: question.at)[-QUESTIONS_LIMIT:]
    asked = [question for question in newest if question.accepted]
    idle = [question for question in newest if not question.accepted]
    places = [(_place(before, question), _place(after, question)) for question in asked]
    rows = [_row("", asked, places)] if asked else []
    of_category: dict[str, list[int]] = defaultdict(list)
    for at, question in enumerate(asked):
        if category_level and question.category:
            of_category[">".join(question.category.split(">")[:category_level])].append(at)
    for category in sorted(of_category, key=lambda each: (-len(of_category[each]), each)):
        chosen = of_category[category]
        rows.append(_row(category, [asked[at] for at in chosen], [places[at] for at in chosen]))
    return AbReport(
        rows=tuple(rows),
        idle=len(idle),
        idle_before=_share_shown(before, idle),
        idle_after=_share_shown(after, idle),
        since=newest[0].at if newest else None,
        until=newest[-1].at if newest else None,
    )


def table(report: AbReport) -> Table:
    """For a page: percentages, with the interval of each difference."""

    def cells(change: Change) -> tuple[str, str, str]:
        interval = f"{100 * change.difference:+.1f} ({100 * change.low:+.1f} ~ {100 * change.high:+.1f})"
        return f"{100 * change.before:.1f}", f"{100 * change.after:.1f}", interval

    korean, english = ["분류", "질문 수"], ["Category", "Questions"]
    for name in ("hit@1", "hit@3", "MRR"):
        korean += [f"{name} 학습 전 %", f"{name} 학습 후 %", f"{name} 차이 (95% 구간)"]
        english += [f"{name} before %", f"{name} after %", f"{name} difference (95 % interval)"]
    return Table(
        korean=tuple(korean),
        english=tuple(english),
        rows=tuple(
            (row.category or "전체 / All", str(row.questions), *cells(row.hit1), *cells(row.hit3), *cells(row.mrr))
            for row in report.rows
        ),
    )


def _place(ranker: Ranker, question: Past) -> int:
    """1 = first, 0 = not among those looked at."""
    cards = list(ranker(question.text))[:PLACES]
    return cards.index(question.accepted) + 1 if question.accepted in cards else 0


def _share_shown(ranker: Ranker, questions: Sequence[Past]) -> float:
    return sum(bool(ranker(question.text)) for question in questions) / len(questions) if questions else 0.0


def _row(category: str, asked: Sequence[Past], places: Sequence[tuple[int, int]]) -> Row:
    calls = {call: number for number, call in enumerate(dict.fromkeys(question.call_id for question in asked))}
    of_call = np.array([calls[question.call_id] for question in asked])
    measures: Mapping[str, Callable[[int], float]] = {
        "hit1": lambda place: float(place == 1),
        "hit3": lambda place: float(place > 0),
        "mrr": lambda place: 1 / place if place else 0.0,
    }
    changes = {
        name: _change(np.array([[worth(one), worth(other)] for one, other in places]), of_call, len(calls))
        for name, worth in measures.items()
    }
    return Row(category=category, questions=len(asked), calls=len(calls), **changes)


def _change(worth: Floats, of_call: NDArray[np.int64], calls: int) -> Change:
    """``worth[question]``: before and after."""
    before, after = worth.mean(axis=0)
    gains = np.bincount(of_call, weights=worth[:, 1] - worth[:, 0], minlength=calls)
    sizes = np.bincount(of_call, minlength=calls)
    chance = np.random.default_rng(_SEED)
    resampled = np.empty(_RESAMPLED)
    for at in range(_RESAMPLED):
        drawn = chance.integers(0, calls, calls)
        resampled[at] = gains[drawn].sum() / sizes[drawn].sum()
    low, high = np.percentile(resampled, _INTERVAL)
    return Change(before=float(before), after=float(after), low=float(low), high=float(high))
