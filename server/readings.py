"""Which readings are new: a page that is told of each change asks again and again, and that is one reading. Pure."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final

ONE_READING: Final = timedelta(minutes=30)
"""Who asks for the same again within so long goes on reading."""
MOST: Final = 10_000
"""Readings that are remembered; beyond it the oldest counts as new again: noted twice is better than not at all."""


class Readings:
    """One for each kind of thing."""

    def __init__(self) -> None:
        self._last: OrderedDict[tuple[str, str], datetime] = OrderedDict()

    def is_new(self, who: str, what: str, at: datetime) -> bool:
        """Whether it must be noted; say ``noted`` once it is."""
        last = self._last.get((who, what))
        return last is None or not timedelta() <= at - last < ONE_READING

    def noted(self, who: str, what: str, at: datetime) -> None:
        """It is in the log."""
        self._last[who, what] = at
        self._last.move_to_end((who, what))
        if len(self._last) > MOST:
            self._last.popitem(last=False)
