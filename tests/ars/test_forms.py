"""Fields: what a person types, what a telephone's keys give."""

from __future__ import annotations

import datetime as dt
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ars.forms import LONGEST, OWN, check, check_all, from_keys, is_whole
from ars.model import KEYED, Field, FieldKind, Option, Screen

TODAY = dt.date(2026, 11, 26)
OPTIONS = (Option(value="chair", label={"ko": "의자"}), Option(value="table", label={"ko": "탁자"}))


def a_field(kind: FieldKind = "text", **more: object) -> Field:
    return Field(id="f", label={"ko": "칸"}, kind=kind, options=OPTIONS if kind == "choice" else (), **more)  # type: ignore[arg-type]


KINDS = st.sampled_from(get_args(FieldKind))
FIELDS = st.builds(
    a_field,
    KINDS,
    required=st.booleans(),
    longest=st.integers(1, 2000),
    shortest=st.integers(0, 20),
    own_number=st.booleans(),
)
TYPED = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=" \t\n\r0123456789-.+()한a\u200b\u3000\x00\u202e", max_size=60),
    st.sampled_from(["yes", "no", "chair", "2026-11-26", "010-1234-5678", "+82 10 1234 5678", "+82 010 1234 5678"]),
    st.integers(1, 3 * LONGEST).map(lambda n: "가" * n),
)
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2100, 12, 31))


@given(FIELDS, TYPED, DAYS, st.booleans())
def test_what_was_tidied_once_stays_as_it_is(field: Field, raw: str, today: dt.date, own: bool) -> None:
    once = check(field, raw, today, own=own)
    assert check(field, once[0], today, own=own) == once


@given(FIELDS, TYPED, DAYS, st.booleans())
def test_nothing_unprintable_and_nothing_endless_passes(field: Field, raw: str, today: dt.date, own: bool) -> None:
    value, error = check(field, raw, today, own=own)
    assert all(letter.isprintable() or letter == "\n" for letter in value)
    assert "\n" not in value or field.kind == "long"
    assert len(value) <= LONGEST + 1
    if not error and field.kind in ("text", "long", "digits"):
        assert len(value) <= field.longest
        assert len(value) >= field.shortest or not value


@given(FIELDS, st.text(alphabet="0123456789*#ABCD٣²", min_size=1, max_size=14), DAYS, st.booleans())
def test_keys_never_break_a_form(field: Field, keyed: str, today: dt.date, own: bool) -> None:
    value, error = from_keys(field, keyed, today, own=own)
    if not error:
        assert check(field, value, today, own=own) == (value, "")


@given(FIELDS.filter(lambda f: f.kind in KEYED), st.text(alphabet="0123456789", min_size=1, max_size=2100))
def test_a_number_is_whole_at_some_key_and_stays_so(field: Field, keyed: str) -> None:
    whole = [is_whole(field, keyed[: n + 1]) for n in range(len(keyed))]
    if field.own_number:
        whole = whole[1:]  # '1' alone is whole, a longer number that begins with it is none
    assert whole == sorted(whole)


@given(DAYS, st.integers(0, 366))
def test_a_keyed_day_is_the_next_such_day(today: dt.date, ahead: int) -> None:
    day = today + dt.timedelta(days=ahead)
    value, error = from_keys(a_field("date"), f"{day:%m%d}", today)
    assert not error
    found = dt.date.fromisoformat(value)
    assert (found.month, found.day) == (day.month, day.day)
    assert 0 <= (found - today).days <= ahead


@pytest.mark.parametrize(
    ("keyed", "today", "value"),
    [
        ("0101", dt.date(2026, 12, 31), "2027-01-01"),
        ("1231", dt.date(2026, 12, 31), "2026-12-31"),
        ("1231", dt.date(2027, 1, 1), "2027-12-31"),
        ("0229", dt.date(2027, 3, 1), "2028-02-29"),
        ("0229", dt.date(2028, 2, 29), "2028-02-29"),
    ],
)
def test_days_around_new_year_and_leap_day(keyed: str, today: dt.date, value: str) -> None:
    assert from_keys(a_field("date"), keyed, today) == (value, "")


@pytest.mark.parametrize("keyed", ["0229", "0230", "1301", "0000", "112", "11*6"])
def test_days_that_are_none(keyed: str) -> None:
    assert from_keys(a_field("date"), keyed, TODAY)[1] == "date"


@pytest.mark.parametrize("typed", ["2026-11-25", "2026-11-26", "2027-11-27"])
def test_days_that_can_be_wished(typed: str) -> None:
    assert check(a_field("date"), typed, TODAY) == (typed, "")


@pytest.mark.parametrize("typed", ["2026-11-24", "2027-11-28", "20261126", "2026-W48-4", "tomorrow", "0226-11-26"])
def test_days_that_cannot(typed: str) -> None:
    assert check(a_field("date"), typed, TODAY)[1] == "date"


@pytest.mark.parametrize("typed", ["010-1234-5678", "+82 10 1234 5678", "+82 010.1234.5678", " 01012345678\n"])
def test_a_telephone_number_is_kept_in_digits(typed: str) -> None:
    assert check(a_field("phone"), typed, TODAY) == ("01012345678", "")


@pytest.mark.parametrize("typed", ["12345678", "+1 555 0100", "00821012345678", "010123", "<script>", "010123456789"])
def test_what_is_no_telephone_number(typed: str) -> None:
    assert check(a_field("phone"), typed, TODAY)[1] == "phone"


def test_blanks_of_any_kind_divide_words_and_windows_ends_its_lines() -> None:
    assert check(a_field(), "한빛대로\t1\u3000앞", TODAY) == ("한빛대로 1 앞", "")
    assert check(a_field("long"), "가\r\n나\r다", TODAY) == ("가\n나\n다", "")


def test_the_own_number_may_be_left_out_only_if_it_is_known() -> None:
    field = a_field("phone", own_number=True)
    assert check(field, "", TODAY, own=True) == ("", "")
    assert check(field, "", TODAY) == ("", "required")
    assert from_keys(field, OWN, TODAY, own=True) == ("", "")
    assert from_keys(field, OWN, TODAY) == ("", "required")


@pytest.mark.parametrize(
    ("kind", "keyed", "expected"),
    [
        ("choice", "2", ("table", "")),
        ("choice", "3", ("", "choice")),
        ("choice", "*", ("", "choice")),
        ("yes_no", "1", ("yes", "")),
        ("yes_no", "2", ("no", "")),
        ("consent", "1", ("yes", "")),
        ("consent", "2", ("no", "consent")),
    ],
)
def test_keys_of_answers(kind: FieldKind, keyed: str, expected: tuple[str, str]) -> None:
    assert from_keys(a_field(kind), keyed, TODAY) == expected


def test_consent_that_nobody_needs_may_be_refused() -> None:
    assert check(a_field("consent", required=False), "no", TODAY) == ("no", "")


@given(st.dictionaries(st.sampled_from(["f", "g", "hack"]), TYPED))
def test_a_form_keeps_its_own_fields_in_their_order(values: dict[str, str]) -> None:
    screen = Screen(title={"ko": "양식"}, fields=(a_field(), Field(id="g", label={"ko": "둘"}, required=False)))
    kept, errors = check_all(screen, values, TODAY)
    assert [name for name, _ in kept] == ["f", "g"]
    assert {name for name, _ in errors} <= {"f", "g"}
