"""The lists of an editor: overdue, expiring, most used, never used. Pure, but for reading all heads."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final

import msgspec

from core.store.knowledge import EntryHead, KnowledgeStore, Usage

_PAGE: Final = 1000


class Used(msgspec.Struct, frozen=True, kw_only=True):
    """An entry with how often it was used."""

    head: EntryHead
    usage: Usage
    """Summed over the days asked for."""


def overdue(heads: Iterable[EntryHead], today: date) -> tuple[EntryHead, ...]:
    """Whose review is due today or was before, or that have expired while agents could still read them; the longest
    overdue first."""
    found = [(day, head) for head in heads if head.published and (day := _overdue_since(head, today))]
    return tuple(head for _, head in sorted(found, key=lambda pair: (pair[0], pair[1].entry_id)))


def expiring(heads: Iterable[EntryHead], today: date, days: int = 30) -> tuple[EntryHead, ...]:
    """That are still true today but not much longer: the last day is within so many days; the soonest first."""
    last = today + timedelta(days=days)
    found = [
        (head.expires, head) for head in heads if head.published and head.expires and today <= head.expires <= last
    ]
    return tuple(head for _, head in sorted(found, key=lambda pair: (pair[0], pair[1].entry_id)))


def most_used(heads: Iterable[EntryHead], usage: Iterable[Usage], limit: int = 50) -> tuple[Used, ...]:
    """What agents took most: sent, accepted and opened, then shown."""
    counts = {one.entry_id: one for one in usage if _taken(one)}
    found = [Used(head=head, usage=counts[head.entry_id]) for head in heads if head.entry_id in counts]
    found.sort(key=lambda used: (-_taken(used.usage), -used.usage.shown, used.head.entry_id))
    return tuple(found[:limit])


def never_used(heads: Iterable[EntryHead], usage: Iterable[Usage]) -> tuple[EntryHead, ...]:
    """Published entries that nobody opened, accepted or sent; in their order."""
    taken = {one.entry_id for one in usage if _taken(one)}
    return tuple(head for head in heads if head.published and head.entry_id not in taken)


async def all_heads(store: KnowledgeStore, **filters: Any) -> list[EntryHead]:
    """All heads that ``KnowledgeStore.heads`` finds, page by page."""
    heads: list[EntryHead] = []
    after = ""
    while True:
        page = await store.heads(**filters, after=after, limit=_PAGE)
        heads += page
        if len(page) < _PAGE:
            return heads
        after = page[-1].entry_id


def _overdue_since(head: EntryHead, today: date) -> date | None:
    days = []
    if head.review_by and head.review_by <= today:
        days.append(head.review_by)
    if head.expires and head.expires < today:
        days.append(head.expires)
    return min(days, default=None)


def _taken(usage: Usage) -> int:
    return usage.sent + usage.accepted + usage.opened
