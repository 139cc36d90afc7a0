"""How much fits: climb until it does not fit any more, then halve the gap. Pure, but for what is tried."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

Fits = Callable[[int], Awaitable[bool]]


async def largest(fits: Fits, *, first: int, step: int, finest: int, limit: int) -> int:
    """The largest amount that fits, to ``finest``; 0 if not even ``finest`` does. ``step`` 0 = climb by doubling.

    One failure says little on a machine where other things happen: an amount must fail twice.
    """

    async def twice(amount: int) -> bool:
        return await fits(amount) or await fits(amount)

    good, bad = 0, limit + finest
    trial = min(first, limit)
    while good < trial < bad:
        if await twice(trial):
            good = trial
        else:
            bad = trial
        trial = min(good + (step or good), limit) if bad > limit else good + (bad - good) // 2 // finest * finest
    return good
