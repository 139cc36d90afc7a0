"""Callers' photos: how many of them a visit may send, and what becomes of those whose visit never had a call.

What makes them anew and keeps them is :mod:`core.pictures`. Beyond its refusals a photo may be refused with the code
``photo_too_many``.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import AsyncIterator, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from core.errors import Refused
from core.pictures.shelf import Photo, Pictures, refused

OF_A_VISIT: Final = 5
"""Photos of one visit that are kept in an hour; beyond it ``photo_too_many``."""
AT_A_TIME: Final = 3
"""Photos of one visit on their way at a time: one that broke off may still count when it is sent again."""
UNCALLED_UPLOADS: Final = 10
"""Of ``MOST_UPLOADS``, for visits that have no call (yet): they cost nothing, so whoever begins them by the hundred
must leave room for callers."""
UNCALLED_SHARE: Final = 0.25
"""Of the disk's room, for their photos."""
TRIES: Final = 20
"""Photos of one visit in an hour that are looked at, kept or not: a wrong file or two is no reason to be shut out."""
_HOUR: Final = timedelta(hours=1)


class Photos:
    """What a visit may send."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self._uploads: Counter[str] = Counter()
        """Photos on their way, by visit."""
        self._uncalled_uploads = 0
        self._uncalled: dict[str, int] = {}
        """Kept photos of visits that have no call, with their bytes."""
        self._tries: dict[str, deque[datetime]] = {}
        """When each visit sent its last photos."""
        self._kept: dict[str, deque[datetime]] = {}
        """When its last ones were kept."""

    async def receive(
        self,
        stream: AsyncIterator[bytes],
        *,
        visit_id: str,
        now: datetime,
        declared: str = "",
        place_consent: bool,
        in_call: bool = True,
    ) -> Photo:
        """Take in one photo; see ``Pictures.receive``. One of a visit without a call (``in_call``) is to be told to
        ``called`` or ``uncalled`` later on.

        Raises ``BadInput`` or ``Refused`` (see above), and whatever ``stream`` raises when the line is lost.
        """
        try:
            self._admit(visit_id, now, in_call)
        except Refused as fault:
            refused(fault, visit_id)
            raise
        self._uploads[visit_id] += 1
        self._uncalled_uploads += not in_call
        try:
            photo = await self._pictures.receive(
                stream, contact=visit_id, declared=declared, place_consent=place_consent
            )
        finally:
            self._uploads[visit_id] -= 1
            self._uploads += Counter()  # forgets those without any
            self._uncalled_uploads -= not in_call
        self._kept.setdefault(visit_id, deque(maxlen=OF_A_VISIT)).append(now)
        if not in_call:
            self._uncalled[photo.photo_id] = photo.size
        return photo

    def path(self, photo_id: str, *, preview: bool = False) -> Path | None:
        """The file of a photo; see ``Pictures.path``."""
        return self._pictures.path(photo_id, preview=preview)

    def called(self, photo_ids: Iterable[str]) -> None:
        """Their visit has got its call."""
        for photo_id in photo_ids:
            self._uncalled.pop(photo_id, None)

    async def uncalled(self, photo_ids: Iterable[str]) -> None:
        """Their visit is over and never had a call: nobody will ever see them."""
        for photo_id in photo_ids:
            if self._uncalled.pop(photo_id, None) is not None:
                await self._pictures.delete(photo_id)

    async def sweep(self, now: datetime) -> int:
        """Forget visits of more than an hour ago, and tidy the folder; see ``Pictures.sweep``."""
        for moments in (self._tries, self._kept):
            for visit_id in [visit for visit, of_it in moments.items() if not _within_an_hour(of_it, now)]:
                del moments[visit_id]
        return await self._pictures.sweep(now)

    def _admit(self, visit_id: str, now: datetime, in_call: bool) -> None:
        """Count the try, or refuse it before a byte is read."""
        tries = self._tries.get(visit_id, deque(maxlen=TRIES))
        kept, coming = self._kept.get(visit_id, ()), self._uploads[visit_id]
        if _within_an_hour(kept, now) >= OF_A_VISIT or _within_an_hour(tries, now) >= TRIES:
            raise Refused(f"{OF_A_VISIT} photos an hour are taken: send the next one later", code="photo_too_many")
        if coming >= AT_A_TIME or (not in_call and self._uncalled_uploads >= UNCALLED_UPLOADS):
            raise Refused("many photos come in just now: send it again in a minute", code="photo_busy")
        if not in_call and sum(self._uncalled.values()) > self._pictures.most * UNCALLED_SHARE:
            raise Refused("no more photos can be kept: tell the agent what is on it", code="photo_full")
        tries.append(now)
        self._tries[visit_id] = tries


def _within_an_hour(moments: Iterable[datetime], now: datetime) -> int:
    """How many; either way, for the clock may have been put back."""
    return sum(abs(now - moment) < _HOUR for moment in moments)
