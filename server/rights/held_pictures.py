"""Pictures that citizens sent: deleted by their age, but those of contacts that are held."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from core.events import Event, PhotoReceived, TextReceived
from core.pictures.shelf import Pictures
from core.store.contract import Store
from core.store.rights import Purged


def photo_ids(events: list[Event]) -> list[str]:
    """Pictures of a line."""
    found: list[str] = []
    for event in events:
        match event:
            case PhotoReceived():
                found.append(event.photo_id)
            case TextReceived():
                found.extend(event.photos)
    return found


class HeldPictures:
    """Knows which pictures must stay, and tidies the others away."""

    def __init__(self, pictures: Pictures, store: Store, *, days: int, today: Callable[[], date]) -> None:
        self.days = days
        self._pictures = pictures
        self._store = store
        self._today = today
        pictures.spared = self.held

    async def held(self) -> frozenset[str]:
        """Of contacts under a hold, and of the contacts of people under one."""
        lines: set[str] = set()
        for hold in await self._store.rights.holds():
            if not hold.holds(self._today()):
                continue
            for subject in hold.subjects:
                if subject.kind == "contact":
                    lines.add(subject.id)
                else:
                    lines.update(await self._store.rights.contacts_of(subject.id))
        return frozenset([id for line in lines for id in photo_ids(await self._store.events(line))])

    async def purge(self, now: datetime) -> Purged:
        """What is too old goes now."""
        gone = await self._pictures.sweep(now)
        return Purged(kind="pictures", before=now - timedelta(days=self.days), gone=gone, held=len(await self.held()))
