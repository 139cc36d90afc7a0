"""The shipped city is complete, consistent and cannot be telephoned."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from core.city import City, load
from core.errors import BadInput

IMPOSSIBLE = re.compile(r"070-00\d\d-\d{4}")
"""Numbers after 070 never begin with a zero, so these reach nobody."""


@pytest.fixture(scope="module")
def city() -> City:
    return load()


def test_the_city_is_large_enough_to_be_believed(city: City) -> None:
    assert city.name == "한빛시"
    assert len(city.departments) >= 40
    assert len(city.people) >= 110
    assert len(city.streets) >= 25
    assert len(city.districts) >= 6


def test_no_number_can_be_dialled(city: City) -> None:
    numbers = [city.hotline, city.night_duty]
    numbers += [one.phone for one in city.departments]
    numbers += [one.phone for one in city.districts]
    numbers += [city.phone_of(one) for one in city.people]
    assert [n for n in numbers if not IMPOSSIBLE.fullmatch(n)] == []
    assert len(set(numbers)) == len(numbers)


def test_names_are_unique_where_a_caller_has_only_the_name(city: City) -> None:
    for names in (
        [one.name for one in city.departments],
        [one.name for one in city.people],
        [one.name for one in city.streets],
        [one.name for one in city.districts],
    ):
        assert len(set(names)) == len(names)


def test_everybody_has_a_deputy_in_the_same_department(city: City) -> None:
    for person in city.people:
        deputy = city.deputy_of(person)
        assert deputy.id != person.id
        assert deputy.department == person.department


def test_every_department_has_people_and_every_district_streets(city: City) -> None:
    for department in city.departments:
        people = city.people_of(department.id)
        assert len(people) >= 2
        assert people == city.people_of(department.name)
        assert people[0].title in ("과장", "센터장", "관장")
    assert {one.district for one in city.streets} == {one.id for one in city.districts}


def test_lookups(city: City) -> None:
    parking = city.department("주차관리과")
    assert parking is not None
    assert parking is city.department("parking")
    assert city.department("없는과") is None
    assert city.people_of("없는과") == ()
    head = city.people_of("parking")[0]
    assert city.people_named(head.name) == (head,)
    assert city.person(head.id) is head
    assert city.person("nobody") is None
    assert city.phone_of(head) == parking.phone[:-4] + head.extension
    district = city.district("중앙동")
    assert district is not None
    assert district is city.district("center")


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-02-17", "설날"),
        ("2026-03-02", "대체공휴일(삼일절)"),
        ("2026-05-01", "노동절"),
        ("2026-06-03", "전국동시지방선거일"),
        ("2026-07-17", "제헌절"),
        ("2026-09-25", "추석"),
        ("2027-02-09", "대체공휴일(설날)"),
        ("2027-05-13", "부처님 오신 날"),
        ("2027-12-27", "대체공휴일(성탄절)"),
    ],
)
def test_public_holidays(city: City, day: str, name: str) -> None:
    found = city.holiday(dt.date.fromisoformat(day))
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("day", ["2026-06-08", "2026-09-28", "2027-06-07", "2026-11-24"])
def test_no_substitute_day_where_the_law_gives_none(city: City, day: str) -> None:
    assert city.holiday(dt.date.fromisoformat(day)) is None


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2026-11-24 09:00", True),
        ("2026-11-24 17:59", True),
        ("2026-11-24 18:00", False),
        ("2026-11-24 08:59", False),
        ("2026-11-28 10:00", False),
        ("2026-12-25 10:00", False),
    ],
)
def test_opening_hours(city: City, moment: str, is_open: bool) -> None:
    assert city.is_open(dt.datetime.fromisoformat(moment)) is is_open


def test_a_department_may_keep_its_own_hours(city: City) -> None:
    library = city.department("도서관운영과")
    assert library is not None
    sunday, monday = dt.datetime(2026, 11, 22, 20, 30), dt.datetime(2026, 11, 23, 10, 0)
    assert city.is_open(sunday, library)
    assert not city.is_open(monday, library)
    assert not city.is_open(sunday)


SMALL = """
name = "작은시"
name_en = "Small"
call_centre = "작은시 콜센터"
call_centre_en = "Small"
hotline = "070-0000-0001"
night_duty = "070-0000-0002"
address = "작은시"
districts = []
streets = []
departments = [{ id = "a", name = "가과", name_en = "A", building = "본관", floor = "1층", phone = "070-0000-1000" }]
people = [
    { id = "a-0", name = "김하나", department = "a", title = "과장", extension = "1001", deputy = "a-1" },
    { id = "a-1", name = "이두리", department = "a", title = "팀장", extension = "1002", deputy = "a-0" },
]
hours = { opens = "09:00", closes = "18:00" }
"""


def test_another_city_is_read_from_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(SMALL, encoding="utf-8")
    small = load(tmp_path / "small.toml")
    assert small.name == "작은시"
    assert small.phone_of(small.people[1]) == "070-0000-1002"
    assert small.holiday(dt.date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("right", "wrong", "advice"),
    [
        ('deputy = "a-1"', 'deputy = "a-9"', "unknown deputy 'a-9'"),
        ('department = "a", title = "팀장"', 'department = "b", title = "팀장"', "unknown department 'b'"),
        ('id = "a-1"', 'id = "a-0"', "'a-0' is there twice"),
        ("streets = []", 'streets = [{ name = "길", name_en = "Gil", district = "x" }]', "unknown district 'x'"),
        ('opens = "09:00"', 'opens = "19:00"', "open before they close"),
        ('opens = "09:00"', 'opens = "nine"', "HH:MM"),
        ('closes = "18:00"', 'closes = "18:00", days = [0]', "1 (Monday) to 7 (Sunday)"),
        ('hotline = "070-0000-0001"', 'hotlin = "070-0000-0001"', "hotlin"),
        ('name = "작은시"', "name = 작은시", "not right"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, right: str, wrong: str, advice: str) -> None:
    assert right in SMALL
    path = tmp_path / "small.toml"
    path.write_text(SMALL.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(BadInput, match=re.escape(advice)):
        load(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"nowhere\.toml"):
        load(tmp_path / "nowhere.toml")
