"""Small cells suppressed, so that nobody is recognised in what is published, nor by reckoning. Pure.

A row of a published table is a total and the parts that it is made of. A part from 1 to k - 1 is hidden (primary
suppression; a part of 0 hides nobody). What is hidden could be reckoned by taking the rest from the total, so the
smallest of the parts that stay are hidden too (complementary suppression) until what is left for the hidden ones
together leaves each of them k values or more that it may have. Where that cannot be reached, the whole row is hidden;
and where the total itself is small, everything is. See Hundepool et al., Statistical Disclosure Control (2012), ch. 4.

Rows share nothing but their totals, and tables nothing but the totals either: nothing can be reckoned across them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

K: Final = 5
"""Fewest contacts that a published cell has."""


def shown_total(total: int, k: int = K) -> int | None:
    """The total as it is published; None = hidden."""
    return None if 0 < total < k else total


def shown(parts: Sequence[int], k: int = K) -> tuple[int | None, ...]:
    """The parts of a total as they are published; None = hidden."""
    total = sum(parts)
    if shown_total(total, k) is None:
        return (None,) * len(parts)
    hidden = {at for at, part in enumerate(parts) if 0 < part < k}
    if not hidden:
        return tuple(parts)
    larger = sorted({part for part in parts if part >= k}, reverse=True)
    while not _safe([parts[at] for at in hidden], k):
        if not larger:
            return (None,) * len(parts)
        least = larger.pop()  # all that are as large, or their order would tell which one was small
        hidden |= {at for at, part in enumerate(parts) if part == least}
    return tuple(None if at in hidden else part for at, part in enumerate(parts))


def _safe(hidden: Sequence[int], k: int) -> bool:
    """Whoever knows the sum, and that each is at least 1, knows of each only that it is one of 1 .. sum - others + 1: k
    values or more. Whoever knows this rule too knows of small ones that they end at k - 1: not all may be there."""
    left = sum(hidden) - len(hidden) + 1
    return len(hidden) > 1 and left >= k and any(part != k - 1 for part in hidden)
