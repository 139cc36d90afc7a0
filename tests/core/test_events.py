"""Events: what is written can be read, by us and by those who rely on the names."""

from __future__ import annotations

import ast
import inspect
import json
from datetime import UTC, datetime
from typing import get_args, get_type_hints

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import events
from core.events import (
    AnyEvent,
    CallEnded,
    CallStarted,
    Event,
    Party,
    Suggested,
    Suggestion,
    TranscriptFinal,
    as_dicts,
    from_json,
    now,
    renumbered,
    standing,
    to_json,
)

KINDS: tuple[type[Event], ...] = get_args(AnyEvent)
# Lone surrogates are no text: UTF-8 cannot carry them, so nothing that makes events may let them in.
st.register_type_strategy(str, st.text(st.characters(exclude_categories=["Cs"])))
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
st.register_type_strategy(datetime, st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))


def any_of(kind: type[Event]) -> st.SearchStrategy[Event]:
    """Events of a kind with every field drawn, those with defaults too."""
    hints = get_type_hints(kind)
    return st.builds(kind, **{name: st.from_type(hints[name]) for name in kind.__struct_fields__})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_event_survives_json(kind: type[Event]) -> None:
    @settings(max_examples=30)
    @given(any_of(kind))
    def check(event: Event) -> None:
        line = to_json(event)
        assert b"\n" not in line, "one line each: the journal and --json rely on it"
        again = from_json(line)
        assert type(again) is kind
        assert again == event

    check()


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_anything_else_is_refused_with_one_error(line: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        from_json(line)


def test_json_has_the_names_that_scripts_rely_on() -> None:
    event = TranscriptFinal(
        call_id="c1",
        seq=7,
        at=datetime(2026, 3, 2, tzinfo=UTC),
        speaker="caller",
        utterance="u",
        start=0,
        end=1,
        text="네",
    )
    line = to_json(event)
    assert line.startswith(b'{"type":"TranscriptFinal","call_id":"c1","seq":7,"at":"2026-03-02T00:00:00Z"')
    assert json.loads(line) | {"speaker": "caller", "text": "네"} == json.loads(line)
    card = Suggestion(id="7", title="여권", score=0.5)
    (suggested,) = as_dicts([Suggested(suggestions=(card,))])
    assert {"id": "7", "title": "여권", "score": 0.5}.items() <= suggested["suggestions"][0].items()


def test_the_union_holds_every_event_and_no_more_than_one_can_remember() -> None:
    defined = {
        value
        for value in vars(events).values()
        if isinstance(value, type) and issubclass(value, Event) and value is not Event
    }
    assert set(KINDS) == defined
    assert len(KINDS) <= 45


def test_every_field_has_a_sentence() -> None:
    for node in ast.parse(inspect.getsource(events)).body:
        if not isinstance(node, ast.ClassDef):
            continue
        assert ast.get_docstring(node), node.name
        for before, after in zip(node.body, [*node.body[1:], ast.Pass()], strict=True):
            if isinstance(before, ast.AnnAssign) and "ClassVar" not in ast.unparse(before.annotation):
                assert isinstance(after, ast.Expr), f"{node.name}: {ast.unparse(before)}"


def test_events_cannot_be_changed() -> None:
    event = CallStarted(caller=Party())
    with pytest.raises(AttributeError):
        event.seq = 1  # type: ignore[misc]
    numbered = renumbered(event, call_id="c", seq=3)
    assert (numbered.call_id, numbered.seq, numbered.at, event.seq) == ("c", 3, event.at, 0)
    assert isinstance(numbered, CallStarted)


def test_moments_have_their_zone() -> None:
    assert now().tzinfo is UTC
    assert CallEnded(reason="failed").at.tzinfo is UTC


def test_what_is_true_only_for_the_moment_does_not_last() -> None:
    assert {kind.__name__ for kind in KINDS if not kind.LASTING} == {
        *("TranscriptPartial", "QueueChanged", "KeyPressed", "WrittenChanged"),
        "IssueChanged",  # of the house: the knowledge store keeps it
        *("NoteSent", "RecordsToConfirm"),  # of the house, for one desk
        "NumberAsked",  # until it is confirmed it may be anybody's
    }


def test_an_utterance_that_was_said_again_stands_once_where_it_was_said_first() -> None:
    """In its last wording; all else is as it was."""

    def said(seq: int, utterance: str, text: str) -> TranscriptFinal:
        return TranscriptFinal(speaker="caller", utterance=utterance, start=0, end=1, text=text, seq=seq)

    first, second, between = said(1, "caller-1", "헬 로"), said(2, "caller-2", "네"), CallEnded(reason="failed", seq=3)
    again, last = said(4, "caller-1", "hollow"), said(5, "caller-1", "hello")
    assert standing([first, second, between, again, last]) == [last, second, between]
    assert standing([second, between]) == [second, between]
