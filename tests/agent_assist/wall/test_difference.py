"""Whoever applies all differences has the picture: tested over any stream of events."""

from __future__ import annotations

import json

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.wall.difference import changes, difference, empty, fields, merged, whole
from agent_assist.wall.picture import Picture
from agent_assist.wall.rows import AgentRow, CallRow
from tests.agent_assist.wall.streams import NOW, PEOPLE, events


def sent(patch: object) -> object:
    """As it comes out of the browser's socket."""
    return json.loads(msgspec.json.encode(patch))


@given(st.lists(st.lists(events, max_size=12), max_size=12))
def test_applying_the_differences_gives_the_picture(seconds: list[list[object]]) -> None:
    picture, told = Picture(), empty()
    picture.people(PEOPLE)
    page = sent(whole(told))
    for second in seconds:
        for event in second:
            picture.take(event)  # type: ignore[arg-type]
        patch = difference(told, picture.sections, picture.fresh())
        page = merged(page, sent(patch))
        assert page == sent(whole(picture.sections))
        assert told == picture.sections


@given(st.lists(events, max_size=40))
def test_nothing_is_said_twice(stream: list[object]) -> None:
    picture, told = Picture(), empty()
    for event in stream:
        picture.take(event)  # type: ignore[arg-type]
    difference(told, picture.sections, picture.fresh())
    every = [(section, key) for section, rows in picture.sections.items() for key in rows]
    assert difference(told, picture.sections, every) == {}


def test_a_row_is_said_without_what_is_usual_and_a_field_that_is_usual_again_is_null() -> None:
    row = AgentRow(name="김하늘", state="ready", since=NOW)
    assert sent(fields(row)) == {"name": "김하늘", "state": "ready", "since": "2026-11-27T09:00:00Z"}
    away = AgentRow(name="김하늘", since=NOW, reason="lunch")
    assert changes(row, away) == {"state": None, "reason": "lunch"}


def test_only_the_fields_that_changed_are_said() -> None:
    told, picture = empty(), Picture()
    picture.sections["calls"]["c"] = CallRow(started=NOW, words="불법 주차", agent_name="김하늘")
    difference(told, picture.sections, [("calls", "c")])
    picture.sections["calls"]["c"] = CallRow(started=NOW, words="불법 주차 신고요", agent_name="김하늘")
    assert difference(told, picture.sections, [("calls", "c"), ("calls", "gone")]) == {
        "calls": {"c": {"words": "불법 주차 신고요"}}
    }


def test_a_merge_patch_as_the_rfc_has_it() -> None:
    target = {"a": "b", "c": {"d": "e", "f": "g"}}
    assert merged(target, {"a": "z", "c": {"f": None}}) == {"a": "z", "c": {"d": "e"}}
    assert merged("bar", {"a": {"bb": {"ccc": None}}}) == {"a": {"bb": {}}}
    assert merged(target, ["c"]) == ["c"]
