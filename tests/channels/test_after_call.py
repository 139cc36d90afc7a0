"""Which text goes by itself after a contact: conditions, the first rule alone, and never where one was sent."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from channels.after_call import due, facts_of, matches
from core.events import (
    CallEnded,
    CallStarted,
    CardUsed,
    ContactOpened,
    Event,
    FormSent,
    FormValue,
    MessageSent,
    Party,
    RecordKept,
)
from core.store.texting import TextRule

AT = datetime(2026, 3, 2, tzinfo=UTC)
NUMBER = "01002841009"
STARTED = CallStarted(caller=Party(number=NUMBER))
KEPT = RecordKept(version=1, by="kim", category="청소>폐기물>대형", department="자원순환과", result="answered")
FORM = FormSent(
    visit_id="v", screen="w", title="대형 폐기물 신고서", values=(FormValue(field="n", label="이름", value="김하늘"),)
)
CARD = CardUsed(entry_id="7", deed="accepted")


def rule(rule_id: str = "r1", **more: Any) -> TextRule:
    return TextRule(rule_id=rule_id, name="규칙", template_id="t", at=AT, **{"on": True, **more})


def sent(**more: Any) -> MessageSent:
    return MessageSent(**{"message_id": "m", "to": NUMBER, "text": "네", "state": "delivered", **more})


@pytest.mark.parametrize(
    ("conditions", "matched"),
    [
        ({}, False),  # one without any condition would write to everybody
        ({"categories": ("청소",)}, True),
        ({"categories": ("청소>폐기물>대형",)}, True),
        ({"categories": ("청소>폐기물>대",)}, False),
        ({"categories": ("여권", "청소>폐기물")}, True),
        ({"results": ("answered",)}, True),
        ({"results": ("transferred",)}, False),
        ({"departments": ("자원순환과",), "results": ("answered",)}, True),
        ({"departments": ("자원순환과",), "results": ("transferred",)}, False),
        ({"forms": ("대형 폐기물 신고서",)}, True),
        ({"forms": ("전입 신고서",)}, False),
        ({"channels": ("text",), "results": ("answered",)}, False),
        ({"channels": ("call", "text"), "results": ("answered",)}, True),
    ],
)
def test_all_conditions_hold_and_of_each_one(conditions: dict[str, Any], matched: bool) -> None:
    assert matches(rule(**conditions), facts_of([STARTED, FORM, KEPT])) is matched


def test_before_there_is_a_record_only_forms_count() -> None:
    over = [STARTED, FORM, CallEnded(reason="caller_hung_up")]
    assert matches(rule(forms=(FORM.title,)), facts_of(over))
    assert not matches(rule(results=("",)), facts_of(over))
    assert not matches(rule(forms=(FORM.title,), results=("answered",)), facts_of(over))


def test_the_first_rule_that_is_on_sends() -> None:
    rules = [
        rule("off", on=False, results=("answered",)),
        rule("a", results=("answered",)),
        rule("b", categories=("청소",)),
    ]
    found = due(rules, facts_of([STARTED, KEPT]))
    assert found is not None
    assert found.rule_id == "a"


@pytest.mark.parametrize(
    ("text", "goes"),
    [
        (sent(entry_id="7", by="kim"), False),
        (sent(entry_id="7", by="kim", state="waiting"), False),
        (sent(entry_id="7", by="kim", state="failed"), True),
        (sent(entry_id="7", by="kim", state="withdrawn"), True),
        (sent(entry_id="8", by="kim"), True),
        (sent(by=""), True),  # a link of the menu
        (sent(by="rule:other"), False),
        (sent(by="rule:other", state="failed"), False),
    ],
)
def test_none_where_a_text_for_the_same_entry_was_sent(text: MessageSent, goes: bool) -> None:
    events: list[Event] = [STARTED, CARD, text, KEPT]
    assert (due([rule(results=("answered",))], facts_of(events)) is not None) is goes


def test_the_newest_state_of_a_text_counts() -> None:
    events = [STARTED, CARD, sent(entry_id="7", state="waiting"), sent(entry_id="7", state="withdrawn"), KEPT]
    assert facts_of(events).texted == frozenset()


def test_whom_to_write_to() -> None:
    assert facts_of([STARTED]).number == NUMBER
    assert facts_of([CallStarted(caller=Party(number=NUMBER, anonymous=True))]).number == ""
    given = sent(to="01055556666", by="kim", entry_id="8")
    assert facts_of([CallStarted(caller=Party(number="0331234567")), given]).number == "01055556666"
    written = ContactOpened(channel="text", party=Party(number=NUMBER))
    assert (facts_of([written]).channel, facts_of([written]).number) == ("text", NUMBER)


def test_the_card_that_was_used_counts_before_one_that_was_only_read() -> None:
    opened = CardUsed(entry_id="9", deed="opened")
    dismissed = CardUsed(entry_id="5", deed="dismissed")
    assert facts_of([STARTED, CARD, opened, dismissed]).entry_id == "7"
    assert facts_of([STARTED, opened, dismissed]).entry_id == "9"
    assert facts_of([STARTED, dismissed]).entry_id == ""
