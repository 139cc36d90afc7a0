"""False alarms teach, within limits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from agent_assist.alerts.lessons import DEEPEST, HALF_LIFE, MOST, NOTHING_TAUGHT, AlertLessons, lessons_of
from agent_assist.alerts.rules import BAR, AlertRules, Finding
from core.errors import BadInput

NOON = datetime(2026, 11, 26, 3, tzinfo=UTC)
RULES = AlertRules()


def finding(text: str, rules: AlertRules = RULES) -> Finding:
    (found,) = rules.hear("caller", text)
    return found


def dismissed(text: str, times: int = 1) -> AlertLessons:
    lessons = NOTHING_TAUGHT
    for _ in range(times):
        lessons = lessons.dismissed([finding(text)], NOON)
    return lessons


def test_these_words_in_this_place_weigh_less_and_no_others() -> None:
    text = "우리 개 미친놈이 또 나갔어요"
    taught = RULES.taught(dismissed(text))
    assert finding(text).weight >= BAR
    assert finding(text, taught).weight == pytest.approx(finding(text).weight / 2)
    assert finding("야 미친놈아 똑바로 해", taught).weight == finding("야 미친놈아 똑바로 해").weight


def test_there_is_a_deepest() -> None:
    text = "지랄 같은 날씨네"
    assert dismissed(text, 20).lessons[0].times == DEEPEST
    assert finding(text, RULES.taught(dismissed(text, 20))).weight == pytest.approx(finding(text).weight / 8)


@pytest.mark.parametrize("text", ["집에 불이 났어요", "죽고 싶어요", "너 죽여 버린다", "할머니가 숨을 안 쉬어요"])
def test_danger_is_never_taught_away(text: str) -> None:
    taught = RULES.taught(dismissed(text, 50))
    assert finding(text, taught).weight >= BAR
    assert "109" not in taught.lessons.explain(finding(text))
    assert "위급" in taught.lessons.explain(finding(text))


def test_what_is_mild_of_danger_is_not_made_heavier() -> None:
    text = "너 두고 보자"
    assert finding(text, RULES.taught(dismissed(text, 5))).weight == finding(text).weight


def test_lessons_fade_and_a_real_alarm_undoes_them() -> None:
    text = "지랄 같은 날씨네"
    lessons = dismissed(text)
    assert lessons.faded(NOON + HALF_LIFE).lessons[0].times == pytest.approx(0.5)
    assert lessons.faded(NOON + 10 * HALF_LIFE) == NOTHING_TAUGHT
    assert lessons.confirmed([finding(text)], NOON).lessons == ()


def test_reset_and_explain() -> None:
    text = "지랄 같은 날씨네"
    lessons = dismissed(text)
    assert "50%" in lessons.explain(finding(text))
    assert lessons.explain(finding("야 이 씨발")) == ""
    assert lessons.reset("abuse.jiral").lessons == ()
    assert lessons.reset("abuse.ssi") == lessons
    assert lessons.reset().lessons == ()


def test_no_more_than_so_many_the_oldest_goes() -> None:
    one = finding("지랄 같은 날씨네")
    many = [msgspec.structs.replace(one, around=f"{number}_") for number in range(MOST + 3)]
    lessons = NOTHING_TAUGHT.dismissed(many, NOON)
    assert len(lessons.lessons) == MOST
    assert lessons.dropped == 3
    assert lessons.lessons[0].around == "3_"


def test_they_are_kept_as_a_document() -> None:
    lessons = dismissed("지랄 같은 날씨네").dismissed([finding("야 이 씨발")], NOON + timedelta(days=1))
    assert lessons_of(msgspec.json.encode(lessons)) == lessons
    assert lessons_of("") == NOTHING_TAUGHT
    with pytest.raises(BadInput, match=r"오경보.* / "):
        lessons_of("[1]")
