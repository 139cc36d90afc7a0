from __future__ import annotations

from agent_assist.draft.values import VALUES_LIMIT, heard_values
from core.events import Event, HeardValue, Speaker, TranscriptFinal, ValueKind, ValuesHeard


def said(number: int, text: str, *values: tuple[ValueKind, str, str], speaker: Speaker = "caller") -> list[Event]:
    """kind, value, as spoken."""
    found = []
    for kind, value, spoken in values:
        start = text.index(spoken)
        found.append(HeardValue(kind=kind, value=value, spoken=spoken, start=start, end=start + len(spoken)))
    utterance = f"{speaker}-{number}"
    return [
        TranscriptFinal(speaker=speaker, utterance=utterance, start=number, end=number + 1, text=text),
        ValuesHeard(speaker=speaker, utterance=utterance, values=tuple(found)),
    ]


def values(*events: list[Event]) -> list[str]:
    return [value.value for value in heard_values([event for part in events for event in part])]


def test_each_value_once_though_the_agent_repeats_it() -> None:
    assert values(
        said(1, "010-1234-5678이요", ("phone", "010-1234-5678", "010-1234-5678")),
        said(2, "010-1234-5678 맞으시죠", ("phone", "010-1234-5678", "010-1234-5678"), speaker="agent"),
        said(3, "세 시요", ("time", "15:00", "세 시")),
    ) == ["010-1234-5678", "15:00"]


def test_two_of_a_kind_both_stay() -> None:
    assert values(
        said(1, "집은 솔밭길 3이고", ("address", "솔밭길 3", "솔밭길 3")),
        said(2, "가게는 버들로 5예요", ("address", "버들로 5", "버들로 5")),
    ) == ["솔밭길 3", "버들로 5"]


def test_a_correction_takes_the_place() -> None:
    assert values(
        said(1, "세 시요", ("time", "15:00", "세 시")),
        said(2, "아니 네 시요", ("time", "16:00", "네 시")),
    ) == ["16:00"]


def test_a_correction_within_one_utterance() -> None:
    assert values(said(1, "세 시 아니 네 시요", ("time", "15:00", "세 시"), ("time", "16:00", "네 시"))) == ["16:00"]


def test_a_correction_of_another_kind_is_none() -> None:
    assert values(said(1, "두 개요", ("count", "2", "두 개")), said(2, "아니 네 시요", ("time", "16:00", "네 시"))) == [
        "2",
        "16:00",
    ]


def test_back_to_what_was_said_first() -> None:
    assert values(
        said(1, "세 시요", ("time", "15:00", "세 시")),
        said(2, "그리고 네 시요", ("time", "16:00", "네 시")),
        said(3, "아니 세 시요", ("time", "15:00", "세 시")),
    ) == ["15:00"]


def test_values_may_come_before_their_words() -> None:
    assert values(
        said(1, "세 시요", ("time", "15:00", "세 시")), said(2, "아니 네 시요", ("time", "16:00", "네 시"))[::-1]
    ) == ["16:00"]


def test_the_newest_stay() -> None:
    many = [said(at, f"{at}개", ("count", str(at), f"{at}개")) for at in range(VALUES_LIMIT + 10)]
    assert values(*many) == [str(at) for at in range(10, VALUES_LIMIT + 10)]
