"""What is older than its term. Pure: the clock and the zone come from outside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta, tzinfo

from core.config import RetentionConfig
from core.store.rights import Kind

AHEAD = timedelta(days=45)
"""A clock that is so far ahead of all that was ever noted has jumped, unless somebody says that it is right."""


def days_of(terms: RetentionConfig, pictures_days: int) -> Mapping[Kind, int]:
    """The term of each kind."""
    return {
        "audio": terms.audio_days,
        "words": terms.words_days,
        "texts": terms.texts_days,
        "records": terms.records_days,
        "facts": terms.facts_days,
        "visits": terms.visits_days,
        "pictures": pictures_days,
        "audit": terms.audit_days,
    }


def cutoffs(terms: RetentionConfig, pictures_days: int, now: datetime, zone: tzinfo) -> Mapping[Kind, datetime]:
    """What began before these moments has had its term: whole local days, so that a day's figures go together."""
    today = now.astimezone(zone).date()
    return {
        kind: datetime.combine(today - timedelta(days=count), time(), zone).astimezone(UTC)
        for kind, count in days_of(terms, pictures_days).items()
    }


def jumped(now: datetime, newest: datetime | None) -> bool:
    """Whether the clock is too far ahead of the newest thing that was noted to purge by it."""
    return newest is not None and now - newest > AHEAD


def due(now: datetime, last: datetime | None, hour: int, zone: tzinfo) -> bool:
    """Whether today's purge is to begin: its hour is there, and none has begun since. A clock that was set back makes
    none begin twice."""
    local = now.astimezone(zone)
    begins = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    return local >= begins and (last is None or last < begins)
