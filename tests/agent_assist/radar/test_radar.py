"""The radar over live calls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_assist.radar.issue import MOST_KEYS, Burst, Issue
from agent_assist.radar.radar import Radar
from agent_assist.radar.settings import RadarSettings
from core.events import IssueChanged
from core.personal import MASK
from core.store.knowledge import TermRate

NOON = datetime(2026, 11, 26, 3, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
EVERYDAY = ("여권", "등본", "주차", "쓰레기", "수도", "버스", "세금", "보건소")


class City:
    """Everyday calls, two a minute, and what happens."""

    def __init__(self, radar: Radar | None = None) -> None:
        self.radar = radar or Radar(districts=("가강동", "나란동"))
        self.at = NOON
        self.calls = 0
        self.told: list[IssueChanged] = []
        self.rates: dict[tuple[str, str, int], TermRate] = {}

    def call(self, text: str, terms: Sequence[str], district: str = "") -> None:
        self.calls += 1
        self.radar.heard(self.at, f"call-{self.calls}", text, terms, district)

    def go_on(self, minutes: float) -> list[IssueChanged]:
        """Everyday life; what the radar tells."""
        told: list[IssueChanged] = []
        for step in range(round(minutes * 12)):
            self.at += 5 * SECOND
            if step % 6 == 0:
                topic = EVERYDAY[self.calls % len(EVERYDAY)]
                self.call(f"{topic} 문의요", (topic, "문의"))
            told.extend(self.radar.tick(self.at))
        self.told.extend(told)
        return told

    def outage(self, calls: int, district: str = "가강동", every: float = 0.25) -> list[IssueChanged]:
        told: list[IssueChanged] = []
        for _ in range(calls):
            self.call(f"{district} 정전이에요 전기가 나갔어요", ("정전", "전기", district))
            told.extend(self.go_on(every))
        return told


@pytest.fixture
def city() -> City:
    city = City()
    assert city.go_on(120) == []
    return city


def test_everyday_life_is_no_issue_even_on_the_first_day(city: City) -> None:
    assert city.go_on(60) == []


def test_a_burst_is_told_within_a_minute_with_place_quotes_and_counts(city: City) -> None:
    told = city.outage(8)
    first = told[0]
    assert first.calls <= 5
    assert first.at - first.since <= 2 * MINUTE
    assert set(first.terms) == {"정전", "전기"}
    assert first.district == "가강동"
    assert first.quotes == ("가강동 정전이에요 전기가 나갔어요",)
    assert first.state == "rising"
    assert first.usual < 1
    assert len({issue.issue_id for issue in told}) == 1


def test_it_is_told_again_at_most_every_half_minute_and_is_over_once(city: City) -> None:
    told = city.outage(20)
    assert all(later.at - earlier.at >= 30 * SECOND for earlier, later in pairwise(told))
    assert told[-1].calls > told[0].calls
    after = city.go_on(45)
    assert [issue.state for issue in after].count("over") == 1
    assert after[-1].state == "over"
    assert after[-1].terms == told[-1].terms or set(after[-1].terms) <= set(told[-1].terms)
    assert city.radar.seen(told[0].issue_id, "kim") is None


def test_one_caller_who_says_it_often_and_three_callers_are_none(city: City) -> None:
    for _ in range(20):
        city.radar.heard(city.at, "call-one", "정전 정전", ("정전",), "")
    for _ in range(2):
        city.call("정전이요", ("정전",))
    assert city.go_on(5) == []


def test_all_over_the_city_names_no_district(city: City) -> None:
    for number in range(8):
        city.call("정전이에요", ("정전",), ("가강동", "나란동")[number % 2])
        city.go_on(0.25)
    assert city.told[-1].district == ""


def test_two_things_at_once_are_two_issues(city: City) -> None:
    for _ in range(8):
        city.call("정전이에요", ("정전", "전기"))
        city.call("뱀이 나왔어요", ("뱀", "출몰"))
        city.go_on(0.25)
    assert {frozenset(issue.terms) for issue in city.told} >= {frozenset({"정전", "전기"}), frozenset({"뱀", "출몰"})}
    assert len({issue.issue_id for issue in city.told}) == 2


def test_what_comes_every_week_is_no_news() -> None:
    rates = [
        TermRate(term=term, district=district, slot=slot, mean=mean, weeks=4)
        for slot in (84, 83, 85)
        for district in ("", "가강동")
        for term, mean in (
            ("", 360.0),
            ("정전", 240.0),
            ("전기", 240.0),
            ("문의", 120.0),
            *((each, 15.0) for each in EVERYDAY),
        )
        if term or not district
    ]
    assert NOON.astimezone(RadarSettings().zone).hour == 12
    known = City(Radar(rates, districts=("가강동",)))
    known.go_on(3)
    assert known.outage(20) == []
    other = City(Radar([rate for rate in rates if rate.term not in {"정전", "전기"}], districts=("가강동",)))
    other.go_on(3)
    assert other.outage(20) != []


def test_a_supervisor_has_seen_it(city: City) -> None:
    first = city.outage(6)[0]
    seen = city.radar.seen(first.issue_id, "kim")
    assert seen is not None
    assert (seen.state, seen.by, seen.terms) == ("seen", "kim", first.terms)
    again = city.radar.seen(first.issue_id, "park")
    assert again is not None
    assert again.by == "kim"
    assert all(issue.state == "seen" for issue in city.outage(5))
    assert city.radar.seen("issue-unknown", "kim") is None


def test_quotes_hold_no_numbers_and_are_short() -> None:
    city = City()
    city.go_on(120)
    for number in range(6):
        city.call(f"정전이에요 제 번호는 900101-1234567이고 {number} " + "빨리요 " * 40, ("정전",))
        city.go_on(0.25)
    quotes = city.told[-1].quotes
    assert len(quotes) == 3
    for quote in quotes:
        assert "1234567" not in quote
        assert MASK in quote
        assert len(quote) <= RadarSettings().quote_length


def test_the_entry_that_answers_and_a_mask_of_ones_own() -> None:
    asked: list[Sequence[str]] = []

    def answer(terms: Sequence[str]) -> tuple[str, str] | None:
        asked.append(terms)
        return ("120", "정전 안내") if "정전" in terms else None

    city = City(Radar(answer=answer, mask=lambda text: text.replace("정전", "○○")))
    city.go_on(120)
    city.outage(6)
    assert (city.told[-1].entry_id, city.told[-1].entry_title) == ("120", "정전 안내")
    assert "정전" not in city.told[-1].quotes[0]
    assert asked


def test_memory_has_limits_which_are_counted() -> None:
    city = City(Radar(settings=RadarSettings(most_live=50, most_calls=30)))
    for number in range(200):
        city.call("", tuple(f"말{number}-{at}" for at in range(40)))
        city.at += SECOND
        city.radar.tick(city.at)
    assert city.radar.dropped > 0
    assert len(city.radar._live) <= 50


def test_what_bursts_every_week_is_news_once() -> None:
    city = City()
    raised: list[int] = []
    for week in range(4):
        city.at = NOON - 120 * MINUTE + timedelta(weeks=week)
        city.go_on(125)
        raised.append(len({issue.issue_id for issue in city.outage(100, every=0.5)}))
        city.go_on(60)
        city.radar = Radar(remembered(city), districts=("가강동", "나란동"))
    assert raised == [1, 0, 0, 0]


def remembered(city: City) -> list[TermRate]:
    """As a database keeps them: the newest of each, over restarts."""
    city.rates |= {(rate.term, rate.district, rate.slot): rate for rate in city.radar.rates(city.at)}
    return list(city.rates.values())


def test_an_issue_takes_what_shares_its_callers_and_keeps_within_its_limits() -> None:
    def burst(term: str, calls: Sequence[str]) -> Burst:
        return Burst((term, ""), frozenset(calls), 0.1, -30.0, NOON)

    issue = Issue("issue-1", NOON)
    issue.add(burst("정전", "abcdef"))
    assert issue.takes(burst("정전", "xyz"), 0.5)
    assert issue.takes(burst("전기", "bcd"), 0.5)
    assert not issue.takes(burst("뱀", "uvwxyz"), 0.5)
    for number in range(2 * MOST_KEYS):
        issue.add(burst(f"말{number}", "abc"))
    assert len(issue.keys) == MOST_KEYS
    assert len(issue.terms()) == 5


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.integers(-30, 120),
            st.sampled_from(["a", "b", "c", "d", "e", "f", "g"]),
            st.lists(st.sampled_from(["정전", "물", "", "가강동", "전기"]), max_size=4),
        ),
        max_size=80,
    )
)
def test_whatever_comes_in_whatever_order(heard: list[tuple[int, str, list[str]]]) -> None:
    radar = Radar(districts=("가강동",))
    at = NOON
    for seconds, call_id, terms in heard:
        at += seconds * SECOND
        radar.heard(at, call_id, "말", terms)
        for issue in radar.tick(at):
            assert issue.calls >= 4 or issue.state == "over"
            assert issue.terms
            assert "" not in issue.terms
            assert "가강동" not in issue.terms
