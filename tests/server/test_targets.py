"""Who is found when an agent passes a caller on."""

from __future__ import annotations

import pytest

from core.config import AgentConfig, SipConfig
from core.errors import Refused
from core.events import now
from core.store.entry import Entry
from core.store.knowledge import Department, Person
from server.roster import Roster
from server.targets import Directory, Targets, Third

SIP = SipConfig(outbound="sip:{number}@pbx")
DEPARTMENTS = (
    Department(id="tax", name="세무과", phone="031-000-1234"),
    Department(id="park", name="주차관리과", phone="031-000-1299"),
    Department(id="mute", name="전화없는과"),
    Department(id="old", name="옛세무과", phone="031-000-1111", closed=True),
)
PEOPLE = (
    Person(id="choi", name="최담당", department_id="tax", phone="031-000-1235", duty="재산세"),
    Person(id="gone", name="최퇴직", phone="031-000-1236", left=True),
)
CARD = Entry(id="7", title="재산세 이의신청", phone="0310001235", department="세무과")


@pytest.fixture
def roster() -> Roster:
    agents = [
        AgentConfig(id="kim", name="김하늘", extension="2101", uri="sip:2101@pbx", starts="ready"),
        AgentConfig(id="lee", name="이바다", extension="2102", uri="sip:2102@pbx", starts="ready"),
        AgentConfig(id="ahn", name="안구름", extension="2103", uri="sip:2103@pbx", starts="away"),
        AgentConfig(id="mute", name="강무전", starts="ready"),
    ]
    return Roster(agents, now())


@pytest.fixture
def targets(roster: Roster) -> Targets:
    entries = {CARD.id: CARD}
    return Targets(roster, SIP, directory=lambda: Directory.of(DEPARTMENTS, PEOPLE), entry=entries.get)


def names(targets: Targets, query: str) -> list[str]:
    return [found.name or found.number for found in targets.find(query, "kim", 20)]


def test_without_a_word_free_colleagues_come_first_then_departments(targets: Targets) -> None:
    assert names(targets, "") == ["이바다", "강무전", "안구름", "세무과", "주차관리과"]
    assert [(found.name, found.why) for found in targets.find("", "kim", 3)] == [
        ("이바다", ""),
        ("강무전", "colleague_busy"),
        ("안구름", "colleague_busy"),
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ㅅㅁㄱ", ["세무과", "최담당"]),
        ("재산", ["최담당"]),
        ("이바", ["이바다"]),
        ("2102", ["이바다"]),
        ("031-000-1299", ["주차관리과"]),
        ("010-1234-5678", ["01012345678"]),
        ("없는말", []),
    ],
)
def test_names_first_consonants_duties_and_numbers_are_found(targets: Targets, query: str, found: list[str]) -> None:
    assert names(targets, query) == found


def test_a_number_outside_the_dial_plan_says_why(targets: Targets) -> None:
    assert targets.find("00442071234567", "kim", 5)[0].why == "not_callable"
    no_way = Targets(Roster([], now()), SipConfig(), directory=lambda: Directory.of(DEPARTMENTS, PEOPLE))
    assert {found.why for found in no_way.find("세무과", "kim", 5)} == {"no_outbound"}


def test_who_is_meant(targets: Targets) -> None:
    assert targets.third("department", "tax") == Third(number="0310001234", name="세무과")
    assert targets.third("person", "choi") == Third(number="0310001235", name="최담당")
    assert targets.third("entry", "7") == Third(number="0310001235", name="세무과")
    assert targets.third("number", "031 000 1234").name == "세무과"
    assert targets.third("number", "2102") == targets.third("agent", "lee")
    assert targets.referred("sip:2102@evil.example;user=phone") == targets.third("agent", "lee")
    assert isinstance(targets.referred("sip:boss@evil.example"), Refused)


@pytest.mark.parametrize(
    ("kind", "wanted"), [("department", "mute"), ("department", "old"), ("person", "gone"), ("entry", "8")]
)
def test_who_has_no_telephone_is_refused(targets: Targets, kind: str, wanted: str) -> None:
    with pytest.raises(Refused) as refusal:
        targets.third(kind, wanted)  # type: ignore[arg-type]
    assert refusal.value.code == "no_target"


def test_departments_without_a_telephone_have_that_of_their_entries() -> None:
    tax = Department(id="tax", name="세무과", phone="070-0055-2200")
    entries = (
        Entry(id="1", title="가", department="세무과", phone="070-0055-9999"),
        Entry(id="2", title="나", department="자원순환과", phone="070-0055-1600"),
        Entry(id="3", title="다", department="자원순환과", phone="070-0055-1601"),
        Entry(id="4", title="라", department="자원순환과", phone="070-0055-1600"),
        Entry(id="5", title="마", department="민원여권과"),
    )
    waste = Department(id="waste", name="자원순환과")
    assert Directory.of((tax, waste), (), entries).departments[1].id == "waste"
    found = Directory.of((tax,), (), entries).departments
    assert [(each.name, each.phone) for each in found] == [("세무과", "070-0055-2200"), ("자원순환과", "070-0055-1600")]
