"""A conversation in which nothing comes to the assistant's mind; tests override what they are about."""

from __future__ import annotations

from core.events import CardDeed, Speaker, Suggestion


class SilentConversation:
    """See ``server.helping.Conversation``."""

    async def heard(self, speaker: Speaker, utterance: str, text: str) -> tuple[Suggestion, ...] | None:
        return None

    async def partial(self, speaker: Speaker, utterance: str, text: str) -> tuple[Suggestion, ...] | None:
        return None

    def terms(self, utterance: str) -> tuple[str, ...]:
        return ()

    def own_terms(self, utterance: str) -> tuple[str, ...]:
        return ()

    def best_score(self, utterance: str) -> float:
        return 0.0

    def used(self, entry_id: str, deed: CardDeed) -> tuple[Suggestion, ...] | None:
        return None
