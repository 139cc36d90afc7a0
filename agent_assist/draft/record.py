"""The draft of a call's record from its events. Pure; half a thousand turns take some milliseconds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from agent_assist.draft.promises import follow_ups
from agent_assist.draft.sentences import Turn, pieces, turns
from agent_assist.draft.summary import Summary, Topics, summarised
from agent_assist.draft.used_cards import UsedCards, category, used_cards
from agent_assist.draft.values import heard_values
from core.events import Event, RecordDraft
from core.store.entry import Entry

EntryOf = Callable[[str], Entry | None]


def drafted(events: Sequence[Event], entry_of: EntryOf, summary: Summary | None = None) -> RecordDraft:
    """What a record of the call would say. ``events``: all of the call, in order. ``summary``: what a site's own
    :class:`~agent_assist.draft.summary.Summariser` made of :func:`material`, already checked; None = extractive."""
    cards = used_cards(events)
    if summary is None:
        summary = summarised(turns(events), _topics(cards, entry_of))
    categories = category(cards, _categories(cards, entry_of))
    return RecordDraft(
        category=categories.best,
        sure=categories.sure,
        others=categories.others,
        department=_department(cards, entry_of),
        need=summary.need,
        answer=summary.answer,
        cards=cards.used,
        values=heard_values(events),
        follow_ups=follow_ups(events),
    )


def material(events: Sequence[Event], entry_of: EntryOf) -> tuple[tuple[Turn, ...], Topics]:
    """What a summariser is given."""
    return turns(events), _topics(used_cards(events), entry_of)


def _topics(cards: UsedCards, entry_of: EntryOf) -> Topics:
    """Used cards tell what the call was about; where none was used, those that were shown do, half as much."""
    most = max(cards.worth.values(), default=0.0)
    brought = {
        cards.brought[entry]: cards.worth[entry] / most for entry in reversed(cards.used) if entry in cards.brought
    }
    entries = [entry for each in (cards.used or tuple(cards.shown)) if (entry := entry_of(each)) is not None]
    asked = " ".join(f"{entry.title} {' '.join(entry.keywords)}" for entry in entries)
    told = " ".join(f"{' '.join(entry.procedure)} {entry.body} {entry.department} {entry.hours}" for entry in entries)
    return Topics(
        brought=brought,
        asked=pieces(asked),
        told=pieces(f"{asked} {told}"),
        numbers=tuple(f"{entry.phone} {entry.body}" for entry in entries),
    )


def _department(cards: UsedCards, entry_of: EntryOf) -> str:
    """Of the most used entry; where none was used, of the one that was shown most."""
    for each in (*cards.used, *sorted(cards.shown, key=lambda entry: -cards.shown[entry])):
        entry = entry_of(each)
        found = entry.department if entry is not None else cards.cards[each].department if each in cards.cards else ""
        if found:
            return found
    return ""


def _categories(cards: UsedCards, entry_of: EntryOf) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for each in {*cards.used, *cards.shown}:
        entry = entry_of(each)
        found[each] = entry.category if entry is not None else cards.cards[each].category if each in cards.cards else ""
    return found
