"""The draft of a record: what the events, the draft of words and the lessons make of it."""

from __future__ import annotations

from collections.abc import Sequence

from core.config.records import RecordsConfig
from core.dispositions import dispositions
from core.events import (
    CallEnded,
    CallJoined,
    Event,
    FormSent,
    FormValue,
    HeardValue,
    RecordDraft,
    RecordDrafted,
    TranscriptFinal,
)
from core.store.contacts import ContactRecord
from records.learning.lessons import Lessons, features, lessons_of
from records.record.assembled import assembled
from tests.records.record.test_course import CALL

KNOWN = dispositions(RecordsConfig().results)
DRAFT = RecordDraft(
    category="생활>폐기물",
    sure=0.7,
    others=(("교통>주차", 0.2),),
    department="청소행정과",
    need="쓰레기를 신고합니다.",
    answer="확인하겠습니다.",
    cards=("7",),
    values=(HeardValue(kind="date", value="2026-03-02", spoken="오늘", start=0, end=2),),
    follow_ups=("내일 전화드리겠습니다.",),
)
SAID = TranscriptFinal(speaker="caller", utterance="caller-1", start=41, end=44, text="중앙동 골목에 쓰레기가 있어요")


def draft(events: Sequence[Event], lessons: Lessons | None = None) -> ContactRecord:
    return assembled(
        events,
        person="k" * 32,
        known=KNOWN,
        lessons=lessons or Lessons(),
        words=lambda text: text.split(),
        district=lambda text: next((name for name in ("중앙동", "평화동") if name in text), ""),
    )


def test_the_draft_is_whole_before_anybody_looks() -> None:
    found = draft([*CALL[:-2], SAID, RecordDrafted(draft=DRAFT), *CALL[-2:]])
    written = found.written
    assert (written.category, written.department, written.district) == ("생활>폐기물", "청소행정과", "중앙동")
    assert (written.need, written.answer) == (DRAFT.need, DRAFT.answer)
    assert written.result == "transferred"
    assert [guess.value for guess in found.categories] == ["생활>폐기물", "교통>주차"]
    assert (found.state, found.version, found.promises, found.values) == (
        "draft",
        0,
        DRAFT.follow_ups,
        DRAFT.values,
    )


def test_where_nobody_of_ours_took_part_nobody_is_asked() -> None:
    found = draft([CALL[0], CALL[1], CallEnded(reason="menu_ended")])
    assert (found.state, found.written.result, found.written.need) == ("alone", "self_service", "")


def test_the_district_may_stand_in_a_form() -> None:
    form = FormSent(visit_id="v", screen="f", title="신고", values=(FormValue(field="a", label="b", value="평화동 3"),))
    assert draft([form, CallJoined(agent_id="kim")]).written.district == "평화동"


def test_a_lesson_changes_the_next_draft() -> None:
    line = [*CALL[:-2], SAID, RecordDrafted(draft=DRAFT), *CALL[-2:]]
    lessons = Lessons()
    for _ in range(6):
        record = draft(line, lessons)
        seen = features(SAID.text.split(), ["7"])
        lessons.add(lessons_of("category", "환경>무단투기", record.categories, seen))
    taught = draft(line, lessons)
    assert taught.written.category == "환경>무단투기"
    assert "생활>폐기물" in [guess.value for guess in taught.categories], "the first guess stays a key away"
