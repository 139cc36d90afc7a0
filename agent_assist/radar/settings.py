"""What the radar goes by. The defaults are for a call centre of some hundred to some ten thousand calls a day."""

from __future__ import annotations

from datetime import timedelta, timezone, tzinfo
from typing import Final

import msgspec

KOREA: Final = timezone(timedelta(hours=9), "KST")


class RadarSettings(msgspec.Struct, frozen=True, kw_only=True):
    """See ``Radar``."""

    window: timedelta = timedelta(minutes=10)
    """Calls of so long count as 'at once'."""
    least_calls: int = 4
    """Fewer calls are no issue, however rare the word."""
    least_known: int = 150
    """Before so many calls were heard, today or in other weeks, nobody can say what is usual: no issue."""
    least_ratio: float = 2.5
    """An issue has at least so many times the usual calls."""
    false_alarms: float = 0.0005
    """Issues by mere chance in one window, over all words together."""
    update_every: timedelta = timedelta(seconds=30)
    """An issue that grows is told again no sooner."""
    over_after: timedelta = timedelta(minutes=15)
    """So long nothing unusual: the issue is over."""
    still_ratio: float = 1.5
    """An open issue goes on while there are at least so many times the usual calls: it does not flicker."""
    same_calls: float = 0.5
    """Words that share so much of the rarer one's calls are one issue."""
    of_district: float = 0.7
    """An issue is of a district if so many of its calls that name one name that."""
    zone: tzinfo = KOREA
    """Local time, for hour and weekday."""

    most_terms: int = 20
    """Of one utterance."""
    most_terms_of_call: int = 120
    """Of one call within the window."""
    most_live: int = 60_000
    """Words and places that are counted at a time; more are dropped and counted."""
    most_calls: int = 20_000
    """Calls that are remembered at a time."""
    most_rates: int = 200_000
    """Usual rates in memory."""
    most_issues: int = 50
    """Open at a time."""
    quote_length: int = 80
    """Characters."""
