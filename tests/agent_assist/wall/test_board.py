"""The big screen: no person is in it, whatever happens in the house."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from agent_assist.wall.board import board_of
from agent_assist.wall.picture import Picture
from core.events import AgentStateChanged, CallStarted, Event, IssueChanged, TranscriptFinal
from tests.agent_assist.wall.streams import NOW, PEOPLE, events
from tests.agent_assist.wall.test_picture import CALLER, talking


def test_agents_by_state_calls_and_what_waits() -> None:
    picture = talking()
    picture.take(AgentStateChanged(agent_id="kim", state="talking", since=NOW))
    picture.take(AgentStateChanged(agent_id="lee", state="ready", since=NOW))
    picture.take(CallStarted(call_id="d", caller=CALLER))
    board = board_of(picture, "한빛시")
    assert (board.agents, board.calls, board.in_menu) == ({"talking": 1, "ready": 1, "away": 1}, 1, 1)
    assert board.centre == "한빛시"


def test_topics_without_quotes_from_five_callers_on_and_without_numbers() -> None:
    picture = Picture()
    for number, calls in enumerate((9, 4, 12)):
        picture.take(
            IssueChanged(
                issue_id=f"i{number}",
                terms=("정전", "01012345678"),
                calls=calls,
                since=NOW,
                quotes=("김철수인데요 정전이에요",),
            )
        )
    topics = board_of(picture, "").topics
    assert [(topic.terms, topic.calls) for topic in topics] == [(("정전",), 12), (("정전",), 9)]


@given(st.lists(events, max_size=40))
def test_nobody_is_on_it(stream: list[Event]) -> None:
    picture = talking()
    said = TranscriptFinal(call_id="c", speaker="caller", utterance="u", start=0, end=1, text="비밀스러운말")
    for event in (*stream, CallStarted(call_id="c", caller=CALLER), said):
        picture.take(event)
    shown = msgspec.json.encode(board_of(picture, "센터")).decode()
    for secret in ("비밀스러운말", "1009", "김하늘", *(row.name for row in PEOPLE.values())):
        assert secret not in shown
