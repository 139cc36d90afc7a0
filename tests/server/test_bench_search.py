"""The search for what fits."""

from __future__ import annotations

import pytest

from server.bench.search import largest


@pytest.mark.parametrize(("room", "found"), [(0, 0), (1, 0), (2, 2), (7, 6), (20, 20), (33, 32), (500, 120)])
async def test_finds_the_largest_that_fits(room: int, found: int) -> None:
    async def fits(amount: int) -> bool:
        return amount <= room

    assert await largest(fits, first=20, step=10, finest=2, limit=120) == found


async def test_one_failure_is_forgiven() -> None:
    failed: set[int] = set()

    async def fits(amount: int) -> bool:
        if amount <= 40 and amount not in failed:
            failed.add(amount)
            return False
        return amount <= 40

    assert await largest(fits, first=20, step=10, finest=2, limit=120) == 40


async def test_never_tries_more_than_the_limit() -> None:
    tried: list[int] = []

    async def fits(amount: int) -> bool:
        tried.append(amount)
        return True

    assert await largest(fits, first=20, step=15, finest=2, limit=40) == 40
    assert tried == [20, 35, 40]


async def test_climbs_by_doubling() -> None:
    tried: list[int] = []

    async def fits(amount: int) -> bool:
        tried.append(amount)
        return amount <= 70

    assert await largest(fits, first=16, step=0, finest=8, limit=1024) == 64
    assert tried == [16, 32, 64, 128, 128, 96, 96, 80, 80, 72, 72]
