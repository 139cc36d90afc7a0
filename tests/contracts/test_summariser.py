"""What is expected of whoever sums up a call: one suite for all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from agent_assist.draft.sentences import Turn
from agent_assist.draft.summary import LENGTH_LIMIT, Extractive, Summariser, Summary, Topics, checked


class Talkative:
    """A model that writes too much, and numbers that nobody said; the house takes it through ``checked``."""

    async def summarise(self, said: Sequence[Turn], topics: Topics) -> Summary:
        wanted = next((turn.text for turn in said if turn.speaker == "caller"), "")
        written = Summary(need=f"민원인은 {wanted} " * 20, answer="수수료는 98765원입니다" if said else "")
        return checked(written, said, topics)


SUMMARISERS: list[Callable[[], Summariser]] = [Extractive, Talkative]


@pytest.fixture(params=SUMMARISERS, ids=lambda make: make.__name__)
def summariser(request: pytest.FixtureRequest) -> Summariser:
    made: Summariser = request.param()
    return made


CALL = (
    Turn(speaker="agent", text="무엇을 도와드릴까요", utterance="agent-1"),
    Turn(speaker="caller", text="여권을 갱신하려고 하는데요 제 번호는 010-1234-5678이에요", utterance="caller-1"),
    Turn(speaker="agent", text="여권 사진 한 장과 신분증을 가져오시면 됩니다", utterance="agent-2"),
)


async def test_of_nothing_comes_nothing(summariser: Summariser) -> None:
    summary = await summariser.summarise((), Topics())
    assert summary.answer == ""
    assert not any(char.isdigit() for char in summary.need)


async def test_the_need_is_named(summariser: Summariser) -> None:
    assert "여권" in (await summariser.summarise(CALL, Topics())).need


async def test_no_personal_number_and_no_figure_that_nobody_said(summariser: Summariser) -> None:
    summary = await summariser.summarise(CALL, Topics())
    assert "1234" not in summary.need + summary.answer
    assert "98765" not in summary.need + summary.answer


async def test_it_is_short_whatever_the_call(summariser: Summariser) -> None:
    summary = await summariser.summarise(CALL * 200, Topics())
    assert len(summary.need) <= LENGTH_LIMIT
    assert len(summary.answer) <= LENGTH_LIMIT
