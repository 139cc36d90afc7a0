"""Which cards an agent used in a call, how much, and what category that makes. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from core.events import CardDeed, CardUsed, Event, Suggested, Suggestion

_WORTH: Final[Mapping[CardDeed, float]] = {"sent": 3.0, "accepted": 3.0, "pinned": 2.0, "opened": 1.0}
_SHOWN_WORTH: Final = 0.25
"""A card that was only shown, as sure as can be, next to one that was opened."""
_UNUSED_LIMIT: Final = 0.6
"""No surer than that where no card was used."""
_ENOUGH: Final = 1.0
"""Worth from which on nothing is wanting."""
_PARENT_FROM: Final = 0.6
OTHERS: Final = 4
"""Further categories that are named."""


class UsedCards(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the cards of a call."""

    used: tuple[str, ...] = ()
    """Entries that the agent did something good with, the most used first."""
    worth: Mapping[str, float] = {}
    """Of each used entry."""
    shown: Mapping[str, float] = {}
    """Of each entry that was shown and not put away: how much it speaks for a category."""
    brought: Mapping[str, str] = {}
    """Used entry -> the utterance that had brought it."""
    cards: Mapping[str, Suggestion] = {}
    """The newest card of each entry that was shown."""


def used_cards(events: Iterable[Event]) -> UsedCards:
    """The cards of a call from its events."""
    deeds: dict[str, set[CardDeed]] = defaultdict(set)
    shown: dict[str, float] = {}
    brought: dict[str, str] = {}
    cards: dict[str, Suggestion] = {}
    for event in events:
        if isinstance(event, Suggested):
            for place, card in enumerate(event.suggestions, 1):  # what stays on the desk is what it is about
                shown[card.id] = shown.get(card.id, 0.0) + card.score**2 / place
                if card.id not in cards:
                    brought[card.id] = event.utterance
                cards[card.id] = card
        elif isinstance(event, CardUsed):
            _note(deeds[event.entry_id], event.deed)
            if event.utterance:
                brought[event.entry_id] = event.utterance
    worth = {entry: sum(_WORTH.get(deed, 0.0) for deed in done) for entry, done in deeds.items()}
    used = sorted((entry for entry in worth if worth[entry] > 0), key=lambda entry: -worth[entry])
    away = {entry for entry, done in deeds.items() if done == {"dismissed"}}
    return UsedCards(
        used=tuple(used),
        worth={entry: worth[entry] for entry in used},
        shown={entry: value for entry, value in shown.items() if entry not in away},
        brought={entry: brought[entry] for entry in used if brought.get(entry)},
        cards=cards,
    )


class Categories(msgspec.Struct, frozen=True, kw_only=True):
    """What the category of a call may be."""

    best: str = ""
    """Path, '' = nobody can say."""
    sure: float = 0.0
    """0..1."""
    others: tuple[tuple[str, float], ...] = ()
    """The next ones, each with how sure."""


def category(cards: UsedCards, category_of: Mapping[str, str]) -> Categories:
    """The category and what else it may be. ``category_of``: paths by entry, '' = not known.

    Where two places of one branch share the call, the branch is named.
    """
    worth: dict[str, float] = defaultdict(float)
    for entry, value in cards.worth.items():
        worth[category_of.get(entry, "")] += value
    used = sum(worth.values()) > 0
    for entry, value in cards.shown.items():
        worth[category_of.get(entry, "")] += value * _SHOWN_WORTH
    worth.pop("", None)
    if not worth:
        return Categories()
    total = sum(worth.values())
    trust = 1.0 if used else _UNUSED_LIMIT * min(1.0, total / (_ENOUGH * _SHOWN_WORTH))
    best = max(worth, key=lambda path: (worth[path], path))
    if worth[best] / total < _PARENT_FROM:
        best, worth[best] = _parent(best, worth)
    sure = {path: round(min(value / total * trust, 1.0), 3) for path, value in worth.items()}
    others = sorted((path for path in sure if path != best), key=lambda path: (-sure[path], path))
    return Categories(best=best, sure=sure[best], others=tuple((path, sure[path]) for path in others[:OTHERS]))


def _parent(best: str, worth: Mapping[str, float]) -> tuple[str, float]:
    """The branch above, where that has clearly more."""
    branch, _, _ = best.rpartition(">")
    below = sum(value for path, value in worth.items() if path == branch or path.startswith(f"{branch}>"))
    if branch and below > worth[best]:
        return branch, below
    return best, worth[best]


def _note(done: set[CardDeed], deed: CardDeed) -> None:
    if deed == "unpinned":
        done.discard("pinned")
    elif deed == "dismissed":
        done -= {"opened", "pinned"}  # looked at, and not it
        if not done:
            done.add(deed)
    else:
        done.discard("dismissed")
        done.add(deed)
