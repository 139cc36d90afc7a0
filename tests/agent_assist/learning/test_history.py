from __future__ import annotations

from datetime import UTC, datetime

from agent_assist.learning.history import IDLE_LIMIT, outcomes, past, uses
from agent_assist.learning.proposals import EntryTerms
from core.events import CardDeed, CardUsed, Event, Speaker, Suggested, Suggestion, TranscriptFinal

AT = datetime(2026, 11, 26, tzinfo=UTC)


def says(number: int, text: str, speaker: Speaker = "caller") -> TranscriptFinal:
    return TranscriptFinal(speaker=speaker, utterance=f"{speaker}-{number}", start=0, end=1, text=text, at=AT)


def brings(number: int, *ids: str) -> Suggested:
    return Suggested(
        suggestions=tuple(Suggestion(id=each, title=each, score=0.9) for each in ids), utterance=f"caller-{number}"
    )


def does(entry_id: str, deed: CardDeed, utterance: str = "") -> CardUsed:
    return CardUsed(entry_id=entry_id, deed=deed, utterance=utterance, agent_id="kim")


CALL: list[Event] = [
    says(1, "전봇대 때문에요"),
    brings(1, "a", "b"),
    does("a", "opened", "caller-1"),
    says(2, "좀 옮겨 주세요"),
    says(3, "네", "agent"),
    does("a", "accepted", "caller-1"),
    does("b", "dismissed", "caller-1"),
    does("c", "sent"),
]


def told(events: list[Event]) -> list[tuple[str, str, str, tuple[str, ...]]]:
    return [(each.entry_id, each.verdict, each.question.utterance, each.shown) for each in outcomes(events)]


def test_each_card_has_one_outcome_with_the_words_that_it_belongs_to() -> None:
    assert told(CALL) == [
        ("a", "used", "caller-1", ("a", "b")),
        ("b", "refused", "caller-1", ("a", "b")),
        ("c", "used", "caller-2", ("a", "b")),
    ]


def test_a_card_before_any_words_tells_nothing() -> None:
    assert told([does("a", "accepted")]) == []
    assert told([]) == []


def test_questions_of_a_call_in_which_cards_were_used() -> None:
    found = past("call", CALL, lambda text: text.replace("전봇대", "…"), {"a": "도로>전주"}.get)  # type: ignore[arg-type]
    assert [(each.text, each.accepted, each.shown) for each in found] == [
        ("… 때문에요", "a", ("a", "b")),
        ("좀 옮겨 주세요", "c", ("a", "b")),
    ]
    assert found[0].category == "도로>전주"
    assert {each.call_id for each in found} == {"call"}


def test_questions_of_a_call_in_which_none_was_used_are_idle_and_few() -> None:
    talk: list[Event] = [says(at, "말 " * (at + 1)) for at in range(9)]
    found = past("call", [*talk, brings(8, "a"), does("a", "opened")], str, lambda _: "")
    assert len(found) == IDLE_LIMIT
    assert {each.accepted for each in found} == {""}


def test_uses_for_proposals() -> None:
    terms = EntryTerms(office=frozenset({"n전주"}), every=frozenset({"n전주"}))
    found = uses("call", CALL, lambda text: [f"n{word}" for word in text.split()], {"a": terms, "b": terms}.get)
    assert [(each.accepted, each.said, each.agent_id) for each in found] == [
        (True, ("n전봇대", "n때문에요"), "kim"),
        (False, ("n전봇대", "n때문에요"), "kim"),
    ]


def test_a_card_that_was_only_opened_is_no_use() -> None:
    terms = EntryTerms(office=frozenset(), every=frozenset())
    assert uses("call", CALL[:3], lambda _: (), lambda _: terms) == ()


def test_a_question_that_had_been_heard_wrongly_is_as_it_was_said() -> None:
    """Once, in its last wording."""
    wrong, right = says(1, "헬 로 캔 유"), says(1, "여권을 신청하려고요")
    [outcome] = outcomes([wrong, right, brings(1, "a"), does("a", "accepted", "caller-1")])
    assert outcome.question.text == right.text
    assert [each.text for each in past("c", [wrong, right], str, str)] == [right.text]
