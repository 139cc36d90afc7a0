"""Whether learning helps, and which synonyms use proposes: over calls that a real store has."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from agent_assist.assistant import Assistant, Heard
from agent_assist.learning.lessons import Lessons
from core.events import CallStarted, CardUsed, Suggested, Suggestion, TranscriptFinal
from core.home import Home
from core.store.entry import Entry
from core.store.sql_store import SqlStore, open_store
from server.learning_report import learning_report
from server.proposing import propose

START = datetime(2026, 11, 1, 1, 0, tzinfo=UTC)
ENTRIES = [
    Entry(id="1", title="여권 재발급", category="민원", keywords=("여권",)),
    Entry(id="2", title="주민등록등본 발급", category="민원", keywords=("등본",)),
    Entry(id="3", title="대형 폐기물 배출", category="환경", body="매트리스와 가구는 신고하고 내놓습니다."),
    Entry(id="4", title="상수도 누수 신고", category="수도"),
    Entry(id="5", title="불법 주정차 신고", category="교통"),
    Entry(id="6", title="독감 예방접종", category="보건"),
]


@pytest.fixture
async def store(home: Home) -> AsyncIterator[SqlStore]:
    opened = await open_store("", home)
    await opened.put_entries(ENTRIES)
    yield opened
    await opened.close()


@pytest.fixture
async def assistant(store: SqlStore) -> AsyncIterator[Assistant]:
    made = Assistant()
    await made.load(await store.entries())
    yield made
    made.close()


async def put_call(store: SqlStore, number: int, text: str, shown: str, taken: str, agent: str) -> None:
    call_id, at = f"c{number}", START + timedelta(hours=number)
    cards = (Suggestion(id=shown, title="항목", score=0.8),)
    await store.append(
        [
            CallStarted(call_id=call_id, seq=1, at=at),
            TranscriptFinal(
                call_id=call_id, seq=2, at=at, speaker="caller", utterance="caller-1", start=0.0, end=1.0, text=text
            ),
            Suggested(call_id=call_id, seq=3, at=at, suggestions=cards, utterance="caller-1"),
            CardUsed(
                call_id=call_id, seq=4, at=at, entry_id=taken, deed="accepted", utterance="caller-1", agent_id=agent
            ),
        ]
    )


async def test_hits_before_and_after_are_counted_on_later_calls(store: SqlStore, assistant: Assistant) -> None:
    for number in range(12):
        await put_call(store, number, "여권을 다시 만들려고요", "1", "1", f"agent{number % 3}")
    report = await learning_report(store, assistant)
    whole, *_ = report.rows
    assert whole.questions == 4, "the later third"
    assert whole.hit1.after >= whole.hit1.before == 1.0


async def test_without_calls_the_report_says_so(store: SqlStore, assistant: Assistant) -> None:
    report = await learning_report(store, assistant)
    assert sum(row.questions for row in report.rows) == 0


async def test_a_word_that_goes_with_an_entry_is_proposed_and_not_in_force(
    store: SqlStore, assistant: Assistant
) -> None:
    others = [
        ("여권을 다시 만들려고요", "1"),
        ("등본 떼려고요", "2"),
        ("차를 단속해 주세요", "5"),
        ("독감 주사 맞으려고요", "6"),
    ]
    for number in range(24):
        text, entry = ("스프링이 든 라꾸라꾸 버릴게요", "3") if number % 2 else others[number // 2 % 4]
        await put_call(store, number, text, entry, entry, f"agent{number % 3}")
    assert await propose(store, assistant, START) >= 1
    proposed = {synonym.lay: synonym for synonym in await store.knowledge.synonyms()}
    assert any("라꾸" in lay or "스프링" in lay for lay in proposed), proposed
    assert {synonym.state for synonym in proposed.values()} == {"proposed"}
    again = await propose(store, assistant, START + timedelta(days=1))
    assert again == len(proposed), "proposed again is proposed once"


async def test_an_assistant_that_is_taught_otherwise_leaves_the_one_at_work_alone(assistant: Assistant) -> None:
    heard = Heard("caller", "신고하고 싶은데요 불법 주정차 신고요")
    before = [card.id for card in assistant.answer(heard, ())]
    lessons = Lessons()
    for number in range(8):
        lessons.used("4", "accepted", heard.terms, START, call_id=f"c{number}")
    other = assistant.taught_by(lessons)
    assert other is not assistant
    other.answer(heard, ())
    assert [card.id for card in assistant.answer(heard, ())] == before
