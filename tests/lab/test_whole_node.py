"""The whole house at work: phones that are not ours at an exchange that is not ours, words and deeds on our desks.

One build of pjsua2 is enough here, the best that is installed: both carry the other flows, and what is added is above
them. One house for all tests.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, ClassVar, Self

import pytest
import pytest_asyncio

from core.audio import SILENCE
from tests.contracts.exchange import tone
from tests.flows.spoken import spoken
from tests.lab.baresip import Baresip
from tests.lab.house import BOSS, KIM, PASSPORTS, WASTE, Desk, House, whole_house
from tests.patience import until

pytestmark = [pytest.mark.sip, pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]
CALLER = "01000000007"
CALLER_HZ, BOSS_HZ = 440, 1500
Line = dict[str, Any]


@pytest.fixture(scope="module", autouse=True)
def build() -> None:
    """Not each of them."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with whole_house(tmp_path_factory.mktemp("lab")) as one:
        yield one


def saying(sentence: str, voice: str) -> bytes:
    """With pauses before and after, so that it is an utterance each time."""
    return SILENCE * 40 + spoken(sentence, voice) + SILENCE * 60


ASKS = saying("대형 폐기물 스티커는 어디에서 사나요", "f2")
TELLS = saying("주민 센터에서 사실 수 있습니다", "m3")
KNOWS = saying("여권을 신청하려고요", "m7")
BEEPS = tone(CALLER_HZ, 0.5) + SILENCE * 20
"""Others are heard in between."""


class Talk:
    """A call of the house: what was told of it."""

    taken: ClassVar[set[str]] = set()

    def __init__(self, house: House, call_id: str) -> None:
        self._house = house
        self.call_id = call_id

    @classmethod
    async def begun(cls, house: House) -> Self:
        """The next call that no test has had."""
        started = await house.node.line("CallStarted", lambda line: line["call_id"] not in cls.taken)
        cls.taken.add(started["call_id"])
        return cls(house, started["call_id"])

    async def told(self, kind: str, after: Line | None = None, **having: Any) -> Line:
        """The first such event of this call, after that one."""
        since = after["seq"] if after else 0

        def fits(line: Line) -> bool:
            if line["call_id"] != self.call_id or line["seq"] <= since:
                return False
            return all(line[key] == value for key, value in having.items())

        return await self._house.node.line(kind, fits)

    async def said(self, speaker: str, word: str, after: Line | None = None) -> Line:
        """A final of that side with that word."""
        return await self._house.node.line(
            "TranscriptFinal",
            lambda line: (
                line["call_id"] == self.call_id
                and line["speaker"] == speaker
                and word in line["text"]
                and line["seq"] > (after["seq"] if after else 0)
            ),
        )


async def test_the_agent_asks_a_department_and_hands_over_with_everybodys_words(house: House, tmp_path: Path) -> None:
    at = house.exchange.address
    async with (
        Baresip(tmp_path, KIM, at, says=TELLS),
        Baresip(tmp_path, WASTE, at, says=KNOWS),
        Desk(house.node, "kim") as desk,
    ):
        async with Baresip(tmp_path, CALLER, at, says=ASKS, dials="120"):
            talk = await Talk.begun(house)
            await talk.said("caller", "폐기물")
            await talk.said("agent", "센터")
            await desk.post(f"calls/{talk.call_id}/hold", {"on": True})
            await talk.told("CallHeld")
            way = {"kind": "entry", "id": "waste", "way": "consult"}
            await desk.post(f"calls/{talk.call_id}/transfer", way)
            talking = await talk.told("TransferChanged", state="talking")
            assert (await talk.said("third", "여권", talking))["aside"]
            await desk.post(f"calls/{talk.call_id}/transfer/step", {"step": "connect"})
            joined = await talk.told("CallJoined", talking)
            assert not (await talk.said("agent", "여권", joined))["aside"], "the department has the caller now"
        assert (await talk.told("CallEnded"))["reason"] == "caller_hung_up"
        assert path(await desk.get(f"calls/{talk.call_id}")) == [
            "CallJoined 김하늘",
            "CallHeld",
            "TransferChanged ringing 자원순환과",
            "TransferChanged talking 자원순환과",
            "TransferChanged done 자원순환과",
            "CallJoined 자원순환과",
            "CallEnded",
        ]


async def test_nobody_answers_and_the_caller_is_back_with_a_supervisor_at_the_line(
    house: House, tmp_path: Path
) -> None:
    at = house.exchange.address
    async with (
        Baresip(tmp_path, KIM, at, says=TELLS) as kims,
        Baresip(tmp_path, PASSPORTS, at, answers=False),
        Baresip(tmp_path, BOSS, at, hertz=BOSS_HZ) as hers,
        Desk(house.node, "kim") as desk,
        Desk(house.node, "boss") as above,
    ):
        async with Baresip(tmp_path, CALLER, at, says=BEEPS, dials="120") as callers:
            talk = await Talk.begun(house)
            first = await talk.told("CallJoined")
            await desk.post(f"calls/{talk.call_id}/transfer", {"kind": "entry", "id": "passport", "way": "blind"})
            returned = await talk.told("TransferChanged", state="returned")
            assert (returned["name"], returned["reason"]) == ("민원여권과", "no_answer")
            assert (await talk.told("CallJoined", first))["agent_id"] == "kim"
            for mode in ("listen", "whisper", "barge", None):
                await above.post(f"calls/{talk.call_id}/supervision", {"mode": mode}, room="wall")
                await talk.told("SupervisionChanged", supervisor_id="boss", mode=mode)
                await asyncio.sleep(1.0)
            await until(lambda: hers.over)
        await talk.told("CallEnded")
        await until(lambda: BOSS_HZ in kims.heard() and BOSS_HZ in callers.heard())
        await until(lambda: CALLER_HZ in hers.heard())
        assert path(await desk.get(f"calls/{talk.call_id}")) == [
            "CallJoined 김하늘",
            "TransferChanged ringing 민원여권과",
            "TransferChanged returned 민원여권과",
            "CallJoined 김하늘",
            *(f"SupervisionChanged {mode}" for mode in ("listen", "whisper", "barge", None)),
            "CallEnded",
        ]


def path(kept: Line) -> list[str]:
    """What the history shows of a call's way through the house."""
    told = {
        "CallJoined": "CallJoined {agent_name}",
        "CallHeld": "CallHeld",
        "TransferChanged": "TransferChanged {state} {name}",
        "SupervisionChanged": "SupervisionChanged {mode}",
        "CallEnded": "CallEnded",
    }
    return [told[event["type"]].format_map(event) for event in kept["events"] if event["type"] in told]
