from __future__ import annotations

from agent_assist.heard import Heard
from agent_assist.knowledge_base import KnowledgeBase
from agent_assist.korean import Analyser
from core.store.entry import Entry


def test_it_asks_each_database_once(language: Analyser, few: tuple[Entry, ...]) -> None:
    one, other = KnowledgeBase(few, language), KnowledgeBase(few[:1], language)
    heard = Heard("caller", "여권을 분실했어요")
    assert heard.terms == ()
    asked = heard.asked(one)
    assert heard.asked(one) is asked
    assert heard.terms == ("n여권", "n분실")
    assert heard.asked(other) is not asked
