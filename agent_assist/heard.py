"""Words of one speaker, put once to the database that there was when they were looked at."""

from __future__ import annotations

from agent_assist.knowledge_base import Asked, KnowledgeBase
from core.events import Speaker


class Heard:
    """Words of one speaker, with what they ask of the database to which they were last put."""

    def __init__(self, speaker: Speaker, text: str) -> None:
        self.speaker = speaker
        self.text = text
        self._asked: tuple[KnowledgeBase, Asked] | None = None

    def asked(self, knowledge: KnowledgeBase) -> Asked:
        """What was said, put to this state of the database."""
        kept = self._asked
        if kept is None or kept[0] is not knowledge:
            kept = self._asked = (knowledge, knowledge.ask(self.text))
        return kept[1]

    @property
    def terms(self) -> tuple[str, ...]:
        """Words with a topic, as far as they have been put to a database."""
        return self._asked[1].question.terms if self._asked is not None else ()
