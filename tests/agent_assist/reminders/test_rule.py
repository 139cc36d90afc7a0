from __future__ import annotations

from agent_assist.reminders.rule import Rule


def test_the_reminder_is_in_the_agents_language() -> None:
    rule = Rule(id="a", title="제목", phrases=("말",), within_s=5, text="하세요", text_en="do")
    assert rule.words() == "하세요"
    assert rule.words("en") == "do"


def test_without_a_translation_it_is_korean_and_without_a_text_the_title() -> None:
    assert Rule(id="a", title="제목", phrases=("말",), within_s=5, text="하세요").words("en") == "하세요"
    assert Rule(id="a", title="제목", phrases=("말",), within_s=5, entry_id="1").words("en") == "제목"
