"""The cards of one call as they lie on the desk. Pure; its rule is that nothing moves under an agent's hand.

- New cards come when the topic changes: the best card is one that is not on the board, and about as sure as what lies
  there is by now; each utterance that does not speak for a card makes the board a little less sure of it.
- Otherwise cards keep their places, whatever their order by score; a free place may be filled, and a card that
  nothing speaks for any more gives its place to one that is clearly surer.
- A card that the agent has opened or pinned stays where it is; one that she dismissed does not come back in this call.
- Words that are not over may bring one card, once, to a place from which it can go again without moving any other;
  the final confirms it or takes it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from core.events import Suggestion

_FADE: Final = 0.8
"""What is left of a card's standing after an utterance with a topic that did not speak for it."""
_LEAVE: Final = 0.8
"""How sure a new topic's best card must be, next to the surest that lies there."""
_MARGIN: Final = 0.1
"""How much surer a new card must be to take another's place while the topic is the same."""


class Board:
    """At most ``places`` cards."""

    def __init__(self, places: int = 3) -> None:
        self._places = places
        self._cards: list[Suggestion] = []
        self._standing: dict[str, float] = {}
        self._held: set[str] = set()
        self._dismissed: set[str] = set()
        self._tentative = ""
        """The card that words which are not over brought, '' = none."""
        self._previewed = False
        """Whether the utterance that is not over has brought its card."""

    @property
    def cards(self) -> tuple[Suggestion, ...]:
        """What lies there, in its places."""
        return tuple(self._cards)

    def hold(self, entry_id: str) -> None:
        """The agent opened or pinned this card: it stays."""
        self._held.add(entry_id)

    def release(self, entry_id: str) -> None:
        """The agent closed or unpinned it."""
        self._held.discard(entry_id)

    def dismiss(self, entry_id: str) -> tuple[Suggestion, ...] | None:
        """The agent wants it away, for the whole call. The new board, or None = it was not there."""
        self._dismissed.add(entry_id)
        self._held.discard(entry_id)
        before = self.cards
        self._take(entry_id)
        return None if self.cards == before else self.cards

    def preview(self, card: Suggestion) -> tuple[Suggestion, ...] | None:
        """Words that are not over speak for this card. The new board, or None = as it was: an utterance brings one card
        at most, and only where there is a place after all held ones for it."""
        if self._previewed or card.id in self._dismissed or any(card.id == there.id for there in self._cards):
            return None
        tentative = replace(card, tentative=True)
        if len(self._cards) < self._places:
            self._cards.append(tentative)
        elif self._topic_changed([card]) and self._cards[-1].id not in self._held:
            self._cards[-1] = tentative
        else:
            return None
        self._previewed, self._tentative = True, card.id
        self._standing = {there.id: self._standing.get(there.id, card.score) for there in self._cards}
        return self.cards

    def offer(self, ranked: Sequence[Suggestion]) -> tuple[Suggestion, ...] | None:
        """An utterance brought these cards, best first (none: it had no topic). The new board, or None = as it was."""
        before = self.cards
        ranked = [card for card in ranked if card.id not in self._dismissed]
        self._settle(ranked)
        if not ranked:
            return None if self.cards == before else self.cards
        fresh = {card.id: card for card in ranked}
        for card in self._cards:
            now = fresh[card.id].score if card.id in fresh else 0.0
            self._standing[card.id] = max(now, self._standing[card.id] * _FADE)
        if self._topic_changed(ranked):
            self._lay(ranked)
        else:
            self._fill(ranked)
        self._standing = {card.id: self._standing.get(card.id, card.score) for card in self._cards}
        return None if self.cards == before else self.cards

    def _settle(self, ranked: Sequence[Suggestion]) -> None:
        """The utterance is over: its card is confirmed or goes. One that the agent holds by now stays in any case."""
        tentative, self._tentative, self._previewed = self._tentative, "", False
        if not tentative:
            return
        if tentative in self._held or any(card.id == tentative for card in ranked):
            self._cards = [replace(card, tentative=False) if card.id == tentative else card for card in self._cards]
        else:
            self._take(tentative)

    def _take(self, entry_id: str) -> None:
        """Away with a card; those behind it move up, which only happens where the agent dismissed it herself."""
        self._cards = [card for card in self._cards if card.id != entry_id]
        self._standing.pop(entry_id, None)

    def _topic_changed(self, ranked: Sequence[Suggestion]) -> bool:
        best = ranked[0]
        return best.id not in self._standing and best.score > _LEAVE * max(self._standing.values(), default=0.0)

    def _lay(self, ranked: Sequence[Suggestion]) -> None:
        """The new cards around those that are held. A place before a held card is never left empty."""
        held = {at: card for at, card in enumerate(self._cards) if card.id in self._held}
        stays = {card.id for card in held.values()}
        coming = [card for card in ranked if card.id not in stays]
        leaving = [card for card in self._cards if card.id not in stays | {card.id for card in coming}]
        laid: list[Suggestion] = []
        for at in range(self._places):
            if at in held:
                laid.append(held[at])
            elif coming:
                laid.append(coming.pop(0))
            elif leaving and any(place > at for place in held):
                laid.append(leaving.pop(0))
        self._standing.update((card.id, card.score) for card in laid if card.id not in self._standing)
        self._cards = laid

    def _fill(self, ranked: Sequence[Suggestion]) -> None:
        """Cards that are there stay where they are; new ones take free places, or that of one now far weaker."""
        for card in ranked:
            if any(card.id == there.id for there in self._cards):
                continue
            if len(self._cards) < self._places:
                self._cards.append(card)
            elif (at := self._weakest()) is not None and card.score > self._standing[self._cards[at].id] + _MARGIN:
                self._cards[at] = card
            else:
                continue
            self._standing[card.id] = card.score

    def _weakest(self) -> int | None:
        free = [at for at, card in enumerate(self._cards) if card.id not in self._held]
        return min(free, key=lambda at: self._standing[self._cards[at].id], default=None)
