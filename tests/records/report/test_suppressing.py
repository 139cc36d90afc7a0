"""No hidden cell can be reckoned from what is published: not by taking away, and not by whoever knows the rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.report.suppressing import K, shown, shown_total

PARTS = st.lists(st.one_of(st.integers(0, 9), st.integers(0, 400)), min_size=1, max_size=30)


@given(PARTS)
def test_nothing_small_is_published_and_zeros_hide_nobody(parts: list[int]) -> None:
    published = shown(parts)
    assert len(published) == len(parts)
    for part, cell in zip(parts, published, strict=True):
        assert cell in (part, None)
        assert cell is None or cell == 0 or cell >= K
    total = shown_total(sum(parts))
    assert total is None or total == 0 or total >= K


@given(PARTS)
def test_what_is_hidden_may_have_k_values_at_least(parts: list[int]) -> None:
    published, total = shown(parts), shown_total(sum(parts))
    hidden = [part for part, cell in zip(parts, published, strict=True) if cell is None]
    if not hidden or total is None:
        return
    rest = total - sum(cell for cell in published if cell is not None)
    if len(hidden) == len(parts):  # a row that is hidden wholly: zeros are among it
        assert len(parts) == 1 or rest >= K
    else:
        assert len(hidden) >= 2
        assert rest - len(hidden) + 1 >= K


@pytest.mark.parametrize(
    ("parts", "published"),
    [
        ((20, 30), (20, 30)),
        ((20, 30, 0), (20, 30, 0)),
        ((3, 30, 20), (None, 30, None)),
        ((3, 30, 20, 2, 4), (None, 30, 20, None, None)),
        ((3, 20, 30, 20), (None, None, 30, None)),
        ((4, 4, 9, 30), (None, None, None, 30)),
        ((1, 1, 30, 20), (None, None, 30, None)),
        ((3,), (None,)),
        ((1, 2), (None, None)),
        ((1, 1, 1, 1, 1, 0), (None,) * 6),
        ((), ()),
    ],
)
def test_examples(parts: tuple[int, ...], published: tuple[int | None, ...]) -> None:
    assert shown(parts) == published


@pytest.mark.parametrize("size", [2, 3, 4])
def test_whoever_knows_the_rules_and_tries_every_row_learns_no_hidden_cell(size: int) -> None:
    for total in range(K, 3 * K):
        for published, rows in _by_publication(total, size).items():
            for at, cell in enumerate(published):
                if cell is None:
                    assert len({row[at] for row in rows}) >= 2, (total, published)


@cache
def _by_publication(total: int, size: int) -> dict[tuple[int | None, ...], list[Sequence[int]]]:
    found: dict[tuple[int | None, ...], list[Sequence[int]]] = {}
    for row in _rows(total, size):
        found.setdefault(shown(row), []).append(row)
    return found


def _rows(total: int, size: int) -> Iterator[tuple[int, ...]]:
    if size == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in _rows(total - first, size - 1):
            yield (first, *rest)
