"""What the house knows, over a real store: it is loaded, put in force when it changes, and written down."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import pytest

from agent_assist.alerts.call_alerts import CallAlerts
from agent_assist.assistant import Assistant
from agent_assist.desk_assist import AlertStep
from agent_assist.gaps.asked import Asked
from agent_assist.learning.lessons import Lessons
from core.bus.contract import Overflow
from core.bus.memory_bus import MemoryBus
from core.config import AssistConfig
from core.errors import Refused, StoreFault
from core.events import CardUsed, IssueChanged, Suggestion, TranscriptFinal
from core.home import Home
from core.store.entry import Entry
from core.store.knowledge import Document, Person, TermRate, Usage
from core.store.sql_store import SqlStore, open_store
from server.knowing import Knowing
from server.knowledge import sample_entries

START = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)  # ten in the morning
PASSPORT = Entry(
    id="7", title="여권 재발급", category="민원>여권", department="민원여권과", person="백서연", deputy="임도현"
)


class Clock:
    """Moved by hand."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


class House:
    """A node's knowledge and what is around it."""

    def __init__(self, store: SqlStore) -> None:
        self.store = store
        self.clock = Clock()
        self.bus = MemoryBus()
        self.assistant = Assistant(today=lambda: self.clock.at.date())
        config = AssistConfig(districts=("중앙동", "송천동"))
        self.knowing = Knowing(store, self.assistant, self.bus, config, Lessons(), clock=self.clock)


@pytest.fixture
async def house(home: Home) -> AsyncIterator[House]:
    store = await open_store("", home)
    await store.put_entries([PASSPORT])
    house = House(store)
    await house.knowing.open()
    yield house
    house.assistant.close()
    await store.close()


def words(text: str, at: datetime = START) -> TranscriptFinal:
    return TranscriptFinal(at=at, speaker="caller", utterance="caller-1", start=0.0, end=1.0, text=text)


async def test_names_of_departments_and_shelves_follow_the_database(house: House) -> None:
    assert [each.value for each in house.knowing.values("caller", "민원여권과 연결해 주세요")] == ["민원여권과"]
    assert house.knowing.values("agent", "민원여권과입니다") == ()
    assert house.knowing.shelves.categories == ("민원", "민원>여권")
    assert house.knowing.shelves.departments == ("민원여권과",)
    await house.store.put_entries([Entry(id="8", title="상수도 누수", category="수도", department="상수도과")])
    await house.knowing.reload()
    assert house.knowing.shelves.departments == ("민원여권과", "상수도과")


async def test_an_absence_that_begins_is_in_force_on_its_day(house: House) -> None:
    person = next(each for each in await house.store.knowledge.people() if each.name == "백서연")
    tomorrow = date(2026, 11, 27)
    await house.store.knowledge.put_person(
        Person(id=person.id, name=person.name, department_id=person.department_id, absent_from=tomorrow)
    )
    await house.knowing.reload()
    assert house.knowing._changes == tomorrow
    house.clock.at += timedelta(days=1)
    await house.knowing._day_changes()
    assert house.knowing._changes is None, "loaded anew, nothing else is to come"


async def test_what_calls_bring_is_written_and_survives_a_database_that_is_away(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    knowing = house.knowing
    knowing.shown([Suggestion(id="7", title="여권 재발급", score=0.9)])
    use = CardUsed(call_id="c1", at=START, entry_id="7", deed="accepted", agent_id="kim")
    knowing.used(use, ("n여권",))
    knowing.used(CardUsed(call_id="c2", at=START, entry_id="7", deed="accepted", agent_id="lee"), ("n여권",))
    questions = knowing.questions("c1")
    questions.asked(Asked(utterance="caller-1", text="달나라 여행은 어디서 접수해요", at=START, words=3))
    knowing.asked(questions)

    async def away(_usages: object) -> None:
        raise StoreFault("away")

    with monkeypatch.context() as broken:
        broken.setattr(house.store.knowledge, "count_usage", away)
        with pytest.raises(StoreFault):
            await knowing.write()
    await knowing.write()
    (usage,) = await house.store.knowledge.usage(since=date(2026, 11, 1))
    assert (usage.entry_id, usage.shown, usage.accepted) == ("7", 1, 2)
    assert isinstance(usage, Usage)
    assert {lesson.term for lesson in await house.store.knowledge.lessons()} == {"", "n여권"}
    (gap,) = await house.store.knowledge.gaps()
    assert (gap.call_id, gap.text) == ("c1", "달나라 여행은 어디서 접수해요")


async def test_a_false_alarm_teaches_all_later_calls_and_the_next_node(house: House) -> None:
    alerts: CallAlerts = house.knowing.alerts("c1", {})
    said = "이 개새끼야"
    (alert,) = alerts.heard("caller", "caller-1", 0.0, 1.0, said)
    before = house.knowing.alert_rules.hear("caller", said)[0].weight
    dismissed = alerts.step(alert.alert_id, AlertStep(step="dismissed", reason="개 이름"), "kim")
    house.knowing.alert_told(alerts, dismissed)
    assert house.knowing.alert_rules.hear("caller", said)[0].weight < before
    await house.knowing.write()
    later = House(house.store)
    await later.knowing.open()
    assert later.knowing.alert_rules.hear("caller", said)[0].weight < before
    later.assistant.close()


async def test_what_an_administrator_had_forgotten_stays_forgotten(house: House) -> None:
    said = "이 개새끼야"
    alerts = house.knowing.alerts("c1", {})
    (alert,) = alerts.heard("caller", "caller-1", 0.0, 1.0, said)
    fresh = house.knowing.alert_rules.hear("caller", said)[0].weight
    house.knowing.alert_told(alerts, alerts.step(alert.alert_id, AlertStep(step="dismissed", reason="개"), "kim"))
    await house.knowing.write()
    forgotten = Document(name="alert_lessons", version=2, body='{"lessons": []}', at=START)
    await house.store.knowledge.put_document(forgotten, based_on=1)
    await house.knowing.reload()
    assert house.knowing.alert_rules.hear("caller", said)[0].weight == fresh
    await house.knowing.write()
    kept = await house.store.knowledge.document("alert_lessons")
    assert kept is not None
    assert kept.version == 2


async def test_many_callers_of_one_thing_are_an_issue_with_the_entry_that_answers(house: House) -> None:
    knowing = house.knowing
    await house.store.put_entries(sample_entries())
    await house.store.knowledge.put_rates(
        [TermRate(term="", district="", slot=slot, mean=60.0, weeks=4.0) for slot in range(168)]
    )
    await knowing.open()
    issues = house.bus.subscribe(
        name="test", limit=100, overflow=Overflow.WAIT, only=lambda event: isinstance(event, IssueChanged)
    )
    for number in range(8):
        at = house.clock.at = START + timedelta(seconds=20 * number)
        knowing.heard(f"c{number}", words("여권 재발급이 안 돼요", at), ("n여권", "n재발급"), "중앙동")
        for issue in knowing.radar.tick(at):
            await knowing._issue(issue)
    newest = (await knowing.issues(10))[0]
    assert "여권" in newest.terms
    assert newest.district == "중앙동"
    assert "여권" in newest.entry_title
    await knowing.issue_seen(newest.issue_id, "kim")
    assert (await knowing.issues(10))[0].state == "seen"
    with pytest.raises(Refused):
        await knowing.issue_seen("issue-none", "kim")
    (kept, *_) = await house.store.knowledge.issues()
    assert (kept.issue_id, kept.state, kept.by) == (newest.issue_id, "seen", "kim")
    await house.bus.close()
    told = [event async for event in issues]
    assert told[-1].state == "seen"  # type: ignore[attr-defined]


async def test_the_part_of_the_city_that_is_named(house: House) -> None:
    assert house.knowing.district("여기 송천동인데요") == "송천동"
    assert house.knowing.district("여기 우리 동네인데요") == ""
