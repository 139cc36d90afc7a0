"""The demo's hour: whoever tries it on a Sunday night sees the city in its office hours. Pure."""

from __future__ import annotations

import datetime as dt
from typing import Final

_SATURDAY: Final = 6
_OPEN: Final = range(9, 17)
_SHOWN: Final = 10
"""The hour that it is instead."""


def daytime_shift(now: dt.datetime) -> dt.timedelta:
    """What to add to local time so that it is a working day between 9 and 17: nothing if it is one, else as much as
    leads to 10 o'clock of the last working day, the minutes kept."""
    if now.isoweekday() < _SATURDAY and now.hour in _OPEN:
        return dt.timedelta(0)
    then = now.replace(hour=_SHOWN)
    while then > now or then.isoweekday() >= _SATURDAY:
        then -= dt.timedelta(days=1)
    return then - now
