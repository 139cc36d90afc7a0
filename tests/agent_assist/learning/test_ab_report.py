from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from agent_assist.learning.ab_report import Past, compared, split, table

AT = datetime(2026, 11, 26, tzinfo=UTC)


def past(number: int, accepted: str, *, call: str = "", category: str = "", text: str = "") -> Past:
    return Past(
        call_id=call or f"call-{number}",
        at=AT + timedelta(minutes=number),
        text=text or f"question {number}",
        accepted=accepted,
        category=category,
    )


def always(*ids: str):  # type: ignore[no-untyped-def]
    return lambda _text: ids


def test_hits_and_places() -> None:
    report = compared([past(1, "a"), past(2, "b"), past(3, "c"), past(4, "z")], always("x"), always("a", "b", "c", "z"))
    (row,) = report.rows
    assert (row.questions, row.calls) == (4, 4)
    assert (row.hit1.before, row.hit3.before, row.mrr.before) == (0, 0, 0)
    assert row.hit1.after == 0.25
    assert row.hit3.after == 0.75
    assert row.mrr.after == pytest.approx((1 + 1 / 2 + 1 / 3) / 4)
    assert (report.since, report.until) == (AT + timedelta(minutes=1), AT + timedelta(minutes=4))


def test_no_difference_has_an_interval_of_nothing() -> None:
    (row,) = compared([past(at, "a") for at in range(20)], always("a"), always("a")).rows
    assert (row.hit1.low, row.hit1.difference, row.hit1.high) == (0, 0, 0)
    assert not row.hit1.sure


def test_a_clear_gain_is_sure_and_a_mixed_one_is_not() -> None:
    def better(text: str) -> tuple[str, ...]:
        return ("a",)

    def mixed(text: str) -> tuple[str, ...]:
        return ("a",) if int(text.split()[1]) % 2 else ()

    questions = [past(at, "a") for at in range(40)]
    assert compared(questions, always(), better).rows[0].hit1.sure
    change = compared(questions, mixed, lambda text: mixed(f"q {int(text.split()[1]) + 1}")).rows[0].hit1
    assert change.low < 0 < change.high


def test_questions_of_one_call_are_one_witness() -> None:
    def half(text: str) -> tuple[str, ...]:
        return ("a",) if int(text.split()[1]) < 10 else ()

    apart = compared([past(at, "a") for at in range(20)], always(), half).rows[0].hit1
    together = compared([past(at, "a", call=f"call-{at // 10}") for at in range(20)], always(), half).rows[0].hit1
    assert together.high - together.low > apart.high - apart.low


def test_by_category_the_most_asked_first() -> None:
    questions = [
        past(1, "a", category="교통>버스"),
        past(2, "a", category="민원>등본"),
        past(3, "a", category="민원>여권"),
        past(4, "a"),
    ]
    report = compared(questions, always(), always("a"))
    assert [(row.category, row.questions) for row in report.rows] == [("", 4), ("민원", 2), ("교통", 1)]
    deeper = compared(questions, always(), always("a"), category_level=2)
    assert len(deeper.rows) == 4
    assert len(compared(questions, always(), always("a"), category_level=0).rows) == 1


def test_questions_without_a_card_used_are_counted_apart() -> None:
    report = compared([past(1, ""), past(2, "")], always(), always("a"))
    assert report.rows == ()
    assert (report.idle, report.idle_before, report.idle_after) == (2, 0, 1)


def test_nothing_to_measure() -> None:
    report = compared([], always(), always())
    assert report.rows == ()
    assert report.since is None
    assert table(report).rows == ()


def test_split_by_time_never_cuts_a_call() -> None:
    questions = [past(at, "a", call=f"call-{at // 3}") for at in range(30)]
    earlier, later = split(questions[::-1])
    assert len(earlier) == 21
    assert max(each.at for each in earlier) < min(each.at for each in later)
    assert not {each.call_id for each in earlier} & {each.call_id for each in later}


def test_a_long_call_that_began_early_is_early() -> None:
    earlier, later = split([past(0, "a", call="long"), past(5, "a"), past(9, "a", call="long")], learn=0.5)
    assert [each.call_id for each in earlier] == ["long", "long"]
    assert [each.call_id for each in later] == ["call-5"]


def test_always_the_same_figures() -> None:
    questions = [past(at, "a" if at % 3 else "b") for at in range(50)]
    assert compared(questions, always("b"), always("a")) == compared(questions, always("b"), always("a"))


def test_as_a_table() -> None:
    shown = table(compared([past(1, "a", category="민원>여권")], always(), always("a")))
    assert len(shown.korean) == len(shown.english) == len(shown.rows[0]) == 11
    assert shown.rows[0][:4] == ("전체 / All", "1", "0.0", "100.0")
    assert shown.rows[1][0] == "민원"


def test_thousands_of_questions_take_seconds() -> None:
    questions = [past(at, "a", category=f"분류{at % 10}") for at in range(10_000)]
    began = time.perf_counter()
    compared(questions, always("b", "a"), always("a"))
    assert time.perf_counter() - began < 5
